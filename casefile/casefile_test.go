package casefile_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/casefile"
	"rummage/casefile/bag"
	"rummage/casefile/format"
	"rummage/casefile/marking"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func custody(ceiling string) *casefile.Custody {
	code, err := marking.Parse(ceiling)
	if err != nil {
		panic(err)
	}
	return &casefile.Custody{
		Purpose: "inspection of containers", Case: "7/2027", Recipient: "port office", Author: "kim", Ceiling: code,
		Made: time.Date(2027, 1, 31, 9, 30, 0, 0, time.FixedZone("HKT", 8*3600)), Tool: "rummage 1.0",
	}
}

// contents are of a world of two traders, one row a source.
func contents(handling ...string) *casefile.Contents {
	a, b := graph.NewID(graph.Party, "t", "A"), graph.NewID(graph.Party, "t", "B")
	c := &casefile.Contents{Title: "network n-0123456789ab", Formats: format.Formats(), Graph: &subgraph.Graph{
		Nodes: []subgraph.Node{{ID: a, Kind: "party", Label: "Amber Trading", Chosen: true}, {ID: b, Kind: "party", Label: "=1+1", Chosen: true}},
	}, Texts: []casefile.Text{{Name: "network.json", Title: "the network", Content: []byte("{}\n")}}}
	var rows []string
	for i, code := range handling {
		id := graph.SourceID(fmt.Sprintf("s-%016d", i))
		c.Sources = append(c.Sources, graph.Source{ID: id, SourceSpec: graph.SourceSpec{
			Name: fmt.Sprintf("secret-%d.csv", i), SHA256: graph.SHA256(strings.Repeat("ab", 32)), Mapping: "m", Handling: code,
			ImportedAt: time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC),
		}})
		c.Graph.Edges = append(c.Graph.Edges, subgraph.Edge{From: a, To: b, Kind: "owner", Start: graph.Date(1 + i), Sources: []graph.Origin{{Source: id, Row: 2}}})
		rows = append(rows, fmt.Sprintf(`{"row":2,"cells":"secret value %d"}`, i))
	}
	c.Rows = lines(rows, nil)
	return c
}

func lines(rows []string, end error) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for _, row := range rows {
			if !yield(json.RawMessage(row), nil) {
				return
			}
		}
		if end != nil {
			yield(nil, end)
		}
	}
}

func pack(t require.TestingT, folder string, c *casefile.Contents, ceiling string, how casefile.Packing) (string, *casefile.Packed, error) {
	target := filepath.Join(folder, "case-7")
	if how.Zip {
		target += ".zip"
	}
	packed, err := casefile.Pack(context.Background(), target, c, custody(ceiling), how)
	return target, packed, err
}

// TestPackIsGolden pins what is in a case file and how its README reads.
func TestPackIsGolden(t *testing.T) {
	target, packed, err := pack(t, t.TempDir(), contents("TLP:GREEN", "TLP:AMBER"), "TLP:AMBER", casefile.Packing{})
	require.NoError(t, err)
	assert.Equal(t, "TLP:AMBER", packed.Handling.String(), "the strictest is inherited")
	assert.Equal(t, 2, packed.Rows)
	var got strings.Builder
	b, err := bag.Open(t.Context(), target)
	require.NoError(t, err)
	defer b.Close()
	_, stamped := b.Report.Stamped()
	assert.Equal(t, string(stamped), string(packed.Stamped))
	for _, f := range b.Report.Info {
		if f.Label == "Payload-Oxum" {
			continue // the bytes of all files, which their own packages pin
		}
		fmt.Fprintf(&got, "%s: %s\n", f.Label, f.Value)
	}
	for _, name := range b.Files() {
		fmt.Fprintf(&got, "== %s ==\n", name)
		if strings.HasPrefix(name, "graph/") || strings.HasPrefix(name, "report.") || strings.HasPrefix(name, "picture.") || name == "viewer.html" {
			continue // see packages format, report, picture and viewer
		}
		file, err := b.File(name)
		require.NoError(t, err)
		content, err := io.ReadAll(file)
		require.NoError(t, err)
		got.Write(content)
		require.NoError(t, file.Close())
	}
	golden := filepath.Join("testdata", "casefile.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
}

// TestTwoAreTheSame packs twice, in other places.
func TestTwoAreTheSame(t *testing.T) {
	how := casefile.Packing{Zip: true, Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))}
	var files [2][]byte
	for i := range files {
		target, _, err := pack(t, t.TempDir(), contents("", "TLP:RED"), "", how)
		require.NoError(t, err)
		files[i], err = os.ReadFile(target)
		require.NoError(t, err)
	}
	require.True(t, bytes.Equal(files[0], files[1]))
}

// TestNothingAboveTheCeilingLeaves tries any codes under any ceiling: what is made has no source above it, by name, hash, row or count, and
// is refused whole otherwise.
func TestNothingAboveTheCeilingLeaves(t *testing.T) {
	codes := []string{"", "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED", "H0", "H1", "H2", "H3"}
	rapid.Check(t, func(t *rapid.T) {
		handling := rapid.SliceOfN(rapid.SampledFrom(codes), 0, 4).Draw(t, "handling")
		ceiling := rapid.SampledFrom(codes[1:]).Draw(t, "ceiling")
		limit, err := marking.Parse(ceiling)
		require.NoError(t, err)
		above := false
		for _, text := range handling {
			code, err := marking.Parse(text)
			require.NoError(t, err)
			above = above || code.Above(limit)
		}
		folder, err := os.MkdirTemp("", "case")
		require.NoError(t, err)
		defer os.RemoveAll(folder)
		_, packed, err := pack(t, folder, contents(handling...), ceiling, casefile.Packing{Zip: true})
		left, failed := os.ReadDir(folder)
		require.NoError(t, failed)
		if above {
			require.ErrorIs(t, err, casefile.ErrHandling)
			require.Empty(t, left, "nothing is left of what was refused")
			return
		}
		require.NoError(t, err)
		require.False(t, packed.Handling.Above(limit))
	})
}

// TestRefusedNamesTheSource tells which source forbids it.
func TestRefusedNamesTheSource(t *testing.T) {
	_, _, err := pack(t, t.TempDir(), contents("TLP:GREEN", "TLP:RED", "TLP:AMBER"), "TLP:GREEN", casefile.Packing{})
	require.ErrorIs(t, err, casefile.ErrHandling)
	assert.ErrorContains(t, err, "the recipient may have TLP:GREEN at most: s-0000000000000001, secret-1.csv, has TLP:RED; s-0000000000000002, secret-2.csv, has TLP:AMBER")
	behind := contents("TLP:GREEN", "TLP:RED")
	behind.Behind = []graph.Source{{ID: "s-behind", SourceSpec: graph.SourceSpec{Name: "behind.csv", Handling: "TLP:AMBER"}}}
	behind.Seen = []graph.Source{{ID: "s-seen", SourceSpec: graph.SourceSpec{Name: "seen.csv", Handling: "H3"}}}
	_, _, err = pack(t, t.TempDir(), behind, "TLP:GREEN", casefile.Packing{})
	assert.ErrorContains(t, err, "secret-1.csv, has TLP:RED; s-behind, behind.csv, has TLP:AMBER; s-seen, seen.csv, has H3", "also those of which no row is in it")
	_, _, err = pack(t, t.TempDir(), contents(slices.Repeat([]string{"TLP:RED"}, 23)...), "TLP:GREEN", casefile.Packing{})
	assert.ErrorContains(t, err, "secret-19.csv, has TLP:RED; and 3 more, 23 in all")
	_, _, err = pack(t, t.TempDir(), contents("for our eyes"), "", casefile.Packing{})
	require.ErrorIs(t, err, marking.ErrCode, "a code that nobody knows may be stricter than any")
}

func TestWhatCannotBePacked(t *testing.T) {
	folder := t.TempDir()
	for _, missing := range []func(*casefile.Custody){
		func(c *casefile.Custody) { c.Purpose = " " }, func(c *casefile.Custody) { c.Recipient = "" }, func(c *casefile.Custody) { c.Author = "" },
	} {
		c := custody("")
		missing(c)
		_, err := casefile.Pack(t.Context(), filepath.Join(folder, "x"), contents(""), c, casefile.Packing{})
		require.ErrorIs(t, err, casefile.ErrCustody)
	}
	forged := custody("")
	forged.Purpose = "x\nHandling: TLP:CLEAR"
	_, err := casefile.Pack(t.Context(), filepath.Join(folder, "x"), contents("TLP:RED"), forged, casefile.Packing{})
	require.ErrorIs(t, err, bag.ErrInfo)

	errBroken := errors.New("the store broke off")
	broken := contents("")
	broken.Rows = lines([]string{"{}"}, errBroken)
	_, _, err = pack(t, folder, broken, "", casefile.Packing{})
	require.ErrorIs(t, err, errBroken)
	twice := contents("")
	twice.Texts = append(twice.Texts, casefile.Text{Name: "README.txt"})
	_, _, err = pack(t, folder, twice, "", casefile.Packing{})
	require.ErrorIs(t, err, bag.ErrTwice)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = casefile.Pack(ctx, filepath.Join(folder, "x"), contents(""), custody(""), casefile.Packing{})
	require.ErrorIs(t, err, context.Canceled)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestTheCaseFileHoldsTheRows finds the cells of every row in it, in the clear, so that the test of the ceiling looks for what is there.
func TestTheCaseFileHoldsTheRows(t *testing.T) {
	target, _, err := pack(t, t.TempDir(), contents("", ""), "", casefile.Packing{Zip: true})
	require.NoError(t, err)
	content, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Contains(t, string(content), "secret value 1")
	assert.Contains(t, string(content), "secret-1.csv")
}
