package exit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/cmd/rummage/internal/exit"
)

func TestOf(t *testing.T) {
	cause := errors.New("store: locked")
	tests := map[string]struct {
		err  error
		code exit.Code
		hint string
		name string
	}{
		"nothing":                  {nil, exit.Done, "", "done"},
		"plain":                    {cause, exit.Failed, "", "failed"},
		"own code":                 {exit.With(exit.Store, cause, "wait"), exit.Store, "wait", "store"},
		"own code, wrapped":        {fmt.Errorf("ingest: %w", exit.With(exit.Store, cause, "wait")), exit.Store, "wait", "store"},
		"usage":                    {exit.Usagef("no such %s", "flag"), exit.Usage, "", "usage"},
		"cancelled":                {exit.With(exit.Failed, fmt.Errorf("flag: %w", context.Canceled), ""), exit.Interrupted, "", "interrupted"},
		"status":                   {exit.Status(exit.Flagged), exit.Flagged, "", "flagged"},
		"deadline is not a person": {context.DeadlineExceeded, exit.Failed, "", "failed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.code, exit.Of(test.err))
			assert.Equal(t, test.hint, exit.Hint(test.err))
			assert.Equal(t, test.name, exit.Of(test.err).String())
		})
	}
}

func TestWithKeepsTheCause(t *testing.T) {
	cause := errors.New("store: locked")
	err := exit.With(exit.Store, cause, "wait")
	assert.ErrorIs(t, err, cause)
	assert.EqualError(t, err, "store: locked")
	assert.NoError(t, exit.With(exit.Store, nil, "wait"))
}

func TestSilent(t *testing.T) {
	assert.True(t, exit.Silent(fmt.Errorf("flag: %w", exit.Status(exit.Flagged))))
	assert.False(t, exit.Silent(errors.New("failed")))
	assert.Equal(t, "flagged", exit.Status(exit.Flagged).Error())
	assert.Equal(t, "code 77", exit.Code(77).String())
}

func TestHelpListsEveryCodeInOrder(t *testing.T) {
	assert.Equal(t, `Exit codes:
    0  done
    1  failed
    2  wrong usage or configuration
    3  done, and there is news: a network or a service party (flag --exit-code)
    4  done, but rows of the files are quarantined (ingest --strict)
    5  store unreachable or refused
    6  another flag run is going on
    7  done, but the command of flag --on-new failed
  130  interrupted`, exit.Help())
}
