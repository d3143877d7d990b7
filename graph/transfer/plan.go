package transfer

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"rummage/graph"
)

// task is one source of the original.
type task struct {
	want  graph.Source  // as the original lists it
	had   *graph.Source // as the target lists it; nil when it is missing
	state State
}

// rows is how many rows must be read for the task.
func (t *task) rows() int64 {
	if t.had != nil || t.want.EndedBy == graph.Purged {
		return 0
	}
	return t.want.Rows
}

// plan says what is to be put in, and in which order.
type plan struct {
	listed []graph.Source // of the original, as it lists them
	byID   map[graph.SourceID]*task
	tasks  []*task

	said      []graph.Decision // all of the original
	reported  []graph.Run
	decisions []graph.Decision // that are missing
	runs      []graph.Run
}

// newPlan reads what both stores list, and refuses what does not go together.
func newPlan(ctx context.Context, from, to graph.Store) (*plan, error) {
	p := &plan{byID: map[graph.SourceID]*task{}}
	var err error
	if p.listed, err = from.Sources(ctx); err != nil {
		return nil, err
	}
	there, err := to.Sources(ctx)
	if err != nil {
		return nil, err
	}
	for i := range p.listed {
		p.byID[p.listed[i].ID] = &task{want: p.listed[i]}
	}
	if p.tasks, err = inOrder(p.listed, p.byID); err != nil {
		return nil, err
	}
	if err := p.meet(there); err != nil {
		return nil, err
	}
	if err := p.ledger(ctx, from, to); err != nil {
		return nil, err
	}
	return p, p.heir(to)
}

// heir refuses a target that cannot take over what must be.
func (p *plan) heir(to graph.Store) error {
	if _, ok := to.(graph.Heir); ok {
		return nil
	}
	missing := len(p.decisions) > 0
	for _, t := range p.tasks {
		missing = missing || t.had == nil && t.want.EndedBy == graph.Purged
	}
	if missing {
		return fmt.Errorf("a target of this kind cannot take over purged sources and decisions: %w", errors.ErrUnsupported)
	}
	return nil
}

// meet compares the sources with those of the target.
func (p *plan) meet(there []graph.Source) error {
	contents := map[graph.Content]bool{}
	for i := range p.listed {
		contents[p.listed[i].Content()] = true
	}
	m := &meeting{imports: map[graph.Reading]int{}, counting: map[graph.Content]graph.SourceID{}}
	for i := range there {
		had := &there[i]
		t := p.byID[had.ID]
		switch {
		case t == nil && contents[had.Content()]:
			return conflict(had, "the original holds the same file, and does not know this import of it; copy into another store")
		case t == nil:
			continue
		}
		if what := differs(had, &t.want); what != "" {
			return conflict(had, what)
		}
		if what := endsOtherwise(had, &t.want); what != "" {
			return conflict(had, what)
		}
		t.had = had
		m.there(had)
	}
	for _, t := range p.tasks {
		if what := m.next(t, p.byID); what != "" {
			return conflict(&t.want, what)
		}
	}
	return nil
}

func conflict(source *graph.Source, what string) error {
	return fmt.Errorf("source %s (%s): %s: %w", source.ID, source.Name, what, ErrConflict)
}

// differs says in what two lines of one source differ, "" if in nothing. Their
// ends are no part of it, nor is evidence, since a store may be one that keeps
// none.
func differs(had, want *graph.Source) string {
	type field struct {
		name     string
		had, was any
	}
	for _, f := range []field{
		{"name", had.Name, want.Name}, {"SHA-256", had.SHA256, want.SHA256}, {"size", had.Size, want.Size},
		{"part", had.Part, want.Part}, {"joined files", fmt.Sprint(had.Joined), fmt.Sprint(want.Joined)},
		{"mapping", had.Mapping, want.Mapping}, {"SHA-256 of the mapping", had.Rules, want.Rules}, {"options", had.Options, want.Options},
		{"dialect", string(had.Dialect), string(want.Dialect)}, {"handling code", had.Handling, want.Handling},
		{"grading", had.Grading, want.Grading}, {"owner", had.Owner, want.Owner}, {"day of review", had.Retention, want.Retention},
		{"time of import", had.ImportedAt.UTC(), want.ImportedAt.UTC()}, {"rows", had.Rows, want.Rows}, {"rows stored", had.Stored, want.Stored},
		{"rows quarantined", had.Quarantined, want.Quarantined}, {"consignments", had.Consignments, want.Consignments},
		{"newest day", had.Newest, want.Newest},
	} {
		if f.had != f.was {
			return fmt.Sprintf("its %s is %s there and %s in the original", f.name, shown(f.had), shown(f.was))
		}
	}
	return ""
}

func shown(value any) string {
	if text := fmt.Sprint(value); text != "" {
		return text
	}
	return "not stated"
}

// endsOtherwise says how a source that is in the target has ended there in a
// way that the original's end does not follow from.
func endsOtherwise(had, want *graph.Source) string {
	switch {
	case had.EndedBy == want.EndedBy:
		if !had.Ended.Equal(want.Ended) || had.Reason != want.Reason || had.Replaced != want.Replaced {
			return "it ended at another time, for another reason or by another source"
		}
		return ""
	case had.EndedBy == graph.NotEnded:
		return ""
	case want.EndedBy == graph.Purged && had.Replaced == want.Replaced:
		return ""
	case want.EndedBy == graph.NotEnded:
		return fmt.Sprintf("it is %s there and counts in the original", had.EndedBy)
	}
	return fmt.Sprintf("it is %s there and %s in the original", had.EndedBy, want.EndedBy)
}

// meeting plays the plan through on the lines of the target, so that nothing
// that an import does there by itself comes as a surprise.
type meeting struct {
	imports  map[graph.Reading]int
	counting map[graph.Content]graph.SourceID
}

func (m *meeting) there(had *graph.Source) {
	m.imports[had.Reading()]++
	if had.EndedBy == graph.NotEnded {
		m.counting[had.Content()] = had.ID
	}
}

// next says what stands against the next task, "" if nothing does.
func (m *meeting) next(t *task, byID map[graph.SourceID]*task) string {
	want := &t.want
	if t.had != nil {
		replaced := byID[want.Replaced]
		if t.had.EndedBy == graph.NotEnded && replaced != nil && replaced.had != nil {
			return "it counts there, although what replaced it is there too"
		}
	} else {
		if id := want.SourceSpec.ID(m.imports[want.Reading()]); id != want.ID {
			return "it would get another id there, since earlier imports of the same file are missing"
		}
		if counting := m.counting[want.Content()]; counting != "" && byID[counting].want.Replaced != want.ID {
			return fmt.Sprintf("it would replace %s there, which it did not in the original", counting)
		}
		m.imports[want.Reading()]++
		m.counting[want.Content()] = want.ID
	}
	// Ends that need no other source follow at once.
	if m.counting[want.Content()] == want.ID && (want.EndedBy == graph.Withdrawn || want.EndedBy == graph.Purged && (t.had == nil || want.Replaced == "")) {
		delete(m.counting, want.Content())
	}
	return ""
}

// ledger compares decisions and runs.
func (p *plan) ledger(ctx context.Context, from, to graph.Store) (err error) {
	if p.said, p.reported, err = readLedger(ctx, from); err != nil {
		return err
	}
	said, runs, err := readLedger(ctx, to)
	if err != nil {
		return err
	}
	if err := p.missing(said, runs); err != nil {
		return fmt.Errorf("%w: %w", err, ErrConflict)
	}
	return nil
}

// missing notes what of the original's decisions and runs is not among those
// of the target, and says which of those stand against it.
func (p *plan) missing(said []graph.Decision, runs []graph.Run) error {
	last, bySeq := int64(0), map[int64]*graph.Decision{}
	for i := range said {
		bySeq[said[i].Seq] = &said[i]
		last = max(last, said[i].Seq)
	}
	for i := range p.said {
		want := &p.said[i]
		had := bySeq[want.Seq]
		switch {
		case had != nil && !sameDecision(had, want):
			return fmt.Errorf("decision %d is %q about %s by %s there, and %q about %s by %s in the original",
				want.Seq, had.Kind, had.Subject, had.Author, want.Kind, want.Subject, want.Author)
		case had != nil:
		case want.Seq <= last:
			return fmt.Errorf("decision %d about %s is not there, while later ones are", want.Seq, want.Subject)
		default:
			p.decisions = append(p.decisions, *want)
		}
	}
	for i := range p.reported {
		want := &p.reported[i]
		at := slices.IndexFunc(runs, func(had graph.Run) bool { return had.ID == want.ID })
		switch {
		case at < 0:
			p.runs = append(p.runs, *want)
		case !sameRun(&runs[at], want):
			return fmt.Errorf("run %s is not the same there", want.ID)
		}
	}
	return nil
}

// readLedger reads all decisions and runs that can be seen.
func readLedger(ctx context.Context, store graph.Store) (said []graph.Decision, runs []graph.Run, err error) {
	reader, err := store.Within(ctx, graph.Scope{Ended: true})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	if said, err = reader.Decisions(ctx, ""); err != nil {
		return nil, nil, err
	}
	runs, err = reader.Runs(ctx, "")
	return said, runs, err
}

func sameDecision(a, b *graph.Decision) bool {
	x, y := *a, *b
	if !x.Time.Equal(y.Time) || !slices.Equal(x.Sources, y.Sources) {
		return false
	}
	x.Time, x.Sources, y.Sources = y.Time, nil, nil
	return reflect.DeepEqual(x, y)
}

func sameRun(a, b *graph.Run) bool {
	x, y := *a, *b
	if !x.Finished.Equal(y.Finished) || !x.Scope.KnownOn.Equal(y.Scope.KnownOn) || !slices.Equal(x.Scope.Sources, y.Scope.Sources) {
		return false
	}
	x.Finished, x.Scope.KnownOn = y.Finished, y.Scope.KnownOn
	x.Scope.Sources, y.Scope.Sources = nil, nil
	return reflect.DeepEqual(x, y)
}
