package explore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/graph"
)

// Defaults of Options.
const (
	DefaultDepth  = 6
	DefaultHub    = 300
	DefaultBudget = 5000
)

// Options bound a walk. The zero value means the defaults.
type Options struct {
	// Depth is the greatest number of ties in a path. The default is 6.
	Depth int
	// Hub is the number of neighbours above which an entity is not passed
	// through, since what hangs together through a port or a large forwarder
	// does not belong together. The default is 300.
	Hub int64
	// Budget is the greatest number of entities looked at. The default is
	// 5,000.
	Budget int
	// Through are the kinds passed through. Nil means all but places, routes
	// and commodities, which connect everything with everything.
	Through []graph.Kind
	// Progress, if set, is told how many entities were looked at.
	Progress func(done, total int64)
}

func (o Options) filled() Options {
	if o.Depth == 0 {
		o.Depth = DefaultDepth
	}
	if o.Hub == 0 {
		o.Hub = DefaultHub
	}
	if o.Budget == 0 {
		o.Budget = DefaultBudget
	}
	if o.Through == nil {
		for _, kind := range graph.Kinds() {
			if kind != graph.Place && kind != graph.Route && kind != graph.Commodity {
				o.Through = append(o.Through, kind)
			}
		}
	}
	if o.Progress == nil {
		o.Progress = func(int64, int64) {}
	}
	return o
}

// Hub is an entity with too many neighbours to follow.
type Hub struct {
	ID         graph.ID
	Name       string
	Neighbours int64 // in all roles together
	Followed   int   // the busiest ones, when the entity is an end of the path; 0 when it is between
}

// lift is the part of the graph that was taken into memory. Nodes are numbered
// in the order of meeting, which is fixed: ends first, then balls by id.
type lift struct {
	reader graph.Reader
	opts   Options

	ids      []graph.ID
	number   map[graph.ID]int
	near     [][]int // neighbours both ways, in the order of meeting
	joined   map[[2]int]bool
	degree   []int64 // -1: not looked at
	expanded []bool
	ends     int // the first of ids
	looked   int
	cut      map[int]int // ends that are hubs: neighbours followed
}

func newLift(reader graph.Reader, opts Options, ends []graph.ID) *lift {
	l := &lift{reader: reader, opts: opts.filled(),
		number: map[graph.ID]int{}, joined: map[[2]int]bool{}, cut: map[int]int{}}
	for _, id := range ends {
		l.node(id)
	}
	l.ends = len(l.ids)
	return l
}

func (l *lift) node(id graph.ID) int {
	if n, ok := l.number[id]; ok {
		return n
	}
	n := len(l.ids)
	l.number[id] = n
	l.ids = append(l.ids, id)
	l.near = append(l.near, nil)
	l.degree = append(l.degree, -1)
	l.expanded = append(l.expanded, false)
	return n
}

// spent reports whether the budget is used up.
func (l *lift) spent() bool { return l.looked >= l.opts.Budget }

// look counts the neighbours of a node, once.
func (l *lift) look(ctx context.Context, n int) error {
	if l.degree[n] >= 0 {
		return nil
	}
	counts, err := l.reader.Counts(ctx, l.ids[n])
	if err != nil {
		return fmt.Errorf("explore: %s: %w", l.ids[n], err)
	}
	l.degree[n] = 0
	for _, c := range counts {
		l.degree[n] += c.Neighbours
	}
	l.looked++
	l.opts.Progress(int64(l.looked), int64(l.opts.Budget))
	return nil
}

// hub reports whether a node that was looked at is not to be passed through.
func (l *lift) hub(n int) bool { return n >= l.ends && l.degree[n] > l.opts.Hub }

// passes reports whether paths may lead through an entity.
func (l *lift) passes(id graph.ID) bool {
	if n, ok := l.number[id]; ok && n < l.ends {
		return true
	}
	return slices.Contains(l.opts.Through, id.Kind())
}

// expand takes the neighbours of a node into memory: all of them, or of an end
// that is a hub the busiest.
func (l *lift) expand(ctx context.Context, n int) error {
	if l.expanded[n] {
		return nil
	}
	if err := l.look(ctx, n); err != nil {
		return err
	}
	l.expanded[n] = true
	if l.hub(n) || l.degree[n] == 0 {
		return nil
	}
	limit := int(min(l.degree[n], l.opts.Hub))
	if l.degree[n] > l.opts.Hub {
		l.cut[n] = limit
	}
	found, err := l.reader.Neighbours(ctx, graph.NeighbourQuery{ID: l.ids[n], Limit: limit})
	if err != nil {
		return fmt.Errorf("explore: %s: %w", l.ids[n], err)
	}
	for i := range found {
		if !l.passes(found[i].ID) {
			continue
		}
		l.join(n, l.node(found[i].ID))
	}
	return nil
}

func (l *lift) join(a, b int) {
	if b < a {
		a, b = b, a
	}
	if a == b || l.joined[[2]int{a, b}] {
		return
	}
	l.joined[[2]int{a, b}] = true
	l.near[a] = append(l.near[a], b)
	l.near[b] = append(l.near[b], a)
}

// distances returns the number of ties from a node to every other, -1 where
// there is no way that avoids hubs.
func (l *lift) distances(from int) []int {
	far := make([]int, len(l.ids))
	for i := range far {
		far[i] = -1
	}
	far[from] = 0
	queue := []int{from}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if n != from && l.hub(n) {
			continue
		}
		for _, m := range l.near[n] {
			if far[m] < 0 {
				far[m] = far[n] + 1
				queue = append(queue, m)
			}
		}
	}
	return far
}

// ball is what has been grown around one end.
type ball struct {
	radius int
	front  []int
	inside map[int]bool
}

func newBall(end int) *ball { return &ball{front: []int{end}, inside: map[int]bool{end: true}} }

// grow expands the front of a ball by one tie, in the order of ids. It stops
// early, leaving the radius as it was, when the budget is used up.
func (l *lift) grow(ctx context.Context, b *ball) error {
	slices.SortFunc(b.front, func(x, y int) int { return strings.Compare(string(l.ids[x]), string(l.ids[y])) })
	var next []int
	for _, n := range b.front {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("explore: %w", err)
		}
		if l.spent() {
			return nil
		}
		if err := l.expand(ctx, n); err != nil {
			return err
		}
		if l.hub(n) {
			continue
		}
		for _, m := range l.near[n] {
			if !b.inside[m] {
				b.inside[m] = true
				next = append(next, m)
			}
		}
	}
	b.front = next
	b.radius++
	return nil
}

// hubs lists the entities that were not followed, most neighbours first.
func (l *lift) hubs(ctx context.Context) ([]Hub, error) {
	var all []Hub
	for n, id := range l.ids {
		if l.degree[n] <= l.opts.Hub {
			continue
		}
		name, err := nameOf(ctx, l.reader, id)
		if err != nil {
			return nil, err
		}
		all = append(all, Hub{ID: id, Name: name, Neighbours: l.degree[n], Followed: l.cut[n]})
	}
	slices.SortFunc(all, func(a, b Hub) int {
		if a.Neighbours != b.Neighbours {
			return int(b.Neighbours - a.Neighbours)
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return all, nil
}
