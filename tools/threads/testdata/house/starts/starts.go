// Package starts runs what it is handed in a goroutine.
package starts

// Options may hold something to run, too.
type Options struct {
	Tell func()
	Size int
}

// Teller may be anybody's.
type Teller interface{ Tell() }

// Run runs it.
func Run(work func()) { go work() }

// With runs what the options hold.
func With(o Options) { Run(o.Tell) }

// Ask asks.
func Ask(t Teller) { go t.Tell() }

// Always is run whenever something is.
var Always func()

// Again runs it again.
func Again() { go Always() }

// Sum hands nothing on.
func Sum(all ...int) (sum int) {
	for _, n := range all {
		sum += n
	}
	return sum
}
