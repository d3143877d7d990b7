package main

import (
	"cmp"
	"errors"
	"fmt"

	"rummage/casefile/marking"
	"rummage/cmd/rummage/internal/output"
	"rummage/ingest"
)

// errMarked is of a file that is in the store already under a code that is less strict than the one that was asked for.
var errMarked = errors.New("its handling code was NOT changed")

// wanted is the code that --handling asks for, none where that is not given.
func (o *ingestOptions) wanted(asked string) marking.Code {
	code, err := marking.Parse(asked) // settings refused what is none
	if !o.marked || err != nil {
		return marking.Code{}
	}
	return code
}

// stricter says that a source has a stricter code than was asked for, since it brought one.
func (s *sourceRow) stricter(page *output.Page) {
	has, err := marking.Parse(s.Handling)
	if err == nil && s.wanted != (marking.Code{}) && has.Above(s.wanted) {
		page.Say("%s keeps %s, which it came with: --handling %s opens nothing up", s.Name, has, s.wanted)
	}
}

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

// isGrading reports a grading of the 6 by 6 system: of the source from A to F, of the information from 1 to 6.
func isGrading(text string) bool {
	return len(text) == 2 && text[0] >= 'A' && text[0] <= 'F' && text[1] >= '1' && text[1] <= '6'
}
