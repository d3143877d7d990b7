package neo4jtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// process runs the server as a Java process.
type process struct {
	java   string   // the program
	words  []string // its arguments
	folder string
	dog    *watchdog
	kept   bool // the folder stays

	child *exec.Cmd
	done  chan struct{}
}

// console is the file that takes what the server writes to its terminal.
func (p *process) console() string { return filepath.Join(p.folder, "logs", "console.log") }

func (p *process) launch(context.Context) error {
	out, err := os.OpenFile(p.console(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	// The shell tells the watchdog its number and becomes the server, so that there is no moment at which
	// the server runs and nobody watches.
	child := exec.Command("sh", append([]string{"-c", `echo "$$" >&3 && exec "$0" "$@" 3>&-`, p.java}, p.words...)...)
	child.Dir = p.folder
	child.Stdout, child.Stderr = out, out
	child.ExtraFiles = []*os.File{p.dog.line}
	group(child)
	if err := child.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		_ = child.Wait() // how it ended stands in its log
		close(done)
	}()
	p.child, p.done = child, done
	return nil
}

func (p *process) gone() <-chan struct{} { return p.done }

func (p *process) pid() int {
	select {
	case <-p.done:
		return 0
	default:
		return p.child.Process.Pid
	}
}

func (p *process) end(ctx context.Context, kill bool) error {
	pid := p.pid()
	if pid == 0 {
		return nil
	}
	if kill {
		if err := signal(pid, syscall.SIGKILL); err != nil {
			return err
		}
	} else if err := errors.Join(signal(pid, syscall.SIGTERM), signal(pid, resume)); err != nil {
		return err
	}
	select {
	case <-p.done:
	case <-time.After(stopping):
		return errors.Join(fmt.Errorf("the server did not stop within %v and was killed", stopping), p.end(ctx, true))
	case <-ctx.Done():
		return errors.Join(ctx.Err(), signal(pid, syscall.SIGKILL))
	}
	return p.dog.heed("")
}

func (p *process) freeze(_ context.Context, still bool) error {
	pid := p.pid()
	switch {
	case pid == 0:
		return errors.New("the server does not run")
	case still:
		return signal(pid, halt)
	}
	return signal(pid, resume)
}

func (p *process) log(context.Context) string {
	text, err := os.ReadFile(p.console())
	if err != nil {
		return err.Error()
	}
	return tail(string(bytes.ToValidUTF8(text, nil)))
}

// lost is what the watchdog removes.
func (p *process) lost() string {
	if p.kept {
		return ""
	}
	return p.folder
}

func (p *process) clear(ctx context.Context) error {
	if p.dog != nil {
		if err := p.dog.dismiss(ctx); err != nil {
			return err
		}
	}
	if p.kept {
		return nil
	}
	return os.RemoveAll(p.folder)
}
