package resolve_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/graph/storetest"
	"rummage/resolve"
)

// stored puts parties into a store, and what was said of them, and reads it.
func stored(t testing.TB, parties []resolve.Party, said ...graph.Decision) graph.Reader {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"), sqlite.Options{Create: true, Holder: "test"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	rows := make([]graph.Row, len(parties))
	for i := range parties {
		rows[i] = rowOf(&parties[i])
	}
	_, err = storetest.NewBatch("parties", 1, rows...).Import(t.Context(), store)
	require.NoError(t, err)
	for i, d := range said {
		d.Author, d.Time = "kim", storetest.Noon(2+i)
		_, err := store.Decide(t.Context(), d)
		require.NoError(t, err)
	}
	reader, err := store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, reader.Close()) })
	return reader
}

// rowOf is a row that states a party.
func rowOf(p *resolve.Party) graph.Row {
	var row graph.Row
	fact := func(property string, values ...string) {
		for _, value := range values {
			row.Facts = append(row.Facts, graph.Fact{Entity: p.ID, Property: property, Value: value})
		}
	}
	if len(p.Names) > 0 {
		fact(graph.PropertyName, p.Names[0])
		fact(graph.PropertyAlias, p.Names[1:]...)
	}
	fact(graph.PropertyAddress, p.Addresses...)
	fact(graph.PropertyCountry, p.Countries...)
	fact("phone", p.Phones...)
	fact("email", p.Emails...)
	fact("born", p.Born...)
	if p.Listed {
		row.Outcomes = []graph.Outcome{{Subject: p.ID, Result: graph.Listed}}
	}
	return row
}

// gathered reads the parties back, ready to be compared as the commands have them.
func gathered(t testing.TB, reader graph.Reader) []*resolve.Subject {
	t.Helper()
	parties, err := resolve.Gather(t.Context(), reader)
	require.NoError(t, err)
	h := resolve.Preparing{Corpus: resolve.Learn(parties)}
	all := make([]*resolve.Subject, len(parties))
	for i := range parties {
		all[i] = h.Prepare(parties[i])
	}
	return all
}

func TestGather(t *testing.T) {
	a := resolve.Party{ID: "party/list/7", Names: []string{"Kam Fung", "Amber"}, Addresses: []string{"1 Queens Road, Hong Kong"}, Countries: []string{"HK"},
		Phones: []string{"+85223456789"}, Emails: []string{"a@kamfung.hk"}, Born: []string{"1970"}, Listed: true}
	place := resolve.Party{ID: "party/list/8", Addresses: []string{"Unit D, 16/F One Capital Place, 18 Luard Rd, Wan Chai, Hong Kong"}, Listed: true}
	twin, own := party("reg/1", "Kam Fung Ltd", "Amber"), party("name/Kam Fung", "Kam Fung")
	reader := stored(t, []resolve.Party{a, place, twin, own}, graph.Decision{Subject: a.ID, Other: twin.ID, Kind: graph.Same})
	got, err := resolve.Gather(t.Context(), reader)
	require.NoError(t, err)
	a.Names = append(a.Names, "Kam Fung Ltd")
	a.Register, a.Number, a.Also = "party/list", "7", []resolve.Registration{{Register: "party/reg", Number: "1"}}
	assert.Equal(t, []resolve.Party{a, place, own}, got, "names before aliases, two records in one, an address without a name, no number of who is named by name")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = resolve.Gather(ctx, reader)
	require.ErrorIs(t, err, context.Canceled)
}

// TestGatherFollowsLinks: where somebody is registered and what number he has may stand in links.
func TestGatherFollowsLinks(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"), sqlite.Options{Create: true, Holder: "test"})
	require.NoError(t, err)
	defer store.Close()
	p := party("reg/1", "Kam Fung")
	row := rowOf(&p)
	for role, to := range map[graph.Role]graph.ID{graph.RegisteredAt: "address/1 Queens Road", graph.HasPhone: "phone/+85223456789", graph.HasEmail: "email/a@b.hk", graph.OwnedBy: "party/reg/2"} {
		row.Links = append(row.Links, graph.Link{Role: role, From: p.ID, To: to})
	}
	row.Links = append(row.Links, graph.Link{Role: graph.RegisteredAt, From: p.ID, To: "address/reg/9"})
	row.Facts = append(row.Facts,
		graph.Fact{Entity: "address/reg/9", Property: graph.PropertyName, Value: "23/F, Wing On House"},
		graph.Fact{Entity: "address/1 Queens Road", Property: graph.PropertyAddress, Value: "1  Queens Road"})
	_, err = storetest.NewBatch("links", 1, row).Import(t.Context(), store)
	require.NoError(t, err)
	reader, err := store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	defer reader.Close()
	got, err := resolve.Gather(t.Context(), reader)
	require.NoError(t, err)
	require.Len(t, got, 2)
	assert.ElementsMatch(t, []string{"1 Queens Road", "23/F, Wing On House"}, got[0].Addresses, "an address that has a number goes by its text")
	assert.Equal(t, []string{"+85223456789"}, got[0].Phones)
	assert.Equal(t, []string{"a@b.hk"}, got[0].Emails)
}

// TestOneScoreEverywhere: what Find, a List and Propose say of two names is the same figure.
func TestOneScoreEverywhere(t *testing.T) {
	pairs := [][2]string{
		{"KAM FUNG TRADNG CO", "Kam Fung Trading Company Limited"}, {"株式会社トヨタ自動車", "トヨタ自動車"}, {"Hangzhou Haikang Weishi", "杭州海康威视"},
		{"Golden Wind Shipping", "Goldn Wind Shiping Ltd"}, {"Husein Al Masri", "Hussein Al-Masry"}, {"ООО Ромашка", "OOO Romashka"},
	}
	for _, pair := range pairs {
		t.Run(pair[0], func(t *testing.T) {
			a, b := party("p/1", pair[0]), party("q/2", pair[1])
			reader := stored(t, []resolve.Party{a, b, party("r/3", "Acme Imports"), party("r/4", "Beta Trading Co Ltd")})
			subjects := gathered(t, reader)
			proposed, err := resolve.Propose(t.Context(), subjects, resolve.Options{Least: 0.3})
			require.NoError(t, err)
			require.Len(t, proposed.Pairs, 1)
			list, err := resolve.NewList(t.Context(), subjects[1:2], 0, 0)
			require.NoError(t, err)
			matches := list.Screen(subjects[0], 0.3)
			require.Len(t, matches, 1)
			found, err := resolve.Find(t.Context(), reader, pair[0], resolve.FindOptions{Least: 0.3})
			require.NoError(t, err)
			i := slices.IndexFunc(found.Matches, func(m resolve.Match) bool { return m.Entry.ID == b.ID })
			require.GreaterOrEqual(t, i, 0)
			assert.Equal(t, proposed.Pairs[0].Judgement, matches[0].Judgement)
			assert.Equal(t, proposed.Pairs[0].Judgement, found.Matches[i].Judgement)
			assert.Equal(t, 4, found.Parties)
		})
	}
}

// TestFindMissesHardlyAny compares with all names compared with all: what is found has the same score, and hardly any is missed.
func TestFindMissesHardlyAny(t *testing.T) {
	list := entries(t, "ofac/sdn.csv.gz", 1)
	few := len(list) / 1200
	if testing.Short() {
		few *= 3
	}
	for i := range list {
		list[i/few] = list[i]
	}
	list = list[:len(list)/few]
	reader := stored(t, list)
	subjects := gathered(t, reader)
	parties := make([]resolve.Party, len(subjects))
	for i, s := range subjects {
		parties[i] = s.Party
	}
	h := resolve.Preparing{Corpus: resolve.Learn(parties)}
	r := rand.New(rand.NewPCG(3, 4))
	worth, hit, compared := 0, 0, 0
	var missed []string
	const queries, worthy = 60, 0.25
	for range queries {
		text := spelt(r, list[r.IntN(len(list))].Names[0])
		found, err := resolve.Find(t.Context(), reader, text, resolve.FindOptions{Least: worthy})
		require.NoError(t, err)
		compared += found.Compared
		scores := map[graph.ID]float64{}
		for _, m := range found.Matches {
			scores[m.Entry.ID] = m.Score
		}
		query := h.Prepare(party("x", text))
		for _, s := range subjects {
			j := resolve.Judge(query, s, nil)
			score, there := scores[s.ID]
			if j.Score < worthy {
				require.False(t, there, "%s for %s", s.Names[0], text)
				continue
			}
			worth++
			if !there {
				missed = append(missed, text+" for "+s.Names[0])
				continue
			}
			require.InDelta(t, j.Score, score, 0)
			hit++
		}
	}
	require.Greater(t, worth, queries/2)
	assert.GreaterOrEqual(t, float64(hit), 0.98*float64(worth), "%v", missed)
	assert.Less(t, compared, queries*len(list)/3, "a sieve that lets all through is none")
}

func TestFind(t *testing.T) {
	parties := []resolve.Party{
		party("1", "Kam Fung Trading Co Ltd"), party("2", "Golden Wind", "Jin Feng Maoyi"), party("3", "金風貿易"), party("4", "A. B. C. Shipping"),
		party("5", "Beta Trading Co Ltd"), party("6", "Hanbit Corp"), party("7", "Мария Ильина"), party("8", "CORP"), {ID: "party/9", Addresses: []string{"1 Queens Road, Hong Kong"}},
	}
	reader := stored(t, parties, graph.Decision{Subject: "party/2", Other: "party/6", Kind: graph.Same})
	for text, want := range map[string][]graph.ID{
		"KAMFUNG TRADING":  {"party/1", "party/3"},
		"kam fong trading": {"party/1", "party/3"},
		"金风贸易":             {"party/1", "party/2", "party/3"}, // Jin Feng in Mandarin, Kam Fung in Cantonese
		"ABC Shipping Ltd": {"party/4"},
		"Han Bit":          {"party/2"},
		"golden wind":      {"party/2"},
		"Mariya Ilyina":    {"party/7"},
		"Trading Co Ltd":   nil,
		"CORP":             nil,
		"Ltd":              nil,
		"12345":            nil,
		"Wing On":          nil,
	} {
		t.Run(text, func(t *testing.T) {
			told := int64(0)
			found, err := resolve.Find(t.Context(), reader, text, resolve.FindOptions{Progress: func(n int64) { told = n }})
			require.NoError(t, err)
			var ids []graph.ID
			for _, m := range found.Matches {
				ids = append(ids, m.Entry.ID)
				assert.NotEmpty(t, m.Reasons)
			}
			assert.ElementsMatch(t, want, ids)
			assert.Zero(t, told, "few parties are no progress")
		})
	}
	found, err := resolve.Find(t.Context(), reader, "Ltd", resolve.FindOptions{Also: map[graph.ID]bool{"party/5": true, "party/2": true}})
	require.NoError(t, err)
	require.Len(t, found.Also, 2)
	assert.Equal(t, graph.ID("party/2"), found.Also[0].Entry.ID)
	assert.Less(t, found.Also[1].Score, look)
	assert.Empty(t, found.Matches)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = resolve.Find(ctx, reader, "Kam Fung", resolve.FindOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestLearningIsBounded: of many parties as many are learnt from as of some, and always the same.
func TestLearningIsBounded(t *testing.T) {
	const many = 45_000
	parties := make([]resolve.Party, many)
	for i := range parties {
		parties[i] = party(fmt.Sprintf("%06d", i), fmt.Sprintf("Zorblax Firm%c%c", 'a'+i%26, 'a'+i/26%26))
	}
	want := resolve.Learn(parties)
	assert.Equal(t, 20_000, want.Names())
	r := rand.New(rand.NewPCG(5, 6))
	r.Shuffle(len(parties), func(i, k int) { parties[i], parties[k] = parties[k], parties[i] })
	assert.Equal(t, want, resolve.Learn(parties))
	rare := want.Prepare(0, "Zorblax Amber").Words(0)
	assert.Less(t, rare[0].Rarity, rare[1].Rarity/2, "what everybody is called tells nobody")
}

// BenchmarkFind looks for a name among as many as the list has, spelt otherwise.
func BenchmarkFind(b *testing.B) {
	list := entries(b, "ofac/sdn.csv.gz", 1)
	reader := stored(b, list)
	for b.Loop() {
		found, err := resolve.Find(b.Context(), reader, "Golden Wnd Shiping", resolve.FindOptions{})
		require.NoError(b, err)
		b.ReportMetric(float64(found.Compared), "compared")
	}
	b.ReportMetric(float64(len(list))*float64(b.N)/b.Elapsed().Seconds(), "names/s")
}
