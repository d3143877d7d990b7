package storetest

import (
	"testing"

	"pgregory.net/rapid"

	"rummage/graph"
)

// History is a random one: imports, re-readings, decisions, withdrawals and
// purges, and scopes in which the outcome is read. Tests of what goes from one
// store to another begin with it.
type History struct{ drawn *history }

// NewHistory draws a history; the same seed gives the same one.
func NewHistory(seed int) *History {
	return &History{drawn: rapid.Custom(drawHistory).Example(seed)}
}

// Play lets it happen to an empty store, and returns the model to which the
// same happened.
func (h *History) Play(t *testing.T, store graph.Store) *Model {
	t.Helper()
	return h.PlaySteps(t, store, func() {})
}

// PlaySteps is Play with something to be done after every step.
func (h *History) PlaySteps(t *testing.T, store graph.Store, after func()) *Model {
	t.Helper()
	model := NewModel()
	for _, step := range h.drawn.steps {
		step(t, store, model)
		after()
	}
	return model
}

// Scopes are those in which the history ends up being read.
func (h *History) Scopes(model *Model) []graph.Scope {
	return append(h.drawn.scopes(model), graph.Scope{Ended: true})
}
