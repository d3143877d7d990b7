// Package exit holds the one table of exit codes and the errors that carry them, so that a command
// says what went wrong and never which number the shell shall see. It must not know any command.
package exit

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Code is the number a process ends with.
type Code int

// The exit codes, the same for every command.
const (
	Done        Code = 0
	Failed      Code = 1
	Usage       Code = 2
	Flagged     Code = 3
	Quarantined Code = 4
	Store       Code = 5
	Busy        Code = 6
	Unhanded    Code = 7
	Interrupted Code = 130
)

// Row is one line of the table of exit codes: the number, the name that JSON output carries, and
// what it means.
type Row struct {
	Code    Code
	Name    string
	Meaning string
}

// Table lists every exit code in ascending order.
func Table() []Row {
	return []Row{
		{Done, "done", "done"},
		{Failed, "failed", "failed"},
		{Usage, "usage", "wrong usage or configuration"},
		{Flagged, "flagged", "done, and there is news: a network or a service party (flag --exit-code)"},
		{Quarantined, "quarantined", "done, but rows of the files are quarantined (ingest --strict)"},
		{Store, "store", "store unreachable or refused"},
		{Busy, "busy", "another flag run is going on"},
		{Unhanded, "unhanded", "done, but the command of flag --on-new failed"},
		{Interrupted, "interrupted", "interrupted"},
	}
}

// String returns the name of the code as JSON output carries it.
func (c Code) String() string {
	for _, row := range Table() {
		if row.Code == c {
			return row.Name
		}
	}
	return fmt.Sprintf("code %d", int(c))
}

// Help renders the table for the long help text.
func Help() string {
	var b strings.Builder
	b.WriteString("Exit codes:\n")
	for _, row := range Table() {
		fmt.Fprintf(&b, "  %3d  %s\n", row.Code, row.Meaning)
	}
	return strings.TrimRight(b.String(), "\n")
}

// Error is a failure with its exit code and what to do next.
type Error struct {
	Code Code
	// Hint names the next step, as a command where there is one; empty where there is none.
	Hint string
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause, so that errors.Is sees through the code.
func (e *Error) Unwrap() error { return e.Err }

// With gives an error a code and a hint. A nil error stays nil.
func With(code Code, err error, hint string) error {
	if err == nil {
		return nil
	}
	return &Error{Code: code, Hint: hint, Err: err}
}

// Usagef is a mistake of the caller: a wrong flag, argument or setting.
func Usagef(format string, args ...any) error {
	return &Error{Code: Usage, Err: fmt.Errorf(format, args...)}
}

// Status is an answer that was given in full and still shall not end with 0: Flagged or
// Quarantined. Nothing is printed for it.
type Status Code

func (s Status) Error() string { return Code(s).String() }

// Of returns the code of an error: its own where it carries one, Interrupted for a cancelled
// context, Failed for any other error, Done for none.
func Of(err error) Code {
	var own *Error
	var status Status
	switch {
	case err == nil:
		return Done
	case errors.As(err, &status):
		return Code(status)
	case errors.Is(err, context.Canceled):
		return Interrupted
	case errors.As(err, &own):
		return own.Code
	default:
		return Failed
	}
}

// Hint returns what an error advises to do next, or nothing.
func Hint(err error) string {
	var own *Error
	if errors.As(err, &own) {
		return own.Hint
	}
	return ""
}

// Silent reports whether an error has already been told in the answer.
func Silent(err error) bool {
	var status Status
	return errors.As(err, &status)
}
