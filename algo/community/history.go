package community

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Stage is a division at one time. Keys give every node a name that lasts from stage to stage; each is there once.
type Stage[K cmp.Ordered] struct {
	Keys       []K
	Membership []uint32
}

// TraceOptions say when a community is still the same. The zero value is usable.
type TraceOptions[K cmp.Ordered] struct {
	// Least is the Jaccard similarity at which two communities may be one; 0 means DefaultLeast.
	Least float64
	// Change is the share of its weight that a community must gain to have grown, or lose to have shrunk; 0 means DefaultChange.
	Change float64
	// Gap is how many stages a community may be unseen and still go on; 0 means that it ends at once.
	Gap int
	// Smallest is the number of nodes below which a community is none; 0 means 2.
	Smallest int
	// Weight is what a node counts, as in Meetings.
	Weight func(K) float64
}

// Defaults of TraceOptions.
const (
	DefaultLeast  = 0.3
	DefaultChange = 0.1
)

// Kind is what happens to a community from one stage to the next.
type Kind string

// The kinds of events.
const (
	// Born: nothing before has half of it.
	Born Kind = "birth"
	// Continued, Grown, Shrunk: it goes on, about as large, larger, smaller.
	Continued Kind = "continuation"
	Grown     Kind = "growth"
	Shrunk    Kind = "contraction"
	// Merged: it holds half or more of others, which end with that. It may go on itself or be new.
	Merged Kind = "merge"
	// Parted: new ones have half or more of their members from it. It may go on itself or end with that.
	Parted Kind = "split"
	// Died: it is not seen any more, and no other holds half of it.
	Died Kind = "death"
)

// Event is one of them. A track may have several at a stage: one that tells how it goes on, a merge, a split.
type Event struct {
	Stage int
	Kind  Kind
	Track int
	// Others are the tracks taken in by a merge, or those that came out of a split.
	Others []int
	// Jaccard is how alike a community that goes on is to what it was; Joined and Left are the weights of who came and who went.
	Jaccard, Joined, Left float64
}

// Visit is a community of a stage, as Canonical numbers them.
type Visit struct{ Stage, Community int }

// Track is one community through time.
type Track struct {
	// Visits are where it was seen, in ascending order of stages.
	Visits []Visit
	// From are the tracks that it came out of: one that split, or those that merged into something new.
	From []int
	// Into is the track that it merged into; -1 for none.
	Into int
	// Ended tells whether it can go on no more.
	Ended bool
}

// History is what became of communities over a series of stages.
type History struct {
	Tracks []Track
	// Events are ordered by stage, then by track. Communities of the first stage have no event.
	Events []Event
	// Least, Change, Gap and Smallest are those used.
	Least, Change float64
	Gap, Smallest int
}

// Trace follows communities through a series of divisions (after Greene, Doyle and Cunningham 2010). The communities of a stage are
// compared with the last sight of every track that has not ended, and Couple says who goes on as whom. What is left over is told by
// halves: a new community of which a track held half or more came out of it, a track of which a community holds half or more merged into
// it; and otherwise it was born, or is dead. The paper lets one community continue as several, all above the threshold; here
// one of them goes on and the others come out of it, so that a track is a line.
//
// Keys decide all that is left to chance: communities are taken in the order of their least keys, so that numbers of nodes do not matter.
// Cost that of Meetings a stage. Errors: ErrOptions, also for a key that is twice in a stage, or that of the context.
func Trace[K cmp.Ordered](ctx context.Context, stages []Stage[K], opts TraceOptions[K]) (History, error) {
	opts, err := opts.settle()
	if err != nil {
		return History{}, fmt.Errorf("community: trace: %w", err)
	}
	t := &tracer[K]{opts: opts, history: History{Least: opts.Least, Change: opts.Change, Gap: opts.Gap, Smallest: opts.Smallest}}
	for i, stage := range stages {
		groups, communities, err := opts.groups(ctx, stage)
		if err == nil {
			err = t.step(ctx, i, groups, communities)
		}
		if err != nil {
			return History{}, fmt.Errorf("community: trace: stage %d: %w", i, err)
		}
	}
	slices.SortStableFunc(t.history.Events, func(a, b Event) int { return cmp.Or(a.Stage-b.Stage, a.Track-b.Track) })
	return t.history, nil
}

func (o TraceOptions[K]) settle() (TraceOptions[K], error) {
	o.Least = cmp.Or(o.Least, DefaultLeast)
	o.Change = cmp.Or(o.Change, DefaultChange)
	o.Smallest = cmp.Or(o.Smallest, 2)
	if !(o.Least > 0 && o.Least <= 1) || !(o.Change > 0 && o.Change <= 1) || o.Gap < 0 || o.Smallest < 0 {
		return o, fmt.Errorf("%w: similarity %v, change %v, gap %d, smallest %d", ErrOptions, o.Least, o.Change, o.Gap, o.Smallest)
	}
	return o, nil
}

// groups returns the keys of every community that is large enough, ascending, in the order of their least ones, and its number.
func (o TraceOptions[K]) groups(ctx context.Context, stage Stage[K]) ([][]K, []int, error) {
	if len(stage.Keys) != len(stage.Membership) {
		return nil, nil, fmt.Errorf("%w: %d keys and %d labels", ErrOptions, len(stage.Keys), len(stage.Membership))
	}
	labels, communities := Canonical(stage.Membership)
	order := make([]uint32, len(labels))
	for u := range order {
		order[u] = uint32(u)
	}
	order, err := arrange(ctx, 1, order, func(a, b uint32) int { return cmp.Compare(stage.Keys[a], stage.Keys[b]) })
	if err != nil {
		return nil, nil, err
	}
	members := make([][]K, communities)
	for i, u := range order {
		if i > 0 && stage.Keys[u] == stage.Keys[order[i-1]] {
			return nil, nil, fmt.Errorf("%w: the key %v is there twice", ErrOptions, stage.Keys[u])
		}
		members[labels[u]] = append(members[labels[u]], stage.Keys[u])
	}
	var numbers []int
	for c := range members {
		if len(members[c]) >= o.Smallest {
			numbers = append(numbers, c)
		}
	}
	slices.SortFunc(numbers, func(a, b int) int { return cmp.Compare(members[a][0], members[b][0]) })
	groups := make([][]K, len(numbers))
	for i, c := range numbers {
		groups[i] = members[c]
	}
	return groups, numbers, nil
}

// tracer is the work of Trace.
type tracer[K cmp.Ordered] struct {
	opts    TraceOptions[K]
	history History
	fronts  []front[K] // of the tracks that have not ended, by number
}

// front is the last sight of a track.
type front[K cmp.Ordered] struct {
	track   int
	members []K
}

func (t *tracer[K]) last(f front[K]) int {
	visits := t.history.Tracks[f.track].Visits
	return visits[len(visits)-1].Stage
}

// step takes in one stage.
func (t *tracer[K]) step(ctx context.Context, stage int, groups [][]K, numbers []int) error {
	before := make([][]K, len(t.fronts))
	for i, f := range t.fronts {
		before[i] = f.members
	}
	met, err := meet(ctx, before, groups, t.opts.Weight)
	if err != nil {
		return err
	}
	s := &standing{before: make([]int, len(before)), now: make([]int, len(groups))}
	for i := range s.before {
		s.before[i] = -1
	}
	for i := range s.now {
		s.now[i] = -1
	}
	for _, m := range Couple(met.meetings, t.opts.Least, nil) {
		s.before[m.Before], s.now[m.Now] = m.Now, t.fronts[m.Before].track
		t.resume(stage, m, met.before[m.Before], met.now[m.Now])
	}
	t.found(stage, s, met.meetings, met.now)
	t.absorb(stage, s, met.meetings, met.before)
	for n, track := range s.now {
		if one := &t.history.Tracks[track]; len(one.Visits) == 0 && stage > 0 && len(one.From) == 0 {
			t.history.Events = append(t.history.Events, Event{Stage: stage, Kind: Born, Track: track})
		}
		t.history.Tracks[track].Visits = append(t.history.Tracks[track].Visits, Visit{stage, numbers[n]})
	}
	t.renew(stage, s, groups)
	return nil
}

// standing says which group of now a front goes on as, and which track a group of now belongs to; -1 for none yet.
type standing struct {
	before, now []int
}

// resume tells how a track goes on.
func (t *tracer[K]) resume(stage int, m Meeting, before, now float64) {
	e := Event{
		Stage: stage, Kind: Continued, Track: t.fronts[m.Before].track, Jaccard: m.Jaccard,
		Joined: max(0, now-m.Common), Left: max(0, before-m.Common),
	}
	switch {
	case now >= before*(1+t.opts.Change):
		e.Kind = Grown
	case now <= before*(1-t.opts.Change):
		e.Kind = Shrunk
	}
	t.history.Events = append(t.history.Events, e)
}

// found opens tracks for groups that go on as none, and tells of which tracks they came out.
func (t *tracer[K]) found(stage int, s *standing, meetings []Meeting, heft []float64) {
	parent := make([]int, len(s.now)) // place of the meeting with most in common, plus one
	for i, m := range meetings {
		if s.now[m.Now] < 0 && t.last(t.fronts[m.Before]) == stage-1 && m.Common > 0 && 2*m.Common >= heft[m.Now] {
			if p := parent[m.Now]; p == 0 || m.Common > meetings[p-1].Common {
				parent[m.Now] = i + 1
			}
		}
	}
	children := make([][]int, len(t.fronts))
	for n := range s.now {
		if s.now[n] >= 0 {
			continue
		}
		s.now[n] = len(t.history.Tracks)
		one := Track{Into: -1}
		if p := parent[n]; p > 0 {
			f := meetings[p-1].Before
			one.From = []int{t.fronts[f].track}
			children[f] = append(children[f], s.now[n])
		}
		t.history.Tracks = append(t.history.Tracks, one)
	}
	for f, others := range children {
		if len(others) > 0 {
			track := t.fronts[f].track
			t.history.Events = append(t.history.Events, Event{Stage: stage, Kind: Parted, Track: track, Others: others})
			t.history.Tracks[track].Ended = s.before[f] < 0
		}
	}
}

// absorb ends tracks that go on as none and of which a group holds half.
func (t *tracer[K]) absorb(stage int, s *standing, meetings []Meeting, heft []float64) {
	into := make([]int, len(t.fronts))
	for i, m := range meetings {
		f := t.fronts[m.Before]
		if s.before[m.Before] < 0 && !t.history.Tracks[f.track].Ended && t.last(f) == stage-1 && m.Common > 0 && 2*m.Common >= heft[m.Before] {
			if p := into[m.Before]; p == 0 || m.Common > meetings[p-1].Common {
				into[m.Before] = i + 1
			}
		}
	}
	taken := make([][]int, len(s.now))
	for f, p := range into {
		if p > 0 {
			n, track := meetings[p-1].Now, t.fronts[f].track
			taken[n] = append(taken[n], track)
			t.history.Tracks[track].Ended, t.history.Tracks[track].Into = true, s.now[n]
		}
	}
	for n, others := range taken {
		if len(others) > 0 {
			track := s.now[n]
			if len(t.history.Tracks[track].Visits) == 0 {
				t.history.Tracks[track].From = append(t.history.Tracks[track].From, others...)
			}
			t.history.Events = append(t.history.Events, Event{Stage: stage, Kind: Merged, Track: track, Others: others})
		}
	}
}

// renew keeps a front for every track that may go on, and tells who is dead.
func (t *tracer[K]) renew(stage int, s *standing, groups [][]K) {
	var fronts []front[K]
	for i, f := range t.fronts {
		one := &t.history.Tracks[f.track]
		switch last := t.last(f); {
		case one.Ended || s.before[i] >= 0:
		case stage-last > t.opts.Gap:
			one.Ended = true
			t.history.Events = append(t.history.Events, Event{Stage: last + 1, Kind: Died, Track: f.track})
		default:
			fronts = append(fronts, f)
		}
	}
	for n, track := range s.now {
		fronts = append(fronts, front[K]{track, groups[n]})
	}
	slices.SortFunc(fronts, func(a, b front[K]) int { return a.track - b.track })
	t.fronts = fronts
}
