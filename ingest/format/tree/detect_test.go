package tree_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
)

func TestKnows(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":1}`: true, "\ufeff \n[{\"a\":1}]": true, `[]`: true, `[["a"]]`: true, `["a"]`: true, `{}`: true,
		`[1,2]`: false, `{a:1}`: false, `[Header]`: false, "": false, "{": false, "a,b\n1,2\n": false,
		`<?xml version="1.0"?><a/>`: true, `<a b="c">`: true, "<!-- x -->\n<n:a>": true, "<a": false, "<a,b>": false,
		`<html lang="en">`: false, "<!DOCTYPE html><html>": false, `<!DOCTYPE list SYSTEM "x">`: true,
		"{\x00\"\x00a\x00": true, "\xff\xfe<\x00a\x00/\x00>\x00": true, "\x00<\x00a\x00>": true, "\xfe\xff\x00<\x00a\x00>": true,
		"PK\x03\x04": false,
	} {
		require.Equal(t, want, tree.Knows([]byte(text)), "%q", text)
	}
}

func TestDetect(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		h    read.Hints
		want read.Dialect
	}{
		"one object":               {`{"a":1,"b":{"c":2}}`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: ".", Names: "a b.c"}},
		"one object, a line":       {`{"a":1}` + "\n", read.Hints{}, read.Dialect{Format: tree.JSON, Record: ".", Names: "a"}},
		"a list":                   {`[{"a":1},{"b":2}]`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: ".", Names: "a b"}},
		"a list, line by line":     {"[\n{\"a\":1},\n{\"a\":2}\n]", read.Hints{}, read.Dialect{Format: tree.JSON, Record: ".", Names: "a"}},
		"lines":                    {"{\"a\":1}\n{\"b\":2}\n", read.Hints{}, read.Dialect{Format: tree.Lines, Record: ".", Names: "a b"}},
		"lines, the first bad":     {"{\"x\":nul\n{\"b\":2}\n{\"a\":2}", read.Hints{}, read.Dialect{Format: tree.Lines, Record: ".", Names: "x b a"}},
		"lines, the last cut":      {"{\"a\":1}\n{\"b\":", read.Hints{}, read.Dialect{Format: tree.Lines, Record: ".", Names: "a"}},
		"lines, deeper":            {"{\"a\":1,\"g\":{\"i\":[{\"b\":1}]}}\n{\"a\":2}\n", read.Hints{Record: "g.i"}, read.Dialect{Format: tree.Lines, Record: "./g.i", Names: "../../a b"}},
		"a list within":            {`{"m":1,"r":{"d":[{"a":1,"b":2}]}}`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: "r.d", Names: "../../m a b"}},
		"the shallowest":           {`{"m":[{"x":1,"d":[{"a":1,"b":2}]}]}`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: "m", Names: "x d.a d.b"}},
		"the one with most leaves": {`{"m":[{"x":1,"y":1}],"n":[{"a":1,"b":2,"c":3}]}`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: "n", Names: "a b c"}},
		"the one more often there": {`{"m":[{"x":1,"y":1}],"n":[{"a":1,"b":2},{"a":1}]}`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: "n", Names: "a b"}},
		"several leaves":           {`{"m":[1,2],"n":[{"a":1}],"o":{"p":[{"a":1,"b":2}]}}`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: "o.p", Names: "../../m a b"}},
		"deeper":                   {`[{"m":1,"r":{"d":[{"a":1}]}}]`, read.Hints{Record: "r/d"}, read.Dialect{Format: tree.JSON, Record: "./r.d", Names: "../../m a"}},
		"late ones last":           {`{"m":1,"d":[{"a":1,"b":2}],"n":2,"m":3}`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: "d", Names: "a b ../m ../n"}},
		"odd names":                {`{"a.b":[{"c/d":1,"\\":2}]}`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: `a\.b`, Names: `c\/d \\`}},
		"a bad record first":       {`{"h":1,"d":[{"a":1 2},{"a":1,"b":2},{"c":nul,"a":{"b":[}]}]}`, read.Hints{}, read.Dialect{Format: tree.JSON, Record: "d", Names: "../h a b c"}},
		"XML":                      {`<l a="1"><r><b/><c>1</c></r><r/></l>`, read.Hints{}, read.Dialect{Format: tree.XML, Record: "l.r", Names: "../@a b c"}},
		"XML, deeper":              {`<l><c><r>1</r></c><c><k>2</k></c></l>`, read.Hints{Record: "c.r"}, read.Dialect{Format: tree.XML, Record: "l.c/r", Names: ". ../k"}},
		"XML, single":              {`<l><c><r>1</r></c></l>`, read.Hints{Record: "l.c.r"}, read.Dialect{Format: tree.XML, Record: "l.c.r", Names: "."}},
		"XML, a bad one first":     {`<l><r><a>1</b></r><r><b/><c>1</c></r><r/></l>`, read.Hints{}, read.Dialect{Format: tree.XML, Record: "l.r", Names: "a b c"}},
		"XML, all in one":          {`<l><r>1</r><r>2</r></l>`, read.Hints{}, read.Dialect{Format: tree.XML, Record: "l", Names: "r"}},
	} {
		t.Run(name, func(t *testing.T) {
			want := c.want
			want.Names = strings.ReplaceAll(want.Names, " ", read.Between)
			want.Columns = strings.Count(want.Names, read.Between) + 1
			want.Compression, want.Encoding, want.Header = read.Plain, read.UTF8, true
			require.Equal(t, want, detect(t, c.file, c.h))
			again := c.h
			again.Record = want.Record
			require.Equal(t, want, detect(t, c.file, again), "its own record path")
			want.Compression = read.Gzip
			require.Equal(t, want, detect(t, pack(t, c.file), c.h))
		})
	}
}

func TestDetectRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		h    read.Hints
		want error
		text string
	}{
		"no such record":    {`{"d":[{"a":1}],"e":[{"b":1}]}`, read.Hints{Record: "x"}, read.ErrDialect, "those that are repeated are d, e"},
		"none is repeated":  {`{"a":1}`, read.Hints{Record: "x"}, read.ErrDialect, "none is repeated"},
		"several ends":      {`{"d":{"a":1},"e":{"a":1}}`, read.Hints{Record: "a"}, read.ErrDialect, "d.a, e.a"},
		"many":              {`{` + strings.Repeat(`"d":[],`, 3) + many(20) + `"e":1}`, read.Hints{Record: "x"}, read.ErrDialect, "…"},
		"a bad path":        {`{"d":[{"a":1}]}`, read.Hints{Record: "d..a"}, read.ErrDialect, "empty step"},
		"a backslash":       {`{"d":[{"a":1}]}`, read.Hints{Record: `d\x`}, read.ErrDialect, "backslash"},
		"an attribute":      {`<l><r a="1"/></l>`, read.Hints{Record: "@a"}, read.ErrDialect, "no element"},
		"no values":         {`[{},{}]`, read.Hints{}, read.ErrEmpty, ""},
		"an empty list":     {`[]`, read.Hints{}, read.ErrEmpty, ""},
		"nothing sound":     {`{"a" 1}`, read.Hints{}, read.ErrFormat, "colon"},
		"JSON in UTF-16":    {"{\x00\"\x00a\x00\"\x00:\x001\x00}\x00", read.Hints{}, read.ErrEncoding, "UTF-8"},
		"JSON in Latin 1":   {strings.Repeat("{\"a\":\"caf\xe9\"}\n", 20), read.Hints{}, read.ErrEncoding, "UTF-8"},
		"an encoding named": {`{"a":1}`, read.Hints{Encoding: "big5"}, read.ErrEncoding, "UTF-8"},
		"one that is none":  {`{"a":1}`, read.Hints{Encoding: "klingon"}, read.ErrEncoding, "klingon"},
		"keys are data":     {"{" + many(70_000) + `"e":1}`, read.Hints{}, read.ErrFormat, "different paths"},
		"lines of such":     {strings.Repeat("{"+many(70_000)+"\"e\":1}\n", 2), read.Hints{}, read.ErrFormat, "different paths"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tree.Detect(t.Context(), strings.NewReader(c.file), c.h)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.text)
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, file := range []string{lines, list, document} {
		_, err := tree.Detect(ctx, strings.NewReader(file), read.Hints{})
		require.ErrorIs(t, err, context.Canceled)
	}
}

// many is so many members of an object, each a list of its own.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"k%d":[{"a":1}],`, i)
	}
	return b.String()
}

// TestAnotherFile: what a dialect does not know is an error of its row, never
// silently lost.
func TestAnotherFile(t *testing.T) {
	for name, c := range map[string]struct{ first, second, text string }{
		"JSON":  {`[{"a":1}]`, `[{"a":1},{"b":{"c":2}},{"a":{"d":3}}]`, `below "b"`},
		"lines": {"{\"a\":1}\n{\"a\":2}", "{\"a\":1}\n{\"b\":2}\n{\"a\":{\"d\":3}}", `below "b"`},
		"XML":   {`<l><r><a>1</a><c/></r><r/></l>`, `<l><r><a>1</a></r><r><b/></r><r x="1"/></l>`, `below "b"`},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := drain(t, c.second, detect(t, c.first, read.Hints{}))
			require.NoError(t, err)
			require.Len(t, events, 3)
			require.NotNil(t, events[0].Row)
			require.ErrorContains(t, events[1].Bad, c.text)
			require.NotNil(t, events[2].Bad)
		})
	}
}
