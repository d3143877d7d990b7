package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// RunID names a run: "r-" and 16 hexadecimal digits.
type RunID string

// Run is one analysis, kept with everything that it used.
type Run struct {
	ID       RunID
	Previous RunID           // the run that this one was compared with, its sources perhaps ended since; "" for the first
	Kind     string          // what made it, such as flag
	Scope    Scope           // resolved
	Settings json.RawMessage // canonical JSON: keys sorted, no white space
	Seed     uint64
	Results  json.RawMessage
	Decided  int64     // Seq of the last decision in scope: the decision revision
	Finished time.Time // clock of the caller, UTC, microseconds
	Tool     string    // version of rummage
}

// NewRunID hashes what makes a run what it is: kind, scope, decisions,
// settings, seed and the run before. The clock and the results are no part of
// it, so the same question asked twice of the same data has one id.
func (r *Run) NewRunID() RunID {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%d\n%s\n%d\n%s\n", r.Kind, r.Scope.Fingerprint(), r.Decided, r.Settings, r.Seed, r.Previous)
	return RunID("r-" + hex.EncodeToString(h.Sum(nil)[:8]))
}
