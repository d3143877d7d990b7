package finding

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
)

// recovery is what groups drawn in one way come to against the planted rings of several worlds.
type recovery struct {
	groups, rings  int
	strict, useful int // rings of which a group has a Jaccard similarity of 0.5, of 0.3
	a, b           tally
}

// recover counts the rings that a group is alike to.
func (w *world) recover(groups []Group, sum *recovery) {
	size := map[int]int{}
	for _, ring := range w.ring {
		if ring >= 0 {
			size[ring]++
		}
	}
	best := map[int]float64{}
	for _, g := range groups {
		inside := map[int]int{}
		for _, m := range g.Members {
			if ring := w.ring[m]; ring >= 0 {
				inside[ring]++
			}
		}
		for ring, n := range inside {
			best[ring] = max(best[ring], float64(n)/float64(size[ring]+len(g.Members)-n))
		}
	}
	sum.groups, sum.rings = sum.groups+len(groups), sum.rings+len(size)
	for _, jaccard := range best {
		if jaccard >= 0.5 {
			sum.strict++
		}
		if jaccard >= 0.3 {
			sum.useful++
		}
	}
}

// detect tests the groups and counts what is flagged.
func (w *world) detect(t testing.TB, c *circle, groups []Group, sum *recovery) {
	t.Helper()
	slices.SortStableFunc(groups, func(a, b Group) int { return slices.Compare(a.Members, b.Members) })
	groups = slices.CompactFunc(groups, func(a, b Group) bool { return slices.Equal(a.Members, b.Members) })
	w.recover(groups, sum)
	require.NoError(t, c.countLoops(t.Context(), groups))
	f, err := NewTrial(&Candidates{Groups: groups, circle: c}).Run(t.Context(), TrialOptions{Q: 0.05, Draws: 200})
	require.NoError(t, err)
	for grade, total := range map[Grade]*tally{GradeA: &sum.a, GradeB: &sum.b} {
		one := w.tally(f, map[Grade]func(Finding) bool{GradeA: gradeA, GradeB: gradeB}[grade])
		if total.rings == nil {
			total.rings = map[int]bool{}
		}
		total.flagged, total.net = total.flagged+one.flagged, total.net+one.net
		for ring := range one.rings {
			total.rings[ring+1000*sum.rings] = true
		}
	}
}

// family is one way to draw groups.
type family struct {
	name string
	draw func(t testing.TB, c *circle) []Group
}

func families() []family {
	return []family{
		{"Potts 0.1", leidenAt(0.1)},
		{"Potts 0.05", leidenAt(0.05)},
		{"Potts 0.2", leidenAt(0.2)},
		{"Potts 0.4", leidenAt(0.4)},
		{"modularity", byModularity},
		{"all plateaus 0.03-0.6", allPlateaus},
		{"consensus at 0.1", agreed},
		{"label propagation", byLabels},
		{"hubs left out", withoutHubs},
		{"hubs damped", damped},
		{"importers projected", projected},
		{"dense blocks", dense},
		{"dense blocks within", denseWithin},
		{"overlapping fringe", fringed},
		{"Draw", product},
		{"Draw + plateaus", both(product, allPlateaus)},
		{"Draw + Potts 0.2", both(product, leidenAt(0.2))},
		{"Draw + shares 0.02", both(product, byVolume(0.02))},
		{"Draw + shares 0.05", both(product, byVolume(0.05))},
		{"Draw + mirrored stars", both(product, mirrored)},
		{"Draw + Potts 0.03", both(product, leidenAt(0.03))},
		{"Draw + hubs damped", both(product, damped)},
		{"Draw + projected", both(product, projected)},
		{"Draw + dense blocks within", both(product, denseWithin)},
		{"Draw + fringe", both(product, fringed)},
	}
}

// BenchmarkRecovery prints, for every way to draw groups, how many planted rings it recovers and what findings come of it, a line a way:
//
//	go test ./algo/finding -run '^$' -bench Recovery -benchtime 1x
func BenchmarkRecovery(b *testing.B) {
	for _, of := range []struct {
		name   string
		worlds func(testing.TB) []*world
	}{{"worlds", fixtureWorlds}, {"simulated", simulatedWorlds}} {
		for _, f := range families() {
			b.Run(of.name+"/"+f.name, func(b *testing.B) {
				list := of.worlds(b)
				var sum recovery
				for b.Loop() {
					sum = recovery{}
					for _, w := range list {
						c, err := newCircle(b.Context(), &w.trade, DefaultDraw())
						require.NoError(b, err)
						w.detect(b, c, f.draw(b, c), &sum)
					}
				}
				for unit, figure := range map[string]int{
					"groups": sum.groups, "planted": sum.rings, "J>=0.5": sum.strict, "J>=0.3": sum.useful,
					"B:flags": sum.b.flagged, "B:net": sum.b.net, "B:rings": len(sum.b.rings),
					"A:flags": sum.a.flagged, "A:net": sum.a.net, "A:rings": len(sum.a.rings),
				} {
					b.ReportMetric(float64(figure), unit)
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// TestDrawRecoversRings holds Draw against the study, whose first groups recovered 17 of 40 rings of such a world.
func TestDrawRecoversRings(t *testing.T) {
	fixtures.Figures(t)
	for name, least := range map[string]int{"L2-11": 27, "B2-11": 27, "B2-12": 27, "B3-11": 15} {
		w := sharedWorld(t, name)
		var sum recovery
		w.recover(drawn(t, &w.trade).Groups, &sum)
		t.Logf("%s: %d of %d rings, %d at 0.3, of %d groups", name, sum.strict, sum.rings, sum.useful, sum.groups)
		assert.GreaterOrEqual(t, sum.strict, least, name)
	}
}

// TestDrawAtFurtherResolutionsOverlaps holds what it costs and brings in one world: no group less, and rings more.
func TestDrawAtFurtherResolutionsOverlaps(t *testing.T) {
	fixtures.Figures(t)
	w := sharedWorld(t, "B2-11")
	opts := DefaultDraw()
	opts.Also = nil
	plain, err := Draw(t.Context(), &w.trade, opts)
	require.NoError(t, err)
	got := drawn(t, &w.trade)
	var one, more recovery
	before := plain.Groups
	w.recover(before, &one)
	w.recover(got.Groups, &more)
	assert.Greater(t, more.strict, one.strict)
	assert.Less(t, more.groups, one.groups*3/2)
	for _, g := range before {
		_, kept := slices.BinarySearchFunc(got.Groups, g.Members, func(one Group, members []uint32) int {
			return slices.Compare(one.Members, members)
		})
		require.True(t, kept)
	}
}
