package centrality

import "context"

// patience is how many arcs are looked at between two looks at the context.
const patience = 1 << 18

// patient looks at a context from time to time.
type patient struct {
	ctx  context.Context
	arcs int
	err  error
}

// tired notes that so many arcs are about to be looked at, and tells whether to give up. Once it has said so, it says so again.
func (p *patient) tired(arcs int) bool {
	p.arcs += arcs + 1
	if p.arcs >= patience && p.err == nil {
		p.arcs = 0
		p.err = p.ctx.Err()
	}
	return p.err != nil
}
