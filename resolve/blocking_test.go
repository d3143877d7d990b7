package resolve

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
	"rummage/resolve/name"
)

// TestBlockingByRule: of pairs planted among many names, by public rules of naming in each script and by slips, 99 of 100 share a key. A crowd of 20 among
// 20,000 stands for one of 200 in a list ten times as long, where the words that many have are in ten times as many names.
func TestBlockingByRule(t *testing.T) {
	parties, pairs := made(20_000, 1500, 20)
	subjects, err := Preparing{Corpus: Learn(parties)}.All(t.Context(), parties, 0, nil)
	require.NoError(t, err)
	var out strings.Builder
	for _, crowd := range []int{usualCrowd, 20} {
		p := newProposing(subjects, &Options{})
		p.index, err = newIndex(t.Context(), p.heads(), crowd, spread{n: p.glances.Places(), piece: usualPiece})
		require.NoError(t, err)
		by := recall(p, subjects, pairs)
		fmt.Fprintf(&out, "%d names, keys followed that %d parties share at most: how many pairs are planted, reach 0.5, and share a key\n\n%s\n", len(parties), crowd,
			recallTable(by))
		for rule, r := range by {
			if !strings.HasPrefix(rule, "slip") {
				assert.GreaterOrEqual(t, float64(r.found), 0.99*float64(r.planted), "crowd %d, %s: %d of %d", crowd, rule, r.found, r.planted)
			}
		}
	}
	golden := filepath.Join("testdata", "blocking.golden")
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(out.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), out.String(), "if the change is meant, run with -update and read the diff")
}

// vague are parties of few words, so that many pairs are near the score from which they count, with contacts or without.
func vague(t *rapid.T, n int) []Party {
	words := strings.Fields("Golden Goldin Wind Goldenwind Dragon Star Kam Fung Kamfung Trading Shipping Shenzhen Guangzhou Co Ltd Inc PT 国际 貿易 華興 有限公司 한빛 John Li Wei 1 2")
	text := func(label string, most int, from []string) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(from), 1, most).Draw(t, label), " ")
	}
	maybe := func(label string, of ...string) []string {
		if rapid.IntRange(0, 3).Draw(t, label+"?") > 0 {
			return nil
		}
		return rapid.SliceOfN(rapid.SampledFrom(of), 1, 2).Draw(t, label)
	}
	all := make([]Party, n)
	for i := range all {
		p := Party{
			ID: graph.ID(fmt.Sprintf("party/%03d", i)), Names: []string{text("name", 4, words)}, Phones: maybe("phone", "+85223456789", "+85223456788"),
			Emails: maybe("mail", "a@kamfung.com", "b@kamfung.com", "kam@gmail.com"), Countries: maybe("country", "HK", "US"), Born: maybe("born", "1 Jan 1970", "1971"),
			Addresses: maybe("address", "12/F, 1 Queens Road, Hong Kong", "Flat 5, 3 Nathan Road, Kowloon"),
		}
		if rapid.IntRange(0, 4).Draw(t, "second name") == 0 {
			p.Names = append(p.Names, text("other name", 4, words))
		}
		if rapid.IntRange(0, 4).Draw(t, "register") == 0 {
			p.Register, p.Number = "party/brn-hk", rapid.SampledFrom([]string{"1", "2"}).Draw(t, "number")
		}
		all[i] = p
	}
	return all
}

func every(t require.TestingT, h Preparing, parties []Party) []*Subject {
	all, err := h.All(context.Background(), parties, 2, nil)
	require.NoError(t, err)
	return all
}

// TestNoPairIsRuledOutWrongly: what promising says no to would have scored less, and a score without reasons is that of Judge to the last bit.
func TestNoPairIsRuledOutWrongly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parties := vague(t, rapid.IntRange(2, 12).Draw(t, "parties"))
		h := Preparing{}
		if rapid.Bool().Draw(t, "corpus") {
			h.Corpus = Learn(parties)
		}
		subjects := every(t, h, parties)
		used := counted(subjects)
		least := rapid.Float64Range(0.001, 1).Draw(t, "least")
		for i, a := range subjects {
			for _, b := range subjects[:i] {
				score := Judge(a, b, used).Score
				require.Equal(t, score, scoreOf(a, b, used))
				if !promising(a, b, least) {
					require.Less(t, score, least, "%v and %v", a.Party, b.Party)
				}
				if m, n := a.plain(), b.plain(); m != nil && n != nil {
					require.Equal(t, score, ofNames(name.Compare(m, n)))
					if name.Bound(m, n) < namesFor(least) {
						require.Less(t, score, least, "%v and %v", a.Party, b.Party)
					}
				}
			}
		}
	})
}

// TestProposalsAreAllThatShareAKey: the same pairs, with the same texts, as judging every pair that a search finds from either side.
func TestProposalsAreAllThatShareAKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parties := vague(t, rapid.IntRange(2, 30).Draw(t, "parties"))
		subjects := every(t, Preparing{}, parties)
		opts := Options{Crowd: rapid.IntRange(1, 10).Draw(t, "crowd"), Threads: rapid.IntRange(1, 3).Draw(t, "threads")}
		p := newProposing(subjects, &opts)
		var want []Pair
		x, err := newIndex(context.Background(), heads{subjects: subjects}, opts.Crowd, spread{n: len(subjects), piece: usualPiece})
		require.NoError(t, err)
		search := newSearch(x) // of each party by itself
		met := map[[2]uint32]bool{}
		for i, a := range subjects {
			search.look(a)
			for _, k := range search.found {
				if key := [2]uint32{min(uint32(i), k), max(uint32(i), k)}; int(k) != i && !met[key] {
					met[key] = true
					if j := Judge(subjects[key[0]], subjects[key[1]], p.used); j.Score >= usualLeast {
						want = append(want, Pair{subjects[key[0]].ID, subjects[key[1]].ID, j})
					}
				}
			}
		}
		got, err := Propose(context.Background(), subjects, opts)
		require.NoError(t, err)
		require.ElementsMatch(t, want, got.Pairs)
		require.Equal(t, len(want), got.Found)
		opts.Most = 2
		few, err := Propose(context.Background(), subjects, opts)
		require.NoError(t, err)
		require.Equal(t, got.Pairs[:min(2, len(got.Pairs))], few.Pairs)
		require.Equal(t, got.Found, few.Found)
	})
}

// TestAScreeningFindsAllThatShareAKey: the same matches as judging every entry that a search finds.
func TestAScreeningFindsAllThatShareAKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parties := vague(t, rapid.IntRange(2, 30).Draw(t, "parties"))
		var h Preparing
		entries := every(t, h, parties)
		crowd, least := rapid.IntRange(1, 10).Draw(t, "crowd"), rapid.Float64Range(0.001, 1).Draw(t, "least")
		list, err := NewList(context.Background(), entries, crowd, 2)
		require.NoError(t, err)
		x, err := newIndex(context.Background(), heads{subjects: entries}, crowd, spread{n: len(entries), piece: usualPiece})
		require.NoError(t, err)
		search := newSearch(x)
		for _, p := range vague(t, 5) {
			s := h.Prepare(p)
			search.look(s)
			var want []Match
			for _, k := range search.found {
				if j := Judge(s, entries[k], list.used); j.Score >= least {
					want = append(want, Match{entries[k], j})
				}
			}
			require.ElementsMatch(t, want, list.Screen(s, least))
		}
	})
}

// TestPreparedTogetherIsPreparedAlone: sharing words makes no difference.
func TestPreparedTogetherIsPreparedAlone(t *testing.T) {
	parties, pairs := made(3000, 200, 5)
	h := Preparing{Corpus: Learn(parties)}
	together := every(t, h, parties)
	for _, p := range pairs {
		want := Judge(h.Prepare(parties[p.a]), h.Prepare(parties[p.b]), nil)
		assert.Equal(t, want, Judge(together[p.a], together[p.b], nil))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.All(ctx, parties, 1, nil)
	require.ErrorIs(t, err, context.Canceled)
}

// TestTable: a table finds what a map does, whoever added it in which order.
func TestTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "numbers")
		draw := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		keys := rapid.IntRange(1, 300).Draw(t, "keys")
		want := map[uint64][]uint32{}
		table := newTable(n)
		add := &adding{t: table}
		for range rapid.IntRange(0, 4000).Draw(t, "pairs") {
			key, who := mixed(uint64(draw.IntN(keys*draw.IntN(3)+1))), uint32(draw.IntN(n))
			add.add(key, who)
			if draw.IntN(100) == 0 {
				add.flush()
			}
			if !slices.Contains(want[key], who) {
				want[key] = append(want[key], who)
			}
		}
		add.flush()
		require.NoError(t, table.sort(context.Background(), 2))
		groups := 0
		table.groups(func([]uint64) { groups++ })
		require.Equal(t, len(want), groups)
		for i := range keys * 3 {
			var got []uint32
			for _, pair := range table.group(mixed(uint64(i))) {
				got = append(got, table.who(pair))
			}
			who := want[mixed(uint64(i))]
			slices.Sort(who)
			require.Equal(t, who, got)
		}
	})
}

// TestProgressNamesItsStages: what goes on is told, up to the end.
func TestProgressNamesItsStages(t *testing.T) {
	parties, _ := made(1000, 50, 2)
	ends := map[string]int{}
	_, err := Propose(t.Context(), every(t, Preparing{}, parties), Options{Threads: 1, Progress: func(stage string, done, total int) {
		assert.Equal(t, len(parties), total)
		ends[stage] = max(ends[stage], done)
	}})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{StageIndex: len(parties), StageCompare: len(parties)}, ends)
}
