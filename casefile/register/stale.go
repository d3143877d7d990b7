package register

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Changes say how what the store shows now differs from what a case file held. The zero Changes are none.
type Changes struct {
	// Ended are sources of rows in it that count no more.
	Ended []Ended `json:"ended"`
	// Gone are parties that were asked for and that the scope shows no longer.
	Gone  []graph.ID `json:"gone"`
	Nodes Difference `json:"nodes"`
	Edges Difference `json:"edges"`
	Rows  int        `json:"rows"` // more than there were; less than 0: fewer
	// Members tells that the network has other members by the last run that has it.
	Members bool `json:"members"`
}

// Ended is a source that ended.
type Ended struct {
	Source graph.SourceID `json:"source"`
	Name   string         `json:"name"`
	By     graph.EndKind  `json:"by"`
	Reason string         `json:"reason"`
}

// Difference counts what is there no longer, what is new, and of what something else is said; New and Changed name it, ordered as in a
// graph. What is gone has no name any more.
type Difference struct {
	Gone    int      `json:"gone"`
	New     []string `json:"new"`
	Changed []string `json:"changed"`
}

func (d *Difference) any() bool { return d.Gone > 0 || len(d.New) > 0 || len(d.Changed) > 0 }

// Stale tells whether the case file says something else than the store does now.
func (c *Changes) Stale() bool {
	return len(c.Ended) > 0 || len(c.Gone) > 0 || c.Nodes.any() || c.Edges.any() || c.Rows != 0 || c.Members
}

// Compare asks for the same again of a scope of now, which must be the scope of the entry, and says what changed. Sources are all that the
// store lists. Cost: that of subgraph.Collect.
func Compare(ctx context.Context, e *Entry, reader subgraph.Reader, sources []graph.Source) (*Changes, error) {
	c := &Changes{Ended: []Ended{}, Gone: []graph.ID{}}
	for i := range sources {
		s := &sources[i]
		if _, held := slices.BinarySearch(e.Held.Sources, s.ID); held && s.EndedBy != graph.NotEnded {
			c.Ended = append(c.Ended, Ended{s.ID, s.Title(), s.EndedBy, s.Reason})
		}
	}
	var parties []graph.ID
	for _, id := range e.Held.Parties {
		_, err := reader.Entity(ctx, id)
		switch {
		case errors.Is(err, graph.ErrNotFound):
			c.Gone = append(c.Gone, id)
		case err != nil:
			return nil, fmt.Errorf("register: %w", err)
		default:
			parties = append(parties, id)
		}
	}
	now := &subgraph.Graph{}
	if len(parties) > 0 {
		var err error
		if now, err = subgraph.Collect(ctx, reader, parties, nil); err != nil {
			return nil, fmt.Errorf("register: %w", err)
		}
	}
	return c, c.differ(&e.Held, now)
}

// differ holds what was held against a graph of now.
func (c *Changes) differ(held *Held, now *subgraph.Graph) error {
	nodes, edges := newMarks(held.Nodes), newMarks(held.Edges)
	for i := range now.Nodes {
		n := &now.Nodes[i]
		mark, err := nodeMark(n)
		if err != nil {
			return fmt.Errorf("register: %w", err)
		}
		nodes.meet(mark, string(n.ID))
	}
	for i := range now.Edges {
		e := &now.Edges[i]
		mark, err := edgeMark(e)
		if err != nil {
			return fmt.Errorf("register: %w", err)
		}
		edges.meet(mark, fmt.Sprintf("%s %s %s", e.From, e.Kind, e.To))
	}
	c.Nodes, c.Edges = nodes.difference(), edges.difference()
	c.Rows = len(now.Rows()) - held.Rows
	return nil
}

// marks are what was held, less what was met again.
type marks struct {
	left  map[Mark]Mark
	found Difference
}

func newMarks(all []Mark) *marks {
	m := &marks{left: map[Mark]Mark{}, found: Difference{New: []string{}, Changed: []string{}}}
	for _, mark := range all {
		m.left[mark.key()] = mark
	}
	return m
}

func (m *marks) meet(mark Mark, name string) {
	had, there := m.left[mark.key()]
	switch {
	case !there:
		m.found.New = append(m.found.New, name)
	case had != mark:
		m.found.Changed = append(m.found.Changed, name)
	}
	delete(m.left, mark.key())
}

func (m *marks) difference() Difference {
	m.found.Gone = len(m.left)
	return m.found
}
