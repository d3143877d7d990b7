package neo4j

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

func drawStatementText(t *rapid.T) string {
	s := statement{Statement: graph.Statement{
		View: rapid.SampledFrom([]graph.View{graph.Declaration, graph.Inspection}).Draw(t, "view"), Document: rapid.String().Draw(t, "document"),
		Part: rapid.SampledFrom([]string{"", "3", "\u2028\x00\x7f\u2029"}).Draw(t, "part"), Version: rapid.Int64Range(-9, 1<<40).Draw(t, "version"),
		Amended: graph.Date(rapid.IntRange(0, 800000).Draw(t, "amended")), Date: graph.Date(rapid.IntRange(0, 800000).Draw(t, "date")),
	}}
	for _, label := range rapid.SliceOf(rapid.String()).Draw(t, "ties") {
		s.Ties = append(s.Ties, graph.Tie{Role: rapid.SampledFrom(graph.Roles()).Draw(t, "role"), Entity: graph.ID("party/" + label)})
	}
	for _, source := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 99), 1, 6, rapid.ID).Draw(t, "sources") {
		s.mentions, _ = addMention(s.mentions, mention{source: source, row: source * 7, day: s.Seen()})
	}
	return s.text()
}

func TestWhatIsWrittenIsReadWithoutEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawStatementText(t)
		var read statement
		require.True(t, parseStatement(text, &read), text)
		want, err := statementOfJSON("", text)
		require.NoError(t, err)
		require.Equal(t, *want, read)

		f := factText{Property: "name", Value: rapid.String().Draw(t, "value"), Mark: rapid.SampledFrom([]string{"", "format"}).Draw(t, "mark"), Origins: [][3]int64{{1, 2, 3}, {4, 5, 0}}}
		var one fact
		require.True(t, parseFact(writeText(&f), &one))
		wanted, err := factOfJSON("", writeText(&f))
		require.NoError(t, err)
		require.Equal(t, wanted, one)

		fields := rapid.SliceOfN(rapid.Custom(drawField), 1, 5).Draw(t, "fields")
		for _, text := range []string{fieldsJSON(fields), writeText(fieldsText(fields))} {
			got, ok := parseFields(text)
			require.True(t, ok, text)
			require.Equal(t, fields, got)
		}
	})
}

func TestTextsOfAnotherFormAreReadAllTheSame(t *testing.T) {
	want, err := statementOf("consignment/a", `{"view":"manifest","date":"2021-06-30","ties":[["importer","party/a"]],"origins":[[1,2]]}`)
	require.NoError(t, err)
	for name, text := range map[string]string{
		"spaces":          ` { "view" : "manifest", "date": "2021-06-30", "ties": [ ["importer", "party/a"] ], "origins": [[1, 2]] } `,
		"another order":   `{"origins":[[1,2]],"date":"2021-06-30","view":"manifest","ties":[["importer","party/a"]]}`,
		"escapes":         `{"view":"manifest","date":"2021-06-30","ties":[["importer","party\/\u0061"]],"origins":[[1,2]]}`,
		"unknown keys":    `{"view":"manifest","date":"2021-06-30","more":{"a":[1]},"ties":[["importer","party/a"]],"origins":[[1,2]]}`,
		"a key twice":     `{"view":"parcel","view":"manifest","date":"2021-06-30","ties":[["importer","party/a"]],"origins":[[1,2]]}`,
		"nothing":         `{"view":"manifest","document":null,"date":"2021-06-30","ties":[["importer","party/a"]],"origins":[[1,2]]}`,
		"a longer number": `{"view":"manifest","version":0,"date":"2021-06-30","ties":[["importer","party/a"]],"origins":[[1,2]]}`,
	} {
		got, err := statementOf("consignment/a", text)
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
}

func TestTextsThatSayNothingAreRefused(t *testing.T) {
	for _, text := range []string{
		"", "{", "{}", `{"view":"manifest"`, `{"view":"manifest"}x`, `{"view":"poster"}`, `{"view":"manifest","ties":[["friend","party/a"]]}`,
		`{"view":"manifest","date":"2021-02-29"}`, `{"view":"manifest","date":"yesterday"}`, `{"view":"manifest","version":1e99}`, `{"view":"mani` + "\n" + `fest"}`,
		`{"view":"manifest","origins":[[1,2]`, `{"view":"manifest","document":"\x"}`, `{"view":"manifest","document":"\u12"}`,
	} {
		_, err := statementOf("consignment/a", text)
		require.Error(t, err, text)
	}
	_, err := consignmentOf("consignment/a", []string{`{"view":"manifest"}`}, []string{"[[1]]"}, nil)
	require.ErrorIs(t, err, graph.ErrDamaged)
	require.ErrorContains(t, err, "consignment/a")
	_, err = consignmentOf("consignment/a", []string{`{"view":"manifest"}`}, []string{"[]", "[]"}, nil)
	require.ErrorIs(t, err, graph.ErrDamaged)
	_, err = entityOf("party/a", []int64{1}, nil, nil, nil)
	require.ErrorIs(t, err, graph.ErrDamaged)
	_, err = entityOf("party/a", nil, nil, []string{`{"property":1}`}, nil)
	require.ErrorIs(t, err, graph.ErrDamaged)
	_, err = entityOf("party/a", nil, nil, nil, []string{`{"result":"fine"}`})
	require.ErrorIs(t, err, graph.ErrDamaged)
}

func TestDaysAreReadAsTheCalendarHasThem(t *testing.T) {
	for day := graph.Date(1); day < 4000*366; day += 17 {
		got, ok := dayOfText(day.String())
		if len(day.String()) > 10 {
			break
		}
		require.True(t, ok, day)
		require.Equal(t, day, got)
	}
	for year := 1896; year < 2110; year++ {
		for _, rest := range []string{"-02-28", "-02-29", "-02-30", "-03-01", "-04-31", "-12-31", "-13-01", "-00-10", "-01-00", "-1-1", "-01-1x"} {
			text := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006") + rest
			want, err := graph.ParseDate(text)
			got, ok := dayOfText(text)
			require.Equal(t, err == nil, ok, text)
			require.Equal(t, want, got, text)
		}
	}
}

// FuzzParse compares what is read by hand with what encoding/json reads: all
// that the one takes the other takes too, and as the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"view":"manifest","document":"a\"b","part":"2","version":3,"amended":"2021-06-30","date":"2020-02-29","ties":[["importer","party/\u003e"],["route","route/a"]],"origins":[[1,2],[3,4]]}`,
		`{"property":"name","value":"\ud83d\ude00 \u00e9","mark":"format","origins":[[1,2,3]]}`, `[["value","1200.50"],["unit","kg","format"]]`, `[]`, `{}`, `{"view":"","origins":[]}`,
		`{"date":""}`, `[["a","b","c","d"]]`, `{"version":-0}`, `{"version":01}`, `{"view":"manifest","ties":[["importer","` + strings.Repeat("a", 300) + `"]]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s statement
		if parseStatement(text, &s) {
			want, err := statementOfJSON("", text)
			require.NoError(t, err)
			sameStatement(t, want, &s)
		}
		var one fact
		if parseFact(text, &one) {
			want, err := factOfJSON("", text)
			require.NoError(t, err)
			require.Equal(t, want.Fact, one.Fact)
			require.ElementsMatch(t, want.mentions, one.mentions)
		}
		if fields, ok := parseFields(text); ok {
			want, err := fieldsOfJSON(text)
			require.NoError(t, err)
			require.ElementsMatch(t, want, fields)
		}
	})
}

// sameStatement compares statements; an empty list and none are the same.
func sameStatement(t *testing.T, want, got *statement) {
	t.Helper()
	require.Equal(t, want.Statement.Content(), got.Statement.Content())
	require.Equal(t, len(want.Ties), len(got.Ties))
	for i := range want.Ties {
		require.Equal(t, want.Ties[i], got.Ties[i])
	}
	require.Equal(t, len(want.mentions), len(got.mentions))
	for i := range want.mentions {
		require.Equal(t, want.mentions[i], got.mentions[i])
	}
}
