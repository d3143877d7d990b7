package contact

// Comparison is the outcome of comparing two phones or two mailboxes.
type Comparison struct {
	// Score in [0, 1] says how sure it is that both are one line or one mailbox.
	Score float64
	// Weight in (0, 1] is what the score is worth as evidence about the parties: 1
	// divided by how many use the line, mailbox or domain.
	Weight float64
	// Reasons say why, the decisive one first.
	Reasons []string
}

// Evidence is Score times Weight.
func (c Comparison) Evidence() float64 { return c.Score * c.Weight }

// Usage says what is known about the use of what is compared.
type Usage struct {
	// Frequency is how many parties use the more frequent of the two; 0 and 1 both
	// mean one. A forwarder's switchboard in 300 declarations is evidence of weight
	// 1/300.
	Frequency int
}

func (u Usage) weight() float64 { return 1 / float64(max(u.Frequency, 1)) }

// verdict is a comparison with one reason.
func verdict(usage Usage, score float64, reasons ...string) Comparison {
	return Comparison{Score: score, Weight: usage.weight(), Reasons: reasons}
}

// oneSlip reports whether two texts of the same script differ by one letter left
// out, added or changed, or by two neighbours swapped.
func oneSlip(a, b string) bool {
	if a == b || len(a)-len(b) > 1 || len(b)-len(a) > 1 {
		return false
	}
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	a, b = a[start:len(a)-end], b[start:len(b)-end]
	switch {
	case len(a) <= 1 && len(b) <= 1:
		return true
	case len(a) == 2 && len(b) == 2:
		return a[0] == b[1] && a[1] == b[0]
	}
	return false
}
