package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
)

// What users of other tools have asked for, from a file to the answer of a command.

// registerMapping and listMapping are those of the files here.
const (
	registerMapping = "mapping: reg\nentities:\n  party: {kind: party, namespace: reg, id: No, facts: {name: Name, address: Address}}\n"
	listMapping     = "mapping: list\nentities:\n  entry: {kind: party, namespace: list, id: No, facts: {name: Name, address: Address}}\noutcomes: [{subject: entry, result: listed}]\n"
)

// cases is a store of its own in a folder of its own.
type cases struct {
	t   *testing.T
	dir string
	env []string
}

func newCases(t *testing.T) *cases {
	c := &cases{t: t, dir: t.TempDir()}
	c.env = inFile(filepath.Join(c.dir, "s.db"))
	c.write("reg.yaml", registerMapping)
	c.write("list.yaml", listMapping)
	return c
}

func (c *cases) write(name, text string) string {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	require.NoError(c.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// parties ingests rows of a number, a name and an address, as a register or a list.
func (c *cases) parties(name, mapping string, rows ...string) {
	c.t.Helper()
	file := c.write(name, "No,Name,Address\n"+strings.Join(rows, "\n")+"\n")
	answer(c.t, c.env, "ingest", file, "--map", filepath.Join(c.dir, mapping))
}

// ask decodes the answer of a command.
func (c *cases) ask(into any, args ...string) {
	c.t.Helper()
	require.NoError(c.t, json.Unmarshal([]byte(answer(c.t, c.env, append(args, "--json")...)), into))
}

// hits is what screen answers, as far as it is looked at here.
type hits struct {
	Judged, Screened int
	Matches          []struct {
		Row     int64
		ID      string
		Name    string
		Score   float64
		Reasons []struct{ Feature, Text string }
		Judged  []struct{ ID, Kind, Author, Reason string }
	}
}

// findings is what search answers.
type findings struct {
	Parties, Compared int
	Matches           []struct {
		ID          string
		Score, Text float64
		Reasons     []string
	}
}

// TestOneScoreEverywhere asks search, screen and resolve about the same pairs: the three figures are one.
func TestOneScoreEverywhere(t *testing.T) {
	pairs := [][2]string{
		{"KAM FUNG TRADNG CO", "Kam Fung Trading Company Limited"}, {"株式会社トヨタ自動車", "トヨタ自動車"}, {"Hangzhou Haikang Weishi", "杭州海康威视"},
		{"Golden Wind Shipping", "Goldn Wind Shiping Ltd"}, {"Husein Al Masri", "Hussein Al-Masry"},
	}
	c := newCases(t)
	var register, list []string
	for i, p := range pairs {
		register = append(register, fmt.Sprintf("%d,%s,", i, p[0]))
		list = append(list, fmt.Sprintf("%d,%s,", i, p[1]))
	}
	c.parties("reg.csv", "reg.yaml", register...)
	c.parties("list.csv", "list.yaml", list...)
	var resolved struct {
		Pairs []struct {
			A, B  struct{ ID string }
			Score float64
		}
	}
	c.ask(&resolved, "resolve", "--least", "0.3")
	for i, p := range pairs {
		t.Run(p[0], func(t *testing.T) {
			entry, other := fmt.Sprint("party/list/", i), fmt.Sprint("party/reg/", i)
			var all []float64
			for _, r := range resolved.Pairs {
				if r.A.ID == entry && r.B.ID == other {
					all = append(all, r.Score)
				}
			}
			var screened hits
			c.ask(&screened, "screen", "--name", p[0], "--least", "0.3")
			for _, m := range screened.Matches {
				if m.ID == entry {
					all = append(all, m.Score)
				}
			}
			var found findings
			c.ask(&found, "search", p[0], "--least", "0.3")
			for _, m := range found.Matches {
				if m.ID == entry {
					all = append(all, m.Score)
					assert.Contains(t, m.Reasons[len(m.Reasons)-1], "name ")
				}
			}
			require.Len(t, all, 3, "resolve, screen and search each find it")
			assert.Equal(t, all[0], all[1], "resolve and screen")
			assert.Equal(t, all[0], all[2], "resolve and search")
			assert.Greater(t, all[0], 0.3)
		})
	}
}

// TestNamesThatMustNotMatch screens and searches with names that share only legal forms, common words or beginnings with one listed.
func TestNamesThatMustNotMatch(t *testing.T) {
	c := newCases(t)
	c.parties("list.csv", "list.yaml", "1,Kam Fung Corp,", "2,George Habbash,", "3,EMMA LLC,", "4,주식회사 대한상사,", "5,Beta Trading Co. Ltd,", "6,A. B. K. Trading,",
		"7,杭州大华技术股份有限公司,", "8,トヨタ自動車,")
	for _, name := range []string{"CORP", "George Bush", "Emma Daniels", "주식회사 한빛무역", "Acme Trading Co. Ltd", "Trading Co Ltd", "S. K. M. Trading",
		"杭州海康威视数字技术股份有限公司"} {
		var screened hits
		c.ask(&screened, "screen", "--name", name)
		assert.Empty(t, screened.Matches, name)
		var found findings
		c.ask(&found, "search", name)
		for _, m := range found.Matches {
			assert.Less(t, m.Score, 0.5, "%s: %s is there for its text alone", name, m.ID)
			assert.Positive(t, m.Text)
		}
	}
	var screened hits
	c.ask(&screened, "screen", "--name", "株式会社トヨタ自動車")
	require.Len(t, screened.Matches, 1)
	assert.Equal(t, "party/list/8", screened.Matches[0].ID)
}

// TestTheInnocentLookAlike: two firms of one name in one warehouse. Once somebody has said that they are two, nobody asks again,
// whatever is imported; a screening shows what was said; and what is known of one is never told of the other.
func TestTheInnocentLookAlike(t *testing.T) {
	c := newCases(t)
	const warehouse = "Goodview Industrial Building, 11 Kin Fat Street, Tuen Mun, Hong Kong"
	innocent := `7,Sun Hing Locks Limited,"Unit 12, 7/F, ` + warehouse + `"`
	c.parties("list.csv", "list.yaml", `1,Sun Hing Locks Ltd,"Unit 5, 3/F, `+warehouse+`"`)
	c.parties("reg.csv", "reg.yaml", innocent, "8,Amber Imports,")
	proposed := func() string { return answer(t, c.env, "resolve") }
	require.Contains(t, proposed(), "party/list/1\tSun Hing Locks Ltd\tparty/reg/7")

	// What it would be if they were one: the listing is told of both.
	answer(t, c.env, "decide", "party/reg/7", "same", "--other", "party/list/1", "--author", "li")
	require.Contains(t, answer(t, c.env, "show", "party/reg/7"), "outcome\tlisted")

	const note = "another owner and another floor; the locks came from unit 5"
	answer(t, c.env, "decide", "party/reg/7", "different", "--other", "party/list/1", "--author", "kim", "--reason", note)
	apart := func() {
		t.Helper()
		require.NotContains(t, proposed(), "party/reg/7")
		shown := answer(t, c.env, "show", "party/reg/7")
		require.NotContains(t, shown, "outcome\tlisted")
		require.Contains(t, shown, note)
		require.Contains(t, answer(t, c.env, "show", "party/list/1"), "outcome\tlisted")
	}
	apart()
	c.parties("reg.csv", "reg.yaml", innocent, "8,Amber Imports,") // the same bytes
	apart()
	c.parties("reg.csv", "reg.yaml", innocent, "8,Amber Imports,", "9,Cedar Imports,") // a changed file beside it
	apart()

	file := c.write("new.csv", "Consignee,Consignee Address\n"+
		`SUN HING LOCKS LTD,"Flat 12, 7/F, `+warehouse+"\"\n"+
		`SUN HING LOCKS LTD,"Unit 5, 3/F, `+warehouse+"\"\n"+
		"SUN HING LOCKS LIMITED,\n")
	var screened hits
	c.ask(&screened, "screen", file)
	require.Len(t, screened.Matches, 3, "a hit is never hidden")
	assert.Equal(t, 2, screened.Judged)
	for i, match := range screened.Matches {
		assert.Equal(t, "party/list/1", match.ID)
		if match.Row == 3 {
			assert.Empty(t, match.Judged, "at the listed unit it is the listed one")
			continue
		}
		require.Len(t, match.Judged, 1, i)
		assert.Equal(t, "party/reg/7", match.Judged[0].ID)
		assert.Equal(t, "different", match.Judged[0].Kind)
		assert.Equal(t, "kim", match.Judged[0].Author)
		assert.Equal(t, note, match.Judged[0].Reason)
	}
	assert.Contains(t, answer(t, append(c.env, "RUMMAGE_OUTPUT=table", "COLUMNS=400"), "screen", file), "judged different: party/reg/7 Sun Hing Locks Limited, by kim on ")

	// Nothing flagged at one leads to the other: they share a building, and no unit.
	answer(t, c.env, "flag")
	assert.NotContains(t, answer(t, c.env, "leads", "--known"), "party/reg/7")
	assert.NotContains(t, answer(t, c.env, "leads"), "party/reg/7")
}

// TestListedAddressesWithoutNames loads the eight addresses of the Entity List, which name nobody, and screens a file against them.
func TestListedAddressesWithoutNames(t *testing.T) {
	open, err := fixtures.Open("entity-list/hong-kong-addresses.txt")
	require.NoError(t, err)
	defer open.Close()
	text, err := io.ReadAll(open)
	require.NoError(t, err)
	c := newCases(t)
	var list strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		fmt.Fprintf(&list, "%d;%s\n", i, line)
	}
	mapping := "mapping: addresses\nentities:\n  entry: {kind: party, namespace: list, id: No, facts: {address: Address}}\noutcomes: [{subject: entry, result: listed}]\n"
	answer(t, c.env, "ingest", c.write("addresses.csv", "No;Address\n"+list.String()), "--map", c.write("addresses.yaml", mapping))

	file := c.write("trade.csv", "Declaration No,Consignee,Consignee Address\n"+
		"1,Golden Wind,\"Rm 2309 23/F, Ho King Comm Ctr, 2-16 Fa Yuen St, Mongkok, Kln\"\n"+
		"2,陳大文,\"Room 4, 16/F, Ho King Commercial Centre, 2-16 Fayuen Street, Mongkok, Kowloon\"\n"+
		"3,Amber Bay,\"Room 1605, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mongkok, Kowloon\"\n"+
		"4,Cedar Row,\"Ho King Commercial Centre, 2-16 Fa Yuen Street, Mongkok, Kowloon\"\n"+
		"5,,\"RM D 16TH FLOOR ONE CAPITAL PLACE 18 LUARD ROAD WANCHAI HK\"\n"+
		"6,Delta Bay,\n")
	var screened hits
	c.ask(&screened, "screen", file)
	var got []string
	for _, m := range screened.Matches {
		got = append(got, fmt.Sprint(m.Row, " ", m.ID))
		assert.Contains(t, m.Reasons[0].Text, "listed without a name")
	}
	assert.Equal(t, []string{"2 party/list/4", "3 party/list/5", "6 party/list/0"}, got)
	assert.Equal(t, 6, screened.Screened)

	var one hits
	c.ask(&one, "screen", "--address", "Office 4, 16/F, Ho King Commercial Centre, 2-16 Fayuen Street, Hong Kong")
	require.Len(t, one.Matches, 1, "the other listed unit of the tower is not meant")
	assert.Equal(t, "party/list/5", one.Matches[0].ID)
	assert.Contains(t, answer(t, c.env, "resolve"), "score\ta\t", "a place is nobody's other name, and no pair is proposed")
	assert.NotContains(t, answer(t, c.env, "resolve"), "party/list")
}
