package explore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"rummage/algo/structure"
	"rummage/graph"
)

// ErrEnds is returned for a walk between fewer than two entities, or between
// one and itself.
var ErrEnds = errors.New("needs two different entities")

// recordsShown is how many of the records behind a tie a Step names.
const recordsShown = 5

// Query asks for the K shortest paths between two entities; 0 means 3.
type Query struct {
	From, To graph.ID
	K        int
	Options
}

// Step is one entity on a path and the tie that leads to it from the one
// before. The first step of a path has no tie.
type Step struct {
	ID      graph.ID
	Name    string
	Role    graph.Role         // of this entity in the first record; of the link
	Before  graph.Role         // of the entity before in the same record; NoRole for a link
	Date    graph.Date         // of the first record
	Records []graph.Connection // the earliest ones that make the tie, at most 5
}

// Path is a way from one entity to another.
type Path struct{ Steps []Step }

// Length is the number of ties.
func (p *Path) Length() int { return len(p.Steps) - 1 }

// Result is what a walk found and what it left out.
type Result struct {
	Paths  []Path
	Groups [][]graph.ID // Connect alone: the ends that hang together, in the order asked for
	Hubs   []Hub        // entities not passed through, most neighbours first
	Looked int          // entities whose neighbours were counted

	// Complete says that no path of at most Depth ties through the kinds asked
	// for is missing before the last one found, except through Hubs. It is
	// false when the budget was used up or an end is itself a hub.
	Complete bool
}

// Paths finds the K shortest ways between two entities: over consignments that
// two entities share and links from one to the other. Of equally long ways
// that through the entities with fewer neighbours comes first.
//
// It grows a ball around either end, the smaller first, until the balls'
// radii together reach the length of the K-th path or Options.Depth, and runs
// Yen's algorithm (Yen 1971, doi:10.1287/mnsc.17.11.712) from gonum on what
// lies between.
//
// An error wrapping graph.ErrNotFound is returned when the scope does not show
// an end, ErrEnds when the two are one cluster. No path is no error.
//
// Cost: two look-ups for each entity in the balls, at most Options.Budget.
func Paths(ctx context.Context, reader graph.Reader, query Query) (Result, error) {
	l, err := open(ctx, reader, query.Options, []graph.ID{query.From, query.To})
	if err != nil {
		return Result{}, err
	}
	k := query.K
	if k == 0 {
		k = 3
	}
	a, b := newBall(0), newBall(1)
	var found [][]graph.ID
	for {
		reach := min(a.radius+b.radius, l.opts.Depth)
		if l.spent() || l.closed(a, 0) || l.closed(b, 1) {
			reach = l.opts.Depth // nothing more will be met, and a way may lead around a whole ball
		}
		if reach > 0 {
			if found, err = l.shortest(ctx, reach, k); err != nil {
				return Result{}, err
			}
		}
		if len(found) >= k || reach >= l.opts.Depth {
			break
		}
		if err := l.grow(ctx, smaller(a, b)); err != nil {
			return Result{}, err
		}
	}
	return l.result(ctx, found)
}

// open checks the ends and starts a lift from them.
func open(ctx context.Context, reader graph.Reader, opts Options, ids []graph.ID) (*lift, error) {
	ends := make([]graph.ID, 0, len(ids))
	for _, id := range ids {
		entity, err := reader.Entity(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("explore: %s: %w", id, err)
		}
		if !slices.Contains(ends, entity.ID) {
			ends = append(ends, entity.ID)
		}
	}
	if len(ends) < 2 {
		return nil, fmt.Errorf("explore: %v: %w", ids, ErrEnds)
	}
	return newLift(reader, opts, ends), nil
}

// closed reports whether a ball holds everything that can be reached from its
// end, so that growing either ball can find nothing more.
func (l *lift) closed(b *ball, end int) bool { return len(b.front) == 0 && l.cut[end] == 0 }

func smaller(a, b *ball) *ball {
	if len(b.front) > 0 && (len(a.front) == 0 || len(b.front) < len(a.front)) {
		return b
	}
	return a
}

// shortest returns the k shortest ways between the two ends of at most limit
// ties, as ids.
func (l *lift) shortest(ctx context.Context, limit, k int) ([][]graph.ID, error) {
	m, err := l.between(ctx, limit)
	if err != nil || m.ends[0] == absent || m.ends[1] == absent {
		return nil, err
	}
	// A way has less than one more than its number of ties.
	ways, err := structure.ShortestRoutes(ctx, m.graph, m.ends[0], m.ends[1],
		structure.RouteOptions{Count: k, Length: structure.Weight, Longest: float64(limit + 1), Steps: math.MaxInt})
	if err != nil {
		return nil, fmt.Errorf("explore: %w", err)
	}
	var all [][]graph.ID
	for _, way := range ways.Found {
		if len(way.Nodes)-1 > limit {
			continue
		}
		ids := make([]graph.ID, len(way.Nodes))
		for i, n := range way.Nodes {
			ids[i] = m.ids[n]
		}
		all = append(all, ids)
	}
	return all, nil
}

// result looks up the names and records of the ways found.
func (l *lift) result(ctx context.Context, found [][]graph.ID) (Result, error) {
	res := Result{Looked: l.looked, Complete: !l.spent() && len(l.cut) == 0}
	for _, ids := range found {
		var p Path
		for i, id := range ids {
			step := Step{ID: id}
			if i > 0 {
				if err := l.tie(ctx, ids[i-1], &step); err != nil {
					return Result{}, err
				}
			}
			var err error
			if step.Name, err = nameOf(ctx, l.reader, id); err != nil {
				return Result{}, err
			}
			p.Steps = append(p.Steps, step)
		}
		res.Paths = append(res.Paths, p)
	}
	var err error
	res.Hubs, err = l.hubs(ctx)
	return res, err
}

// tie fills in the records that hold both entities.
func (l *lift) tie(ctx context.Context, before graph.ID, step *Step) error {
	records, err := l.reader.Connections(ctx, graph.ConnectionQuery{ID: before, With: step.ID, Limit: recordsShown})
	if err != nil {
		return fmt.Errorf("explore: %s with %s: %w", before, step.ID, err)
	}
	step.Records = records
	if len(records) == 0 {
		return nil
	}
	step.Date = records[0].Date
	if link := records[0].Link; link != nil {
		step.Role = link.Role
		return nil
	}
	if len(records[0].WithRoles) > 0 {
		step.Role = records[0].WithRoles[0]
	}
	if len(records[0].Roles) > 0 {
		step.Before = records[0].Roles[0]
	}
	return nil
}
