package name

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// near is more than any sum of floats is off.
const near = 1e-9

// words of which names are made that are alike in every way that words are compared by.
var alikes = strings.Fields(`golden goldin goldenwind wind win dragon dragoon trading trade logistics international intl hong kong hongkong hk shenzhen
guangzhou huaxing hua xing hsing wah hing kam fung kamfung kim min soo minsoo min-soo lee li yi abdul rahman abdulrahman bin ibn ahmed ahmad mohammed m. a. j.
no 1 2 II third first series fund trust lp gmbh inc ltd co sdn bhd pt tbk mr dr bank of china icbc industrial and commercial star stars sun son ivanovich petrovich
国际 貿易 華興 华兴 深圳 有限公司 株式会社 トヨタ 自動車 虎ノ門 門 ノ門 한빛 무역 주식회사 김 정은 บริษัท สยามทอง จำกัด محمد بن سلمان النور للتجارة Ромашка ООО
pneumonoultramicroscopicsilicovolcanoconiosispneumonoultramicroscopicx & the el al van der bilt vanderbilt zoo abc a b c d`)

// alikeNames draws two names of alike words, with slipped letters, of each kind, and with a corpus that lowers some words.
func alikeNames(corpus *Corpus) func(t *rapid.T) (a, b *Name) {
	word := rapid.Custom(func(t *rapid.T) string {
		w := rapid.SampledFrom(alikes).Draw(t, "word")
		if len(w) > 3 && rapid.IntRange(0, 4).Draw(t, "slip") == 0 {
			at := rapid.IntRange(1, len(w)-2).Draw(t, "at")
			w = w[:at] + rapid.SampledFrom([]string{"", "a", "x", w[at : at+1]}).Draw(t, "for") + w[at+1:]
		}
		return w
	})
	kind := rapid.SampledFrom([]Kind{Unknown, Company, Person, Vessel})
	return func(t *rapid.T) (a, b *Name) {
		words := rapid.SliceOfN(word, 1, 6).Draw(t, "a")
		other := rapid.SliceOfN(word, 0, 3).Draw(t, "b")
		if rapid.Bool().Draw(t, "related") {
			other = append(other, rapid.Permutation(words).Draw(t, "order")[:rapid.IntRange(1, len(words)).Draw(t, "shared")]...)
		}
		of := rapid.SampledFrom([]*Corpus{nil, corpus}).Draw(t, "corpus")
		glue := rapid.SampledFrom([]string{" ", " ", " ", "", "-"}).Draw(t, "glue")
		return of.Prepare(kind.Draw(t, "kind a"), strings.Join(words, " ")), of.Prepare(kind.Draw(t, "kind b"), strings.Join(other, glue))
	}
}

func alikeCorpus() *Corpus {
	var corpus Corpus
	for i := range 2000 {
		corpus.Add(Prepare(Company, alikes[i%9]+" "+alikes[i%41]))
	}
	return &corpus
}

// TestBoundIsNeverLess: over names of alike words.
func TestBoundIsNeverLess(t *testing.T) {
	draw := alikeNames(alikeCorpus())
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t)
		if s, most := Compare(a, b), Bound(a, b); s > most+near {
			t.Fatalf("%q and %q as %v and %v: %v, bound %v\n%s", a.Text(), b.Text(), a.Kind(), b.Kind(), s, most, Explain(a, b))
		}
	})
}

// TestAGlanceRulesOutNoPairThatReachesTheLeast: over names of alike words, either way round, whether they share their words or not.
func TestAGlanceRulesOutNoPairThatReachesTheLeast(t *testing.T) {
	draw := alikeNames(alikeCorpus())
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t)
		if rapid.Bool().Draw(t, "shared words") {
			var pool Pool
			a, b = pool.Share(a), pool.Share(b)
		}
		s := Compare(a, b)
		for _, least := range []float64{s - 1e-6, 0.05, 0.3, 0.5, namesLeast, 0.9} {
			g := NewGlances([]*Name{a, b, nil}, nil, least)
			at := g.ByName()
			one, other := g.Of(at[0]), g.Of(at[1])
			if s >= least && (!one.May(at[1]) || !other.May(at[0])) {
				t.Fatalf("%q and %q as %v and %v: %v, ruled out for %v\n%s", a.Text(), b.Text(), a.Kind(), b.Kind(), s, least, Explain(a, b))
			}
			assert.True(t, one.May(at[2]), "nothing is known of the other")
		}
	})
}

// TestNamesOfOnePlaceCompareAlike: whatever they are compared with.
func TestNamesOfOnePlaceCompareAlike(t *testing.T) {
	draw := alikeNames(alikeCorpus())
	rapid.Check(t, func(t *rapid.T) {
		var pool Pool
		var names []*Name
		for range rapid.IntRange(2, 12).Draw(t, "pairs") {
			a, b := draw(t)
			names = append(names, pool.Share(a), pool.Share(b), pool.Share(Prepare(Company, strings.ToUpper(a.Text())+".")))
		}
		alone := rapid.IntRange(0, len(names)-1).Draw(t, "alone")
		g := NewGlances(names, func(i int) bool { return i == alone }, namesLeast)
		at := g.ByName()
		assert.Equal(t, []uint32{uint32(alone)}, g.At(at[alone]))
		for i, a := range names {
			for k, b := range names[:i] {
				for _, c := range names {
					if at[i] == at[k] && Turned(a, c) == Turned(b, c) {
						assert.Equal(t, Compare(a, c), Compare(b, c), "%q and %q beside %q", a.Text(), b.Text(), c.Text())
					}
				}
			}
		}
		assert.Equal(t, len(names), g.Before(uint32(g.Places()-1))+len(g.At(uint32(g.Places()-1))))
	})
}

// namesLeast is what names reach that are worth a look.
const namesLeast = 0.731

// TestBoundOfRealNames: of the labelled and the made pairs, and of listed names beside others; and that it is worth its while.
func TestBoundOfRealNames(t *testing.T) {
	for _, l := range append(cases(t), made()...) {
		a, b := Prepare(l.kind, l.a), Prepare(l.kind, l.b)
		assert.LessOrEqual(t, Compare(a, b), Bound(a, b)+near, "%s and %s", l.a, l.b)
		assert.Equal(t, Bound(a, b), Bound(b, a), "order")
	}
	for _, kind := range []Kind{Company, Person, Vessel} {
		names := listed(t, kind)
		ruled, all, glanced := 0, 0, 0
		glances := NewGlances(names, nil, 0.5)
		at := glances.ByName()
		for i, a := range names {
			glance := glances.Of(at[i])
			for step := range 20 {
				k := (i + 31*step + 7) % len(names)
				b := names[k]
				most := Bound(a, b)
				if s := Compare(a, b); s > most+near {
					t.Fatalf("%s and %s: %v, bound %v", a.Text(), b.Text(), s, most)
				}
				all++
				if !glance.May(at[k]) {
					glanced++
					assert.Less(t, Compare(a, b), 0.5, "%s and %s", a.Text(), b.Text())
				}
				if most < 0.5 {
					ruled++
				}
			}
		}
		assert.Greater(t, ruled, all*8/10, kind)
		assert.Greater(t, glanced, all*8/10, kind)
	}
}

// TestPoolChangesNothing: names of shared words compare as others do, and words are there once.
func TestPoolChangesNothing(t *testing.T) {
	var pool Pool
	pairs := append(cases(t), made()...)
	for _, l := range pairs {
		a, b := Prepare(l.kind, l.a), Prepare(l.kind, l.b)
		x, y := pool.Share(Prepare(l.kind, l.a)), pool.Share(Prepare(l.kind, l.b))
		assert.Equal(t, Explain(a, b), Explain(x, y), "%s and %s", l.a, l.b)
	}
	again := pool.Share(Prepare(pairs[0].kind, pairs[0].a))
	for i, w := range pool.Share(Prepare(pairs[0].kind, pairs[0].a)).readings[0] {
		assert.Same(t, again.readings[0][i], w)
	}
}

func BenchmarkGlance(b *testing.B) {
	var names []*Name
	for _, l := range cases(b) {
		names = append(names, Prepare(l.kind, l.a), Prepare(l.kind, l.b))
	}
	glances := NewGlances(names, nil, namesLeast)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		l := glances.Of(uint32(n % len(names)))
		l.May(uint32((n + 1) % len(names)))
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "glances/s")
}

func BenchmarkBound(b *testing.B) {
	var names []*Name
	for _, l := range cases(b) {
		names = append(names, Prepare(l.kind, l.a), Prepare(l.kind, l.b))
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		Bound(names[n%len(names)], names[(n+1)%len(names)])
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "bounds/s")
}
