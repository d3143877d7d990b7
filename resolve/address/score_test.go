package address_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/resolve/address"
)

// tally counts how pairs of one kind were judged.
type tally struct{ right, missed, wrong, apart int }

func (t tally) precision() float64 { return ratio(t.right, t.right+t.wrong) }
func (t tally) recall() float64    { return ratio(t.right, t.right+t.missed) }
func (t tally) f1() float64 {
	return ratio(2*t.right, 2*t.right+t.wrong+t.missed)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (t *tally) add(same, joined bool) {
	switch {
	case same && joined:
		t.right++
	case same:
		t.missed++
	case joined:
		t.wrong++
	default:
		t.apart++
	}
}

// pairsOfAKind is how many pairs of each kind are tried, half of them of one place.
const pairsOfAKind = 100

// TestSpellingVariants judges pairs that a generator made: two spellings of one
// place, and spellings of two that look alike.
func TestSpellingVariants(t *testing.T) {
	r := rand.New(rand.NewPCG(20260101, 7))
	var all tally
	contrary := map[string]*tally{}
	var b, failures strings.Builder
	keyless := 0
	fmt.Fprintf(&b, "%-10s %6s %9s %7s %6s\n", "kind", "pairs", "precision", "recall", "F1")
	for _, kind := range kindsOfPair {
		var one tally
		for i := range pairsOfAKind {
			p := draw(r, kind)
			other, change := p, "same"
			if i%2 == 1 {
				other, change = p.neighbour(r)
			}
			x, y := p.write(r), other.write(r)
			if kind == "hk-cross" {
				x, y = p.hongKong(r), other.hongKongHan(r)
			}
			hints := address.Hints{Country: kind[:2]}
			ax, ay := address.Parse(x, hints), address.Parse(y, hints)
			got := address.Compare(&ax, &ay, address.Usage{})
			joined := got.Score >= address.Threshold
			if joined && !meet(ax.Keys(), ay.Keys()) {
				keyless++
			}
			one.add(change == "same", joined)
			all.add(change == "same", joined)
			if contrary[change] == nil {
				contrary[change] = &tally{}
			}
			contrary[change].add(change == "same", joined)
			if joined != (change == "same") {
				fmt.Fprintf(&failures, "%s %s %.2f %s\n  %s\n  %s\n  %s\n  %s\n", kind, change, got.Score, got.Level, x, y, ax.String(), ay.String())
			}
		}
		fmt.Fprintf(&b, "%-10s %6d %9.3f %7.3f %6.3f\n", kind, pairsOfAKind, one.precision(), one.recall(), one.f1())
	}
	fmt.Fprintf(&b, "%-10s %6d %9.3f %7.3f %6.3f\n", "all", pairsOfAKind*len(kindsOfPair), all.precision(), all.recall(), all.f1())
	fmt.Fprintf(&b, "\nlook-alikes that were joined, by what differs\n")
	for _, change := range []string{"unit", "floor", "block", "number", "street", "direction", "kind", "digits swapped"} {
		c := contrary[change]
		require.NotNil(t, c, change)
		fmt.Fprintf(&b, "%-14s %d of %d\n", change, c.wrong, c.wrong+c.apart)
	}
	fmt.Fprintf(&b, "\npairs that were joined and share no key: %d\n", keyless)
	t.Log(failures.String())
	golden(t, "variants.txt", b.String())
	assert.GreaterOrEqual(t, pairsOfAKind*len(kindsOfPair), 1000)
	assert.GreaterOrEqual(t, all.f1(), 0.9)
	assert.LessOrEqual(t, 100*keyless, all.right, "looking up by keys must lose no more than one pair in a hundred")
}

// meet reports whether two lists have a key in common.
func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(key string) bool { return slices.Contains(b, key) })
}

// golden compares a text with the file that holds what was agreed on.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}
