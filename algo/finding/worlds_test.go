package finding

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
)

// full makes the count of shuffled runs 100 a world instead of 5: go test ./algo/finding -run ShuffledRuns -full -v
var full = flag.Bool("full", false, "count 100 shuffled runs a world and null")

// worldTrials are laid out once; a Trial never changes.
var worldTrials = map[string]*Trial{}

func worldTrial(t testing.TB, name string) *Trial {
	t.Helper()
	if worldTrials[name] == nil {
		worldTrials[name] = NewTrial(drawn(t, &sharedWorld(t, name).trade))
	}
	return worldTrials[name]
}

// tally is what the flags of one grade come to against the planted truth.
type tally struct {
	flagged, net int          // net: hold two members of one ring
	rings        map[int]bool // rings touched by these
}

func (w *world) tally(f *Result, takes func(Finding) bool) tally {
	sum := tally{rings: map[int]bool{}}
	for _, one := range f.List {
		if !takes(one) {
			continue
		}
		sum.flagged++
		held := w.rings(one.Members)
		if len(held) > 0 {
			sum.net++
		}
		for _, r := range held {
			sum.rings[r] = true
		}
	}
	return sum
}

func gradeA(f Finding) bool { return f.Grade == GradeA }
func gradeB(f Finding) bool { return f.Also }

// TestFindingsOfTheWorlds holds both grades against the planted rings: net precision, and rings touched at least as often as
// the study found for such worlds on average.
func TestFindingsOfTheWorlds(t *testing.T) {
	least := map[string][2]int{"L2-11": {13, 17}, "B2-11": {8, 13}, "B2-12": {8, 13}, "B3-11": {3, 4}}
	falseA, flaggedB, netB := 0, 0, 0
	for _, name := range tried() {
		w, f := sharedWorld(t, name), found(t, worldTrial(t, name))
		a, b := w.tally(f, gradeA), w.tally(f, gradeB)
		t.Logf("%-6s %d candidates, %d tested; A %d flagged, %d net, %d rings, null flags %.3f; B %d, %d, %d, %.3f", name, f.Candidates,
			f.Tested, a.flagged, a.net, len(a.rings), f.A.NullFlags, b.flagged, b.net, len(b.rings), f.B.NullFlags)
		falseA += a.flagged - a.net
		flaggedB, netB = flaggedB+b.flagged, netB+b.net
		assert.GreaterOrEqual(t, len(a.rings), least[name][0], "%s: rings touched by grade A", name)
		assert.GreaterOrEqual(t, len(b.rings), least[name][1], "%s: rings touched by grade B", name)
		assert.LessOrEqual(t, f.A.NullFlags[ShuffleConsignments], 0.05*float64(f.A.Flagged))
		assert.LessOrEqual(t, f.A.NullFlags[ShuffleImporters], 0.05*float64(f.A.Flagged))
		assert.LessOrEqual(t, f.B.NullFlags[ShuffleConsignments], 0.05*float64(f.B.Flagged))
	}
	assert.LessOrEqual(t, falseA, 1, "grade A flags without two members of one ring")
	assert.GreaterOrEqual(t, float64(netB), 0.92*float64(flaggedB), "net precision of grade B")
}

// TestShuffledRuns counts whole runs on worlds without networks. Each null's rate of runs with a grade A flag is 5 % at most by
// construction: of 400 runs 20 are expected at worst and 28 allowed (chance of more at exactly 5 %: 2.7 %); of 20 runs one is
// expected and 5 allowed (0.03 %). Keys and draws are fixed, so a result never changes by chance.
func TestShuffledRuns(t *testing.T) {
	fixtures.Figures(t)
	runs, allowed := 5, 5
	switch {
	case *full:
		runs, allowed = 100, 28
	case testing.Short():
		runs = 1
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-8s %-20s %6s %20s %20s\n", "world", "null", "runs", "with A flag (flags)", "with B flag (flags)")
	var withA [2]int
	for _, name := range fixtures.Worlds() {
		for _, null := range []Null{ShuffleConsignments, ShuffleImporters} {
			var run, flags [2]int // by grade
			for n := range uint64(runs) {
				f := found(t, worldTrial(t, name).Shuffled(null, n))
				for grade, level := range []Level{f.B, f.A} {
					flags[grade] += level.Flagged
					run[grade] += min(level.Flagged, 1)
				}
			}
			withA[null] += run[GradeA]
			fmt.Fprintf(&table, "%-8s %-20s %6d %14d (%3d) %14d (%3d)\n", name, null, runs, run[GradeA], flags[GradeA], run[GradeB], flags[GradeB])
		}
	}
	t.Logf("\n%s", table.String())
	for null, n := range withA {
		assert.LessOrEqual(t, n, allowed, "runs of %d with a grade A flag, %s", 4*runs, Null(null))
	}
}

// TestKoreanControl has 54,000 declarations whose generator kept goods and routes and destroyed trader links: the right number of
// networks is none. Every declaration counts as inspected, fraud as a hit, the seller as exporter.
func TestKoreanControl(t *testing.T) {
	fixtures.Figures(t)
	trade := readKorean(t)
	f := found(t, NewTrial(drawn(t, trade)))
	t.Logf("%d candidates, %d tested, %d inspected, %d hits", f.Candidates, f.Tested, f.Inspected, f.Hits)
	assert.Greater(t, f.Tested, 400)
	assert.Empty(t, f.List)
}

func readKorean(t testing.TB) *Trade {
	t.Helper()
	rows := map[string][]string{}
	for _, part := range []string{"train", "valid", "test"} {
		for column, cells := range csrtest.Table(t, fixtures.Open, "korean-customs/"+part+".csv.gz") {
			rows[column] = append(rows[column], cells...)
		}
	}
	name := func(role string, cells []string) []string {
		ids := slices.Clone(cells)
		for i, id := range ids {
			if id != "" {
				ids[i] = role + "/" + id
			}
		}
		return ids
	}
	importers, sellers := name("importer", rows["Importer ID"]), name("seller", rows["Seller ID"])
	w := &world{ids: slices.Concat(importers, sellers)}
	slices.Sort(w.ids)
	w.ids = slices.DeleteFunc(slices.Compact(w.ids), func(id string) bool { return id == "" })
	looked := make([]bool, len(importers))
	for i := range looked {
		looked[i] = true
	}
	return &Trade{Nodes: len(w.ids), Keys: keys(w.ids), Consignments: Consignments{
		Key: keys(rows["Declaration ID"]), Importer: w.nodes(importers), Exporter: w.nodes(sellers), Inspected: looked, Hit: marks(rows["Fraud"]),
	}}
}

// BenchmarkFindings is everything from columns to findings on a world ten times over: about a million consignments.
func BenchmarkFindings(b *testing.B) {
	trade := repeated(&sharedWorld(b, "B2-11").trade, 10)
	b.Logf("%d consignments", trade.Consignments.Len())
	b.ReportAllocs()
	for b.Loop() {
		candidates, err := Draw(b.Context(), trade, DefaultDraw())
		require.NoError(b, err)
		f, err := NewTrial(candidates).Run(b.Context(), DefaultTrial())
		require.NoError(b, err)
		b.ReportMetric(float64(f.Candidates), "groups")
		b.ReportMetric(float64(f.A.Flagged), "flagged")
	}
}

// repeated puts several copies of a trade beside each other.
func repeated(one *Trade, copies int) *Trade {
	all := &Trade{Nodes: one.Nodes * copies}
	for k := range copies {
		shift := uint32(k * one.Nodes)
		move := func(v uint32) uint32 { return v + shift }
		salt := func(list []uint64) (other []uint64) {
			for _, v := range list {
				other = append(other, mix(v+uint64(k)))
			}
			return other
		}
		c, from := &all.Consignments, &one.Consignments
		all.Keys, c.Key = append(all.Keys, salt(one.Keys)...), append(c.Key, salt(from.Key)...)
		c.Importer, c.Exporter = append(c.Importer, mapped(from.Importer, move)...), append(c.Exporter, mapped(from.Exporter, move)...)
		c.Inspected, c.Hit = append(c.Inspected, from.Inspected...), append(c.Hit, from.Hit...)
		for _, tie := range one.Identifiers {
			all.Identifiers = append(all.Identifiers, Tie{move(tie.Party), move(tie.Identifier)})
		}
	}
	return all
}
