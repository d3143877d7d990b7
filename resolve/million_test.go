package resolve

import (
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/fixtures/alias"
	"rummage/fixtures/roll"
	"rummage/graph"
)

// planted is a party and another name of it, by their places in a list.
type planted struct {
	a, b int
	rule string
}

// made is a list of parties, each known by one name, and what is planted in it: pairs of two scripts or spellings by public rules of naming, the rest
// names that a hand or a form changed. Ids say nothing of the order.
func made(n, slipped, ruled int) ([]Party, []planted) {
	var names []string
	var pairs []planted
	for _, p := range alias.Pairs(20261126, ruled) {
		if p.Same {
			pairs = append(pairs, planted{len(names), len(names) + 1, p.Script + ": " + p.Kind})
			names = append(names, p.A, p.B)
		}
	}
	from := len(names)
	for i, e := range roll.Entries(roll.Options{Seed: 1, Names: n - from, Planted: slipped}) {
		if e.Of >= 0 {
			pairs = append(pairs, planted{from + e.Of, from + i, "slip: " + e.Slip})
		}
		names = append(names, e.Name)
	}
	parties := make([]Party, len(names))
	for i, name := range names {
		parties[i] = Party{ID: graph.ID(fmt.Sprintf("party/made/%08d", i*7919%len(names))), Names: []string{name}}
	}
	return parties, pairs
}

// recalled counts of a rule how many pairs a person would want, and how many of them were found.
type recalled struct{ planted, worth, found int }

// recall looks for planted pairs: worth are those whose score reaches the least. Subjects are by place in the list, numbers by their id.
func recall(p *proposing, subjects []*Subject, pairs []planted) map[string]*recalled {
	at := map[*Subject]uint32{}
	for place := range p.glances.Places() {
		for _, i := range p.glances.At(uint32(place)) {
			at[p.subjects[i]] = uint32(place)
		}
	}
	search := newSearch(p.index)
	finds := func(a, b *Subject) bool {
		search.look(a)
		return slices.Contains(search.found, at[b])
	}
	by := map[string]*recalled{}
	for _, l := range pairs {
		a, b := subjects[l.a], subjects[l.b]
		group, _, _ := strings.Cut(l.rule, ":")
		worth := scoreOf(a, b, nil) >= usualLeast
		found := finds(a, b) || finds(b, a)
		for _, g := range []string{l.rule, "all", "all: " + group} {
			if by[g] == nil {
				by[g] = &recalled{}
			}
			by[g].planted++
			if worth {
				by[g].worth++
			}
			if found {
				by[g].found++
			}
		}
	}
	return by
}

func recallTable(by map[string]*recalled) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-36s %8s %8s %8s\n", "rule", "planted", "score", "found")
	for _, rule := range slices.Sorted(maps.Keys(by)) {
		r := by[rule]
		fmt.Fprintf(&b, "%-36s %8d %8d %8d\n", rule, r.planted, r.worth, r.found)
	}
	return b.String()
}

// percent is how much the heap may grow between collections, as the commands set it.
const percent = 50

// BenchmarkMillion finds who is who among a million names, twenty thousand of them with others planted, and then screens them against the OFAC list, with
// its other names, from the text on.
func BenchmarkMillion(b *testing.B) {
	const million, ruled = 1_000_000, 60
	defer debug.SetGCPercent(debug.SetGCPercent(percent))
	for _, n := range []int{million / 10, million} {
		slipped := n * 19 / 1000
		b.Run(fmt.Sprintf("resolve/%d", n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				parties, pairs := made(n, slipped, ruled)
				b.StartTimer()
				resolveMillion(b, parties, pairs)
			}
		})
		b.Run(fmt.Sprintf("screen/%d", n), func(b *testing.B) {
			parties, _ := made(n, slipped, ruled)
			for b.Loop() {
				screenMillion(b, parties)
			}
		})
	}
}

// clock notes what stages took.
type clock struct {
	start, wall time.Time
	cpu         time.Duration
	text        strings.Builder
}

func newClock() *clock { return &clock{start: time.Now(), wall: time.Now(), cpu: cpu()} }

func (c *clock) lap(stage string) {
	fmt.Fprintf(&c.text, "%s %.1f s (%.1f s of processor), ", stage, time.Since(c.wall).Seconds(), (cpu() - c.cpu).Seconds())
	c.wall, c.cpu = time.Now(), cpu()
}

func resolveMillion(b *testing.B, parties []Party, pairs []planted) {
	n, peak, c, before := len(parties), watchPeak(), newClock(), cpu()
	corpus := Learn(parties)
	c.lap("learn")
	subjects, err := Preparing{Corpus: corpus}.All(b.Context(), parties, 0, nil)
	require.NoError(b, err)
	c.lap("prepare")
	opts := Options{Most: 1000}
	p := newProposing(subjects, &opts)
	require.NoError(b, p.find(b.Context(), &opts))
	c.lap("index and compare")
	p.tell(opts.Most)
	c.lap("tell")
	wall, spent, held := time.Since(c.start), cpu()-before, peak()
	var live runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&live)
	b.StopTimer()
	by := recall(p, subjects, pairs)
	proposed := map[[2]graph.ID]bool{}
	for _, f := range p.found {
		proposed[[2]graph.ID{p.subjects[f.a].ID, p.subjects[f.b].ID}] = true
	}
	hit := 0
	for _, l := range pairs {
		one, two := subjects[l.a].ID, subjects[l.b].ID
		if proposed[[2]graph.ID{min(one, two), max(one, two)}] {
			hit++
		}
	}
	b.Logf("\n%d parties, %d pairs planted, %d proposed of them; digest of all proposed %x\n%s\nlive after it %.0f MB, %d words\n%s", n, len(pairs), hit,
		digest(p), strings.TrimSuffix(c.text.String(), ", "), float64(live.HeapAlloc)/1e6, len(p.index.words.words), recallTable(by))
	all := by["all"]
	b.ReportMetric(wall.Seconds(), "s")
	b.ReportMetric(spent.Seconds(), "cpu-s")
	b.ReportMetric(held, "MB")
	b.ReportMetric(float64(n)/wall.Seconds(), "names/s")
	b.ReportMetric(float64(p.out.Compared), "pairs")
	b.ReportMetric(float64(p.out.Scored), "scored")
	b.ReportMetric(float64(p.out.Found), "found")
	b.ReportMetric(100*float64(all.found)/float64(all.planted), "%blocking")
	b.ReportMetric(100*float64(hit)/float64(max(all.worth, 1)), "%proposed")
	b.StartTimer()
}

// listedParties are the entries of the OFAC list with their other names.
func listedParties(t testing.TB) []Party {
	t.Helper()
	var all []Party
	at := map[string]int{}
	for _, row := range rowsOf(t, "ofac/sdn.csv.gz") {
		if len(row) > 1 {
			at[row[0]] = len(all)
			all = append(all, Party{ID: graph.ID("party/ofac/" + row[0]), Names: []string{row[1]}, Listed: true})
		}
	}
	for _, row := range rowsOf(t, "ofac/alt.csv.gz") {
		if len(row) > 3 {
			if i, known := at[row[0]]; known {
				all[i].Names = append(all[i].Names, row[3])
			}
		}
	}
	return all
}

func rowsOf(t testing.TB, file string) [][]string {
	t.Helper()
	open, err := fixtures.Open(file)
	require.NoError(t, err)
	defer open.Close()
	r := csv.NewReader(open)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	var all [][]string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, row)
	}
}

// declared are the declarants, importers and sellers of the Korean declarations. The file names them by codes, and a code is no name: what can be done is
// to make sure that none is taken for a party of the list.
func declared(t testing.TB) []Party {
	t.Helper()
	known := map[string]bool{}
	var all []Party
	for _, name := range []string{"train", "valid", "test"} {
		for _, row := range rowsOf(t, "korean-customs/"+name+".csv.gz")[1:] {
			for _, code := range row[8:11] {
				if code != "" && !known[code] {
					known[code] = true
					all = append(all, Party{ID: graph.ID("party/" + code), Names: []string{code}})
				}
			}
		}
	}
	return all
}

func screenMillion(b *testing.B, parties []Party) {
	peak, c, before := watchPeak(), newClock(), cpu()
	list := listedParties(b)
	how := Preparing{Corpus: Learn(list)}
	entries, err := how.All(b.Context(), list, 0, nil)
	require.NoError(b, err)
	against, err := NewList(b.Context(), entries, 0, 0)
	require.NoError(b, err)
	c.lap("list")
	hits := screened(b, how, against, parties)
	c.lap("screen")
	wall, spent, held := time.Since(c.start), cpu()-before, peak()
	codes := declared(b)
	coded := screened(b, how, against, codes)
	c.lap("codes")
	b.Logf("\n%d names against %d entries: %d matches; %d codes of declarations: %d matches\n%s", len(parties), len(list), hits, len(codes), coded,
		strings.TrimSuffix(c.text.String(), ", "))
	b.ReportMetric(wall.Seconds(), "s")
	b.ReportMetric(spent.Seconds(), "cpu-s")
	b.ReportMetric(held, "MB")
	b.ReportMetric(float64(len(parties))/wall.Seconds(), "names/s")
	b.ReportMetric(float64(hits), "matches")
}

func screened(b *testing.B, how Preparing, against *List, parties []Party) int64 {
	var hits atomic.Int64
	err := spread{n: len(parties), piece: usualPiece}.do(b.Context(), func(from, to int) {
		for i := from; i < to; i++ {
			hits.Add(int64(len(against.Screen(how.Prepare(parties[i]), usualLeast))))
		}
	})
	require.NoError(b, err)
	return hits.Load()
}

// digest is the same where two runs propose the same pairs with the same scores, and tell the same of them.
func digest(p *proposing) []byte {
	h := sha256.New()
	for _, f := range p.found {
		fmt.Fprintf(h, "%s %s %v\n", p.subjects[f.a].ID, p.subjects[f.b].ID, f.score)
	}
	fmt.Fprintf(h, "%v %v", p.out.Pairs, p.out.Left)
	return h.Sum(nil)
}
