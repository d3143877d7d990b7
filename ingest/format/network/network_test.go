package network

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// samples are the files of testdata.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*")
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.IsDir() || strings.HasSuffix(name, ".golden") {
			continue
		}
		file, err := os.ReadFile(name)
		require.NoError(t, err)
		files[filepath.Base(name)] = file
	}
	require.NotEmpty(t, files)
	return files
}

// pack packs a file.
func pack(t testing.TB, file []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(file)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return packed.Bytes()
}

// wide is a file in UTF-16.
func wide(text []byte, big bool) []byte {
	w := window{wide: true, big: big}
	return w.raw(append([]byte("\uFEFF"), text...))
}

// detect looks at a part of a file.
func detect(t testing.TB, file []byte, part string, h read.Hints) read.Dialect {
	t.Helper()
	d, err := Detect(t.Context(), bytes.NewReader(file), read.Part{Sheet: part}, h)
	require.NoError(t, err)
	return d
}

// rows reads a part to its end.
func rows(t testing.TB, file []byte, d read.Dialect) ([]readtest.Event, error) {
	t.Helper()
	r, err := Open(t.Context(), bytes.NewReader(file), d)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	return readtest.Drain(t, r)
}

// all reads a part of a sound file.
func all(t testing.TB, file []byte, part string, h read.Hints) (read.Dialect, []readtest.Event) {
	t.Helper()
	d := detect(t, file, part, h)
	events, err := rows(t, file, d)
	require.NoError(t, err)
	return d, events
}

// cells are those of the rows as text, under their columns.
func cells(d read.Dialect, events []readtest.Event) []map[string]string {
	names := strings.Split(d.Names, read.Between)
	var out []map[string]string
	for _, e := range events {
		if e.Row == nil {
			continue
		}
		row := map[string]string{}
		for i, cell := range e.Row.Cells {
			if len(cell) > 0 {
				row[names[i]] = strings.ReplaceAll(string(cell), read.Between, "; ")
			}
		}
		out = append(out, row)
	}
	return out
}

// tell writes what a part holds, for people.
func tell(d read.Dialect, events []readtest.Event) string {
	var b strings.Builder
	names := strings.Split(d.Names, read.Between)
	fmt.Fprintf(&b, "== %s: %s\n%s\n", d.Part, d, strings.Join(names, " | "))
	for _, e := range events {
		if bad := e.Bad; bad != nil {
			fmt.Fprintf(&b, "%d @%d+%d %s: %v\n", bad.Row, bad.Offset, bad.Length, bad.Reason, bad)
			continue
		}
		values := e.Row.Names()
		for i, value := range values {
			values[i] = strings.NewReplacer(read.Between, "␟", "\n", "␤", "\t", "␉").Replace(value)
		}
		fmt.Fprintf(&b, "%d @%d+%d %s\n", e.Row.Number, e.Row.Offset, e.Row.Length, strings.Join(values, " | "))
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, file := range samples(t) {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			for _, part := range Sheets() {
				d, events := all(t, file, part, read.Hints{})
				got.WriteString(tell(d, events))
			}
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got.String()), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), got.String())
		})
	}
}

func TestEncodings(t *testing.T) {
	const text = "\x8d\x81\x8d\x60" // 香港 in Shift-JIS
	cases := map[string]string{
		"graphml": `<?xml version="1.0" encoding="Shift_JIS"?><graphml><graph edgedefault="directed"><node id="` + text + `"/><node id="\x83\x5c"/></graph></graphml>`,
		"pajek":   "*Vertices 2\n1 \"" + text + "\"\n2 \"\x83\x5c\"\n",
		"json":    `{"directed":true,"nodes":[{"id":"` + text + `"},{"id":"` + "\x83\x5c" + `"}],"links":[]}`,
		"dot":     "digraph { \"" + text + "\"; x }",
	}
	for name, file := range cases {
		file = strings.ReplaceAll(file, `\x83\x5c`, "\x83\x5c")
		t.Run(name, func(t *testing.T) {
			h := read.Hints{Encoding: read.ShiftJIS}
			if name == "graphml" {
				h = read.Hints{}
			}
			d, events := all(t, []byte(file), Nodes, h)
			assert.Equal(t, read.ShiftJIS, d.Encoding)
			require.Len(t, events, 2)
			got := fmt.Sprint(cells(d, events))
			assert.Contains(t, got, "香港")
			if name != "dot" {
				assert.Contains(t, got, "ソ")
			}
		})
	}
	t.Run("not UTF-8", func(t *testing.T) {
		file := []byte("<graphml><graph><node id=\"a\xe9\"/><node id='b\x00'/><node id=\"c\"/></graph></graphml>")
		_, events := all(t, file, Nodes, read.Hints{})
		require.Len(t, events, 3)
		assert.Equal(t, read.InvalidEncoding, events[0].Bad.Reason)
		assert.Equal(t, read.NULByte, events[1].Bad.Reason)
		assert.NotNil(t, events[2].Row)
	})
	t.Run("says UTF-16 and is not", func(t *testing.T) {
		d, events := all(t, []byte(`<?xml version="1.0" encoding="utf-16"?><graphml><graph><node id="é"/></graph></graphml>`), Nodes, read.Hints{})
		assert.Equal(t, read.UTF8, d.Encoding)
		assert.Len(t, events, 1)
	})
}

func TestWhatIsNoGraphFile(t *testing.T) {
	for _, file := range []string{
		"", "id,name\n1,a\n", "#id,name\n1,2\n", "John Smith\nJane Doe\n", "1\t2\n3\t4\n", "1,2\n3,4\n", `{"a": 1}`, `[{"id": 1}]`, "[[1,2]]",
		"<html><body/></html>", "<Declaration/>", "graph paper is useful", "*** note ***", "# a note\nJohn Smith\n", "1 2\n",
		"1.5 2.5\n3.5 4.5\n", "date value\n1 2\n", "{", "<graphm", "\xff\xfe", "\x00\x01\x02",
	} {
		assert.Equal(t, "", Format([]byte(file)), "%q", file)
		_, err := Detect(t.Context(), strings.NewReader(file), read.Part{Sheet: Nodes}, read.Hints{})
		require.Error(t, err, "%q", file)
	}
}

func TestWhatIsOne(t *testing.T) {
	for file, want := range map[string]string{
		"1 2\n2 3\n": EdgeList, "1 2 0.5\n2 3 1e3\n": EdgeList, "# edges\na b\n": EdgeList, "#Nodes: 2\n1,2\n": EdgeList, "% sym\n1 2\n2 3 1 99\n": EdgeList,
		"%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1 1\n": EdgeList, "a b {}\n": EdgeList,
		"\ufeff<?xml version='1.0'?><x:graphml xmlns:x='y'/>": GraphML, "<gexf/>": GEXF, "% c\n\n*vertices 2": Pajek,
		"// c\n# d\n/* e */ DiGraph {}": DOT, `{"nodes":[],"edges":[]}`: JSON, `{"edges":[{"from":1,"to":2}]}`: JSON, "graph \"a b\" { a -- b }": DOT,
	} {
		assert.Equal(t, want, Format([]byte(file)), "%q", file)
		assert.True(t, Is(want, []byte(file)))
		assert.False(t, Is("cuneiform", []byte(file)))
	}
}

func TestRefused(t *testing.T) {
	deep := strings.Repeat("<node id='a'><graph>", 100)
	cases := map[string]struct {
		file string
		want error
		text string
	}{
		"entities":             {"<!DOCTYPE graphml [<!ENTITY a \"aaaa\">]><graphml><graph><node id='&a;'/></graph></graphml>", read.ErrFormat, "DOCTYPE"},
		"entities from abroad": {"<!DOCTYPE gexf PUBLIC 'x' \"y\" [ <!ENTITY % p SYSTEM 'file:///etc/passwd'> %p; ]><gexf/>", read.ErrFormat, "DOCTYPE"},
		"deep graphs":          {"<graphml><graph>" + deep, read.ErrFormat, "deep"},
		"deep elements":        {"<graphml>" + strings.Repeat("<x>", 100), read.ErrFormat, "deep"},
		"a long comment":       {"<graphml><!--" + strings.Repeat(" ", 3<<20) + "--></graphml>", read.ErrFormat, "comment"},
		"deep JSON":            {`{"nodes":[],"links":[],` + strings.Repeat(`"graph":{`, 100), read.ErrFormat, "deep"},
		"two networks":         {"*Vertices 1\n*Vertices 2\n", read.ErrFormat, "several networks"},
		"two named networks":   {"*Network a\n*Vertices 1\n*Network b\n*Vertices 2\n", read.ErrFormat, "several networks"},
		"endless vertices":     {"*Vertices 999999999\n", read.ErrFormat, "nodes"},
		"vertices uncounted":   {"*Vertices\n", read.ErrFormat, "number"},
		"vertices miscounted":  {"*Vertices many\n", read.ErrFormat, "many"},
		"no section":           {"*Network x\n1 2\n", read.ErrFormat, "section"},
		"a table":              {"%%MatrixMarket matrix array real general\n2 2\n1\n", read.ErrFormat, "array"},
		"a broad matrix":       {"%%MatrixMarket matrix coordinate real general\n2 3 1\n1 1 1\n", read.ErrFormat, "differ"},
		"no measures":          {"%%MatrixMarket matrix coordinate real general\n2 3\n", read.ErrFormat, "counted"},
		"odd measures":         {"%%MatrixMarket matrix coordinate real general\n2 2 x\n", read.ErrFormat, "counted"},
		"two modes":            {"% bip unweighted\n1 2\n2 1\n", read.ErrFormat, "two sets"},
		"DOT with a mistake":   {"digraph { a -> }", read.ErrFormat, "dot"},
		"deep DOT":             {"digraph " + strings.Repeat("{", 5000), read.ErrFormat, "deep"},
		"much DOT":             {"graph { " + strings.Repeat("a;", 3<<20) + "}", read.ErrFormat, "bytes"},
		"many edges of DOT":    {"graph { {" + numbers("a", 2000) + "} -- {" + numbers("b", 2000) + "} }", read.ErrFormat, "edges"},
		"many columns":         {`{"directed":true,"nodes":[{"id":1` + columns(0, 10000) + `},{"id":2` + columns(10000, 20000) + `}],"links":[]}`, read.ErrFormat, "attributes"},
		"long names":           {`{"directed":true,"nodes":[{"id":1,"` + strings.Repeat("x", 700_000) + `":1},{"` + strings.Repeat("y", 700_000) + `":1}],"links":[]}`, read.ErrFormat, "names"},
		"an unknown encoding":  {`<?xml version="1.0" encoding="klingon"?><graphml/>`, read.ErrEncoding, "klingon"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Detect(t.Context(), strings.NewReader(c.file), read.Part{Sheet: Nodes}, read.Hints{})
			require.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, c.text)
			assert.ErrorContains(t, err, "network: ")
		})
	}
}

// numbers is a list of names.
func numbers(name string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s%d ", name, i)
	}
	return b.String()
}

// columns are keys of JSON.
func columns(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, `,"k%d":1`, i)
	}
	return b.String()
}

func TestDialectsThatMakeNoSense(t *testing.T) {
	file := samples(t)["old.gexf"]
	_, err := Detect(t.Context(), bytes.NewReader(file), read.Part{}, read.Hints{})
	require.ErrorIs(t, err, read.ErrDialect)
	good := detect(t, file, Nodes, read.Hints{})
	for name, change := range map[string]func(*read.Dialect){
		"format":   func(d *read.Dialect) { d.Format = "cuneiform" },
		"part":     func(d *read.Dialect) { d.Sheet = "arrows" },
		"encoding": func(d *read.Dialect) { d.Encoding = "klingon" },
	} {
		t.Run(name, func(t *testing.T) {
			d := good
			change(&d)
			_, err := Open(t.Context(), bytes.NewReader(file), d)
			require.Error(t, err)
		})
	}
	_, err = NewSpans(bytes.NewReader(file), read.Dialect{Format: "cuneiform"})
	require.ErrorIs(t, err, read.ErrDialect)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Detect(ctx, bytes.NewReader(file), read.Part{Sheet: Nodes}, read.Hints{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestColumnsThatWereNotThere: what Detect did not see is an error, and not lost.
func TestColumnsThatWereNotThere(t *testing.T) {
	d := detect(t, []byte(`{"nodes":[{"id":1,"a":2}],"edges":[]}`), Nodes, read.Hints{})
	events, err := rows(t, []byte(`{"nodes":[{"id":1,"a":2},{"id":2,"b":3}],"edges":[]}`), d)
	require.NoError(t, err)
	require.Len(t, events, 2)
	assert.Equal(t, read.Malformed, events[1].Bad.Reason)
	assert.Contains(t, events[1].Bad.Detail, `"b"`)
}
