package tree_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
)

func TestJSON(t *testing.T) {
	for name, c := range map[string]struct {
		file   string
		record string
		want   []string
	}{
		"numbers as written": {`[{"a":1.0,"b":1e5,"c":12345678901234567890.123,"d":-0},{"a":0.1}]`, "",
			[]string{"a=1.0, b=1e5, c=12345678901234567890.123, d=-0", "a=0.1"}},
		"words":                    {`[{"a":true,"b":false,"c":null,"d":"null"}]`, "", []string{"a=true, b=false, d=null"}},
		"null holds its place":     {`[{"a":[null,"x",null]}]`, "", []string{"a= | x | "}},
		"groups keep their places": {`[{"g":[{"b":1},{"a":2,"b":3},{}]},{"g":[{"a":4}]},{"g":{"b":5}}]`, "", []string{"g.b=1 | 3 | , g.a= | 2 | ", "g.a=4", "g.b=5"}},
		"lists in lists":           {`[{"a":[[1,2],[3,[4]]]},{"a":[{"b":[5]},[{"b":6}]]}]`, "", []string{"a=1 | 2 | 3 | 4", "a.b=5 | 6"}},
		"empty ones":               {`[{"a":1,"b":[],"c":{},"d":[[]]},{},{"a":2}]`, "", []string{"a=1", "", "a=2"}},
		"same key twice":           {`[{"a":1,"b":2,"a":3}]`, "", []string{"a=1 | 3, b=2"}},
		"marks in keys": {`[{"a.b":1,"a":{"b":2},"c/d":3,"e\\f":4,"":5,"g\u0001h":6}]`, "",
			[]string{`a\.b=1, a.b=2, c\/d=3, e\\f=4, \e=5, g\u0001h=6`}},
		"different records":         {`[{"a":1},{"b":2},{"a":3,"c":4}]`, "", []string{"a=1", "b=2", "a=3, c=4"}},
		"scalars":                   {`["a",["b","c"],null,4]`, "", []string{".=a", ".=b | c", "", ".=4"}},
		"one object":                {`{"a":{"b":1},"c":[2,3]}`, "", []string{"a.b=1, c=2 | 3"}},
		"objects beside each other": {"{\n\"a\":1}\n{\n\"a\":2}", "", []string{"a=1", "a=2"}},
		"lines":                     {"{\"a\":1}\n{\"a\":2}\n", "", []string{"a=1", "a=2"}},
		"lines of lists":            {"[1,\"a\"]\n[2,\"b\"]\n", "", []string{".=1 | a", ".=2 | b"}},
		"text with escapes":         {`[{"a":"\"\\\/\b\f\n\r\té香\ud83d\udea2"}]`, "", []string{"a=\"\\/\b\f, \r\té香🚢"}},
		"leaves around, before and behind": {`{"x":1,"rows":[{"a":1,"in":[{"b":1},{"b":2}],"z":3},{"in":{"b":4}}],"y":{"v":2},"other":[{"q":1,"r":2}]}`, "rows.in",
			[]string{"../../x=1, ../a=1, b=1, ../z=3, ../../y.v=2", "../../x=1, ../a=1, b=2, ../z=3, ../../y.v=2", "../../x=1, b=4, ../../y.v=2"}},
		"text of what is around":     {`[{"k":["t",{"r":[{"b":1,"c":1}]}]}]`, "k.r", []string{"b=1, c=1"}},
		"the root as the record":     {`{"x":1,"rows":[{"a":1,"b":2},{"a":3,"b":4}]}`, ".", []string{"x=1, rows.a=1 | 3, rows.b=2 | 4"}},
		"end of a path":              {`{"x":{"rows":[{"a":1}]}}`, "rows", []string{"a=1"}},
		"a leaf as the record":       {`{"id":7,"names":["a","b"]}`, "names", []string{"../id=7, .=a", "../id=7, .=b"}},
		"bad number":                 {`[{"a":01},{"a":1}]`, "", []string{"!1 malformed: a value that is no number, true, false, null or text in quotes: 01", "a=1"}},
		"bad escape":                 {`[{"a":"\x"},{"a":1}]`, "", []string{`!1 malformed: a backslash that means nothing: \x`, "a=1"}},
		"bad code":                   {`[{"a":"\u12"},{"a":1}]`, "", []string{`!1 malformed: \u without four hexadecimal digits`, "a=1"}},
		"half a pair":                {`[{"a":"\ud83d"},{"a":1}]`, "", []string{`!1 invalid_encoding: half a character: a \u of a pair without the other`, "a=1"}},
		"a line end in text":         {"[{\"a\":\"x\ny\"},{\"a\":1}]", "", []string{"!1 malformed: a control character, such as a line's end, stands in text without a backslash", "a=1"}},
		"no UTF-8":                   {"[{\"b\":1,\"a\":\"\xff\"},{\"a\":1}]", "", []string{"!1 invalid_encoding: holds bytes that are not UTF-8; if the file is in another encoding, name it", "a=1"}},
		"NUL":                        {`[{"a":"\u0000"},{"a":1}]`, "", []string{"!1 nul_byte: holds a NUL, which is no text", "a=1"}},
		"what stands between values": {`[{"a":"\u001f"},{"a":1}]`, "", []string{"!1 malformed: holds the control character U+001F, which stands between values here", "a=1"}},
		"a missing comma":            {`[{"a":1 "b":2},{"a":1}]`, "", []string{`!1 malformed: '"' where a comma or } belongs`, "a=1"}},
		"a comma too many":           {`[{"a":[1,],"b":2},{"a":1},{"a":2,}]`, "", []string{"!1 malformed: a comma with nothing behind it", "a=1", `!3 malformed: '}' where a name in quotes belongs`}},
		"key without quotes":         {`[{"b":1},{a:1}]`, "", []string{"b=1", `!2 malformed: 'a' where a name in quotes belongs`}},
		"too deep":                   {`[{"b":1},{"a":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `},{"b":2}]`, "", []string{"b=1", "!2 malformed: more than 200 lists and objects in one another", "b=2"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, rows(t, c.file, read.Hints{Record: c.record}))
		})
	}
}

// TestStreamErrors: what cannot be put right ends the reading, behind all sound
// rows before it.
func TestStreamErrors(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		rows int
		text string
		want error
	}{
		"cut off":             {`[{"a":1,"b":2},{"a":1`, 1, "fetch the whole file", io.ErrUnexpectedEOF},
		"cut off between":     {`[{"a":1,"b":2},`, 1, "fetch the whole file", io.ErrUnexpectedEOF},
		"a quote not closed":  {`[{"a":1,"b":2},{"a":"x},{"a":"y"},{"a":"z"}]`, 1, "a quote is missing", nil},
		"brackets":            {`[{"a":1,"b":2},{"a":[1}},{"a":1}]`, 1, "closes what is not open", nil},
		"something behind":    {`{"m":1,"data":[{"a":1,"b":2}]} x`, 1, "", nil},
		"between":             {`{"m":1,"data":[{"a":1,"b":2}] "x":1}`, 1, "outside any record", nil},
		"XML cut off":         {`<l><r><a>1</a><b>2</b></r><r><a>1</a>`, 1, "fetch the whole file", io.ErrUnexpectedEOF},
		"XML cut off between": {`<l><r><a>1</a><b>2</b></r><r><a>1</a><b/></r>`, 2, "fetch the whole file", io.ErrUnexpectedEOF},
		"XML text behind":     {`<l><r><a>1</a><b>2</b></r><r><a>1</a><b/></r></l>x`, 2, "behind the root", nil},
		"XML second root":     {`<l><r><a>1</a><b>2</b></r><r><a>1</a><b/></r></l><m/>`, 2, "second root", nil},
		"XML no end in sight": {`<l><r><a>1</a><b>2</b></r><r><a>1</a><b/></r><r><a>1</b></r></a><r/></l>`, 2, "cannot be told", nil},
		"XML markup":          {`<l><r><a>1</a><b>2</b></r><r><a>1</a><b/></r><!ELEMENT x></l>`, 2, "does not belong", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, c.file, read.Hints{})
			events, err := drain(t, c.file, d)
			if name == "something behind" {
				require.NoError(t, err, "a value of its own")
				return
			}
			require.ErrorAs(t, err, new(*read.StreamError))
			require.ErrorContains(t, err, c.text)
			if c.want != nil {
				require.ErrorIs(t, err, c.want)
			}
			n := 0
			for _, e := range events {
				if e.Row != nil {
					n++
				}
			}
			require.Equal(t, c.rows, n)
		})
	}
}

func TestLargeUnits(t *testing.T) {
	long := strings.Repeat("x", tree.MaxUnit)
	many := strings.Repeat("1,", tree.MaxValues)
	for name, file := range map[string]string{
		"line":         `{"a":1,"b":2}` + "\n" + `{"a":"` + long + `"}` + "\n" + `{"a":3}` + "\n",
		"last line":    `{"a":1,"b":2}` + "\n" + `{"a":3}` + "\n" + `{"a":"` + long + `"}`,
		"list":         `[{"a":1,"b":2},{"a":"` + long + `"},{"a":3}]`,
		"many":         `[{"a":1,"b":2},{"a":[` + many + `1]},{"a":3}]`,
		"XML":          `<l><r><a>1</a><b>2</b></r><r><a>` + long + `</a></r><r><a>3</a></r></l>`,
		"XML in CDATA": `<l><r><a>1</a><b>2</b></r><r><a><![CDATA[` + long + `]]></a></r><r><a>3</a></r></l>`,
		"XML, parts":   `<l><r><a>1</a><b>2</b></r><r>` + strings.Repeat("<a>"+long[:1<<16]+"</a>", 300) + `</r><r><a>3</a></r></l>`,
	} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, file, read.Hints{})
			events, err := drain(t, file, d)
			require.NoError(t, err)
			require.Len(t, events, 3)
			bad := 0
			for i, e := range events {
				if e.Bad == nil {
					continue
				}
				bad++
				require.Equal(t, read.RecordTooLong, e.Bad.Reason)
				require.Equal(t, int64(i+1), e.Bad.Row)
				require.Len(t, e.Bad.Raw, read.MaxRaw)
				spans, err := tree.NewSpans(strings.NewReader(file), d)
				require.NoError(t, err)
				_, err = spans.Cells(t.Context(), e.Bad.Position)
				require.ErrorAs(t, err, new(*read.RowError))
				_, err = spans.Salvage(t.Context(), e.Bad.Position)
				require.NoError(t, err)
			}
			require.Equal(t, 1, bad)
		})
	}
}

// TestSameAsStandardJSON: a document is sound here exactly when it is for
// encoding/json, and its leaves are the same.
func TestSameAsStandardJSON(t *testing.T) {
	pieces := rapid.SliceOfN(rapid.SampledFrom([]string{
		"{", "}", "[", "]", ",", ":", `"a"`, `"b"`, `"\n"`, `"\u00e9"`, "1", "-0.5e+3", "01", "nul", "null", "true", " ", "\n", `"`, `\`, "-", "1.",
	}), 0, 14)
	rapid.Check(t, func(t *rapid.T) {
		text := "[{\"k\":0}," + strings.Join(pieces.Draw(t, "pieces"), "") + "]"
		whole := json.NewDecoder(strings.NewReader(text))
		if whole.Decode(new(json.RawMessage)) == nil && strings.TrimSpace(text[whole.InputOffset():]) != "" {
			return // several values, which is sound here and not one document there
		}
		d := read.Dialect{Format: tree.JSON, Compression: read.Plain, Encoding: read.UTF8, Record: ".", Header: true,
			Names: strings.Join([]string{"k", ".", "a", "b", "a.a", "a.b", "b.a", "b.b", `\u000a`}, read.Between), Columns: 9}
		r, err := tree.Open(t.Context(), strings.NewReader(text), d)
		require.NoError(t, err)
		sound := true
		for err == nil || errors.As(err, new(*read.RowError)) {
			bad := new(read.RowError)
			if errors.As(err, &bad) && !strings.Contains(bad.Detail, "no column") {
				sound = false
			}
			_, err = r.Next()
		}
		sound = sound && errors.Is(err, io.EOF)
		require.NoError(t, r.Close())
		require.Equal(t, json.Valid([]byte(text)), sound, "%s: %v", text, err)
	})
}

// TestWhatJSONWrites: whatever encoding/json writes reads the same here.
func TestWhatJSONWrites(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`["\\/a-c\n\t香🚢é]{0,40}`)).Filter(func(s string) bool {
		return utf8.ValidString(s) && !strings.ContainsAny(s, "\x00\x1f")
	})
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.MapOfN(rapid.StringMatching(`[a-c./\\ 香]{1,4}`), text, 1, 4), 1, 5).Draw(t, "records")
		var file bytes.Buffer
		w := json.NewEncoder(&file)
		w.SetEscapeHTML(rapid.Bool().Draw(t, "escape"))
		if rapid.Bool().Draw(t, "indent") {
			w.SetIndent(" ", "  ")
		}
		require.NoError(t, w.Encode(records))
		d, err := tree.Detect(t.Context(), bytes.NewReader(file.Bytes()), read.Hints{})
		require.NoError(t, err)
		r, err := tree.Open(t.Context(), bytes.NewReader(file.Bytes()), d)
		require.NoError(t, err)
		names := strings.Split(d.Names, read.Between)
		for _, record := range records {
			row, err := r.Next()
			require.NoError(t, err)
			got := map[string]string{}
			for i, cell := range row.Cells {
				if len(cell) > 0 {
					got[strings.NewReplacer(`\.`, ".", `\/`, "/", `\\`, `\`).Replace(names[i])] = string(cell)
				}
			}
			for name, value := range record {
				if value == "" {
					delete(record, name)
				}
			}
			require.Equal(t, record, got)
		}
		_, err = r.Next()
		require.ErrorIs(t, err, io.EOF)
		require.NoError(t, r.Close())
	})
}
