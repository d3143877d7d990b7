package evaluate

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"iter"
	"slices"

	"rummage/algo/view"
	"rummage/graph"
)

// Loss says what share of the records is taken out of a source, from 0 to 1,
// to see what an answer owes to it. What goes is drawn by a hash of the seed
// and of what it is, so that a larger loss takes all that a smaller one does.
type Loss struct {
	Seed uint64

	// Ties takes pairs of a trader with a party, port or office, out of every
	// consignment where they meet, and pairs of a party and its identifier.
	Ties float64
	// Hits takes what was found on a consignment, where that was an offence.
	Hits float64
	// Inspections takes what was found, whatever it was.
	Inspections float64
	// Identifiers takes addresses, phones and e-mails, and directors, from
	// all who share them.
	Identifiers float64

	// Dealt deals what was found anew among the consignments that were
	// inspected: as many hits as before, and nobody's doing.
	Dealt bool
	// Until, if it is a day, takes what was declared or found later.
	Until graph.Date
}

// Without is a source less what a loss takes. Records that stay are those of
// the source, in its order; entities stay.
func Without(source view.Source, loss Loss) view.Source { return &lossy{Source: source, loss: loss} }

type lossy struct {
	view.Source
	loss  Loss
	dealt map[graph.ID][]graph.Outcome // by consignment, of inspected ones
}

// deal hands the outcomes of inspected consignments round, in an order drawn by the seed.
func (l *lossy) deal(ctx context.Context) error {
	if !l.loss.Dealt || l.dealt != nil {
		return nil
	}
	type looked struct {
		id   graph.ID
		key  uint64
		what []graph.Outcome
	}
	var all []looked
	for c, err := range l.Source.Consignments(ctx, graph.Want{Properties: []string{}, Fields: []string{}}) {
		if err != nil {
			return err
		}
		if inspected, _ := c.Looked(); inspected {
			all = append(all, looked{c.ID, l.hash(saltDeal, c.ID), slices.Clone(c.Outcomes)})
		}
	}
	drawn := slices.Clone(all)
	slices.SortStableFunc(drawn, func(x, y looked) int { return cmp.Compare(x.key, y.key) })
	l.dealt = make(map[graph.ID][]graph.Outcome, len(all))
	for i := range all {
		for k := range drawn[i].what {
			drawn[i].what[k].Subject = all[i].id
		}
		l.dealt[all[i].id] = drawn[i].what
	}
	return nil
}

// Salts keep draws for one purpose apart from those for another.
const (
	saltTie = iota + 1
	saltHit
	saltInspection
	saltIdentifier
	saltDeal
)

// takes draws: a share of all keys, the same for the same key.
func (l *lossy) takes(share float64, salt uint64, key ...graph.ID) bool {
	return share > 0 && float64(l.hash(salt, key...)>>11)/(1<<53) < share
}

func (l *lossy) hash(salt uint64, key ...graph.ID) uint64 {
	h := fnv.New64a()
	var head [16]byte
	binary.LittleEndian.PutUint64(head[:8], l.loss.Seed)
	binary.LittleEndian.PutUint64(head[8:], salt)
	h.Write(head[:])
	for _, id := range key {
		h.Write([]byte(id))
		h.Write([]byte{0xff})
	}
	return mixed(h.Sum64())
}

// mixed spreads a hash over all bits, as FNV's high bits hardly differ for keys that do in their last byte (Steele, Lea and Flood
// 2014, the finaliser of SplitMix64).
func mixed(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Consignments yields those of the source, less ties and outcomes taken.
func (l *lossy) Consignments(ctx context.Context, want graph.Want) iter.Seq2[*graph.Consignment, error] {
	return func(yield func(*graph.Consignment, error) bool) {
		if err := l.deal(ctx); err != nil {
			yield(nil, err)
			return
		}
		for c, err := range l.Source.Consignments(ctx, want) {
			if err != nil {
				yield(nil, err)
				return
			}
			if l.after(c.Date()) {
				continue
			}
			kept := *c
			kept.Current, kept.Outcomes = l.statements(c.Current), l.outcomes(c)
			if !yield(&kept, nil) {
				return
			}
		}
	}
}

func (l *lossy) outcomes(c *graph.Consignment) []graph.Outcome {
	_, hit := c.Looked()
	if len(c.Outcomes) > 0 && (hit && l.takes(l.loss.Hits, saltHit, c.ID) || l.takes(l.loss.Inspections, saltInspection, c.ID)) {
		return nil
	}
	all := c.Outcomes
	if dealt, ok := l.dealt[c.ID]; ok {
		all = dealt
	}
	if l.loss.Until != graph.NoDate {
		all = slices.DeleteFunc(slices.Clone(all), func(o graph.Outcome) bool { return l.after(o.Date) })
	}
	return all
}

// after says whether a day is later than the source is read until.
func (l *lossy) after(day graph.Date) bool { return l.loss.Until != graph.NoDate && day > l.loss.Until }

// statements leave out the ties taken from the trader that a consignment is
// of: its importer, or who exports where it names none.
func (l *lossy) statements(all []graph.Statement) []graph.Statement {
	if l.loss.Ties <= 0 {
		return all
	}
	kept := slices.Clone(all)
	importing, exporting := view.Sides()
	for i := range kept {
		owner, ok := first(kept[i].Ties, importing)
		if !ok {
			if owner, ok = first(kept[i].Ties, exporting); !ok {
				continue
			}
		}
		kept[i].Ties = slices.DeleteFunc(slices.Clone(kept[i].Ties), func(t graph.Tie) bool {
			kind := t.Entity.Kind()
			return t.Entity != owner && (kind == graph.Party || kind == graph.Place) && l.takes(l.loss.Ties, saltTie, owner, t.Entity)
		})
	}
	return kept
}

// first returns the entity of the first of the roles that is there.
func first(ties []graph.Tie, roles []graph.Role) (graph.ID, bool) {
	for _, role := range roles {
		for _, t := range ties {
			if t.Role == role {
				return t.Entity, true
			}
		}
	}
	return "", false
}

// Links yields those of the source, less what is taken.
func (l *lossy) Links(ctx context.Context, want graph.Want) iter.Seq2[*graph.Link, error] {
	return func(yield func(*graph.Link, error) bool) {
		for link, err := range l.Source.Links(ctx, want) {
			if err == nil {
				identifier := link.To
				if link.To.Kind() == graph.Party {
					identifier = link.From // a director is one of its companies' identifiers
				}
				if l.takes(l.loss.Identifiers, saltIdentifier, identifier) || l.takes(l.loss.Ties, saltTie, link.From, link.To) {
					continue
				}
			}
			if !yield(link, err) {
				return
			}
		}
	}
}
