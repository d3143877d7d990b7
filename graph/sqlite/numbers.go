package sqlite

import (
	"context"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// numbered finds consignments by their number. Ids are ordered by the system
// that issued the number, then by number: each system is looked into where the
// text would stand, and skipped.
func (r *reader) numbered(ctx context.Context, query graph.SearchQuery, limit int) ([]graph.Match, error) {
	starts := graph.NumbersFrom(query.Text)
	if len(starts) == 0 || query.Kinds != nil && !slices.Contains(query.Kinds, graph.KindConsignment) {
		return nil, nil
	}
	found := make(map[graph.ID]graph.Match)
	for _, v := range r.segments {
		for _, section := range []segment.Section{segment.StatementSection, segment.OutcomeSection} {
			n := numbers{reader: r, view: v, section: section, text: query.Text, limit: limit, found: found}
			if err := n.all(ctx, starts); err != nil {
				return nil, err
			}
		}
	}
	matches := make([]graph.Match, 0, len(found))
	for _, match := range found {
		matches = append(matches, match)
	}
	return matches, nil
}

// numbers looks for numbers in one section of a segment.
type numbers struct {
	reader  *reader
	view    *view
	section segment.Section
	text    string
	limit   int
	found   map[graph.ID]graph.Match
}

func (n *numbers) total() int {
	if n.section == segment.OutcomeSection {
		return n.view.Outcomes
	}
	return n.view.Statements
}

func (n *numbers) all(ctx context.Context, starts []string) error {
	kind := graph.KindConsignment.String() + "/"
	for from := kind; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		at, err := n.view.SeekID(n.section, from)
		if err != nil || int(at) >= n.total() {
			return err
		}
		b, err := n.view.Block(n.section, segment.BlockOf(at))
		if err != nil {
			return err
		}
		ids, err := b.IDs()
		if err != nil {
			return err
		}
		id := ids.At(int(at - b.First))
		if !strings.HasPrefix(id, kind) {
			return nil
		}
		system, _, ok := strings.Cut(id[len(kind):], "/")
		if !ok {
			from = id + "\x00" // a number that no system issued
			continue
		}
		system = kind + system
		for _, start := range starts {
			if err := n.from(ctx, system+"/"+start); err != nil {
				return err
			}
		}
		from = system + "0" // what comes behind "/"
	}
}

// from notes the first visible consignments whose ids begin with prefix. No
// more than the limit can be wanted: they rank by id, the whole number first.
func (n *numbers) from(ctx context.Context, prefix string) error {
	at, err := n.view.SeekID(n.section, prefix)
	if err != nil {
		return err
	}
	last := ""
	for count := 0; int(at) < n.total() && count < n.limit; {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := n.view.Block(n.section, segment.BlockOf(at))
		if err != nil {
			return err
		}
		ids, sees, err := n.block(b)
		if err != nil {
			return err
		}
		for i := int(at - b.First); i < b.N && count < n.limit; i++ {
			id := ids.At(i)
			if !strings.HasPrefix(id, prefix) {
				return nil
			}
			if id == last || !sees(i) {
				continue
			}
			match, ok := graph.MatchConsignment(n.text, graph.ID(id))
			if !ok {
				return nil // too short a text for anything but the whole number
			}
			n.found[match.ID] = match
			last = id
			count++
		}
		at = b.First + uint32(b.N)
	}
	return nil
}

// block returns the ids of a block and which of its records the scope shows.
func (n *numbers) block(b *segment.Records) (ids *segment.Texts, sees func(i int) bool, err error) {
	if n.section == segment.OutcomeSection {
		c, err := b.Outcomes([]string{})
		if err != nil {
			return nil, nil, err
		}
		return c.Subject, func(i int) bool { return n.reader.sees(n.view, c.Source[i], graph.Date(c.Day[i])) }, nil
	}
	c, err := b.Statements([]string{})
	if err != nil {
		return nil, nil, err
	}
	return c.IDs, func(i int) bool { return n.reader.sees(n.view, c.Source[i], c.Seen(i)) }, nil
}
