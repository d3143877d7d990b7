package resolve_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"rummage/fixtures"
	"rummage/graph"
	"rummage/resolve"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// party makes a party that is known by its name.
func party(id string, names ...string) resolve.Party {
	return resolve.Party{ID: graph.ID("party/" + id), Names: names}
}

func prepared(parties ...resolve.Party) []*resolve.Subject {
	var h resolve.Preparing
	all := make([]*resolve.Subject, len(parties))
	for i, p := range parties {
		all[i] = h.Prepare(p)
	}
	return all
}

func judge(a, b resolve.Party) resolve.Judgement {
	s := prepared(a, b)
	return resolve.Judge(s[0], s[1], nil)
}

const (
	sure = 0.9 // nobody need look twice
	look = 0.5 // a person should look
)

func TestJudge(t *testing.T) {
	kam := party("a", "Kam Fung Trading Co Ltd")
	at := func(p resolve.Party, address string) resolve.Party { p.Addresses = []string{address}; return p }
	numbered := func(p resolve.Party, number string) resolve.Party {
		p.Register, p.Number = "party/brn-hk", number
		return p
	}
	born := func(p resolve.Party, day string) resolve.Party { p.Born = []string{day}; return p }
	const flat, other = "Flat 2309, 23/F, Wing On House, 71 Des Voeux Road C, Hong Kong", "Office 4, 16/F, Wing On House, 71 Des Voeux Road C, Hong Kong"
	for name, c := range map[string]struct {
		a, b        resolve.Party
		least, most float64
		conflicts   int
	}{
		"the same name":                      {kam, party("b", "KAM FUNG TRADING COMPANY LIMITED"), look, 1, 0},
		"only words of trade":                {party("a", "Acme Trading Co Ltd"), party("b", "Beta Trading Co Ltd"), 0, 0.1, 0},
		"a name and an address":              {at(kam, flat), at(party("b", "Kam Fung Trading"), "Rm 2309 23/F, Wing On House, 71 Des Voeux Rd Central, Hong Kong"), sure, 1, 0},
		"a name and another floor":           {at(kam, flat), at(party("b", "Kam Fung Trading"), other), 0, sure, 0},
		"another name at the address":        {at(kam, flat), at(party("b", "Golden Wind Shipping"), flat), 0, look, 0},
		"one number in one register":         {numbered(kam, "123"), numbered(party("b", "K F Trading"), "123"), sure, 1, 0},
		"two numbers in one register":        {numbered(kam, "123"), numbered(party("b", "Kam Fung Trading Co Ltd"), "456"), 0, look, 1},
		"two persons of one name":            {born(party("a", "John Smith"), "1 Jan 1970"), born(party("b", "John Smith"), "2 Mar 1981"), 0, look, 1},
		"one person by name and birthday":    {born(party("a", "Kim Chol"), "1 Jan 1970"), born(party("b", "KIM, Chol"), "1 Jan 1970"), sure, 1, 0},
		"a firm of its legal form alone":     {party("a", "CORP"), party("b", "Kam Fung Corp"), 0, 0.3, 0},
		"two scripts":                        {party("a", "株式会社トヨタ自動車"), party("b", "トヨタ自動車"), look, 1, 0},
		"two firms of one legal form":        {party("a", "주식회사 한빛"), party("b", "주식회사 대한"), 0, 0.2, 0},
		"nothing is known of one":            {kam, party("b"), 0, look, 0},
		"the same name in two countries":     {resolve.Party{ID: "party/a", Names: []string{"Kam Fung"}, Countries: []string{"HK"}}, resolve.Party{ID: "party/b", Names: []string{"Kam Fung"}, Countries: []string{"US"}}, 0, sure, 0},
		"the same mailbox, a name near":      {resolve.Party{ID: "party/a", Names: []string{"Kam Fung Trading"}, Emails: []string{"chan@kamfung.com.hk"}}, resolve.Party{ID: "party/b", Names: []string{"Kam Fong Trading"}, Emails: []string{"Chan@KamFung.com.hk"}}, sure, 1, 0},
		"the same phone, another name":       {resolve.Party{ID: "party/a", Names: []string{"Kam Fung"}, Phones: []string{"+852 2345 6789"}}, resolve.Party{ID: "party/b", Names: []string{"Swift"}, Phones: []string{"+85223456789"}}, 0, look, 0},
		"a placeholder for a phone":          {resolve.Party{ID: "party/a", Names: []string{"Kam Fung"}, Phones: []string{"00000000"}}, resolve.Party{ID: "party/b", Names: []string{"Swift"}, Phones: []string{"00000000"}}, 0, 0.1, 0},
		"an alias of one is the other":       {party("a", "Golden Wind", "Kam Fung Trading"), party("b", "Kam Fung Trading Ltd"), look, 1, 0},
		"both sides of a company's switches": {party("a", "Acme Line No 1"), party("b", "Acme Line No 2"), 0, look, 0},
	} {
		t.Run(name, func(t *testing.T) {
			j := judge(c.a, c.b)
			assert.GreaterOrEqual(t, j.Score, c.least, "%+v", j)
			assert.LessOrEqual(t, j.Score, c.most, "%+v", j)
			assert.Len(t, j.Conflicts, c.conflicts)
			assert.InDelta(t, j.Score, judge(c.b, c.a).Score, 1e-12, "it is symmetric")
		})
	}
}

// TestAHubIsWorthLittle: an address that many use says next to nothing.
func TestAHubIsWorthLittle(t *testing.T) {
	a, b := party("a", "Kam Fung"), party("b", "Kam Fong")
	a.Addresses, b.Addresses = []string{"12/F, 1 Queens Road, Hong Kong"}, []string{"12/F, 1 Queens Road, Hong Kong"}
	s := prepared(a, b)
	alone := resolve.Judge(s[0], s[1], nil)
	many := resolve.Judge(s[0], s[1], func(string, string) int { return 400 })
	assert.Greater(t, alone.Score, many.Score+0.1)
	points := func(j resolve.Judgement) float64 {
		i := slices.IndexFunc(j.Reasons, func(r resolve.Reason) bool { return r.Feature == "address" })
		return j.Reasons[i].Points
	}
	assert.InDelta(t, points(alone)/400, points(many), 1e-12)
}

// entries reads a list of the OFAC fixture: numbers and names.
func entries(t testing.TB, file string, name int) []resolve.Party {
	t.Helper()
	open, err := fixtures.Open(file)
	require.NoError(t, err)
	defer open.Close()
	r := csv.NewReader(open)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	require.NoError(t, err)
	var all []resolve.Party
	for i, row := range rows {
		if len(row) > name {
			all = append(all, party(fmt.Sprintf("%05d/%s", i, row[0]), row[name]))
		}
	}
	return all
}

// spelt changes a name as people do: a slip in one word, words in another order, a legal form put on or left out, spaces lost.
func spelt(r *rand.Rand, text string) string {
	words := strings.Fields(text)
	switch r.IntN(6) {
	case 0:
		if i := r.IntN(len(words)); len(words[i]) > 4 {
			at := 1 + r.IntN(len(words[i])-2)
			words[i] = words[i][:at] + words[i][at+1:]
		}
	case 1:
		if i := r.IntN(len(words)); len(words[i]) > 4 {
			b, at := []byte(words[i]), 1+r.IntN(len(words[i])-2)
			b[at], b[at-1] = b[at-1], b[at]
			words[i] = string(b)
		}
	case 2:
		if i := r.IntN(len(words)); len(words[i]) > 4 {
			words[i] = strings.NewReplacer("A", "E", "E", "I", "O", "U", "U", "O").Replace(words[i])
		}
	case 3:
		if len(words) > 2 {
			words[0], words[1] = words[1], words[0]
		}
	case 4:
		words = append(words, "CO.,", "LTD.")
	case 5:
		if len(words) > 1 {
			words = append([]string{words[0] + words[1]}, words[2:]...)
		}
	}
	return strings.Join(words, " ")
}

// TestBlockingFindsPlantedAliases: of names spelt otherwise that the score would take for one, hardly any shares no key.
func TestBlockingFindsPlantedAliases(t *testing.T) {
	list := entries(t, "ofac/sdn.csv.gz", 1)
	if testing.Short() {
		list = list[:1500]
	}
	subjects := prepared(list...)
	index, err := resolve.NewList(t.Context(), subjects, 0, 0)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(1, 2))
	worth, found := 0, 0
	var missed []string
	for i := 0; i < len(list); i += 3 {
		other := prepared(party("x", spelt(r, list[i].Names[0])))[0]
		if resolve.Judge(other, subjects[i], nil).Score < look {
			continue
		}
		worth++
		if slices.ContainsFunc(index.Screen(other, look), func(m resolve.Match) bool { return m.Entry.ID == list[i].ID }) {
			found++
		} else {
			missed = append(missed, other.Names[0]+" for "+list[i].Names[0])
		}
	}
	require.Greater(t, worth, len(list)/8)
	assert.GreaterOrEqual(t, float64(found), 0.99*float64(worth), "%d of %d: %v", found, worth, missed[:min(len(missed), 20)])
}

func TestProposals(t *testing.T) {
	parties := []resolve.Party{
		party("1", "Kam Fung Trading Co Ltd"), party("2", "KAM FUNG TRADING"), party("3", "Golden Wind Shipping"),
		party("4", "Golden Wind Shipping Limited"), party("5", "Acme Imports"), party("6", "Beta Imports"),
	}
	got, err := resolve.Propose(t.Context(), prepared(parties...), resolve.Options{})
	require.NoError(t, err)
	assert.Equal(t, 6, got.Parties)
	var pairs []string
	for _, p := range got.Pairs {
		pairs = append(pairs, string(p.A+" "+p.B))
		assert.NotEmpty(t, p.Reasons)
	}
	assert.ElementsMatch(t, []string{"party/1 party/2", "party/3 party/4"}, pairs)

	judged := resolve.Judged([]graph.Decision{{Seq: 1, Subject: "party/2", Other: "party/1", Kind: graph.Different}}, nil)
	got, err = resolve.Propose(t.Context(), prepared(parties...), resolve.Options{Judged: judged})
	require.NoError(t, err)
	require.Len(t, got.Pairs, 1, "what somebody judged is not asked again")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = resolve.Propose(ctx, prepared(parties...), resolve.Options{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = resolve.NewList(ctx, prepared(parties...), 0, 0)
	require.ErrorIs(t, err, context.Canceled)
}

// TestProposalsDoNotDependOnOrderOrThreads: and every proposed pair is what Judge says of it.
func TestProposalsDoNotDependOnOrderOrThreads(t *testing.T) {
	words := []string{"Kam", "Fung", "Golden", "Wind", "Pacific", "Trading", "Shipping", "Co", "Ltd", "Acme", "Hanbit", "国际", "貿易", "株式会社"}
	rapid.Check(t, func(t *rapid.T) {
		var parties []resolve.Party
		for i := range rapid.IntRange(0, 30).Draw(t, "parties") {
			p := party(fmt.Sprint(i), strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 4).Draw(t, "name"), " "))
			if rapid.Bool().Draw(t, "phone") {
				p.Phones = []string{rapid.SampledFrom([]string{"+85223456789", "+85223456788", "12345678"}).Draw(t, "number")}
			}
			parties = append(parties, p)
		}
		opts := resolve.Options{Crowd: rapid.IntRange(1, 8).Draw(t, "crowd"), Threads: 1}
		want, err := resolve.Propose(context.Background(), prepared(parties...), opts)
		require.NoError(t, err)
		mixed := rapid.Permutation(parties).Draw(t, "order")
		opts.Threads = 3
		got, err := resolve.Propose(context.Background(), prepared(mixed...), opts)
		require.NoError(t, err)
		require.Equal(t, want, got)
		for _, p := range got.Pairs {
			require.Less(t, p.A, p.B)
			require.GreaterOrEqual(t, p.Score, look)
		}
	})
}

// TestCrowdsOfContactsAreTold: a line that too many share leads nowhere, and is named.
func TestCrowdsOfContactsAreTold(t *testing.T) {
	var parties []resolve.Party
	for i := range 12 {
		p := party(fmt.Sprintf("%02d", i), fmt.Sprintf("Firm%c Overseas", 'a'+i))
		p.Phones = []string{"+852 2345 6789"}
		parties = append(parties, p)
	}
	got, err := resolve.Propose(t.Context(), prepared(parties...), resolve.Options{Crowd: 10})
	require.NoError(t, err)
	assert.Equal(t, []resolve.Crowd{{Key: "phone +85223456789", Parties: 12}}, got.Left)
}

func BenchmarkPropose(b *testing.B) {
	list := entries(b, "ofac/sdn.csv.gz", 1)
	corpus := resolve.Learn(list)
	h := resolve.Preparing{Corpus: corpus}
	subjects := make([]*resolve.Subject, len(list))
	for i := range list {
		subjects[i] = h.Prepare(list[i])
	}
	for b.Loop() {
		got, err := resolve.Propose(b.Context(), subjects, resolve.Options{})
		require.NoError(b, err)
		b.ReportMetric(float64(got.Compared), "pairs")
	}
}
