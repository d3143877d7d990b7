package view

import (
	"bytes"
	"context"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/graph"
)

// sealed puts a body between a header and a checksum that fit, so that what reads it is what is tried.
func sealed(body []byte, key [sha256.Size]byte) []byte {
	content := append([]byte(snapshotMagic), snapshotVersion, 0, 0, 0)
	content = append(content, key[:]...)
	content = append(content, body...)
	sum := sha256.Sum256(content)
	return append(content, sum[:]...)
}

func example(t testing.TB, kind uint8) *View {
	ties, err := csr.Build(context.Background(), csr.Columns{
		From: []uint32{0}, To: []uint32{1}, Type: []uint8{kind}, Count: []uint32{2},
	}, csr.Options{Nodes: 3})
	require.NoError(t, err)
	return &View{
		IDs: []graph.ID{"party/a", "party/b", "party/c"}, Ties: ties, Parties: 3,
		Service: []bool{true, false, true}, Listed: []bool{false, true, false},
		Consignments: Consignments{
			Hash: []uint64{1, 2}, Importer: []uint32{0, None}, Exporter: []uint32{1, 2}, Inspected: []bool{true, false}, Hit: []bool{true, false},
			HitIDs: []graph.ID{"consignment/1"},
			Day:    []graph.Date{738000, graph.NoDate},
			Looks:  []Look{{Office: None, Channel: graph.Targeted, Chapter: 64}},
		},
		Pairs: []Pair{{0, 1}}, Identifiers: []Pair{{2, 1}},
		Records: []Record{{Node: 0, Role: graph.Declarant, Inspected: 2, Clients: 2, Hits: []uint32{0}}, {Node: 2, Role: graph.Carrier, Inspected: 1}},
	}
}

func TestSnapshotsThatDoNotFit(t *testing.T) {
	key := [sha256.Size]byte{1}
	good, err := decode(encode(example(t, uint8(Partner)), key), key)
	require.NoError(t, err)
	require.Equal(t, []Pair{{2, 1}}, good.Identifiers)
	require.Equal(t, example(t, uint8(Partner)).Records, good.Records)
	require.Equal(t, example(t, uint8(Partner)).Consignments, good.Consignments)
	record := func(change func(r []Record)) func() *View {
		return func() *View {
			v := example(t, uint8(Partner))
			change(v.Records)
			return v
		}
	}
	look := func(change func(c *Consignments)) func() *View {
		return func() *View {
			v := example(t, uint8(Partner))
			change(&v.Consignments)
			return v
		}
	}
	for name, spoil := range map[string]func() *View{
		"kind of edge": func() *View { return example(t, 200) },
		"node": func() *View {
			v := example(t, uint8(Partner))
			v.Consignments.Importer[0] = 3
			return v
		},
		"columns": func() *View {
			v := example(t, uint8(Partner))
			v.Consignments.Hit = v.Consignments.Hit[:1]
			return v
		},
		"look at nothing":          look(func(c *Consignments) { c.Inspected[1] = true }),
		"look of no office":        look(func(c *Consignments) { c.Looks[0].Office = 3 }),
		"look of no channel":       look(func(c *Consignments) { c.Looks[0].Channel = 9 }),
		"look at no chapter":       look(func(c *Consignments) { c.Looks[0].Chapter = 100 }),
		"record of a trader":       record(func(r []Record) { r[0].Node = 1 }),
		"record of nobody":         record(func(r []Record) { r[1].Node = 3 }),
		"record as an importer":    record(func(r []Record) { r[0].Role = graph.Importer }),
		"record of nothing":        record(func(r []Record) { r[1].Inspected = 0 }),
		"record with more hits":    record(func(r []Record) { r[0].Inspected, r[0].Clients = 0, 0 }),
		"record with more clients": record(func(r []Record) { r[1].Clients = 2 }),
		"records in another order": record(func(r []Record) { r[0], r[1] = r[1], r[0] }),
		"the same record twice":    record(func(r []Record) { r[1] = r[0] }),
		"hit that is none":         record(func(r []Record) { r[0].Hits[0] = 1 }),
		"hit beyond the end":       record(func(r []Record) { r[0].Hits[0] = 2 }),
		"hit that is there twice":  record(func(r []Record) { r[0].Hits = []uint32{0, 0} }),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decode(encode(spoil(), key), key)
			require.ErrorIs(t, err, errDamaged)
		})
	}
}

// FuzzSnapshot: whatever stands in the file, decode returns a view that can be used, or an error.
func FuzzSnapshot(f *testing.F) {
	key := [sha256.Size]byte{1}
	whole := encode(example(f, uint8(Partner)), key)
	body := whole[snapshotHeader : len(whole)-sha256.Size]
	f.Add(body)
	for _, cut := range []int{0, 7, 40, len(body) / 2} {
		f.Add(body[:cut])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := decode(sealed(body, key), key)
		if err != nil {
			return
		}
		_, _ = v.Keys(1)
		_, err = v.Weigh(context.Background(), 1, DefaultWeights())
		require.NoError(t, err)
		again, err := decode(encode(v, key), key)
		require.NoError(t, err)
		require.True(t, bytes.Equal(encode(v, key), encode(again, key)))
	})
}

func sampleExtract() *extract {
	x := &extract{ids: []graph.ID{"party/a", "party/b"}, listed: []bool{false, true}, aside: []graph.ID{"equipment/c"}}
	x.note(&document{id: "consignment/1", day: 7, inspected: true, hit: true}, []tie{{role: graph.Exporter, node: 0}, {role: graph.Importer, node: 1}})
	x.note(&document{id: "consignment/2", inspected: true}, nil)
	return x
}

func TestExtractsThatDoNotFit(t *testing.T) {
	key := [sha256.Size]byte{1}
	x := sampleExtract()
	back, err := decodeExtract(x.encode(key), key)
	require.NoError(t, err)
	assert.Equal(t, x, back)
	for name, test := range map[string]struct {
		change func(x *extract)
		is     error
	}{
		"no such node":   {func(x *extract) { x.nodes[0] = 2 }, errDamaged},
		"ties missing":   {func(x *extract) { x.roles = x.roles[:1] }, errDamaged},
		"order":          {func(x *extract) { x.names[0], x.names[1] = x.names[1], x.names[0] }, errDamaged},
		"order of nodes": {func(x *extract) { x.ids[0] = "party/c" }, errDamaged},
		"marks":          {func(x *extract) { x.marks = nil }, errDamaged},
		"listed":         {func(x *extract) { x.listed = x.listed[:1] }, errDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			x := sampleExtract()
			test.change(x)
			_, err := decodeExtract(x.encode(key), key)
			assert.ErrorIs(t, err, test.is)
		})
	}
	_, err = decodeExtract(x.encode(key), [sha256.Size]byte{2})
	require.ErrorIs(t, err, errAnother)
	_, err = decodeExtract([]byte("short"), key)
	require.ErrorIs(t, err, errForeign)
	text := x.encode(key)
	text[len(text)/2]++
	_, err = decodeExtract(text, key)
	assert.Error(t, err)
}

func FuzzExtract(f *testing.F) {
	key := [sha256.Size]byte{1}
	whole := sampleExtract().encode(key)
	f.Add(whole[:len(whole)-sha256.Size])
	f.Add(whole[:snapshotHeader+9])
	f.Fuzz(func(t *testing.T, body []byte) {
		sum := sha256.Sum256(body)
		x, err := decodeExtract(append(body, sum[:]...), key)
		if err == nil {
			require.NoError(t, x.fits())
		}
	})
}
