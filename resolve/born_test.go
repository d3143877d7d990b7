package resolve

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestBornAlike: one day in the forms of several lists is one day, and what is not known contradicts nothing.
func TestBornAlike(t *testing.T) {
	for _, c := range []struct {
		x, y string
		want float64
	}{
		{"1971-04-12", "12 Apr 1971", 1},
		{"1971-04-12", "12/04/1971", 1},
		{"12 April 1971", "12.4.1971", 1},
		{"1971-04-12T00:00:00", "1971-04-12", 1},
		{"unknown", "Unknown ", 1},
		{"1971-04", "12 Apr 1971", 2. / 3},
		{"Apr 1971", "1971-04-12", 2. / 3},
		{"1971", "1971-04-12", 1. / 3},
		{"00/00/1971", "1971-04-12", 1. / 3},
		{"circa 1970", "1971-04-12", 1. / 3},
		{"1968 to 1970", "1969", 1. / 3},
		{"1968 to 1970", "1971-04-12", 0},
		{"circa 1965", "1971-04-12", 0},
		{"1971-04-12", "1971-04-13", 0},
		{"1971-04-12", "1971-05-12", 0},
		{"1971-04-12", "1970-04-12", 0},
		{"12 Foo 1971", "1971-04-12", 0},
		{"some day", "1971-04-12", 0},
	} {
		assert.InDelta(t, c.want, bornAlike(c.x, c.y), 1e-9, "%s, %s", c.x, c.y)
		assert.InDelta(t, c.want, bornAlike(c.y, c.x), 1e-9, "%s, %s", c.y, c.x)
	}
}
