package night

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"time"

	"rummage/atomicfile"
)

// Command is what news is handed to.
type Command struct {
	Words          []string // program and arguments; no shell reads them
	Env            []string
	Stdout, Stderr io.Writer
	Timeout        time.Duration
}

// lingering is how long the pipes of a command may stay open after it ended: children that it left may hold them.
const lingering = 5 * time.Second

// Hand runs the command with the text on standard input, and returns its exit status: -1 where it did not start, was killed, or took
// longer than it may. The error says what went wrong; it is nil for status 0 alone.
func Hand(ctx context.Context, c Command, text []byte) (status int, err error) {
	timed, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	cmd := exec.CommandContext(timed, c.Words[0], c.Words[1:]...) //nolint:gosec // that is what it is for
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = c.Env, bytes.NewReader(text), c.Stdout, c.Stderr, lingering
	err = cmd.Run()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0, nil
	case ctx.Err() != nil:
		return -1, ctx.Err()
	case timed.Err() != nil:
		return -1, fmt.Errorf("night: %s: killed after %s", c.Words[0], c.Timeout)
	case errors.As(err, &ended):
		return ended.ExitCode(), fmt.Errorf("night: %s: %w", c.Words[0], err)
	}
	if cmd.ProcessState != nil && cmd.ProcessState.Success() {
		return 0, nil // it ended well without reading everything, or left children behind
	}
	return -1, fmt.Errorf("night: %w", err)
}

// Words splits a command line at blanks, as far as single and double quotes and a backslash before a character do not say otherwise.
// Nothing is expanded.
func Words(line string) ([]string, error) {
	var all []string
	var word []rune
	var quote rune
	open, escaped := false, false
	for _, r := range line {
		switch {
		case escaped:
			word, escaped = append(word, r), false
		case r == '\\' && quote != '\'':
			open, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, open = r, true
		case quote == 0 && (r == ' ' || r == '\t' || r == '\n'):
			if open {
				all = append(all, string(word))
			}
			word, open = word[:0], false
		default:
			word, open = append(word, r), true
		}
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("night: command %q: unclosed quote", line)
	case escaped:
		return nil, fmt.Errorf("night: command %q: ends with a backslash", line)
	case open:
		all = append(all, string(word))
	}
	if len(all) == 0 || all[0] == "" {
		return nil, fmt.Errorf("night: command %q: names no program", line)
	}
	return all, nil
}

// Mark says up to which run news has been handed on.
type Mark struct {
	Run      string    `json:"run"`      // "" before the first
	Finished time.Time `json:"finished"` // UTC
}

// ReadMark reads a mark; ok is false where there is none. One that cannot be read is an error: taking it for none would lose news.
func ReadMark(path string) (m Mark, ok bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		return m, false, fmt.Errorf("night: what was handed on (delete %s to begin anew): %w", path, err)
	}
	return m, true, nil
}

// WriteMark writes a mark, whole or not at all.
func WriteMark(path string, m Mark) error {
	text, err := json.Marshal(m)
	if err == nil {
		err = atomicfile.Write(path, 0o600, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("night: what was handed on: %w", err)
	}
	return nil
}
