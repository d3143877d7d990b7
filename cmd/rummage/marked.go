package main

import (
	"cmp"
	"errors"
	"fmt"

	"rummage/casefile/marking"
	"rummage/ingest"
)

// errMarked is of a file that is in the store already under a code that is less strict than the one that was asked for.
var errMarked = errors.New("its handling code was NOT changed")

// unmarked is the error of a file that was in already and is less closed than --handling now asks; nil for every other. A code from the
// settings is for sources that name none and asks for nothing.
func (o *ingestOptions) unmarked(f *ingest.File, asked string) error {
	if !o.marked || f.State != ingest.Already {
		return nil
	}
	wanted, err := marking.Parse(asked)
	if err != nil {
		return err
	}
	has, err := marking.Parse(f.Source.Handling)
	if err == nil && !wanted.Above(has) {
		return nil
	}
	return fmt.Errorf("ingest: %s: %w to %s: it is in the store as source %s under %s", f.Path(), errMarked, wanted, f.Source.ID,
		cmp.Or(f.Source.Handling, "no code"))
}
