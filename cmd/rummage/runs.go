package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/graph"
)

// Which run a command means. A plain command means the last standing run; one with the flags of a scope means the last run with
// just these, and --run names any other.

// runFlags choose a run.
type runFlags struct {
	scopeFlags
	run string
}

func (f *runFlags) add(c *cobra.Command) {
	f.scopeFlags.add(c)
	c.Flags().StringVar(&f.run, "run", "", "the run with this `id` instead of the last")
	for _, name := range []string{"until", "known-on", "source"} {
		c.MarkFlagsMutuallyExclusive("run", name)
	}
}

// listFlags cut a list of a run's parties.
type listFlags struct {
	limit int
	role  string
}

func (f *listFlags) add(c *cobra.Command, limit, role string, roles []string) {
	c.Flags().IntVar(&f.limit, "limit", 20, limit)
	c.Flags().StringVar(&f.role, "role", "", role+": "+strings.Join(roles, ", "))
}

func (f *listFlags) check(roles []string) error {
	if f.limit < 0 {
		return exit.Usagef("--limit: %d is less than 0", f.limit)
	}
	if f.role != "" && !slices.Contains(roles, f.role) {
		return exit.With(exit.Usage, fmt.Errorf("--role %q: want one of %s", f.role, strings.Join(roles, ", ")), "")
	}
	return nil
}

// narrow says whether any of the flags was given.
func (f *scopeFlags) narrow() bool { return f.until != "" || f.knownOn != "" || len(f.sources) > 0 }

// chosen reads the run that the flags mean, of those that used nothing but what is in scope.
func (a *archive) chosen(ctx context.Context, flags *runFlags) (*flag.Result, *graph.Run, error) {
	run, err := a.lastRun(ctx, graph.RunID(flags.run))
	if err != nil {
		return nil, nil, err
	}
	if run == nil {
		return nil, nil, a.noRun(ctx, flags)
	}
	result, err := flag.ReadResult(run)
	return result, run, err
}

// lastRun reads the run of that id, or with none the last one of the scope; nil where there is none.
func (a *archive) lastRun(ctx context.Context, id graph.RunID) (*graph.Run, error) {
	standing, err := a.Runs(ctx, flag.Kind)
	if err != nil {
		return nil, err
	}
	scoped, err := a.Runs(ctx, flag.ScopedKind)
	if err != nil {
		return nil, err
	}
	return a.choose(standing, scoped, id), nil
}

// choose picks the run of that id, or with none the last one: of the standing series, unless the scope is a narrowed one.
func (a *archive) choose(standing, scoped []graph.Run, id graph.RunID) *graph.Run {
	if id != "" {
		return newest(slices.Concat(scoped, standing), func(r *graph.Run) bool { return r.ID == id })
	}
	scope := a.Scope()
	mark := scope.Fingerprint()
	exactly := func(r *graph.Run) bool { return r.Scope.Fingerprint() == mark }
	if a.whole() {
		if run := newest(standing, func(*graph.Run) bool { return true }); run != nil {
			return run
		}
		return newest(scoped, exactly)
	}
	return newest(slices.Concat(scoped, standing), exactly)
}

// whole says whether the scope is what a command reads without flags.
func (a *archive) whole() bool {
	all := make([]graph.Source, 0, len(a.sources))
	for _, s := range a.sources {
		all = append(all, *s)
	}
	zero := graph.Scope{}
	plain, own := zero.Resolve(all), a.Scope()
	plain.Past, own.Past = nil, nil // which is of what was said, not of what is read
	return plain.Fingerprint() == own.Fingerprint()
}

// newest is the run that finished last, of those that fit.
func newest(runs []graph.Run, fits func(*graph.Run) bool) *graph.Run {
	var last *graph.Run
	for i := range runs {
		if fits(&runs[i]) && (last == nil || !runs[i].Finished.Before(last.Finished)) {
			last = &runs[i]
		}
	}
	return last
}

// noRun says why there is no run to show, and which command makes one.
func (a *archive) noRun(ctx context.Context, flags *runFlags) error {
	if flags.run != "" {
		return exit.With(exit.Failed, fmt.Errorf("run %s: %w, or a source that it used has ended", flags.run, graph.ErrNotFound),
			"rummage networks shows the last run")
	}
	if !a.whole() {
		return exit.With(exit.Failed, errors.New("no run has this scope"), strings.TrimSpace("rummage flag "+a.narrowed))
	}
	runs, err := a.history(ctx, flag.Kind)
	if err != nil {
		return err
	}
	if len(runs) > 0 {
		return exit.With(exit.Failed, errors.New("nothing was analysed since a source ended that the last run used"), "rummage flag")
	}
	return exit.With(exit.Failed, errors.New("nothing was analysed yet"), "rummage flag")
}

// recentEnds is how many ends of sources back runs are looked for.
const recentEnds = 32

// history lists the runs of these kinds, oldest first: those that use only what counts now, and those that did at the moment before
// one of the last sources ended. The store shows either by its own rule; without the latter, every network would be new when a file
// is withdrawn, or read again under a mended mapping. Runs of sources that were purged are gone.
func (a *archive) history(ctx context.Context, kinds ...string) ([]graph.Run, error) {
	var all []graph.Run
	seen := make(map[graph.RunID]bool)
	for _, at := range append(a.ends(), time.Time{}) {
		runs, err := a.runsKnownOn(ctx, at, kinds)
		if err != nil {
			return nil, err
		}
		for i := range runs {
			if !seen[runs[i].ID] {
				seen[runs[i].ID] = true
				all = append(all, runs[i])
			}
		}
	}
	slices.SortStableFunc(all, func(x, y graph.Run) int { return x.Finished.Compare(y.Finished) })
	return all, nil
}

// ends are the moments before the last sources ended, oldest first.
func (a *archive) ends() []time.Time {
	var ends []time.Time
	for _, s := range a.sources {
		if s.EndedBy == graph.Withdrawn || s.EndedBy == graph.Replaced {
			ends = append(ends, s.Ended.Add(-time.Microsecond))
		}
	}
	slices.SortFunc(ends, time.Time.Compare)
	ends = slices.CompactFunc(ends, time.Time.Equal)
	return ends[max(0, len(ends)-recentEnds):]
}

func (a *archive) runsKnownOn(ctx context.Context, at time.Time, kinds []string) (all []graph.Run, err error) {
	reader, err := a.store.Within(ctx, graph.Scope{KnownOn: at})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, kind := range kinds {
		runs, err := reader.Runs(ctx, kind)
		if err != nil {
			return nil, err
		}
		all = append(all, runs...)
	}
	return all, nil
}

// networkOf finds a network in a result.
func networkOf(result *flag.Result, id graph.ID) (*flag.Network, error) {
	i := slices.IndexFunc(result.Networks, func(n flag.Network) bool { return n.ID == id })
	if i >= 0 {
		return &result.Networks[i], nil
	}
	for _, t := range result.Gone {
		if t.ID == id {
			became := string(t.State)
			if t.Into != "" {
				became = "merged into " + string(t.Into)
			}
			return nil, exit.With(exit.Failed, fmt.Errorf("network %s is %s; run %s was the last to flag it: %w", id, became, t.Last, graph.ErrNotFound),
				fmt.Sprintf("rummage networks %s shows it as it was", id))
		}
	}
	return nil, exit.With(exit.Failed, fmt.Errorf("network %s: %w", id, graph.ErrNotFound), "rummage networks lists those of the last run")
}

// lastSeen is a network as a run tells it.
type lastSeen struct {
	result  *flag.Result
	network *flag.Network
}

// formerly finds a network as the last run told it that had it, of all runs there were, see lastSeen.
func (a *archive) formerly(ctx context.Context, id graph.ID) (*flag.Result, *flag.Network, error) {
	all, err := a.lastSeen(ctx, []graph.ID{id})
	if err != nil {
		return nil, nil, err
	}
	if seen, found := all[id]; found {
		return seen.result, seen.network, nil
	}
	return nil, nil, exit.With(exit.Failed, fmt.Errorf("network %s: %w", id, graph.ErrNotFound), "rummage networks lists those of the last run")
}

// lastSeen finds networks as the last run told them that had each, of all runs there were: a standing one if any did. Where later
// ones had one not, its state is what became of it. What no run had is not among them. Each run is read once.
func (a *archive) lastSeen(ctx context.Context, ids []graph.ID) (map[graph.ID]lastSeen, error) {
	found, left := map[graph.ID]lastSeen{}, slices.Clone(ids)
	for _, kind := range []string{flag.Kind, flag.ScopedKind} {
		if len(left) == 0 {
			break
		}
		runs, err := a.history(ctx, kind)
		if err != nil {
			return nil, err
		}
		became := map[graph.ID]flag.State{}
		for i := len(runs) - 1; i >= 0 && len(left) > 0; i-- {
			result, err := flag.ReadResult(&runs[i])
			if err != nil {
				return nil, err
			}
			left = slices.DeleteFunc(left, func(id graph.ID) bool {
				n, err := networkOf(result, id)
				if err == nil {
					if state := became[id]; state != "" {
						n.State, n.Change = state, ""
					}
					found[id] = lastSeen{result, n}
					return true
				}
				if at := slices.IndexFunc(result.Gone, func(t flag.Track) bool { return t.ID == id }); at >= 0 && became[id] == "" {
					became[id] = result.Gone[at].State
				}
				return false
			})
		}
	}
	return found, nil
}
