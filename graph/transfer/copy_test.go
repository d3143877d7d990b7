package transfer

import (
	"context"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/graph/storetest"
)

var ctx = context.Background()

func empty(t testing.TB) graph.Store {
	store, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "store"), sqlite.Options{Create: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// filled is a store with a few sources that say the same of the same things.
func filled(t testing.TB) graph.Store {
	store := empty(t)
	for i := range 6 {
		rows := make([]graph.Row, 200)
		for j := range rows {
			k := j * 37 % 200
			rows[j] = storetest.Shipment(fmt.Sprint(k), fmt.Sprint("imp ", k%7), "exp", 1+k%28)
			rows[j].Facts = append(storetest.Named(fmt.Sprint("imp ", k%7), "Importer").Facts, storetest.Named("exp", fmt.Sprint("Exporter ", i)).Facts...)
			rows[j].Facts[0].Date = storetest.Day(1 + (k+i)%28)
			rows[j].Links = []graph.Link{{Role: graph.OwnedBy, From: storetest.Trader("exp"), To: storetest.Trader(fmt.Sprint(k % 3)), Start: storetest.Day(2)}}
			rows[j].Outcomes = []graph.Outcome{{Subject: storetest.Trader("exp"), Result: graph.Listed, Date: storetest.Day(3)}}
			if k%50 == 1 {
				rows[j] = graph.Row{Errors: []graph.RowError{{Code: "date", Reason: "no day"}}}
			}
		}
		_, err := storetest.NewBatch(fmt.Sprint("source ", i), 1+i, rows...).Import(ctx, store)
		require.NoError(t, err)
	}
	_, err := store.Decide(ctx, graph.Decision{Subject: "x", Kind: graph.Note, Time: storetest.Noon(9)})
	require.NoError(t, err)
	return store
}

func TestSmallMemoryGivesTheSameCopy(t *testing.T) {
	from := filled(t)
	var digest graph.SHA256
	for _, opts := range []Options{{}, {batch: 1}, {batch: 500}, {chunk: 2000, fan: 2}, {batch: 300, chunk: 5000, fan: 3}} {
		to := empty(t)
		opts.Temp = t.TempDir()
		report, err := Copy(ctx, from, to, opts)
		require.NoError(t, err)
		require.Len(t, report.Sources, 6)
		require.EqualValues(t, 1200, report.Rows)
		if digest != "" {
			require.Equal(t, digest, report.Digest)
		}
		digest = report.Digest
		for i, s := range report.Sources {
			want, err := from.Sources(ctx)
			require.NoError(t, err)
			require.Equal(t, want[i].ID, s.ID)
		}
	}
}

// liar is a store that answers wrongly, from its n-th reader on.
type liar struct {
	graph.Store
	from    int
	readers int
	lie     func(r *lying)
}

// Within opens a reader.
func (l *liar) Within(ctx context.Context, scope graph.Scope) (graph.Reader, error) {
	reader, err := l.Store.Within(ctx, scope)
	l.readers++
	r := &lying{Reader: reader}
	if l.readers >= l.from {
		l.lie(r)
	}
	return r, err
}

// lying changes what a reader tells.
type lying struct {
	graph.Reader
	entity      func(*graph.Entity)
	consignment func(*graph.Consignment)
	link        func(*graph.Link)
	place       func(*graph.RowPlace)
	refused     func(*graph.RowError)
	decisions   func([]graph.Decision) []graph.Decision
	told        bool   // the one lie was told
	drop        string // the kind of record of which the last is left out
	fails       string // the kind of record whose scan fails
}

var errDisk = fmt.Errorf("disk on fire")

// changed passes a scan on, changed.
func changed[T any](r *lying, kind string, all iter.Seq2[T, error], change func(T) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		n := 0
		for one, err := range all {
			if n++; r.fails == kind && n > 2 {
				yield(zero, errDisk)
				return
			}
			if r.drop == kind && n == 3 {
				continue
			}
			if err == nil {
				one = change(one)
			}
			if !yield(one, err) {
				return
			}
		}
	}
}

func (r *lying) Entities(ctx context.Context, want graph.Want) iter.Seq2[*graph.Entity, error] {
	return changed(r, "entity", r.Reader.Entities(ctx, want), func(e *graph.Entity) *graph.Entity {
		if r.entity != nil && !r.told && len(e.Facts) > 0 && len(e.Facts[0].Origins) > 1 {
			r.told = true
			r.entity(e)
		}
		return e
	})
}

func (r *lying) Consignments(ctx context.Context, want graph.Want) iter.Seq2[*graph.Consignment, error] {
	return changed(r, "consignment", r.Reader.Consignments(ctx, want), func(c *graph.Consignment) *graph.Consignment {
		if r.consignment != nil && !r.told && len(c.Current) > 0 {
			r.told = true
			r.consignment(c)
		}
		return c
	})
}

func (r *lying) Links(ctx context.Context, want graph.Want) iter.Seq2[*graph.Link, error] {
	return changed(r, "link", r.Reader.Links(ctx, want), func(l *graph.Link) *graph.Link {
		if r.link != nil && !r.told {
			r.told = true
			r.link(l)
		}
		return l
	})
}

func (r *lying) Places(ctx context.Context, id graph.SourceID) iter.Seq2[graph.RowPlace, error] {
	return changed(r, "place", r.Reader.Places(ctx, id), func(p graph.RowPlace) graph.RowPlace {
		if r.place != nil && !r.told {
			r.told = true
			r.place(&p)
		}
		return p
	})
}

func (r *lying) Quarantine(ctx context.Context, id graph.SourceID) iter.Seq2[graph.RowError, error] {
	return changed(r, "refused", r.Reader.Quarantine(ctx, id), func(e graph.RowError) graph.RowError {
		if r.refused != nil && !r.told {
			r.told = true
			r.refused(&e)
		}
		return e
	})
}

func (r *lying) Decisions(ctx context.Context, subject graph.ID) ([]graph.Decision, error) {
	all, err := r.Reader.Decisions(ctx, subject)
	if r.decisions != nil {
		all = r.decisions(all)
	}
	return all, err
}

// TestACopyThatDiffersIsFound has the target lie once the copy is made: the
// readers before that one are those of the plan and of the lists.
func TestACopyThatDiffersIsFound(t *testing.T) {
	from := filled(t)
	for name, test := range map[string]struct {
		from int
		lie  func(r *lying)
		says string
	}{
		"a value":   {3, func(r *lying) { r.entity = func(e *graph.Entity) { e.Facts[0].Value += "x" } }, "the entity party/test/imp 0 is not the same"},
		"a day":     {3, func(r *lying) { r.entity = func(e *graph.Entity) { e.Facts[0].Days[1]++ } }, "is not the same"},
		"an origin": {3, func(r *lying) { r.entity = func(e *graph.Entity) { e.Facts[0].Origins[1].Row++ } }, "is not the same"},
		"a tie": {3, func(r *lying) {
			r.consignment = func(c *graph.Consignment) { c.Current[0].Ties = c.Current[0].Ties[:1] }
		}, "the consignment consignment/test/"},
		"an entity gone":  {3, func(r *lying) { r.drop = "entity" }, "is missing in the copy"},
		"a shipment gone": {3, func(r *lying) { r.drop = "consignment" }, "is missing in the copy"},
		"a link gone":     {3, func(r *lying) { r.drop = "link" }, "the link"},
		"a link":          {3, func(r *lying) { r.link = func(l *graph.Link) { l.To += "x" } }, "where the original has"},
		"a place":         {3, func(r *lying) { r.place = func(p *graph.RowPlace) { p.Span.Offset++ } }, "the place of row"},
		"a refusal":       {3, func(r *lying) { r.refused = func(e *graph.RowError) { e.Reason = "none" } }, "the refused row"},
		"a decision gone": {2, func(r *lying) { r.decisions = func([]graph.Decision) []graph.Decision { return nil } }, "decision 1 is missing"},
		"another decision": {2, func(r *lying) {
			r.decisions = func(d []graph.Decision) []graph.Decision { d[0].Reason = "other"; return d }
		}, "decision 1 is"},
	} {
		t.Run(name, func(t *testing.T) {
			to := &heirLiar{liar{Store: empty(t), from: test.from, lie: test.lie}}
			_, err := Copy(ctx, from, to, Options{Temp: t.TempDir()})
			require.ErrorIs(t, err, ErrDifferent)
			require.ErrorContains(t, err, test.says)
		})
	}
}

// heirLiar takes over as the store behind it does.
type heirLiar struct{ liar }

func (l *heirLiar) AdoptSource(ctx context.Context, s graph.Source) error {
	return l.Store.(graph.Heir).AdoptSource(ctx, s)
}

func (l *heirLiar) AdoptDecision(ctx context.Context, d graph.Decision) error {
	return l.Store.(graph.Heir).AdoptDecision(ctx, d)
}

// TestAnOriginalThatCannotBeReadStopsTheCopy has the original fail or
// contradict itself: no source is then half in the target.
func TestAnOriginalThatCannotBeReadStopsTheCopy(t *testing.T) {
	for name, test := range map[string]struct {
		lie func(r *lying)
		is  error
	}{
		"entities fail":     {func(r *lying) { r.fails = "entity" }, errDisk},
		"consignments fail": {func(r *lying) { r.fails = "consignment" }, errDisk},
		"links fail":        {func(r *lying) { r.fails = "link" }, errDisk},
		"places fail":       {func(r *lying) { r.fails = "place" }, errDisk},
		"quarantine fails":  {func(r *lying) { r.fails = "refused" }, errDisk},
		"a place is gone":   {func(r *lying) { r.drop = "place" }, graph.ErrDamaged},
		"days without origins": {func(r *lying) {
			r.entity = func(e *graph.Entity) { e.Facts[0].Days = nil }
		}, graph.ErrDamaged},
		"an origin out of scope": {func(r *lying) {
			r.entity = func(e *graph.Entity) { e.Facts[0].Origins[0].Source = "s-0" }
		}, graph.ErrDamaged},
		"a day after the newest": {func(r *lying) {
			r.consignment = func(c *graph.Consignment) { c.Current[0].Date = 999_999 }
		}, graph.ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			to := empty(t)
			_, err := Copy(ctx, &liar{Store: filled(t), from: 2, lie: test.lie}, to, Options{Temp: t.TempDir()})
			require.ErrorIs(t, err, test.is)
			all, err := to.Sources(ctx)
			require.NoError(t, err)
			require.Empty(t, all)
			problems, err := to.(graph.Checker).Check(ctx, nil)
			require.NoError(t, err)
			require.Empty(t, problems)
		})
	}
}

func TestATargetThatCannotTakeOverIsRefused(t *testing.T) {
	from := filled(t) // with a decision
	to := empty(t)
	_, err := Copy(ctx, from, struct{ graph.Store }{to}, Options{})
	require.ErrorContains(t, err, "cannot take over")
	all, err := to.Sources(ctx)
	require.NoError(t, err)
	require.Empty(t, all)
}

func TestLinesThatNoHistoryLeavesAreRefused(t *testing.T) {
	list := func(change func(all []graph.Source)) error {
		var all []graph.Source
		for i := range 3 {
			spec := storetest.NewBatch(fmt.Sprint(i), i+1).Spec
			if i > 0 {
				spec = storetest.NewBatch("1", 2).Reread(i+1, fmt.Sprint(i)).Spec
			}
			all = append(all, graph.Source{SourceSpec: spec, ID: spec.ID(0)})
		}
		change(all)
		byID := map[graph.SourceID]*task{}
		for i := range all {
			byID[all[i].ID] = &task{want: all[i]}
		}
		_, err := inOrder(all, byID)
		return err
	}
	for name, change := range map[string]func(all []graph.Source){
		"an id of its own":       func(all []graph.Source) { all[0].ID = "s-1" },
		"replaced by nothing":    func(all []graph.Source) { all[0].Replaced = "s-1" },
		"by another file":        func(all []graph.Source) { all[0].Replaced = all[1].ID },
		"two by one":             func(all []graph.Source) { all[1].Replaced, all[2].Replaced = all[0].ID, all[0].ID },
		"by each other":          func(all []graph.Source) { all[1].Replaced, all[2].Replaced = all[2].ID, all[1].ID },
		"two that count at once": func([]graph.Source) {},
	} {
		require.ErrorIs(t, list(change), graph.ErrDamaged, name)
	}
	require.NoError(t, list(func(all []graph.Source) {
		all[1].Replaced, all[1].EndedBy = all[2].ID, graph.Replaced
	}))
}

// forgetful keeps no evidence.
type forgetful struct{ graph.Store }

// Begin starts an import.
func (f *forgetful) Begin(ctx context.Context, spec graph.SourceSpec) (graph.Import, error) {
	work, err := f.Store.Begin(ctx, spec)
	return keepless{work}, err
}

type keepless struct{ graph.Import }

// Keep reads the file.
func (keepless) Keep(_ context.Context, _ graph.SHA256, file io.Reader) error {
	_, err := io.Copy(io.Discard, file)
	return err
}

func TestATargetThatKeepsNoEvidence(t *testing.T) {
	from, to := empty(t), empty(t)
	for i := range 3 {
		batch := storetest.NewBatch(fmt.Sprint("source ", i), 1+i, storetest.Named("a", "A"))
		if i == 1 {
			batch.File = nil
		}
		_, err := batch.Import(ctx, from)
		require.NoError(t, err)
	}
	for range 2 {
		report, err := Copy(ctx, from, &forgetful{to}, Options{})
		require.NoError(t, err)
		require.EqualValues(t, 2, report.Unkept)
		require.Zero(t, report.Bytes)
	}
	report, err := Copy(ctx, to, from, Options{})
	require.NoError(t, err, "and back: what is there has more")
	require.Zero(t, report.Unkept)
}
