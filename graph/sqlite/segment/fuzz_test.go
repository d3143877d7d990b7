package segment

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"rummage/graph"
)

// FuzzDamagedBlock puts bytes into a block of a segment and reads everything:
// whatever is wrong is an error that says so, never a panic.
func FuzzDamagedBlock(f *testing.F) {
	c, err := NewCodec()
	if err != nil {
		f.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	rows := make([]graph.Row, 400)
	for i := range rows {
		rows[i] = randomRow(r, int64(i+2))
	}
	_, whole := build(f, c, "s", rows)
	names := slices.Sorted(maps.Keys(whole))
	for i := range names {
		f.Add(uint8(i), uint16(3), []byte{0xff})
		f.Add(uint8(i), uint16(60), []byte{0, 1, 2})
		f.Add(uint8(i), uint16(200), []byte{})
	}
	f.Fuzz(func(t *testing.T, which uint8, at uint16, bytes []byte) {
		broken := maps.Clone(whole)
		name := names[int(which)%len(names)]
		data := slices.Clone(whole[name])
		if len(bytes) == 0 {
			data = data[:int(at)%(len(data)+1)]
		} else {
			copy(data[int(at)%len(data):], bytes)
		}
		broken[name] = data
		seg, err := Open(broken, c, Recent())
		if err == nil {
			if _, err = seg.Verify(func(uint32, int64, graph.Date) bool { return true }); err == nil {
				_, err = seg.BlocksWith([]string{"name"})
			}
		}
		if err != nil && !errors.Is(err, graph.ErrDamaged) {
			t.Fatalf("%s: %v", name, err)
		}
	})
}

// FuzzTexts reads arbitrary bytes as a column of texts.
func FuzzTexts(f *testing.F) {
	c, err := NewCodec()
	if err != nil {
		f.Fatal(err)
	}
	column := &textColumn{}
	for _, s := range []string{"a", "ab", "ab", "b"} {
		column.add(s)
	}
	f.Add(c.appendTexts(nil, column, newScratch()), uint16(4))
	f.Add(c.appendFront(nil, column, newScratch()), uint16(4))
	f.Fuzz(func(t *testing.T, data []byte, n uint16) {
		texts, err := c.readTexts(data, int(n))
		if err != nil {
			return
		}
		for i := range texts.Len() {
			_ = texts.At(i)
		}
	})
}
