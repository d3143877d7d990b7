package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"rummage/graph"
)

var (
	// ErrConflict is returned, before anything is written, when the target
	// holds something that the copy would contradict.
	ErrConflict = errors.New("the target holds something else")
	// ErrDifferent is returned when the copy, compared with the original, is
	// not the same.
	ErrDifferent = errors.New("the copy differs from the original")
)

// Options of a copy.
type Options struct {
	// Temp is the folder for temporary files, "" for the system's. They hold
	// the records of some ten million rows, compressed: about as many bytes
	// as a store takes for them.
	Temp string

	// Progress is called often, from the goroutine of Copy. Nil is none.
	Progress func(Progress)

	batch int64 // rows whose sources are read in one scan
	chunk int   // bytes of records that are sorted in memory
	fan   int   // temporary files that are merged at once
}

const (
	standardBatch = 10_000_000
	standardChunk = 16 << 20
	standardFan   = 64
)

// Stage is what a copy is doing.
type Stage string

// The stages. Reading and Writing take turns.
const (
	Reading   Stage = "read"
	Writing   Stage = "write"
	Comparing Stage = "compare"
)

// Progress says how far a copy is.
type Progress struct {
	Stage       Stage
	File        string // name of the source in hand, "" while several are
	Done, Total int64  // records read or compared (Total 0: unknown), or rows written
	Sources     int64  // finished, of all
	OfSources   int64
	Bytes       int64 // of evidence, so far
}

// State is what became of a source.
type State string

// The states of a source after a copy.
const (
	Copied  State = "copied"  // it was put in
	Line    State = "line"    // it was purged, so its line alone was put in
	Ended   State = "ended"   // it was there, and its end was put in
	Already State = "already" // nothing was to be done
)

// Result is a source of the original with what became of it.
type Result struct {
	graph.Source
	State State
}

// Report says what a copy did.
type Report struct {
	Sources   []Result // by time of import, then id
	Rows      int64    // put in
	Bytes     int64    // of evidence put in
	Decisions int64    // put in
	Runs      int64    // put in
	Digest    graph.SHA256

	// Unkept counts the sources whose bytes the original holds and the target
	// does not: it keeps none, or kept none when they were put in.
	Unkept int64
}

// Copy copies everything that from holds into to, and compares both. What is
// there already is left alone, so that copying again changes nothing and a
// copy that was broken off is completed; other sources in the target are left
// alone too. The report holds what was done until an error.
//
// Errors wrap ErrConflict, before anything is written, when the target holds
// another import of a file that from holds, the same source with other counts
// or another end, or other decisions under the same numbers; ErrDifferent when
// the copy turns out not to be the same; those of either store; graph.ErrFull
// for temporary files too; and that of the context.
//
// Cost: from is scanned once for ten million rows, and again, as is to, to be
// compared.
func Copy(ctx context.Context, from, to graph.Store, opts Options) (*Report, error) {
	if opts.Progress == nil {
		opts.Progress = func(Progress) {}
	}
	opts.batch = positive(opts.batch, standardBatch)
	opts.chunk = int(positive(int64(opts.chunk), standardChunk))
	opts.fan = int(positive(int64(opts.fan), standardFan))
	p, err := newPlan(ctx, from, to)
	if err != nil {
		return &Report{}, fmt.Errorf("transfer: %w", err)
	}
	c := &copier{from: from, to: to, opts: opts, plan: p, report: &Report{}}
	c.progress.OfSources = int64(len(p.tasks))
	for _, step := range []func(context.Context) error{c.sources, c.ends, c.ledger, c.compare} {
		if err := step(ctx); err != nil {
			return c.reported(), fmt.Errorf("transfer: %w", err)
		}
	}
	return c.reported(), nil
}

func positive(n, standard int64) int64 {
	if n > 0 {
		return n
	}
	return standard
}

// copier is one copy.
type copier struct {
	from, to graph.Store
	opts     Options
	plan     *plan
	report   *Report
	progress Progress
	kept     int64 // bytes of the source in hand
}

func (c *copier) step(stage Stage, file string, done, total int64) {
	c.progress.Stage, c.progress.File, c.progress.Done, c.progress.Total = stage, file, done, total
	c.opts.Progress(c.progress)
}

// reported lists the sources in the order in which stores list them.
func (c *copier) reported() *Report {
	c.report.Sources = c.report.Sources[:0]
	for i := range c.plan.listed {
		t := c.plan.byID[c.plan.listed[i].ID]
		if t.state != "" {
			c.report.Sources = append(c.report.Sources, Result{Source: t.want, State: t.state})
		}
	}
	return c.report
}

// sources puts in those that are missing, in the order of the plan.
func (c *copier) sources(ctx context.Context) error {
	for rest := c.plan.tasks; len(rest) > 0; {
		n, rows := 0, int64(0)
		for ; n < len(rest) && (n == 0 || rows+rest[n].rows() <= c.opts.batch); n++ {
			rows += rest[n].rows()
		}
		if err := c.some(ctx, rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// some puts in sources that are read in one scan.
func (c *copier) some(ctx context.Context, tasks []*task) (err error) {
	g, err := c.gather(ctx, tasks)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	for _, t := range tasks {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch {
		case t.had != nil:
			err = c.settle(ctx, t, false)
		case t.want.EndedBy == graph.Purged:
			err = c.adopt(ctx, t)
		default:
			err = c.put(ctx, t, g)
		}
		if err != nil {
			return fmt.Errorf("source %s (%s): %w", t.want.ID, t.want.Name, err)
		}
		c.progress.Sources++
	}
	return nil
}

// adopt puts in the line of a purged source.
func (c *copier) adopt(ctx context.Context, t *task) error {
	t.state = Line
	return c.to.(graph.Heir).AdoptSource(ctx, t.want) // the plan made sure that it is one
}

// settle gives a source that is there the end that it has in the original. An
// end as Replaced comes with the source that replaced it.
func (c *copier) settle(ctx context.Context, t *task, last bool) error {
	if t.state == "" {
		t.state = Already
	}
	var end func() error
	switch want := &t.want; {
	case t.had.EndedBy == want.EndedBy:
		return nil
	case want.EndedBy == graph.Withdrawn:
		end = func() error { return c.to.Withdraw(ctx, want.ID, want.Ended, want.Reason) }
	case want.EndedBy == graph.Purged && (last || want.Replaced == t.had.Replaced):
		end = func() error { return c.to.Purge(ctx, want.ID, want.Ended, want.Reason) }
	default:
		if last && t.state == Already {
			t.state = Ended
		}
		return nil
	}
	if err := end(); err != nil {
		return err
	}
	if t.had.EndedBy = t.want.EndedBy; t.state == Already {
		t.state = Ended
	}
	return nil
}

// ends gives the sources that were there the ends that had to wait for others.
func (c *copier) ends(ctx context.Context) error {
	for _, t := range c.plan.tasks {
		if t.had == nil {
			continue
		}
		if err := c.settle(ctx, t, true); err != nil {
			return fmt.Errorf("source %s (%s): %w", t.want.ID, t.want.Name, err)
		}
	}
	return nil
}

// ledger puts in decisions and runs.
func (c *copier) ledger(ctx context.Context) error {
	for i := range c.plan.decisions {
		d := c.plan.decisions[i]
		if err := c.to.(graph.Heir).AdoptDecision(ctx, d); err != nil { // the plan made sure that it is one
			return fmt.Errorf("decision %d: %w", d.Seq, err)
		}
		c.report.Decisions++
	}
	for i := range c.plan.runs {
		if err := c.to.SaveRun(ctx, c.plan.runs[i]); err != nil {
			return fmt.Errorf("run %s: %w", c.plan.runs[i].ID, err)
		}
		c.report.Runs++
	}
	return nil
}

// put imports one source as it lies in the original.
func (c *copier) put(ctx context.Context, t *task, g *gathered) (err error) {
	work, err := c.to.Begin(ctx, t.want.SourceSpec)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.Abort()) }()
	if t.want.HasEvidence {
		if err := c.keep(ctx, t, g.reader, work); err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
	}
	if err := c.rows(ctx, t, g, work); err != nil {
		return err
	}
	source, err := work.Commit(ctx)
	if err != nil {
		return err
	}
	t.state = Copied
	c.report.Rows += source.Rows
	if source.HasEvidence {
		c.report.Bytes += c.kept
	}
	if what := differs(&source, &t.want); what != "" {
		return fmt.Errorf("%s: %w", what, ErrDifferent)
	}
	t.had = &source
	return c.settle(ctx, t, false)
}

// keep copies the bytes of the files.
func (c *copier) keep(ctx context.Context, t *task, reader graph.Reader, work graph.Import) error {
	before := c.progress.Bytes
	for _, sha := range t.want.Files() {
		if err := c.keepFile(ctx, t, sha, reader, work); err != nil {
			return err
		}
	}
	c.kept = c.progress.Bytes - before
	return nil
}

func (c *copier) keepFile(ctx context.Context, t *task, sha graph.SHA256, reader graph.Reader, work graph.Import) error {
	file, err := reader.Evidence(ctx, sha)
	if err != nil {
		return err
	}
	counted := &counter{Reader: io.NewSectionReader(file, 0, file.Size()), step: func(n int64) {
		c.progress.Bytes += n
		c.step(Writing, t.want.Name, 0, t.want.Rows)
	}}
	err = work.Keep(ctx, sha, counted)
	return errors.Join(err, file.Close())
}

// counter tells how many bytes are read.
type counter struct {
	io.Reader
	step func(n int64)
}

// Read reads on.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.step(int64(n))
	return n, err
}
