package structure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"rummage/algo/structure/queue"
)

// ErrDate is returned for a contact that arrives before it departs.
var ErrDate = errors.New("arrival before departure")

// Contacts is a list of dated edges, one column a property. A contact leaves From at Depart and is at To at Arrive; times are whole
// numbers of whatever unit the caller counts in, days as a rule. Arrive may be nil, when contacts take no time.
type Contacts struct {
	From, To       []uint32
	Depart, Arrive []int64
}

// JourneyOptions say which journeys there are. The zero value is usable.
type JourneyOptions struct {
	// Nodes is the number of nodes; every end must be less.
	Nodes int
	// Undirected lets every contact be travelled both ways at the same times.
	Undirected bool
	// Begin and End bound the time. Nil means no bound.
	Begin, End *int64
	// Gap is the least time between an arrival and the next departure. With 0 what arrives on a day may leave on it, whatever the
	// order in the day was; with 1 only from the next day on.
	Gap int64
	// Progress, if set, is told how many nodes are reached.
	Progress func(reached, nodes int)
}

// Never is the time of what cannot be.
const Never = math.MaxInt64

// Journeys are the ways in time from one node to all others, or from all others to one.
type Journeys struct {
	// Method names the algorithm; Node is the one asked for, Gap what was asked.
	Method string
	Node   uint32
	Gap    int64
	// Time gives for every node when it is reached at the earliest, after EarliestArrival; when it must be left at the latest, after
	// LatestDeparture; and when it is reached by the journey shown, after FewestContacts. Never where there is no journey; at Node the
	// bound of the time, or without one 1 − Never, or Never − 1 after LatestDeparture.
	Time []int64
	// Hops gives the number of contacts of the journey shown, -1 where there is none.
	Hops []int32
	// Taken is the number of contacts looked at.
	Taken int

	labels []label
	last   []int32
	back   bool
}

// label is a node reached by a contact, and the label of the journey before it; -1 and -1 at the start.
type label struct {
	contact, before int32
}

// To returns the journey between Node and another in the order of time, as places in the list of contacts; nil where there is none and for
// Node itself.
func (j *Journeys) To(node uint32) []int {
	var contacts []int
	for at := j.last[node]; at >= 0 && j.labels[at].contact >= 0; at = j.labels[at].before {
		contacts = append(contacts, int(j.labels[at].contact))
	}
	if !j.back {
		slices.Reverse(contacts)
	}
	return contacts
}

// EarliestArrival finds when every node can be reached from one at the earliest, by contacts of which each departs no sooner than the one
// before has arrived and the Gap has passed (Wu et al. 2014, "Path problems in temporal graphs"). Of several contacts that arrive
// equally early that from the node reached first counts, then that from the smaller node, then the first to depart, then the first in the
// list; the list may be in any order.
//
// Every node is settled once, in the order of arrival, and its departures from then on are looked at. Cost O(c log c) for c contacts;
// memory 40 bytes a contact and 24 a node. Errors: ErrOption for columns of different lengths too, ErrNode, ErrDate also for times beyond
// 2^61, or that of the context.
func EarliestArrival(ctx context.Context, contacts Contacts, from uint32, opts JourneyOptions) (Journeys, error) {
	return earliest(ctx, contacts, from, opts, false)
}

// LatestDeparture finds when every node must be left at the latest to reach one by the end of the time. It is EarliestArrival with time
// running backwards, also where contacts are equal.
func LatestDeparture(ctx context.Context, contacts Contacts, to uint32, opts JourneyOptions) (Journeys, error) {
	return earliest(ctx, contacts, to, opts, true)
}

func earliest(ctx context.Context, contacts Contacts, node uint32, opts JourneyOptions, back bool) (Journeys, error) {
	t, err := schedule(ctx, contacts, node, opts, back)
	if err != nil {
		return Journeys{}, fmt.Errorf("structure: journeys: %w", err)
	}
	j := t.journeys(node, "earliest arrival by label setting")
	j.back = back
	settled := make([]bool, opts.Nodes)
	waiting := queue.Queue[call]{{time: t.begin, node: node}}
	rest := breath{ctx: ctx}
	for len(waiting) > 0 {
		c := waiting.Pop()
		u := c.node
		if settled[u] {
			continue
		}
		settled[u] = true
		ready := t.ready(c.time, u == node)
		leaving := t.from(u, ready)
		for _, e := range leaving {
			if settled[e.to] || e.arrive >= j.Time[e.to] || e.arrive > t.end {
				continue
			}
			j.Time[e.to] = e.arrive
			j.Hops[e.to] = j.Hops[u] + 1
			j.labels = append(j.labels, label{contact: e.contact, before: j.last[u]})
			j.last[e.to] = int32(len(j.labels) - 1)
			waiting.Push(call{time: e.arrive, node: e.to})
		}
		j.Taken += len(leaving)
		if rest.taken(len(leaving)) {
			break
		}
		t.tell(opts)
	}
	if err := ctx.Err(); err != nil {
		return Journeys{}, fmt.Errorf("structure: journeys: %w", err)
	}
	if back {
		for u, time := range j.Time {
			if time != Never {
				j.Time[u] = -time
			}
		}
	}
	return j, nil
}

// FewestContacts finds journeys from one node to all others that take as few contacts as possible, and of those the ones that arrive
// earliest. It goes by the number of contacts: what is reached earlier than with fewer is looked at again. Cost O(c) for every contact
// of the longest journey; memory as EarliestArrival, and 8 bytes for every time that a node is reached earlier. Errors are those of EarliestArrival.
func FewestContacts(ctx context.Context, contacts Contacts, from uint32, opts JourneyOptions) (Journeys, error) {
	t, err := schedule(ctx, contacts, from, opts, false)
	if err != nil {
		return Journeys{}, fmt.Errorf("structure: journeys: %w", err)
	}
	j := t.journeys(from, "fewest contacts by layers")
	// early is the earliest arrival with the contacts so far, newest the label of it; Time and last keep those of the first layer.
	early, newest := slices.Clone(j.Time), slices.Clone(j.last)
	layer := []uint32{from}
	rest := breath{ctx: ctx}
	for hops := int32(1); len(layer) > 0; hops++ {
		type arrival struct {
			time  int64
			label label
		}
		better := map[uint32]arrival{}
		var next []uint32
		for _, u := range layer {
			leaving := t.from(u, t.ready(early[u], u == from))
			for _, e := range leaving {
				best, known := better[e.to]
				if e.arrive > t.end || e.arrive >= early[e.to] || (known && e.arrive >= best.time) {
					continue
				}
				if !known {
					next = append(next, e.to)
				}
				better[e.to] = arrival{e.arrive, label{contact: e.contact, before: newest[u]}}
			}
			j.Taken += len(leaving)
			if rest.taken(len(leaving)) {
				return Journeys{}, fmt.Errorf("structure: journeys: %w", ctx.Err())
			}
		}
		slices.Sort(next)
		for _, v := range next {
			a := better[v]
			early[v] = a.time
			newest[v] = int32(len(j.labels))
			j.labels = append(j.labels, a.label)
			if j.Hops[v] < 0 {
				j.Hops[v], j.Time[v], j.last[v] = hops, a.time, newest[v]
			}
		}
		layer = next
		if opts.Progress != nil {
			opts.Progress(len(j.labels), opts.Nodes)
		}
	}
	if err := ctx.Err(); err != nil {
		return Journeys{}, fmt.Errorf("structure: journeys: %w", err)
	}
	return j, nil
}

// stage is a contact in one direction, named by its place in the list.
type stage struct {
	depart, arrive int64
	to             uint32
	contact        int32
}

// timetable lists the departures from every node in the order of time: those of u from start[u] on.
type timetable struct {
	begin, end, gap int64
	start           []int
	stages          []stage
	reached         int
}

// schedule makes a timetable; backwards it turns every contact around and counts time downwards.
func schedule(ctx context.Context, c Contacts, node uint32, opts JourneyOptions, back bool) (*timetable, error) {
	if err := c.check(node, opts); err != nil {
		return nil, err
	}
	t := &timetable{begin: 1 - Never, end: Never - 1, gap: opts.Gap}
	begin, end := opts.Begin, opts.End
	if back {
		begin, end = turned(end), turned(begin)
	}
	if begin != nil {
		t.begin = *begin
	}
	if end != nil {
		t.end = min(*end, t.end)
	}
	t.start = make([]int, opts.Nodes+1)
	rest := breath{ctx: ctx}
	each := func(use func(u uint32, s stage)) {
		for i := range c.From {
			if rest.taken(1) {
				return
			}
			u, s := c.From[i], stage{to: c.To[i], depart: c.Depart[i], arrive: c.arrive(i), contact: int32(i)}
			if back {
				u, s.to, s.depart, s.arrive = s.to, u, -s.arrive, -s.depart
			}
			use(u, s)
			if opts.Undirected {
				u, s.to = s.to, u
				use(u, s)
			}
		}
	}
	each(func(u uint32, _ stage) { t.start[u+1]++ })
	for u := range opts.Nodes {
		t.start[u+1] += t.start[u]
	}
	t.stages = make([]stage, t.start[opts.Nodes])
	next := slices.Clone(t.start)
	each(func(u uint32, s stage) {
		t.stages[next[u]] = s
		next[u]++
	})
	for u := range opts.Nodes {
		leaving := t.stages[t.start[u]:t.start[u+1]]
		if rest.taken(len(leaving)) {
			break
		}
		slices.SortFunc(leaving, func(a, b stage) int {
			return cmp.Or(cmp.Compare(a.depart, b.depart), cmp.Compare(a.arrive, b.arrive), cmp.Compare(a.to, b.to), cmp.Compare(a.contact, b.contact))
		})
	}
	return t, ctx.Err()
}

func turned(bound *int64) *int64 {
	if bound == nil {
		return nil
	}
	time := -*bound
	return &time
}

func (c *Contacts) arrive(i int) int64 {
	if c.Arrive == nil {
		return c.Depart[i]
	}
	return c.Arrive[i]
}

func (c *Contacts) check(node uint32, opts JourneyOptions) error {
	m := len(c.From)
	if len(c.To) != m || len(c.Depart) != m || (c.Arrive != nil && len(c.Arrive) != m) || m > math.MaxInt32/2 {
		return fmt.Errorf("%w: %d in From, %d in To, %d in Depart, %d in Arrive; they must be of one length below 2^30",
			ErrOption, m, len(c.To), len(c.Depart), len(c.Arrive))
	}
	if opts.Gap < 0 {
		return fmt.Errorf("%w: Gap %d must not be negative", ErrOption, opts.Gap)
	}
	if uint64(node) >= uint64(max(opts.Nodes, 0)) {
		return fmt.Errorf("node %d: %w: there are %d", node, ErrNode, opts.Nodes)
	}
	for i := range m {
		if uint64(max(c.From[i], c.To[i])) >= uint64(opts.Nodes) {
			return fmt.Errorf("contact %d from %d to %d: %w: there are %d nodes", i, c.From[i], c.To[i], ErrNode, opts.Nodes)
		}
		if d, a := c.Depart[i], c.arrive(i); a < d || a > Never/4 || d < -Never/4 {
			return fmt.Errorf("contact %d from %d to %d: %w: departs at %d, arrives at %d", i, c.From[i], c.To[i], ErrDate, d, a)
		}
	}
	return nil
}

// journeys returns those that know of the start alone.
func (t *timetable) journeys(node uint32, method string) Journeys {
	n := len(t.start) - 1
	j := Journeys{Method: method, Node: node, Gap: t.gap, Time: make([]int64, n), Hops: make([]int32, n), last: make([]int32, n)}
	for u := range n {
		j.Time[u], j.Hops[u], j.last[u] = Never, -1, -1
	}
	j.labels = []label{{contact: -1, before: -1}}
	j.Time[node], j.Hops[node], j.last[node] = t.begin, 0, 0
	return j
}

// ready tells from when on a node may be left that was reached at the given time; at the start no time has to pass.
func (t *timetable) ready(time int64, start bool) int64 {
	if start {
		return time
	}
	return time + min(t.gap, Never/4)
}

// from lists the departures of u from a time on.
func (t *timetable) from(u uint32, time int64) []stage {
	row := t.stages[t.start[u]:t.start[u+1]]
	at, _ := slices.BinarySearchFunc(row, time, func(s stage, time int64) int {
		if s.depart < time {
			return -1
		}
		return 1
	})
	return row[at:]
}

// tell reports progress now and then.
func (t *timetable) tell(opts JourneyOptions) {
	t.reached++
	if opts.Progress != nil && t.reached%(1<<12) == 0 {
		opts.Progress(t.reached, opts.Nodes)
	}
}

// call is a node that may be settled at a time.
type call struct {
	time int64
	node uint32
}

// Before orders calls by time and node.
func (c call) Before(other call) bool {
	if c.time != other.time {
		return c.time < other.time
	}
	return c.node < other.node
}
