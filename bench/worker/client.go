package worker

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// Errors of Ask.
var (
	// ErrLimit is returned when a worker took longer than its limit and was killed.
	ErrLimit = errors.New("limit passed")
	// ErrAbsent is returned when the side has no such task.
	ErrAbsent = errors.New("no such task on this side")
	// ErrSide is returned when a worker ends unasked, or says that it failed.
	ErrSide = errors.New("side failed")
)

// Worker is one side on one graph. Its process is started by the first question, and again after it was killed.
type Worker struct {
	command Command
	folder  string
	limits  Limits
	errors  io.Writer
	version string
	ready   string
	process *process
}

// New returns a side on the graph of the given folder. What its process writes to standard error goes to errors.
func New(command Command, folder string, limits Limits, errors io.Writer) *Worker {
	return &Worker{command: command, folder: folder, limits: limits, errors: errors}
}

// Name returns the name of the side.
func (w *Worker) Name() string { return w.command.Name }

// Version returns what the process said it is, once it has been started.
func (w *Worker) Version() string { return w.version }

// Ask has a task done, and made ready before when it is another than the last. ErrLimit, ErrAbsent, ErrSide, or that of the context;
// after the first and the last the process is gone.
func (w *Worker) Ask(ctx context.Context, q Question) (Reply, error) {
	if w.process == nil {
		if err := w.start(ctx); err != nil {
			return Reply{}, err
		}
	}
	if w.ready != q.Task {
		if reply, err := w.pass(ctx, Question{Task: q.Task, Threads: q.Threads}, w.limits.Load); err != nil {
			return reply, err
		}
		w.ready = q.Task
	}
	return w.pass(ctx, q, time.Duration(max(q.Repeat, 1))*cmp.Or(q.Limit, w.limits.Task))
}

func (w *Worker) pass(ctx context.Context, q Question, limit time.Duration) (Reply, error) {
	reply, err := w.process.ask(ctx, q, limit)
	switch {
	case err != nil:
		w.process.kill()
		w.process, w.ready = nil, ""
		return Reply{}, fmt.Errorf("worker: %s: %s: %w", w.Name(), q.Task, err)
	case reply.Absent:
		return reply, fmt.Errorf("worker: %s: %s: %w", w.Name(), q.Task, ErrAbsent)
	case reply.Error != "":
		return reply, fmt.Errorf("worker: %s: %s: %w: %s", w.Name(), q.Task, ErrSide, reply.Error)
	}
	return reply, nil
}

// Stop ends the process. It may be asked again, and is then started anew.
func (w *Worker) Stop() {
	if w.process != nil {
		w.process.end()
		w.process, w.ready = nil, ""
	}
}

func (w *Worker) start(ctx context.Context) error {
	p, err := launch(ctx, w.command, w.folder, w.errors)
	if err != nil {
		return fmt.Errorf("worker: %s: %w", w.Name(), err)
	}
	hello, err := p.read(ctx, w.limits.Load)
	if err != nil {
		p.kill()
		return fmt.Errorf("worker: %s: loading %s: %w", w.Name(), w.folder, err)
	}
	w.process, w.version = p, hello.Version
	return nil
}

// process is a worker that runs.
type process struct {
	command *exec.Cmd
	in      io.WriteCloser
	lines   chan []byte
}

func launch(ctx context.Context, c Command, folder string, errors io.Writer) (*process, error) {
	command := exec.CommandContext(ctx, c.Path, append(append([]string{}, c.Args...), folder)...)
	command.Stderr = errors
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &process{command, in, make(chan []byte, 1)}
	go func() {
		defer close(p.lines)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			p.lines <- append([]byte{}, lines.Bytes()...)
		}
	}()
	return p, nil
}

func (p *process) ask(ctx context.Context, q Question, limit time.Duration) (Reply, error) {
	line, err := json.Marshal(q)
	if err != nil {
		return Reply{}, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return Reply{}, fmt.Errorf("%w: %w", ErrSide, err)
	}
	return p.read(ctx, limit)
}

func (p *process) read(ctx context.Context, limit time.Duration) (Reply, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var reply Reply
	select {
	case <-ctx.Done():
		return reply, ctx.Err()
	case <-timer.C:
		return reply, fmt.Errorf("%w: %s", ErrLimit, limit)
	case line, ok := <-p.lines:
		if !ok {
			return reply, fmt.Errorf("%w: its process ended", ErrSide)
		}
		if err := json.Unmarshal(line, &reply); err != nil {
			return reply, fmt.Errorf("%w: %w: %s", ErrSide, err, line)
		}
		return reply, nil
	}
}

// end closes the input, at which a worker ends, and waits a moment for it.
func (p *process) end() {
	// A worker that is gone already has no input to close.
	_ = p.in.Close()
	timer := time.AfterFunc(5*time.Second, func() { _ = p.command.Process.Kill() })
	defer timer.Stop()
	p.wait()
}

func (p *process) kill() {
	_ = p.command.Process.Kill()
	p.wait()
}

// wait reads to the end of the output before it waits, as a pipe wants it. How the process ended does not matter.
func (p *process) wait() {
	for range p.lines {
	}
	_ = p.command.Wait()
}
