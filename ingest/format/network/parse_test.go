package network

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/ingest/read"
)

// joined is a list with marks between.
func joined(items [][]byte) string { return string(bytes.Join(items, []byte("␟"))) }

func TestItems(t *testing.T) {
	for list, want := range map[string]string{
		"a": "a", "": "", "a|b": "a␟b", "a, b": "a␟b", "a;b,c": "a␟b,c", "a|b;c,d": "a␟b;c,d", "[a, b]": "a␟b", "[]": "", "[\"a, b\", c]": "a, b␟c", "[1]": "1",
	} {
		assert.Equal(t, want, joined(items([]byte(list))), list)
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]bool{
		"0": true, "-1.5": true, "+2": true, ".5": true, "5.": true, "1e3": true, "1E-3": true, "": false, ".": false, "1e": false, "e5": false, "1,5": false, "0x10": false,
		"NaN": false, "Inf": false, "1 ": false, "--1": false, "1.2.3": false,
	} {
		assert.Equal(t, want, isNumber([]byte(text)), text)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Float64().Draw(t, "n")
		require.True(t, isNumber(strconv.AppendFloat(nil, n, 'g', -1, 64)))
		text := rapid.StringMatching(`[-+.e0-9]{0,8}`).Draw(t, "text")
		_, err := strconv.ParseFloat(text, 64)
		// Beyond the range of a float64, a number is one all the same.
		require.Equal(t, err == nil || strings.Contains(err.Error(), "range"), isNumber([]byte(text)), text)
	})
}

func TestPythonsDictionaries(t *testing.T) {
	for text, want := range map[string]string{
		"{}": "", "{'a': 1}": "a=1 ", `{"a": 'x', 'b': "y,}"}`: "a=x b=y,} ", "{'a': [1, 'two'], 'b': (3,)}": "a=1 a=two b=3 ", "{'a': None, 'b': True}": "a= b=True ",
		`{'a': 'it\'s', 'b': '\n\t\\\q'}`: "a=it's b=\n\t\\\\q ", "{'a': {'b': 1}}": "a={'b': 1} ", "{'id': 7}": "id (attribute)=7 ",
	} {
		l := edgeList{letters: newLetters(read.UTF8), names: names{}}
		var e element
		l.attributes(&e, []byte(text))
		got := ""
		for _, f := range e.fields {
			got += f.column + "=" + string(f.value) + " "
		}
		assert.Equal(t, want, got, text)
		assert.Empty(t, e.bad.reason, text)
	}
	for _, text := range []string{"{'a'}", "{'a': }x", "{'a: 1}", "{a", "{'a': [1}"} {
		l := edgeList{letters: newLetters(read.UTF8), names: names{}}
		var e element
		l.attributes(&e, []byte(text))
		assert.Equal(t, read.Malformed, e.bad.reason, text)
	}
}

func TestReferences(t *testing.T) {
	for text, want := range map[string]string{
		"a": "a", "&lt;&gt;&amp;&apos;&quot;": `<>&'"`, "&#65;&#x42;&#x1F600;": "AB😀", "&amp;lt;": "&lt;",
	} {
		got, unknown := resolve(nil, []byte(text))
		assert.Equal(t, want, string(got))
		assert.Nil(t, unknown)
	}
	for _, text := range []string{"&", "&;", "&nope;", "&#0;", "&#x110000;", "&#xD800;", "&#;", "&#x;", "AT&T", "&lt"} {
		_, unknown := resolve(nil, []byte(text))
		assert.NotNil(t, unknown, text)
	}
}

func TestEscapes(t *testing.T) {
	for text, want := range map[string]string{
		`a`: "a", `\"\\\/\b\f\n\r\t`: "\"\\/\b\f\n\r\t", `\u9999\ud83d\ude00`: "香😀", `\ud83d`: "\uFFFD", `\ud83dx`: "\uFFFDx", `\ude00\ud83d`: "\uFFFD\uFFFD",
	} {
		got, unknown := unescape(nil, []byte(text))
		assert.Equal(t, want, string(got))
		assert.Nil(t, unknown)
	}
	for _, text := range []string{`\`, `\x`, `\u12`, `\u12g4`} {
		_, unknown := unescape(nil, []byte(text))
		assert.NotNil(t, unknown, text)
	}
}

// TestFlaws: what is wrong with an element is told in words.
func TestFlaws(t *testing.T) {
	graphML := func(inner string) string { return "<graphml><graph><node id='z'/>" + inner + "</graph></graphml>" }
	js := func(inner string) string {
		return `{"directed":true,"nodes":[{"id":"z"},` + inner + `,{"id":"y"}],"links":[]}`
	}
	for _, c := range []struct {
		name, file, want string
	}{
		{"value without quotes", graphML("<node id=a/>"), "without quotes"},
		{"missing quote", graphML("<node id='a/><node id='b'/>"), "a quote is missing"},
		{"no value", graphML("<node id/>"), "without name or value"},
		{"stray slash", graphML("<node / id='a'>"), "stray /"},
		{"wrong end", graphML("<node id='a'></edge>"), "</node> is expected"},
		{"wrong inner end", graphML("<node id='a'><data key='k'>x</node>"), "</data> is expected"},
		{"missing end", graphML("<node id='a'><data key='k'><node id='b'/>"), "whose end may be missing"},
		{"missing end of a port", graphML("<node id='a'><port name='k'><node id='b'/>"), "whose end may be missing"},
		{"bare mark", graphML("<node id='a'><data key='k'>1 < 2</data></node>"), "&lt;"},
		{"bare ampersand", graphML("<node id='a'><data key='k'>A & B</data></node>"), "&amp;"},
		{"deep data", graphML("<node id='a'><data key='k'>" + strings.Repeat("<x>", 100) + strings.Repeat("</x>", 100) + "</data></node>"), "deep"},
		{"deep else", graphML("<node id='a'><else>" + strings.Repeat("<x>", 100) + strings.Repeat("</x>", 100) + "</else></node>"), "deep"},
		{"declaration within", graphML("<node id='a'><!ELEMENT x></node>"), "<!"},
		{"between elements", graphML("< <node id='a'/>"), "begins no element"},
		{"GEXF's ends", "<gexf><graph><nodes><node id='z'/><node id='a'></data></node></nodes></graph></gexf>", "</node> is expected"},
		{"GEXF's hyperedges", "<gexf><graph><nodes><node id='z'/></nodes><edges><hyperedge/></edges></graph></gexf>", "hyperedges"},
		{"JSON word", js("{\"id\":nothing}"), "no value of JSON"},
		{"JSON key", js("{id:1}"), "string is expected"},
		{"JSON colon", js("{\"id\" 1}"), "':' is expected"},
		{"JSON comma", js("{\"id\":1 \"a\":2}"), "comma"},
		{"JSON list", js("{\"id\":1,\"a\":[1 2]}"), "end of a list"},
		{"JSON string", js("{\"id\":\"a\n\"}"), "quote may be missing"},
		{"JSON escape", js("{\"id\":\"\\q\"}"), "no escape"},
		{"JSON depth", js("{\"id\":1,\"a\":" + strings.Repeat("{\"a\":", 100) + "1" + strings.Repeat("}", 100) + "}"), "deep"},
		{"JSON depth of lists", js("{\"id\":1,\"a\":" + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}"), "deep"},
		{"JSON NUL", js("{\"id\":\"\\u0000\"}"), "NUL"},
		{"JSON list as node", js("[1,2]"), "object is expected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, part := range Sheets() {
				d, events := all(t, []byte(c.file), part, read.Hints{})
				for _, e := range events {
					if e.Bad != nil {
						assert.Contains(t, e.Bad.Detail, c.want)
						return
					}
				}
				assert.Positive(t, d.Columns)
			}
			t.Fatal("nothing is bad")
		})
	}
}

// TestCannotGoOn: damage outside elements ends a file, behind its last sound row.
func TestCannotGoOn(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"JSON between keys":  {`{"directed":true,"nodes":[{"id":1}] "links":[]; }`, "cannot be read further"},
		"two JSON documents": {`{"directed":true,"nodes":[{"id":1}],"links":[]} {}`, "joined"},
		"two XML documents":  {`<gexf><graph><nodes><node id="a"/></nodes></graph></gexf><gexf/>`, "joined"},
		"a key too long":     {`{"directed":true,"nodes":[{"id":1}],"links":[],"` + strings.Repeat("x", 2<<20) + `":1}`, "bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, []byte(c.file), Nodes, read.Hints{})
			events, err := rows(t, []byte(c.file), d)
			require.ErrorContains(t, err, c.want)
			require.ErrorAs(t, err, new(*read.StreamError))
			require.Len(t, events, 1)
		})
	}
}

// TestCountsOfAMatrix: what its head says is held against what comes.
func TestCountsOfAMatrix(t *testing.T) {
	const head = "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n"
	d, events := all(t, []byte(head+"1 2\n2 3\n3 1\n"), Edges, read.Hints{})
	require.Len(t, events, 3)
	assert.Contains(t, events[2].Bad.Detail, "beyond the 2")
	assert.Equal(t, "false", cells(d, events)[0][directed])
	_, err := rows(t, []byte(head+"1 2\n"), d)
	require.ErrorContains(t, err, "1 edges, and its head says 2")
}

// TestIndexesOfJSON: numbers at the ends of edges are ids where some node has a
// number, and else indexes.
func TestIndexesOfJSON(t *testing.T) {
	ends := func(file string) string {
		d, events := all(t, []byte(file), Edges, read.Hints{})
		got := ""
		for _, row := range cells(d, events) {
			got += row[source] + ">" + row[target] + " "
		}
		return got + strconv.Itoa(len(events)-strings.Count(got, ">"))
	}
	assert.Equal(t, "b>a 1", ends(`{"nodes":[{"id":"a"},{"id":"b"}],"links":[{"source":1,"target":0},{"source":1,"target":2}]}`))
	assert.Equal(t, "1>2 1", ends(`{"nodes":[{"id":1},{"id":2}],"links":[{"source":1,"target":2},{"source":0,"target":1}]}`))
	assert.Equal(t, "2>1 0", ends(`{"nodes":["1","2"],"links":[{"source":"2","target":"1"}]}`))
	assert.Equal(t, "a>b 0", ends(`{"links":[{"from":"a","to":"b"}],"nodes":[{"id":"a"},{"id":"b"}]}`))
	assert.Equal(t, "a>b 0", ends(`{"links":[{"source":{"id":"a"},"target":{"id":"b"}}],"nodes":[{"id":"a"},{"id":"b"}],"directed":true}`))
}

// TestLineEnds: lines end with LF, CRLF or CR, and the last with nothing.
func TestLineEnds(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		lines := strings.ReplaceAll("*Vertices 2|1 a|2 \"b c\"|*Edges||1 2 3", "|", end)
		d, events := all(t, []byte(lines), Nodes, read.Hints{})
		require.Len(t, events, 2, "%q", end)
		assert.Equal(t, "b c", cells(d, events)[1][label])
		d, events = all(t, []byte(lines), Edges, read.Hints{})
		require.Len(t, events, 1, "%q", end)
		assert.Equal(t, map[string]string{source: "1", target: "2", sourceLabel: "a", targetLabel: "b c", directed: "false", weight: "3"}, cells(d, events)[0])
		assert.Equal(t, int64(len(lines)), events[0].Row.Offset+events[0].Row.Length)
	}
}

// TestNeo4jSaysItTwice: an attribute in XML and as data is one value.
func TestNeo4jSaysItTwice(t *testing.T) {
	file := `<graphml><graph edgedefault="directed"><node id="n0" labels=":Person"><data key="labels">:Person</data><data key="name">Ann</data></node>` +
		`<edge id="e0" source="n0" target="n0" label="KNOWS"><data key="label">KNOWS</data></edge></graph></graphml>`
	d, events := all(t, []byte(file), Nodes, read.Hints{})
	assert.Equal(t, map[string]string{id: "n0", label: "Ann", "labels": ":Person", "name": "Ann"}, cells(d, events)[0])
	d, events = all(t, []byte(file), Edges, read.Hints{})
	assert.Equal(t, "KNOWS", cells(d, events)[0][label])
}

// TestHolders: text that is none does not pass from a damaged node to others.
func TestHolders(t *testing.T) {
	for _, file := range []string{
		"<gexf><graph><nodes><node id='a\xff'><nodes><node id='b'/></nodes></node></nodes></graph></gexf>",
		"<graphml><graph><node id='a\xff'><graph><node id='b'/></graph></node></graph></graphml>",
		"<graphml><key id='k' for='node' attr.name='k\xff'><default>d\xff</default></key><graph><node id='b'/></graph></graphml>",
	} {
		_, events := all(t, []byte(file), Nodes, read.Hints{})
		last := events[len(events)-1].Row
		require.NotNil(t, last, file)
		for _, cell := range last.Cells {
			assert.NotContains(t, string(cell), "\xff")
		}
	}
}

// TestDOTThatIsNoText is refused as a whole.
func TestDOTThatIsNoText(t *testing.T) {
	_, err := Detect(t.Context(), strings.NewReader("digraph { subgraph \"c\xff\" { b } }"), read.Part{Sheet: Nodes}, read.Hints{})
	require.ErrorIs(t, err, read.ErrFormat)
}
