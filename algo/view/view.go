package view

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"rummage/algo/csr"
	"rummage/graph"
)

// None stands in a column of traders where the document names none.
const None = ^uint32(0)

// Source is the part of graph.Reader that a view is made of.
type Source interface {
	Scope() graph.Scope
	Identity() *graph.Identity
	graph.Scanner
	Decisions(ctx context.Context, subject graph.ID) ([]graph.Decision, error)
}

// Options say what to make a view of.
type Options struct {
	Edges []Edge  // kinds of edges; nil means Default
	Decay float64 // half-life of a tie in days; 0: ties do not fade
	Cache Cache   // where snapshots are kept; the zero Cache keeps none

	// Before is the scope of an earlier view of everything that counted then, as this one is of everything that counts now. What Build
	// kept of that one in the cache is used, where it is still there, and only what the sources since then added is scanned, with links;
	// the view is the same, bit for bit. Within opens a part of the scope; without it nothing is used or kept. Narrowed scopes leave both out.
	Before *graph.Scope
	Within func(ctx context.Context, scope graph.Scope) (Narrow, error)

	Threads  int // goroutines; GOMAXPROCS when not positive. It does not change the result
	Progress func(done int)
}

// View is what a scope shows, as the analysis looks at it. Dense ids are the rank of the entity's id, a cluster's, as UTF-8
// bytes. A View is not written to once made.
type View struct {
	IDs  []graph.ID // dense id -> id
	Ties *csr.Graph // undirected, typed by Edge, counted; with a Decay its weights are the faded counts

	// Service marks those who act for many traders: at least 90 % of what they do in consignments is declaring, forwarding
	// or carrying, or being a director, for at least 20 clients; or a person decided so. They keep their place in the graph.
	Service []bool

	// Listed marks entities that are on a list, or were themselves found to be in breach.
	Listed []bool

	Consignments Consignments
	Records      []Record
	Pairs        []Pair // partners beyond the primary ones
	Identifiers  []Pair // From: the party, To: its identifier

	Scope   graph.Scope
	Decided int64 // Seq of the last decision in scope
	Parties int   // entities of kind party
	Decay   float64

	// Cached tells what became of the snapshot.
	Cached CacheReport
}

// Consignments are columns of equal length, one place per consignment in scope, by id.
type Consignments struct {
	Hash               []uint64 // of the id; see Keys
	Importer, Exporter []uint32 // primary traders, or None
	Inspected, Hit     []bool
	Day                []graph.Date // of each; graph.NoDate where none is stated

	Looks []Look // at the inspected ones, in their order

	HitIDs []graph.ID // of those that are hits, in order: what to look up when one has to be shown
}

// Record is what was found on the consignments that a service party served in one role: declared, carried or forwarded. A
// consignment counts once for a party and role, and for every party and role that served it.
//
// A consignment of a listed trader, or in the hands of another service party that is listed, is in no record: whatever was found on it
// was found because of the list.
//
// A view has the records of its service parties alone, by node and role, of those roles in which anything was inspected.
type Record struct {
	Node      uint32
	Role      graph.Role
	Inspected int
	Clients   int      // traders that these were of: the primary importer, or the exporter where none is named
	Hits      []uint32 // places of consignments, ascending
}

// Hits lists the places of consignments that are hits, ascending; HitIDs has their ids in the same order.
func (c *Consignments) Hits() []uint32 {
	var places []uint32
	for i, hit := range c.Hit {
		if hit {
			places = append(places, uint32(i))
		}
	}
	return places
}

// Pair is two nodes.
type Pair struct{ From, To uint32 }

// Build makes the view of everything in the source's scope, or takes it from the cache. The result depends on what the scope
// shows and on Options alone.
//
// Cost: one scan of entities, consignments and links without their fields; memory about 13 bytes a tie for the moment, and 17
// bytes a consignment.
func Build(ctx context.Context, source Source, opts Options) (*View, error) {
	if opts.Edges == nil {
		opts.Edges = Default()
	}
	if !(opts.Decay >= 0 && opts.Decay <= 1e6) {
		return nil, fmt.Errorf("view: decay of %g days: want 0 to 1000000", opts.Decay)
	}
	decisions, err := source.Decisions(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("view: decisions: %w", err)
	}
	key := snapshotKey(source.Scope(), decisions, opts)
	cached, report := opts.Cache.load(key)
	if cached != nil {
		cached.Scope, cached.Decided, cached.Decay = source.Scope(), lastSeq(decisions), opts.Decay
		cached.Cached = report
		return cached, nil
	}
	s, err := scan(ctx, source, decisions, opts)
	if err != nil {
		return nil, err
	}
	report.Extended = s.old != nil
	kept := make(chan error, 1)
	go func() { kept <- s.keep(decisions) }()
	v, err := s.finish(ctx, decisions)
	if fault := <-kept; fault != nil {
		report.Note = fmt.Sprintf("what was scanned was not kept: %v", fault)
	}
	if err != nil {
		return nil, err
	}
	v.Cached = opts.Cache.store(key, v, report)
	return v, nil
}

func lastSeq(decisions []graph.Decision) int64 {
	var last int64
	for i := range decisions {
		last = max(last, decisions[i].Seq)
	}
	return last
}

// Node returns the dense id of a cluster.
func (v *View) Node(id graph.ID) (uint32, bool) {
	u, ok := slices.BinarySearch(v.IDs, id)
	return uint32(u), ok
}

// Keys returns hash(seed, id) for every node and for every consignment. Visiting orders and shuffles follow them, so that a
// new party leaves every unrelated one where it was.
func (v *View) Keys(seed uint64) (nodes, consignments []uint64) {
	nodes = make([]uint64, len(v.IDs))
	for u, id := range v.IDs {
		nodes[u] = mix(HashID(id) ^ mix(seed))
	}
	consignments = make([]uint64, len(v.Consignments.Hash))
	for i, h := range v.Consignments.Hash {
		consignments[i] = mix(h ^ mix(seed))
	}
	return nodes, consignments
}

// HashID is FNV-1a of the id's bytes: what Consignments.Hash holds.
func HashID(id graph.ID) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	return h
}

// mix is a step of SplitMix64 (Steele, Lea and Flood, 2014): every bit of x reaches every bit of the result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Count returns the inspected consignments and the hits among them.
func (v *View) Count() (inspected, hits int) {
	for i, looked := range v.Consignments.Inspected {
		if looked {
			inspected++
		}
		if v.Consignments.Hit[i] {
			hits++
		}
	}
	return inspected, hits
}

// each walks a scan until its error or the end.
func each[T any](records iter.Seq2[T, error], what string, take func(T) error) error {
	for record, err := range records {
		if err != nil {
			return fmt.Errorf("view: %s: %w", what, err)
		}
		if err := take(record); err != nil {
			return fmt.Errorf("view: %s: %w", what, err)
		}
	}
	return nil
}

func compareIDs(a, b graph.ID) int { return strings.Compare(string(a), string(b)) }
