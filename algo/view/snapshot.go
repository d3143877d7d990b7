package view

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
	"rummage/graph"
)

// A snapshot is magic (8 bytes), version (4), key (32), body, and the SHA-256 of all before it. All numbers are little-endian,
// each column is its length (8 bytes) and its values:
//
//	ids           length of each, then all bytes; those of nodes, then those of consignments that are hits
//	service, listed, inspected, hit    one byte each
//	hash          8 bytes each
//	importer, exporter, day, pairs, identifiers    4 bytes each, pairs flattened
//	looks         words of 4 bytes: office, then channel and chapter; two of each
//	records       words of 4 bytes, one record behind the other: node, role, inspected, clients, number of hits, their places
//	parties       8 bytes
//	ties          a snapshot of package csr, to the end
const (
	snapshotMagic   = "RMGVIEW\n"
	snapshotVersion = 3
	snapshotHeader  = len(snapshotMagic) + 4 + sha256.Size
)

// Errors of a snapshot that is not used.
var (
	errForeign = errors.New("not a snapshot of this version")
	errAnother = errors.New("snapshot of another question")
	errDamaged = errors.New("snapshot is damaged")
)

func encode(v *View, key [sha256.Size]byte) []byte {
	c := &v.Consignments
	var body bytes.Buffer
	body.Grow(18*len(c.Hash) + 24*len(v.IDs) + 20*v.Ties.Arcs())
	body.WriteString(snapshotMagic)
	body.Write(binary.LittleEndian.AppendUint32(nil, snapshotVersion))
	body.Write(key[:])
	writeIDs(&body, v.IDs)
	writeIDs(&body, c.HitIDs)
	for _, marks := range [][]bool{v.Service, v.Listed, c.Inspected, c.Hit} {
		writeMarks(&body, marks)
	}
	writeLength(&body, len(c.Hash))
	for _, h := range c.Hash {
		body.Write(binary.LittleEndian.AppendUint64(body.AvailableBuffer(), h))
	}
	writeWords(&body, c.Importer)
	writeWords(&body, c.Exporter)
	writeWords(&body, daysOut(c.Day))
	writeWords(&body, looksOut(c.Looks))
	writeWords(&body, flatten(v.Pairs))
	writeWords(&body, flatten(v.Identifiers))
	writeWords(&body, spread(v.Records))
	writeLength(&body, v.Parties)
	// A buffer takes everything, so the graph's snapshot cannot fail.
	_, _ = v.Ties.WriteTo(&body)
	sum := sha256.Sum256(body.Bytes())
	body.Write(sum[:])
	return body.Bytes()
}

func writeLength(b *bytes.Buffer, n int) {
	b.Write(binary.LittleEndian.AppendUint64(b.AvailableBuffer(), uint64(n)))
}

func writeBytes(b *bytes.Buffer, column []byte) {
	writeLength(b, len(column))
	b.Write(column)
}

func writeIDs(b *bytes.Buffer, ids []graph.ID) {
	lengths := make([]uint32, len(ids))
	var text []byte
	for i, id := range ids {
		lengths[i] = uint32(len(id))
		text = append(text, id...)
	}
	writeWords(b, lengths)
	writeBytes(b, text)
}

func writeWords(b *bytes.Buffer, column []uint32) {
	writeLength(b, len(column))
	for _, w := range column {
		b.Write(binary.LittleEndian.AppendUint32(b.AvailableBuffer(), w))
	}
}

func writeMarks(b *bytes.Buffer, column []bool) {
	writeLength(b, len(column))
	for _, mark := range column {
		var m byte
		if mark {
			m = 1
		}
		b.WriteByte(m)
	}
}

func flatten(pairs []Pair) []uint32 {
	flat := make([]uint32, 0, 2*len(pairs))
	for _, p := range pairs {
		flat = append(flat, p.From, p.To)
	}
	return flat
}

func daysOut(days []graph.Date) []uint32 {
	words := make([]uint32, len(days))
	for i, d := range days {
		words[i] = uint32(d)
	}
	return words
}

func daysIn(words []uint32) []graph.Date {
	if len(words) == 0 {
		return nil
	}
	days := make([]graph.Date, len(words))
	for i, w := range words {
		days[i] = graph.Date(w)
	}
	return days
}

func looksOut(looks []Look) []uint32 {
	words := make([]uint32, 0, 2*len(looks))
	for _, l := range looks {
		words = append(words, l.Office, uint32(l.Channel)<<8|uint32(l.Chapter))
	}
	return words
}

func looksIn(words []uint32) []Look {
	var looks []Look
	for ; len(words) > 1; words = words[2:] {
		looks = append(looks, Look{Office: words[0], Channel: graph.Channel(words[1] >> 8), Chapter: uint8(words[1])})
	}
	return looks
}

func spread(records []Record) []uint32 {
	var words []uint32
	for i := range records {
		r := &records[i]
		words = append(words, r.Node, uint32(r.Role), uint32(r.Inspected), uint32(r.Clients), uint32(len(r.Hits)))
		words = append(words, r.Hits...)
	}
	return words
}

func decode(content []byte, key [sha256.Size]byte) (*View, error) {
	if len(content) < snapshotHeader+sha256.Size || string(content[:len(snapshotMagic)]) != snapshotMagic ||
		binary.LittleEndian.Uint32(content[len(snapshotMagic):]) != snapshotVersion {
		return nil, errForeign
	}
	if !bytes.Equal(content[len(snapshotMagic)+4:snapshotHeader], key[:]) {
		return nil, errAnother
	}
	body, sum := content[:len(content)-sha256.Size], content[len(content)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return nil, errDamaged
	}
	r := &columns{rest: body[snapshotHeader:]}
	v := &View{}
	c := &v.Consignments
	v.IDs, c.HitIDs = r.ids(), r.ids()
	v.Service, v.Listed, c.Inspected, c.Hit = r.marks(), r.marks(), r.marks(), r.marks()
	c.Hash = r.longs()
	c.Importer, c.Exporter = r.words(), r.words()
	c.Day, c.Looks = daysIn(r.words()), looksIn(r.words())
	v.Pairs, v.Identifiers = r.pairs(), r.pairs()
	v.Records = r.records()
	v.Parties = r.length(0)
	if r.short {
		return nil, errDamaged
	}
	ties, err := csr.Read(bytes.NewReader(r.rest))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	v.Ties = ties
	if err := v.fits(); err != nil {
		return nil, err
	}
	return v, nil
}

// fits checks that what was read belongs together, and that every number names a node or a kind of edge.
func (v *View) fits() error {
	n, c := len(v.IDs), &v.Consignments
	m := len(c.Hash)
	if v.Ties.Order() != n || v.Ties.IsDirected() || v.Ties.Arcs() > 0 && (!v.Ties.IsTyped() || !v.Ties.IsCounted()) ||
		len(v.Service) != n || len(v.Listed) != n ||
		len(c.Importer) != m || len(c.Exporter) != m || len(c.Inspected) != m || len(c.Hit) != m || len(c.HitIDs) != len(c.Hits()) ||
		len(c.Day) != m {
		return fmt.Errorf("%w: columns of unequal length", errDamaged)
	}
	for _, column := range [][]uint32{c.Importer, c.Exporter, flatten(v.Pairs), flatten(v.Identifiers)} {
		for _, u := range column {
			if int(u) >= n && u != None {
				return fmt.Errorf("%w: no node %d", errDamaged, u)
			}
		}
	}
	if err := c.looksFit(n); err != nil {
		return err
	}
	if err := v.recordsFit(); err != nil {
		return err
	}
	for u := range uint32(n) {
		for _, kind := range v.Ties.Types(u) {
			if kind == uint8(NoEdge) || kind >= edgeCount {
				return fmt.Errorf("%w: no kind of edge %d", errDamaged, kind)
			}
		}
	}
	return nil
}

// recordsFit checks that records are of service parties, in order, and that their hits are hits.
func (v *View) recordsFit() error {
	var last service
	for i := range v.Records {
		r := &v.Records[i]
		this := service{r.Node, r.Role}
		if int(r.Node) >= len(v.IDs) || !v.Service[r.Node] || !slices.Contains(serviceRoles, r.Role) || r.Inspected < max(1, len(r.Hits), r.Clients) ||
			i > 0 && (this.node < last.node || this.node == last.node && this.role <= last.role) {
			return fmt.Errorf("%w: record %d is of no service party", errDamaged, i)
		}
		for at, place := range r.Hits {
			if int(place) >= len(v.Consignments.Hit) || !v.Consignments.Hit[place] || at > 0 && place <= r.Hits[at-1] {
				return fmt.Errorf("%w: record %d: no hit at %d", errDamaged, i, place)
			}
		}
		last = this
	}
	return nil
}

// columns reads one column after the other, and notes when bytes are missing.
type columns struct {
	rest  []byte
	short bool
}

// length reads the length of a column whose values take width bytes each.
func (c *columns) length(width int) int {
	if len(c.rest) < 8 {
		c.short = true
		return 0
	}
	n := binary.LittleEndian.Uint64(c.rest)
	c.rest = c.rest[8:]
	if n > 1<<40 || n*uint64(width) > uint64(len(c.rest)) {
		c.short = true
		return 0
	}
	return int(n)
}

func (c *columns) take(n int) []byte {
	taken := c.rest[:n]
	c.rest = c.rest[n:]
	return taken
}

func (c *columns) bytes() []byte { return c.take(c.length(1)) }

func (c *columns) ids() []graph.ID {
	lengths, text := c.words(), string(c.bytes())
	if len(lengths) == 0 {
		return nil
	}
	ids := make([]graph.ID, len(lengths))
	for i, n := range lengths {
		if int(n) > len(text) {
			c.short = true
			return nil
		}
		ids[i], text = graph.ID(text[:n]), text[n:]
	}
	return ids
}

func (c *columns) words() []uint32 {
	words := make([]uint32, c.length(4))
	from := c.take(4 * len(words))
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(from[4*i:])
	}
	return words
}

func (c *columns) longs() []uint64 {
	longs := make([]uint64, c.length(8))
	from := c.take(8 * len(longs))
	for i := range longs {
		longs[i] = binary.LittleEndian.Uint64(from[8*i:])
	}
	return longs
}

func (c *columns) marks() []bool {
	from := c.bytes()
	marks := make([]bool, len(from))
	for i, b := range from {
		marks[i] = b != 0
	}
	return marks
}

func (c *columns) records() []Record {
	const head = 5
	var records []Record
	for words := c.words(); len(words) > 0; {
		if len(words) < head || uint64(words[4]) > uint64(len(words)-head) || words[1] > math.MaxUint8 {
			c.short = true
			return nil
		}
		r := Record{Node: words[0], Role: graph.Role(words[1]), Inspected: int(words[2]), Clients: int(words[3])}
		hits := int(words[4])
		if hits > 0 {
			r.Hits = words[head : head+hits : head+hits]
		}
		records, words = append(records, r), words[head+hits:]
	}
	return records
}

func (c *columns) pairs() []Pair {
	flat := c.words()
	if len(flat) == 0 {
		return nil
	}
	pairs := make([]Pair, len(flat)/2)
	for i := range pairs {
		pairs[i] = Pair{From: flat[2*i], To: flat[2*i+1]}
	}
	return pairs
}
