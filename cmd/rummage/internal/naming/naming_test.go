package naming_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/redaction"
	"rummage/casefile/subgraph"
	"rummage/cmd/rummage/internal/naming"
	"rummage/graph"
)

// hidden redacts one party with a phone among others, and a consignment that describes itself.
func hidden(t require.TestingT, id, label string, description ...string) *redaction.Redaction {
	return hiddenBeside(t, id, label, "Amber Trading Co., Ltd.", description...)
}

// hiddenBeside is that beside a party that is shown.
func hiddenBeside(t require.TestingT, id, label, shown string, description ...string) *redaction.Redaction {
	one, other := graph.NewID(graph.Party, "rummage", id), graph.NewID(graph.Party, "rummage", "JP50000000")
	phone := graph.NewID(graph.Phone, "+81 00 0222 6547")
	shipment := graph.NewID(graph.KindConsignment, "rummage", "22JP1")
	g := &subgraph.Graph{Nodes: []subgraph.Node{
		{ID: one, Kind: "party", Label: label, Attributes: []subgraph.Attribute{{Name: "name", Value: label}}},
		{ID: other, Kind: "party", Label: shown}, {ID: phone, Kind: "phone", Label: "+81 00 0222 6547"},
		{ID: shipment, Kind: subgraph.Consignment, Label: "22JP1"}},
		Edges: []subgraph.Edge{{From: one, To: phone, Kind: "has_phone"}, {From: shipment, To: one, Kind: "importer"}, {From: shipment, To: other, Kind: "exporter"}}}
	for _, text := range description {
		g.Nodes[3].Attributes = append(g.Nodes[3].Attributes, subgraph.Attribute{Name: "description", Value: text})
	}
	g.Settle()
	request, err := redaction.Parse([]string{string(one)})
	require.NoError(t, err)
	r, err := redaction.New([]byte("a key of thirty-two bytes, or so"), request, g, naming.Knowledge())
	require.NoError(t, err)
	return r
}

// TestOtherSpellingsAreFound of a name, an id and a telephone number, and counted; words that are like them are left.
func TestOtherSpellingsAreFound(t *testing.T) {
	spellings := []string{"samples for NAGOYA KUROGANE SHOKAI CO LTD", "via Nagoya Kurogane Shokai", "for Kurogane, Nagoya", "call +810002226547",
		"tel 0081 00 0222 6547", "tel (00)0222-6547", "id JP-31213668", "id 31213668", "c/o NAGOYA-KUROGANE SHOKAI Co.,Ltd.", "Ｎａｇｏｙａ Kurogane Shokai Co., Ltd.",
		"Nagoya  Kurogane Shokai Co., Ltd.", "náɡoya: Nágoya Kúrogane Shokai K.K."}
	left := []string{"Screws from Nagoya", "Shokai of Nagoya", "kurogane", "JP31213669", "+81 00 0222 6548", "312136680", "Nagoya. And then, but much later, Kurogane"}
	r := hidden(t, "JP31213668", "Nagoya Kurogane Shokai Co., Ltd.", slices.Concat(spellings, left)...)
	text, err := json.Marshal(r.Graph())
	require.NoError(t, err)
	for _, s := range spellings {
		assert.NotContains(t, string(text), s)
		assert.Contains(t, r.Text(s), "redacted-", s)
		assert.True(t, r.Holds("x "+s+" x", true), s)
		assert.False(t, r.Holds(r.Text(s), true), "what stands for it is not found again: %s", s)
	}
	for _, s := range left {
		assert.Contains(t, string(text), s)
		assert.False(t, r.Holds(s, true), s)
	}
	assert.Equal(t, map[string]int{"description": len(spellings)}, r.Log().Respelled)
	file := func(name, content string) bool {
		look := r.Look(name)
		for part := range slices.Chunk([]byte(content), 7) {
			_, _ = look.Write(part)
		}
		return look.Found()
	}
	long := strings.Repeat("nobody at all, ", 1<<13)
	for _, name := range []string{"report.html", "notes.txt", "network.json"} {
		for _, more := range []string{"", long[:1<<16-20], long[:1<<16-30], long} {
			assert.True(t, file(name, `{"`+more+"of nagoya kurogane, as they say"+more+`"}`), "%s, %d", name, len(more))
		}
		assert.False(t, file(name, `{"`+long+`"}`), name)
	}
	assert.True(t, file("custody.json", `{"purpose": "inspection of nagoya \u006burogane shokai"}`))
	assert.True(t, file("report.html", "<p>of nagoya kurogane &amp; <td>Kurogane, Nagoya</td>"))
	assert.True(t, file("README.txt", "call 00 02226547"))
	assert.False(t, file("picture.svg", `<path d="M 31213 668 L 00 02226547"/>`), "numbers of a drawing")
	assert.False(t, file("report.html", "<td>Nagoya</td><td>Kurogane</td>"), "two cells")
}

// TestShortAndCommonNamesAreLookedForAsTheyStand alone, so that no word of a language is taken out.
func TestShortAndCommonNamesAreLookedForAsTheyStand(t *testing.T) {
	for label, left := range map[string]string{"Amber K.K.": "TLP:AMBER, amber glass", "Li Na": "LI, NA", "Import Export Trading Co., Ltd.": "import, export trading", "王伟": "王 伟 "} {
		r := hidden(t, "JP1", label)
		assert.Equal(t, left, r.Text(left), label)
	}
	assert.Contains(t, hidden(t, "JP1", "黑金商事株式会社").Text("via 黑金商事"), "redacted-")
	assert.Contains(t, hidden(t, "JP1", "Johnson & Carver Ltd").Text("JOHNSON AND CARVER"), "redacted-")
}

// TestASisterFirmHidesNothing: two words that a shown firm shares with a redacted one are found but within the name of that firm; a name that holds
// the redacted one whole is redacted in part.
func TestASisterFirmHidesNothing(t *testing.T) {
	const label = "Nagoya Tokubashi Import & Export G.K."
	for _, sister := range []string{"Nagoya Tokubashi Import & Export Logistics", "Nagoya Tokubashi Logistics K.K."} {
		texts := []string{"goods of NAGOYA TOKUBASHI", "Nagoya Tokubashi's mobile phones", "NAGOYATOKUBASHI IMPORT EXPORT GK", "Nagoya-Tokubashi Imp&Exp", "Ｎａｇｏｙａ\tTokubashi"}
		r := hiddenBeside(t, "JP1", label, sister, append(texts, "by Nagoya Tokubashi Logistics", "by NAGOYA TOKUBASHI LOGISTICS, Osaka")...)
		for _, text := range texts {
			assert.Contains(t, r.Text(text), "redacted-", "%s beside %s", text, sister)
			assert.True(t, r.Holds(text, false), text)
		}
		assert.True(t, r.Holds("Nagoya Tokubashi unit", false))
		graph, err := json.Marshal(r.Graph())
		require.NoError(t, err)
		if strings.Contains(sister, "Export") {
			assert.Regexp(t, `"redacted-[0-9a-f]{12} Logistics"`, string(graph))
			continue
		}
		assert.Contains(t, string(graph), `"`+sister+`"`)
		assert.Contains(t, string(graph), `"by Nagoya Tokubashi Logistics"`)
		assert.False(t, r.Holds("by NAGOYA TOKUBASHI LOGISTICS, Osaka", false))
	}
}

// TestNamesOfCommonWordsInOneWord of Korean, Chinese and Japanese are found without their legal form; so are Arabic ones in both ways of writing their end.
func TestNamesOfCommonWordsInOneWord(t *testing.T) {
	for label, texts := range map[string][]string{
		"대한물류 주식회사":                  {"대한물류", "(주)대한물류 앞", "㈜대한물류"},
		"東京貿易株式会社":                   {"東京貿易", "（株）東京貿易"},
		"شركة النور للتجارة الدولية": {"شركه النور للتجاره الدوليه", "النور للتجارة", "النور للتجاره"},
	} {
		r := hidden(t, "JP1", label)
		for _, text := range texts {
			assert.Contains(t, r.Text(text), "redacted-", "%s of %s", text, label)
		}
	}
}
