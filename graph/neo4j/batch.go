package neo4j

import (
	"cmp"
	"slices"
	"strings"

	"rummage/graph"
)

// What a batch holds at most: enough records that the server works on them and
// not on messages, few enough that memory stays flat. A row is never divided.
const (
	batchRecords = 10_000 // consignments and links
	batchFacts   = 40_000
	batchRows    = 40_000
	batchBytes   = 8 << 20 // of text
)

// batch is what some rows of one source say: of every record that they name, what
// they add to it.
type batch struct {
	source       int64
	limit        int // of consignments and links
	entities     map[graph.ID]*entity
	consignments map[graph.ID]*consignment
	links        map[string]*link
	facts        int
	bytes        int
	rows         int
	refused      []map[string]any
	pages        map[int64][]place // those that rows of the batch lie on, whole from their beginning

	ledger ledger // as it is after the batch
}

func newBatch(source int64, limit int) *batch {
	return &batch{source: source, limit: limit, entities: map[graph.ID]*entity{}, consignments: map[graph.ID]*consignment{},
		links: map[string]*link{}, pages: map[int64][]place{}}
}

func (b *batch) full() bool {
	return len(b.consignments)+len(b.links) >= b.limit || b.facts >= batchFacts || b.rows >= batchRows || b.bytes >= batchBytes
}

func (b *batch) entity(id graph.ID) *entity {
	e := b.entities[id]
	if e == nil {
		e = &entity{id: id}
		b.entities[id] = e
		b.bytes += len(id) + 100
	}
	return e
}

func (b *batch) consignment(id graph.ID) *consignment {
	c := b.consignments[id]
	if c == nil {
		c = &consignment{id: id}
		b.consignments[id] = c
		b.bytes += len(id) + 200
	}
	return c
}

// add takes the records of a row, which are valid and in normal order, and returns the latest day
// of an event in them.
func (b *batch) add(row *graph.Row) (newest graph.Date) {
	for i := range row.Facts {
		f := &row.Facts[i]
		newest = max(newest, f.Date)
		b.facts++
		b.bytes += len(f.Value) + 40
		b.entity(f.Entity).gather(b.source, row.Number, f)
	}
	for i := range row.Statements {
		s := &row.Statements[i]
		newest = max(newest, s.Date, s.Amended)
		b.bytes += len(s.Document) + len(s.Part) + 40*len(s.Ties)
		for _, f := range s.Fields {
			b.bytes += len(f.Value) + 20
		}
		b.consignment(s.Consignment).state(b.source, row.Number, s)
		for _, tie := range s.Ties {
			b.entity(tie.Entity).name(b.source, s.Seen())
		}
	}
	for i := range row.Links {
		newest = max(newest, row.Links[i].Start)
		b.link(row.Number, &row.Links[i])
	}
	for i := range row.Outcomes {
		o := &row.Outcomes[i]
		newest = max(newest, o.Date)
		for _, f := range o.Fields {
			b.bytes += len(f.Value) + 20
		}
		if o.Subject.Kind() == graph.KindConsignment {
			b.consignment(o.Subject).report(b.source, row.Number, o)
		} else {
			b.entity(o.Subject).report(b.source, row.Number, o)
		}
	}
	return newest
}

func (b *batch) link(row int64, l *graph.Link) {
	id := linkID(l)
	had := b.links[id]
	if had == nil {
		own := *l
		own.Fields, own.Origins = slices.Clone(l.Fields), nil
		had = &link{Link: own, id: id}
		b.links[id] = had
		b.bytes += len(l.Key) + 200
		for _, f := range l.Fields {
			b.bytes += len(f.Value) + 20
		}
	}
	had.state(b.source, row)
	b.entity(l.From).name(b.source, l.Start)
	b.entity(l.To).name(b.source, l.Start)
}

// place notes where a row stands.
func (b *batch) place(open []place, row *graph.Row) []place {
	page := row.Number >> pageBits
	if len(open) > 0 && open[0].row>>pageBits != page {
		open = nil
	}
	open = append(open, place{row.Number, graph.Span{Offset: row.Offset, Length: row.Length}})
	b.pages[page] = open
	b.rows++
	return open
}

// refuse notes a row in quarantine.
func (b *batch) refuse(id graph.SourceID, row *graph.Row) {
	for i := range row.Errors {
		b.bytes += len(row.Errors[i].Reason) + len(row.Errors[i].Column) + 100
	}
	b.refused = append(b.refused, refusedProperties(b.source, id, row))
}

// refuseJoined notes a row of the n-th joined file.
func (b *batch) refuseJoined(n int, id graph.SourceID, refused []graph.RowError) {
	for i := range refused {
		b.bytes += len(refused[i].Reason) + len(refused[i].Column) + 100
	}
	b.refused = append(b.refused, refusedJoinedProperties(b.source, n, id, refused))
}

// sealed is a batch in the order in which it is written: what relationships
// lead to comes before them, and each list is in the order of ids.
type sealed struct {
	*batch
	entities     []*entity
	consignments []*consignment
	links        []*link
	pages        []map[string]any
}

func (b *batch) seal() *sealed {
	s := &sealed{batch: b}
	for _, e := range b.entities {
		e.settle()
		s.entities = append(s.entities, e)
	}
	slices.SortFunc(s.entities, func(x, y *entity) int { return strings.Compare(string(x.id), string(y.id)) })
	for _, c := range b.consignments {
		s.consignments = append(s.consignments, c)
	}
	slices.SortFunc(s.consignments, func(x, y *consignment) int { return strings.Compare(string(x.id), string(y.id)) })
	for _, l := range b.links {
		s.links = append(s.links, l)
	}
	slices.SortFunc(s.links, func(x, y *link) int { return cmp.Or(cmp.Compare(x.Role, y.Role), strings.Compare(x.id, y.id)) })
	for page, places := range b.pages {
		s.pages = append(s.pages, map[string]any{"id": pageID(b.source, page), "source": b.source, "packed": packPlaces(places)})
	}
	slices.SortFunc(s.pages, func(x, y map[string]any) int { return strings.Compare(x["id"].(string), y["id"].(string)) })
	return s
}

// size is the number of records that can be written one by one.
func (s *sealed) size() int {
	return len(s.entities) + len(s.consignments) + len(s.links) + len(s.pages) + len(s.refused)
}

// part returns the records from one place in the order of writing to another.
func (s *sealed) part(from, to int) *sealed {
	p := &sealed{batch: &batch{source: s.source, ledger: s.ledger}}
	p.entities = cut(s.entities, &from, &to)
	p.consignments = cut(s.consignments, &from, &to)
	p.links = cut(s.links, &from, &to)
	p.pages = cut(s.pages, &from, &to)
	p.refused = cut(s.refused, &from, &to)
	return p
}

// cut returns what of a list lies between two places, and moves these past it.
func cut[T any](all []T, from, to *int) []T {
	n := len(all)
	part := all[min(*from, n):min(*to, n)]
	*from, *to = max(0, *from-n), max(0, *to-n)
	return part
}
