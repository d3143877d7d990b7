package csr

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sample returns a graph with all columns, some of more than one piece, and its snapshot at an address that is a multiple of 8.
func sample(t testing.TB, n, m int, directed bool) (*Graph, []byte) {
	random := rand.New(rand.NewPCG(1, 1))
	var c Columns
	for range m {
		c.From, c.To = append(c.From, random.Uint32N(uint32(n))), append(c.To, random.Uint32N(uint32(n)))
		c.Weight, c.Type, c.Count = append(c.Weight, random.Float64()+1), append(c.Type, uint8(random.Uint32N(3))), append(c.Count, random.Uint32N(9))
	}
	g, err := Build(t.Context(), c, Options{Nodes: n, Directed: directed, Parallel: KeepParallel})
	require.NoError(t, err)
	var file bytes.Buffer
	_, err = g.WriteTo(&file)
	require.NoError(t, err)
	return g, bytes.Clone(file.Bytes())
}

func TestViewUsesTheBytesWhereTheyLie(t *testing.T) {
	for _, directed := range []bool{false, true} {
		want, content := sample(t, 5000, 150_000, directed)
		g, err := View(t.Context(), content, ViewOptions{Threads: 2})
		require.NoError(t, err)
		require.Equal(t, want.out, g.out)
		require.Equal(t, want.in, g.in)
		require.Equal(t, want.size, g.size)
		require.Equal(t, want.simple, g.simple)
		first := uintptr(unsafe.Pointer(&content[0]))
		at := uintptr(unsafe.Pointer(&g.in.weight[0]))
		assert.Equal(t, little, at > first && at < first+uintptr(len(content)))
	}
}

func TestViewCopiesWhatItCannotUse(t *testing.T) {
	want, content := sample(t, 50, 300, true)
	shifted := append(make([]byte, 1, len(content)+1), content...)
	g, err := View(t.Context(), shifted[1:], ViewOptions{})
	require.NoError(t, err)
	require.Equal(t, want.out, g.out)

	// A machine that holds numbers the other way round writes and reads the same bytes.
	defer func(was bool) { little = was }(little)
	little = false
	g, err = View(t.Context(), content, ViewOptions{})
	require.NoError(t, err)
	require.Equal(t, want.out, g.out)
	require.Equal(t, want.in, g.in)
	var file bytes.Buffer
	_, err = g.WriteTo(&file)
	require.NoError(t, err)
	require.Equal(t, content, file.Bytes())
}

func TestViewFindsEveryFlippedByteAndEveryCut(t *testing.T) {
	_, content := sample(t, 4, 9, true)
	for i := range content {
		broken := bytes.Clone(content)
		broken[i] ^= 0x40
		_, err := View(t.Context(), broken, ViewOptions{})
		require.True(t, errors.Is(err, ErrDamaged) || errors.Is(err, ErrFormat), "byte %d: %v", i, err)
		_, err = View(t.Context(), content[:i], ViewOptions{Unverified: true})
		require.True(t, errors.Is(err, ErrDamaged) || errors.Is(err, ErrFormat), "cut at %d: %v", i, err)
	}
	_, err := View(t.Context(), append(bytes.Clone(content), 0), ViewOptions{})
	require.ErrorIs(t, err, ErrDamaged)
}

func TestViewUnverifiedIsVerifiedLater(t *testing.T) {
	_, content := sample(t, 40, 90, false)
	content[headerSize+3] ^= 1
	g, err := View(t.Context(), content, ViewOptions{Unverified: true})
	require.NoError(t, err)
	assert.Equal(t, 40, g.Order())
	err = Verify(t.Context(), content, 1)
	require.ErrorIs(t, err, ErrDamaged)
	assert.ErrorContains(t, err, "section 0 fails its checksum")
	content[headerSize+3] ^= 1
	require.NoError(t, Verify(t.Context(), content, 1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, Verify(ctx, content, 2), context.Canceled)
}

// Checksums that are right do not make a graph of any bytes. Each case breaks one thing and sums anew.
func TestViewRefusesWhatIsNoGraphThoughItsSumsAreRight(t *testing.T) {
	cases := map[string]struct {
		section int
		change  func(part []byte)
		text    string
	}{
		"offsets that begin late":       {0, func(b []byte) { b[0] = 1 }, "offsets do not fit the rows"},
		"offsets that fall":             {0, func(b []byte) { binary.LittleEndian.PutUint64(b[8:], 1<<40) }, "offsets do not fit row 0"},
		"a neighbour that is no node":   {1, func(b []byte) { binary.LittleEndian.PutUint32(b[len(b)-4:], 1<<20) }, "row 3"},
		"a row out of order":            {6, func(b []byte) { binary.LittleEndian.PutUint32(b, 3) }, "in-rows"},
		"a weight that is not a number": {2, func(b []byte) { binary.LittleEndian.PutUint64(b, math.Float64bits(math.NaN())) }, "weight NaN"},
		"a header with a wrong size":    {-1, func(b []byte) { b[24]++ }, "edges where the header says"},
		"a header with more in it":      {-1, func(b []byte) { b[60] = 1 }, "more than a header does"},
		"a section somewhere else":      {-1, func(b []byte) { b[sectionsAt+1] ^= 8 }, "section 0 at"},
		"an unknown flag":               {-1, func(b []byte) { b[13] = 1 }, "flags"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g, content := sample(t, 4, 30, true)
			o, err := parse(content)
			require.NoError(t, err)
			if c.section >= 0 {
				s := o.sections[c.section]
				c.change(content[s[0] : s[0]+s[1]])
				all, err := sums(t.Context(), 1, o.graph(content).columns())
				require.NoError(t, err)
				copy(content, g.header(g.columns(), all))
			} else {
				c.change(content[:headerSize])
				sum := sha256.Sum256(content[:sumAt])
				copy(content[sumAt:], sum[:])
			}
			_, err = View(t.Context(), content, ViewOptions{Threads: 1})
			require.ErrorIs(t, err, ErrDamaged)
			assert.ErrorContains(t, err, c.text)
		})
	}
}

// FuzzView feeds bytes that are no snapshot, or almost one; a header is mended so that the fuzzer gets past it.
func FuzzView(f *testing.F) {
	_, content := sample(f, 6, 9, true)
	f.Add(content)
	_, content = sample(f, 3, 2, false)
	f.Add(content)
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) >= headerSize {
			content = bytes.Clone(content)
			if o, err := parse(content); err == nil && uint64(len(content)) == o.end {
				g := o.graph(content)
				if all, err := sums(t.Context(), 1, g.columns()); err == nil {
					copy(content, g.header(g.columns(), all))
				}
			}
			sum := sha256.Sum256(content[:sumAt])
			copy(content[sumAt:], sum[:])
		}
		g, err := View(t.Context(), content, ViewOptions{Threads: 1})
		if err != nil {
			require.True(t, errors.Is(err, ErrDamaged) || errors.Is(err, ErrFormat), err)
			return
		}
		var file bytes.Buffer
		_, err = g.WriteTo(&file)
		require.NoError(t, err)
		require.Equal(t, content, file.Bytes())
		g.Columns()
		g.Blocks(10)
	})
}
