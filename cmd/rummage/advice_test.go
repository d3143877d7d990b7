package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/cmd/rummage/internal/exit"
	"rummage/graph"
)

func TestAdvise(t *testing.T) {
	locked := &graph.LockedError{Holder: "process 7"}
	own := exit.With(exit.Quarantined, graph.ErrLocked, "own words")
	tests := map[string]struct {
		err  error
		code exit.Code
		hint string
	}{
		"locked":         {fmt.Errorf("sqlite: open: %w", locked), exit.Store, "wait for the other process"},
		"unknown":        {fmt.Errorf("withdraw: %w", graph.ErrUnknownSource), exit.Failed, "rummage sources lists"},
		"not ours":       {errors.New("disk on fire"), exit.Failed, ""},
		"own words stay": {own, exit.Quarantined, "own words"},
		"interrupted":    {fmt.Errorf("ingest: %w", context.Canceled), exit.Interrupted, "run the same command again"},
		"kept elsewhere": {fmt.Errorf("neo4j: %w", &graph.NoEvidenceError{}), exit.Failed, "--evidence"},
		"not kept":       {fmt.Errorf("neo4j: %w", graph.ErrNoEvidence), exit.Failed, "--no-evidence"},
		"usage":          {exit.Usagef("--limit is 0 or more"), exit.Usage, "rummage show --help"},
		"usage, named":   {exit.With(exit.Usage, graph.ErrUnknownName, ""), exit.Usage, "rummage show --help lists the names"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := advise(test.err, "rummage show")
			assert.Equal(t, test.code, exit.Of(got))
			assert.Contains(t, exit.Hint(got), test.hint)
			assert.Equal(t, test.hint == "", exit.Hint(got) == "")
			assert.ErrorIs(t, got, test.err)
		})
	}
	assert.NoError(t, advise(nil, "rummage show"))
}

func TestEveryAdviceSaysWhatToDo(t *testing.T) {
	for _, a := range advices() {
		assert.NotEmpty(t, a.hint, a.is)
		assert.NotEqual(t, exit.Done, a.code, a.is)
	}
}
