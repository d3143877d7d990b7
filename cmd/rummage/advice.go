package main

import (
	"errors"
	"strings"

	"rummage/cmd/rummage/internal/exit"
	"rummage/graph"
)

// advice is what a person can do about an error of the vocabulary.
type advice struct {
	is   error
	code exit.Code
	hint string
}

// advices is the table of errors that end a command with more to say than "failed".
func advices() []advice {
	return []advice{
		{graph.ErrUnknownName, exit.Usage, "rummage COMMAND --help lists the names"},
		{graph.ErrNotAStore, exit.Store, "name another file with --store; rummage ingest starts a new store"},
		{graph.ErrNewerFormat, exit.Store, "use the newer rummage that wrote it, or restore an older backup"},
		{graph.ErrOlderFormat, exit.Store, "ingest the files again into a new store"},
		{graph.ErrReadOnly, exit.Store, "check the permissions of the file and its folder"},
		{graph.ErrUnreachable, exit.Store, "check the address given by --store"},
		{graph.ErrDamaged, exit.Store, "rummage check names the damage; rummage restore brings back a backup"},
		{graph.ErrFull, exit.Store, "free some space and run the same command again; nothing was lost"},
		{graph.ErrLocked, exit.Store, "wait for the other process, or stop it, and run the same command again"},
		{graph.ErrUnknownSource, exit.Failed, "rummage sources lists the sources"},
		{graph.ErrEnded, exit.Failed, "rummage sources says when and why it ended"},
		{graph.ErrNotFound, exit.Failed, "rummage search finds ids by name or number"},
		{graph.ErrNoEvidence, exit.Failed, "ingest the file again without --no-evidence"},
	}
}

// advise gives an error of the vocabulary its exit code and next step, and every mistake in the use of a command at least the way
// to its help. An error that has them, or needs none, stays as it is.
func advise(err error, command string) error {
	switch {
	case err == nil || exit.Silent(err) || exit.Hint(err) != "":
		return err
	case exit.Of(err) == exit.Interrupted:
		return exit.With(exit.Interrupted, &interrupted{err}, "run the same command again")
	}
	own := exit.Of(err)
	var why *graph.NoEvidenceError
	if errors.As(err, &why) {
		return exit.With(own, err, "name the folder with --evidence; rummage config shows the one in force")
	}
	for _, a := range advices() {
		if errors.Is(err, a.is) && (own == exit.Failed || own == a.code) {
			return exit.With(a.code, err, strings.Replace(a.hint, "rummage COMMAND", command, 1))
		}
	}
	if own == exit.Usage {
		return exit.With(own, err, command+" --help")
	}
	return err
}

// interrupted tells a person that the command was stopped, and not where in the code it was.
type interrupted struct{ cause error }

func (e *interrupted) Error() string {
	return "interrupted; what was stored before stays, and nothing is half in"
}

func (e *interrupted) Unwrap() error { return e.cause }
