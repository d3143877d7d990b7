package finding

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr"
)

// circle is who deals with whom, without forwarders and ports, and who shares a rare identifier. Node ids are the Trade's.
type circle struct {
	opts  DrawOptions
	trade *Trade
	deals *csr.Graph // distinct trade pairs, unweighted
	rare  *csr.Graph // party -> identifier, identifiers of 2 to RareUsers users; directed, as a director has an address, too
	sold  []Pair     // distinct exporter (A) - importer (B), ordered
	names []uint32   // the identifiers of rare, ascending
}

func newCircle(ctx context.Context, trade *Trade, opts DrawOptions) (*circle, error) {
	c := &circle{opts: opts, trade: trade, sold: sold(trade)}
	var err error
	if c.deals, err = plainGraph(ctx, trade.Nodes, partners(trade, c.sold), csr.Options{Threads: opts.Threads}); err != nil {
		return nil, err
	}
	ties, names := rareTies(trade, 2, opts.RareUsers)
	c.names = names
	if c.rare, err = plainGraph(ctx, trade.Nodes, ties, csr.Options{Directed: true, Threads: opts.Threads}); err != nil {
		return nil, err
	}
	return c, nil
}

// sold lists the distinct pairs of exporter and importer, ordered.
func sold(trade *Trade) []Pair {
	packed := make([]uint64, 0, trade.Consignments.Len())
	for i := range trade.Consignments.Len() {
		if trade.traders(i) {
			packed = append(packed, pack(trade.Consignments.Exporter[i], trade.Consignments.Importer[i]))
		}
	}
	return unpack(packed)
}

// partners lists who deals with whom: the pairs of sold, and those beyond the primary traders. Repeats are possible.
func partners(trade *Trade, sold []Pair) []Pair {
	pairs := slices.Clone(sold)
	for _, p := range trade.Pairs {
		if !trade.IsService(p.A) && !trade.IsService(p.B) {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// rareTies lists the ties (party as A, identifier as B) to identifiers with least to most users, and these identifiers. Service
// parties count as users, since a formation agent's address is no rarer for its own use of it, but their ties are left out.
func rareTies(trade *Trade, least, most int) ([]Pair, []uint32) {
	packed := make([]uint64, len(trade.Identifiers))
	for i, tie := range trade.Identifiers {
		packed[i] = pack(tie.Identifier, tie.Party)
	}
	all := unpack(packed)
	var ties []Pair
	var names []uint32
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].A == all[from].A {
			to++
		}
		if users := to - from; users >= least && users <= most {
			names = append(names, all[from].A)
			for _, tie := range all[from:to] {
				if !trade.IsService(tie.B) {
					ties = append(ties, Pair{A: tie.B, B: tie.A})
				}
			}
		}
		from = to
	}
	return ties, names
}

// pack orders pairs by their first node, then their second, as one number.
func pack(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

// unpack sorts packed pairs and drops repeats.
func unpack(packed []uint64) []Pair {
	slices.Sort(packed)
	packed = slices.Compact(packed)
	pairs := make([]Pair, len(packed))
	for i, p := range packed {
		pairs[i] = Pair{A: uint32(p >> 32), B: uint32(p)}
	}
	return pairs
}

// plainGraph joins each pair by one tie without a weight.
func plainGraph(ctx context.Context, nodes int, pairs []Pair, opts csr.Options) (*csr.Graph, error) {
	columns := csr.Columns{From: make([]uint32, len(pairs)), To: make([]uint32, len(pairs))}
	for i, p := range pairs {
		columns.From[i], columns.To[i] = p.A, p.B
	}
	opts.Nodes, opts.Loops = nodes, csr.DropLoops
	g, err := csr.Build(ctx, columns, opts)
	if err != nil {
		return nil, fmt.Errorf("finding: who deals with whom: %w", err)
	}
	return g, nil
}

// weighted is the graph that communities are sought in: 1 per distinct trade pair, and IdentifierBeta/(users-1) per pair that
// shares a rare identifier, summed where both hold.
func (c *circle) weighted(ctx context.Context) (*csr.Graph, error) {
	n := c.deals.Size() + c.rare.Size()
	columns := csr.Columns{From: make([]uint32, 0, n), To: make([]uint32, 0, n), Weight: make([]float64, 0, n)}
	add := func(a, b uint32, w float64) {
		columns.From, columns.To, columns.Weight = append(columns.From, a), append(columns.To, b), append(columns.Weight, w)
	}
	for a := range uint32(c.trade.Nodes) {
		for _, b := range c.deals.Neighbours(a) {
			if a < b {
				add(a, b, 1)
			}
		}
	}
	for _, z := range c.names {
		users := c.rare.InNeighbours(z)
		if c.opts.IdentifierBeta == 0 || len(users) < 2 {
			continue
		}
		w := c.opts.IdentifierBeta / float64(len(users)-1)
		for i, a := range users {
			for _, b := range users[i+1:] {
				add(a, b, w)
			}
		}
	}
	g, err := csr.Build(ctx, columns, csr.Options{Nodes: c.trade.Nodes, Loops: csr.DropLoops, Threads: c.opts.Threads})
	if err != nil {
		return nil, fmt.Errorf("finding: trader graph: %w", err)
	}
	return g, nil
}
