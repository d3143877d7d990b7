package resolve_test

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/graph"
	"rummage/resolve"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// hard is a pair that other tools got wrong, or that this one must not.
type hard struct {
	why  string
	a, b resolve.Party
	one  bool // a person should look
}

func named(names ...string) resolve.Party { return party("a", names...) }

// at puts a party at an address.
func at(p resolve.Party, address string) resolve.Party {
	p.Addresses = []string{address}
	return p
}

// listing is an address that a list names without a name.
func listing(address string) resolve.Party {
	return resolve.Party{ID: "party/list/1", Addresses: []string{address}, Listed: true}
}

const (
	terrace = "FLAT H, 18/F, BLOCK 3, KINGSFORD TERRACE, NO 8 KING TUNG STREET, WONG TAI SIN, KOWLOON, HONG KONG"
	office4 = "Office 4, 16/F Ho King Commercial Centre, 2-16 Fayuen Street, Hong Kong"
	flat09  = "Flat/RM 2309, 23/F, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok, Kowloon, Hong Kong"
)

// hardCases are those that users of other tools have reported, and their opposites.
var hardCases = []hard{
	{"a legal form is no name", named("CORP"), named("Kam Fung Corp"), false},
	{"two of no name", named("CORP"), named("CORP"), false},
	{"only words of trade and a form", named("Acme Trading Co. Ltd"), named("Beta Trading Co. Ltd"), false},
	{"a trade alone", named("Trading Co. Ltd"), named("Kam Fung Trading Co. Ltd"), false},
	{"a given name and a beginning", named("George Bush"), named("George Habbash"), false},
	{"a beginning of a given name", named("Emma Daniels"), named("EMMA LLC"), false},
	{"the same firm, with its form and without", named("株式会社トヨタ自動車"), named("トヨタ自動車"), true},
	{"the same firm in Latin letters", named("株式会社トヨタ自動車"), named("Toyota Motor Corporation"), true},
	{"two firms of one form", named("주식회사 한빛무역"), named("주식회사 대한상사"), false},
	{"the form behind, and in front", named("주식회사 한빛"), named("한빛 주식회사"), true},
	{"simplified and traditional", named("杭州海康威視數字技術股份有限公司"), named("杭州海康威视数字技术股份有限公司"), true},
	{"two firms of one town and form", named("杭州海康威视数字技术股份有限公司"), named("杭州大华技术股份有限公司"), false},
	{"other separated initials", named("S. K. M. Trading"), named("A. B. K. Trading"), false},
	{"initials that stand in any name", named("A. B. Trading Co"), named("Amber Bay Trading Co"), false},
	{"initials, separated and not", named("A. B. C. Shipping"), named("ABC Shipping"), true},
	{"another number of a series", named("Acme Line No 1"), named("Acme Line No 2"), false},
	{"a slip and another form", named("Kam Fung Tradng Co"), named("Kam Fung Trading Limited"), true},
	{"three spellings of one flat, the first", at(named("Kam Fung"), terrace), at(named("Kam Fong"), "ROOM H, 18/F, BLOCK 3, KINGSFORD TERRACE, 8 KING TUNG STREET, WONG TAI SIN, KOWLOON, HK"), true},
	{"three spellings of one flat, the second", at(named("Kam Fung"), terrace), at(named("Kam Fong"), "Rm H, 18/F, TOWER 3, KINGSFORD TERRACE, NO 8 KING TUNG STREET, WONG TAI SIN, KLN, HONG KONG"), true},
	{"another name in the same flat", at(named("Kam Fung"), terrace), at(named("Golden Wind"), terrace), false},
	{"another name in another block", at(named("Kam Fung"), terrace), at(named("Golden Wind"), strings.Replace(terrace, "BLOCK 3", "BLOCK 5", 1)), false},
	{"a listed address, under any name", listing(office4), at(named("Golden Wind"), "ROOM 1604, HO KING COMMERCIAL CENTRE, 2-16 FA YUEN STREET"), true},
	{"a listed address, under no name", listing(office4), at(named(), office4), true},
	{"another office of the tower", listing(office4), at(named("Golden Wind"), flat09), false},
	{"and the other way round", listing(flat09), at(named("Golden Wind"), office4), false},
	{"the tower as a whole", listing(office4), at(named("Golden Wind"), "Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok, Kowloon"), false},
	{"two firms of one name in one warehouse", at(named("Sun Hing Locks Ltd"), "Unit 5, 3/F, Goodview Industrial Building, 11 Kin Fat Street, Tuen Mun, Hong Kong"),
		at(named("Sun Hing Locks Limited"), "Unit 12, 7/F, Goodview Industrial Building, 11 Kin Fat Street, Tuen Mun, Hong Kong"), true},
}

// TestHardCases: each is on its side, and how it came there is written down in testdata/hard.golden.
func TestHardCases(t *testing.T) {
	var b strings.Builder
	for _, c := range hardCases {
		if c.b.ID == "party/a" {
			c.b.ID = "party/b"
		}
		j := judge(c.a, c.b)
		fmt.Fprintf(&b, "%s\n  %s\n  %s\n", c.why, shown(&c.a), shown(&c.b))
		fmt.Fprintf(&b, "  score %.3f\n", j.Score)
		for _, r := range j.Reasons {
			fmt.Fprintf(&b, "    %+.2f %s: %s\n", r.Points, r.Feature, r.Text)
		}
		b.WriteByte('\n')
		assert.Equal(t, c.one, j.Score >= look, "%s: %+v", c.why, j)
		assert.InDelta(t, j.Score, judge(c.b, c.a).Score, 1e-12, "%s: it is symmetric", c.why)
	}
	path := filepath.Join("testdata", "hard.golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String())
}

func shown(p *resolve.Party) string {
	text := strings.Join(p.Names, " aka ")
	if text == "" {
		text = "(no name)"
	}
	if p.Listed {
		text += ", listed"
	}
	return strings.Join(append([]string{text}, p.Addresses...), ", at ")
}

// TestListedAddressesAreHitUnderAnyName screens against the eight addresses of the Entity List that have no name.
func TestListedAddressesAreHitUnderAnyName(t *testing.T) {
	file, err := fixtures.Open("entity-list/hong-kong-addresses.txt")
	require.NoError(t, err)
	defer file.Close()
	text, err := io.ReadAll(file)
	require.NoError(t, err)
	var h resolve.Preparing
	var entries []*resolve.Subject
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		p := listing(line)
		p.ID = graph.ID(fmt.Sprint("party/list/", i))
		entries = append(entries, h.Prepare(p))
	}
	require.Len(t, entries, 8)
	list, err := resolve.NewList(t.Context(), entries, 0, 0)
	require.NoError(t, err)
	for address, want := range map[string]string{
		"RM D 16TH FLOOR ONE CAPITAL PLACE 18 LUARD ROAD WANCHAI HK":                                 "0",
		"Unit 4, 7th Fl., Brightway Tower, 33 Mong Kok Rd, HK":                                       "1",
		"Flat C, 19/F, Lockhart Ctr, 301-307 Lockhart Road, Wanchai, HK":                             "2",
		"RM 803, 8/F, CHEVALIER HSE, 45-51 CHATHAM RD S, TST, KLN":                                   "3",
		"九龍旺角花園街2-16號23樓2309室":                                                                       "4",
		"Room 4, 16/f, Ho King Commercial Centre, 2-16 Fayuen Street, Mongkok Kowloon, Hong Kong":    "5",
		"九龍旺角彌敦道610號荷李活商業中心13樓1318-19室":                                                              "6",
		"ROOM 1320 13/F HOLLYWOOD PLAZA 610 NATHAN ROAD MONG KOK":                                    "7",
		"UNIT C, 16/F ONE CAPITAL PLACE, 18 LUARD ROAD, WAN CHAI, HK":                                "",
		"FLAT 5 7/F BRIGHT WAY TOWER 33 MONG KOK ROAD KLN":                                           "",
		"Room 19D, Lockhart Centre, 301-307 Lockhart Road, Wan Chai":                                 "",
		"RM 803, CHEVALIER HOUSE, 45-51 CHATHAM ROAD NORTH, HUNG HOM":                                "",
		"Room 1605, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mongkok, Kowloon, Hong Kong":     "",
		"RM 1317, 13/F, HOLLYWOOD PLAZA, 610 NATHAN RD, MONGKOK, KLN":                                "",
		"Hollywood Plaza, 610 Nathan Road, Kowloon, Hong Kong":                                       "",
		"ROOM 09, 27/F, HO KING COMMERCIAL CENTRE, 2-16 FA YUEN STREET, MONGKOK, KOWLOON, HONG KONG": "",
	} {
		t.Run(address, func(t *testing.T) {
			for _, name := range []string{"Golden Wind Shipping Ltd", "陳大文", ""} {
				p := at(party("x", name), address)
				if name == "" {
					p.Names = nil
				}
				found := list.Screen(h.Prepare(p), look)
				if want == "" {
					require.Empty(t, found)
					continue
				}
				require.NotEmpty(t, found)
				assert.Equal(t, graph.ID("party/list/"+want), found[0].Entry.ID)
				assert.Contains(t, found[0].Reasons[0].Text, "listed without a name")
			}
		})
	}
	// A listing of an address is nobody's other name: it is in no proposal, whoever is there.
	proposed, err := resolve.Propose(t.Context(), append(entries, h.Prepare(at(party("x", "Golden Wind"), office4))), resolve.Options{})
	require.NoError(t, err)
	assert.Empty(t, proposed.Pairs)
}

// TestAnAddressOfManyIsWorthLittleInAPair: of 500 parties at one address two have names that are near; the address adds a 500th of
// what it would add if it were theirs.
func TestAnAddressOfManyIsWorthLittleInAPair(t *testing.T) {
	const hub, many = "12/F, Wing On House, 71 Des Voeux Road Central, Hong Kong", 500
	points := func(parties ...resolve.Party) float64 {
		got, err := resolve.Propose(t.Context(), prepared(parties...), resolve.Options{})
		require.NoError(t, err)
		require.Len(t, got.Pairs, 1)
		for _, r := range got.Pairs[0].Reasons {
			if r.Feature == "address" {
				return r.Points
			}
		}
		return 0
	}
	one, two := at(party("x/1", "Zamindar Overseas"), hub), at(party("x/2", "Zamindar Oversea"), hub)
	all := []resolve.Party{one, two}
	for i := range many - 2 {
		all = append(all, at(party(fmt.Sprintf("y/%03d", i), string(unlike(i))), hub))
	}
	assert.InDelta(t, 2*points(one, two), many*points(all...), 1e-9)
}

// TestAScreeningKnowsWhoElseIsThere: of an address that many parties use, a list that names one of them knows so, as a proposal among
// all of them does.
func TestAScreeningKnowsWhoElseIsThere(t *testing.T) {
	const hub, many = "12/F, Wing On House, 71 Des Voeux Road Central, Hong Kong", 50
	listed := at(party("list/1", "Zamindar Overseas"), hub)
	listed.Listed, listed.Phones, listed.Emails = true, []string{"+852 2345 6789"}, []string{"a@wingon.hk"}
	others := []resolve.Party{listed}
	for i := range many - 1 {
		p := at(party(fmt.Sprintf("y/%03d", i), string(unlike(i))), hub)
		p.Phones, p.Emails, p.Addresses = listed.Phones, listed.Emails, append(p.Addresses, hub)
		others = append(others, p)
	}
	var h resolve.Preparing
	screened := at(party("x", "Zamindar Oversea"), "12/F Wing On Hse, 71 Des Voeux Rd Central, Hong Kong")
	screened.Phones, screened.Emails = []string{"+85223456789"}, []string{"A@WingOn.hk"}
	points := func(among bool) map[string]float64 {
		list, err := resolve.NewList(t.Context(), prepared(listed), 0, 0)
		require.NoError(t, err)
		if among {
			list.Among(h, others)
		}
		found := list.Screen(h.Prepare(screened), 0.3)
		require.Len(t, found, 1)
		require.Equal(t, found[0].Judgement, list.Judge(h.Prepare(screened), found[0].Entry))
		all := map[string]float64{}
		for _, r := range found[0].Reasons {
			all[r.Feature] = r.Points
		}
		return all
	}
	alone, among := points(false), points(true)
	for _, feature := range []string{"address", "phone", "mailbox"} {
		assert.Positive(t, alone[feature], feature)
		assert.InDelta(t, alone[feature], many*among[feature], 1e-9, feature)
	}
	assert.InDelta(t, alone["name"], among["name"], 0)
}

// unlike is a name that is near no other.
func unlike(i int) []byte {
	const consonants, vowels = "bdfgklmnprstvz", "aiou"
	r := rand.New(rand.NewPCG(7, uint64(i)))
	var b []byte
	for range 6 {
		b = append(b, consonants[r.IntN(len(consonants))], vowels[r.IntN(len(vowels))])
	}
	return b
}

// TestConflictsOfWhatWasJoined: two records in one contradict a third by the number of either.
func TestConflictsOfWhatWasJoined(t *testing.T) {
	a, b, c := party("list/1", "Kam Fung"), party("reg/1", "Kam Fung"), party("reg/2", "Kam Fung")
	same := graph.Decision{Subject: a.ID, Other: b.ID, Kind: graph.Same}
	subjects := gathered(t, stored(t, []resolve.Party{a, b, c}, same))
	require.Len(t, subjects, 2)
	assert.Equal(t, []string{"two numbers of party/reg: 1 and 2"}, resolve.Judge(subjects[0], subjects[1], nil).Conflicts)
	again := party("elsewhere", "K F Trading")
	again.Register, again.Number = "party/reg", "1"
	j := resolve.Judge(subjects[0], prepared(again)[0], nil)
	assert.Empty(t, j.Conflicts)
	assert.Greater(t, j.Score, sure, "one number in one register")
}

// TestNoChainOfLikelyPairsJoinsAnybody: proposals join nothing; a decision joins two, and whoever is near one of them stays out until
// somebody says so. Where he was judged to be another than one of the two, the other does not bring him in.
func TestNoChainOfLikelyPairsJoinsAnybody(t *testing.T) {
	a, b, c := party("p/a", "Kam Fung Trading"), party("q/b", "Kam Fung Trading Ltd", "Golden Wind"), party("r/c", "Golden Wind Ltd")
	pairs := func(reader graph.Reader) (all []string) {
		decisions, err := reader.Decisions(t.Context(), "")
		require.NoError(t, err)
		found, err := resolve.Propose(t.Context(), gathered(t, reader), resolve.Options{Judged: resolve.Judged(decisions, reader.Identity())})
		require.NoError(t, err)
		for _, p := range found.Pairs {
			all = append(all, string(p.A+" "+p.B))
		}
		return all
	}
	same := func(x, y resolve.Party) graph.Decision {
		return graph.Decision{Subject: x.ID, Other: y.ID, Kind: graph.Same}
	}
	parties := []resolve.Party{a, b, c}

	reader := stored(t, parties)
	require.Contains(t, pairs(reader), "party/p/a party/q/b")
	require.Contains(t, pairs(reader), "party/q/b party/r/c")
	assert.Empty(t, reader.Identity().Clusters(), "what is likely joins nobody")

	reader = stored(t, parties, same(a, b))
	assert.Equal(t, []string{"party/p/a party/r/c"}, pairs(reader), "the third is asked about, as one with both")
	assert.Equal(t, []graph.ID{c.ID}, reader.Identity().Members(c.ID))

	reader = stored(t, parties, graph.Decision{Subject: a.ID, Other: c.ID, Kind: graph.Different}, same(a, b), same(b, c))
	assert.Empty(t, pairs(reader))
	assert.Equal(t, []graph.ID{a.ID, b.ID}, reader.Identity().Members(a.ID))
	assert.Len(t, reader.Identity().Conflicts(), 1)
}
