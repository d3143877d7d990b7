package sqlite

import (
	"context"
	"math"
	"slices"
	"sort"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// naming says where one segment names the ids of a cluster.
type naming struct {
	nums       []uint32 // rising
	statements []uint32 // ordinals, rising, each once
	links      []uint32
}

// cluster is what the scope knows of the cluster that holds an id.
type cluster struct {
	id      graph.ID
	members []graph.ID
	named   []naming // per segment; filled by lookup
}

// lookup finds a cluster's entities in every segment, or ErrNotFound when the
// scope shows none of them.
func (r *reader) lookup(id graph.ID) (*cluster, error) {
	if err := r.snap.open(); err != nil {
		return nil, err
	}
	c := &cluster{id: r.identity.Cluster(id), named: make([]naming, len(r.segments))}
	c.members = r.identity.Members(c.id)
	visible := false
	for i, v := range r.segments {
		for _, member := range c.members {
			num, ok, err := v.FindEntity(string(member))
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			c.named[i].nums = append(c.named[i].nums, num)
			if !visible {
				if visible, err = r.supports(v, num); err != nil {
					return nil, err
				}
			}
		}
	}
	if !visible {
		return nil, notFound("entity", id)
	}
	return c, nil
}

// supports reports whether a visible record of the segment names the entity.
func (r *reader) supports(v *view, num uint32) (bool, error) {
	b, err := v.EntityBlock(segment.EntityBlockOf(num))
	if err != nil {
		return false, err
	}
	t, err := b.Supports(len(v.Sources))
	if err != nil {
		return false, err
	}
	return r.supported(v, t, int(num-b.First)), nil
}

// supported reports whether a visible source names the i-th entity of a block.
func (r *reader) supported(v *view, t *segment.SupportTable, i int) bool {
	return slices.ContainsFunc(t.Support[t.Starts[i]:t.Starts[i+1]], func(s segment.Support) bool {
		return r.sees(v, s.Source, s.Day)
	})
}

// records fills in the ordinals of the records that name the cluster.
func (r *reader) records(c *cluster) error {
	for i, v := range r.segments {
		n := &c.named[i]
		for _, num := range n.nums {
			statements, links, err := v.Postings(num)
			if err != nil {
				return err
			}
			n.statements = append(n.statements, statements...)
			n.links = append(n.links, links...)
		}
		if len(n.nums) > 1 {
			slices.Sort(n.statements)
			slices.Sort(n.links)
			n.statements, n.links = slices.Compact(n.statements), slices.Compact(n.links)
		}
	}
	return nil
}

// Entity returns a cluster's facts and outcomes with origins.
func (r *reader) Entity(ctx context.Context, id graph.ID) (*graph.Entity, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c, err := r.lookup(id)
	if err != nil {
		return nil, errorOf("entity", err)
	}
	e := &graph.Entity{ID: c.id}
	for i, v := range r.segments {
		for _, num := range c.named[i].nums {
			if err := r.describe(e, v, num); err != nil {
				return nil, errorOf("entity", err)
			}
		}
		for _, member := range c.members {
			if e.Outcomes, err = r.appendOutcomes(e.Outcomes, v, string(member)); err != nil {
				return nil, errorOf("entity", err)
			}
		}
	}
	e.Facts, e.Outcomes, e.Supports = mergeFacts(e.Facts, true), mergeOutcomes(e.Outcomes, true), graph.MergeSupports(e.Supports)
	return e, nil
}

// describe adds what one segment holds of an entity: facts and supports.
func (r *reader) describe(e *graph.Entity, v *view, num uint32) (err error) {
	if e.Facts, err = r.factsOf(e.Facts, v, num); err != nil {
		return err
	}
	b, err := v.EntityBlock(segment.EntityBlockOf(num))
	if err != nil {
		return err
	}
	t, err := b.Supports(len(v.Sources))
	if err != nil {
		return err
	}
	i := num - b.First
	e.Supports = r.appendSupports(e.Supports, v, t.Support[t.Starts[i]:t.Starts[i+1]])
	return nil
}

// factsOf appends the visible facts of the num-th entity of a segment.
func (r *reader) factsOf(dst []graph.Fact, v *view, num uint32) ([]graph.Fact, error) {
	b, err := v.EntityBlock(segment.EntityBlockOf(num))
	if err != nil {
		return nil, err
	}
	ids, err := b.IDs()
	if err != nil {
		return nil, err
	}
	t, err := b.Facts(len(v.Sources))
	if err != nil {
		return nil, err
	}
	i := num - b.First
	for j := t.Starts[i]; j < t.Starts[i+1]; j++ {
		f := t.At(int(j))
		if r.sees(v, f.Source, f.Day) {
			dst = append(dst, graph.Fact{Entity: graph.ID(ids.At(int(i))), Property: f.Property, Value: f.Value, Mark: f.Mark, Date: f.Day,
				Origins: []graph.Origin{{Source: v.Sources[f.Source], Row: f.Row}}})
		}
	}
	return dst, nil
}

// standing walks the consignments that hold a cluster by what is said of them
// now. Nearly all have one visible statement; these are handed over as they
// lie in their segment. The others are put together first.
type standing struct {
	single func(segment int, s singleStatement) error
	united func(c *graph.Consignment) error
}

// singleStatement is the only visible statement about a consignment.
type singleStatement struct {
	columns *statementBlock
	i       int
	ties    []segment.Tie // until the next one
	day     graph.Date
}

// statementBlock is a block of statements, unpacked as far as needed.
type statementBlock struct {
	block               *segment.Records
	same, date, amended []int64
	row                 []int64
	source              []uint32
	ties                *segment.TieTable
}

// id returns the consignment of a statement.
func (s *statementBlock) id(i int) (string, error) {
	ids, err := s.block.IDs()
	if err != nil {
		return "", err
	}
	return ids.At(i), nil
}

func openStatements(v *view, no int) (*statementBlock, error) {
	b, err := v.Block(segment.StatementSection, no)
	if err != nil {
		return nil, err
	}
	s := &statementBlock{block: b}
	for _, c := range []struct {
		name string
		to   *[]int64
	}{{"same", &s.same}, {"date", &s.date}, {"amended", &s.amended}, {"row", &s.row}} {
		if *c.to, err = b.Ints(c.name); err != nil {
			return nil, err
		}
	}
	if s.source, err = b.Sources(); err != nil {
		return nil, err
	}
	s.ties, err = b.Ties()
	return s, err
}

func (s *statementBlock) seen(i int) graph.Date {
	if s.amended[i] != int64(graph.NoDate) {
		return graph.Date(s.amended[i])
	}
	return graph.Date(s.date[i])
}

func (s *statementBlock) origin(v *view, i int) []graph.Origin {
	return []graph.Origin{{Source: v.Sources[s.source[i]], Row: s.row[i]}}
}

// walkStanding visits every consignment that holds a cluster, in no order.
func (r *reader) walkStanding(ctx context.Context, named []naming, s standing) error {
	several := make(map[string]struct{})
	var ties []segment.Tie
	for i, v := range r.segments {
		err := eachBlock(ctx, v, named[i].statements, func(b *statementBlock, ordinals []uint32) error {
			others := r.overlapping(i, b)
			for _, ordinal := range ordinals {
				j := int(ordinal - b.block.First)
				if !r.sees(v, b.source[j], b.seen(j)) {
					continue
				}
				alone, err := r.alone(i, others, b, j)
				if err == nil && alone {
					ties = b.ties.Append(ties[:0], j)
					err = s.single(i, singleStatement{columns: b, i: j, day: graph.Date(b.date[j]), ties: ties})
				} else if err == nil {
					var id string
					id, err = b.id(j)
					several[id] = struct{}{}
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	u := r.uniter(graph.Want{Origins: true})
	for id := range several {
		c, err := r.consignment(u, graph.ID(id))
		if err != nil {
			return err
		}
		if err := s.united(c); err != nil {
			return err
		}
	}
	return nil
}

// eachBlock visits the blocks that hold the ordinals, in order. The next block
// is read and unpacked while one is being looked at.
func eachBlock(ctx context.Context, v *view, ordinals []uint32, visit func(*statementBlock, []uint32) error) error {
	type opened struct {
		block    *statementBlock
		ordinals []uint32
		err      error
	}
	ready := make(chan opened, 1)
	stop := make(chan struct{})
	defer func() {
		close(stop)
		for range ready { // until the other goroutine has gone
		}
	}()
	go func() {
		defer close(ready)
		for len(ordinals) > 0 && ctx.Err() == nil {
			no := segment.BlockOf(ordinals[0])
			n := sort.Search(len(ordinals), func(i int) bool { return segment.BlockOf(ordinals[i]) > no })
			block, err := openStatements(v, no)
			select {
			case ready <- opened{block, ordinals[:n], err}:
			case <-stop:
				return
			}
			ordinals = ordinals[n:]
		}
	}()
	for next := range ready {
		if next.err != nil {
			return next.err
		}
		if err := visit(next.block, next.ordinals); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// overlapping lists the other segments whose ids may be those of a block.
func (r *reader) overlapping(i int, b *statementBlock) (others []int) {
	lowest, highest := r.segments[i].BlockRange(segment.BlockOf(b.block.First))
	for k, other := range r.segments {
		if first, last, ok := other.Range(); k != i && ok && highest >= first && lowest <= last {
			others = append(others, k)
		}
	}
	return others
}

// alone reports whether a statement is surely the only one about its
// consignment; others are the segments that overlap its block.
func (r *reader) alone(i int, others []int, b *statementBlock, j int) (bool, error) {
	if b.same[j] != 0 || j+1 < b.block.N && b.same[j+1] != 0 {
		return false, nil
	}
	id := ""
	if j+1 == b.block.N {
		var err error
		if id, err = b.id(j); err != nil {
			return false, err
		}
		_, highest := r.segments[i].BlockRange(segment.BlockOf(b.block.First))
		if int(b.block.First)+b.block.N < r.segments[i].Statements && id == highest {
			return false, nil // it goes on in the next block
		}
	}
	for _, k := range others {
		other := r.segments[k]
		first, last, _ := other.Range()
		if id == "" {
			var err error
			if id, err = b.id(j); err != nil {
				return false, err
			}
		}
		if id < first || id > last {
			continue
		}
		may, err := other.MayHold(id)
		if err != nil || may {
			return false, err
		}
	}
	return true, nil
}

// numbering tells which cluster an entity of a segment belongs to, by number.
type numbering struct {
	self  map[uint32]bool
	only  uint32            // one of self, none is greater than any number
	alias map[uint32]uint32 // members of clusters of several -> the first of them here
}

func (r *reader) numberings(c *cluster) ([]numbering, error) {
	aliases, err := r.aliases()
	if err != nil {
		return nil, err
	}
	all := make([]numbering, len(r.segments))
	for i := range r.segments {
		all[i] = numbering{self: make(map[uint32]bool), only: math.MaxUint32, alias: aliases[i]}
		for _, num := range c.named[i].nums {
			all[i].self[num] = true
			all[i].only = num
		}
	}
	return all, nil
}

// findAliases looks up, in every segment, the members of clusters of several:
// number -> the first member there. A reader does it once.
func (r *reader) findAliases() ([]map[uint32]uint32, error) {
	all := make([]map[uint32]uint32, len(r.segments))
	for i, v := range r.segments {
		all[i] = make(map[uint32]uint32)
		for _, name := range r.identity.Clusters() {
			first, found := uint32(0), false
			for _, member := range r.identity.Members(name) {
				num, ok, err := v.FindEntity(string(member))
				if err != nil {
					return nil, err
				}
				switch {
				case !ok:
				case !found:
					first, found = num, true
				default:
					all[i][num] = first
				}
			}
		}
	}
	return all, nil
}
