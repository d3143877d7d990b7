package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// said runs a command in the test and returns the exit code and everything it said.
func said(t *testing.T, args ...string) (code int, text string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = do(t, process{stdout: &out, stderr: &errs, env: []string{"USER=kim", "RUMMAGE_THREADS=2"}}, args...)
	return code, out.String() + errs.String()
}

// tradeFile writes a file of n consignments.
func tradeFile(t *testing.T, dir, name string, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("number,day,importer,exporter,forwarder,port,inspected,hit\n")
	for i := range n {
		fmt.Fprintf(&b, "%s%d,%d,I%d,E%d,F%d,HKHKG,%d,0\n", name, i, i%700, i%997, i%499, i%11, i%2)
	}
	path := filepath.Join(dir, name+".csv")
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o600))
	return path
}

// TestStoresThatCannotBeUsed has stores that a command must refuse, with the exit code of a store, what is wrong, and what to do
// next; and whatever was there is there still.
func TestStoresThatCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	file := tradeFile(t, dir, "trade", 3)
	sound := filepath.Join(dir, "sound.db")
	code, text := said(t, "ingest", file, "--store", sound)
	require.Zero(t, code, text)
	header, err := os.ReadFile(sound)
	require.NoError(t, err)

	write := func(name string, content []byte, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, content, mode))
		return path
	}
	newer := bytes.Clone(header)
	binary.BigEndian.PutUint32(newer[60:], binary.BigEndian.Uint32(newer[60:])+1)
	foreign := bytes.Clone(header)
	binary.BigEndian.PutUint32(foreign[68:], 7)

	tests := map[string]struct{ store, says, next string }{
		"a text file":         {write("notes.txt", []byte("number,day\n"), 0o600), "not a rummage store", "another file with --store"},
		"an empty file":       {write("empty.db", nil, 0o600), "not a rummage store", "another file with --store"},
		"a folder":            {dir, "not a rummage store", "another file with --store"},
		"another program's":   {write("foreign.db", foreign, 0o600), "not a rummage store", "another file with --store"},
		"of a newer version":  {write("newer.db", newer, 0o600), "newer version", "use the newer rummage"},
		"in no folder":        {filepath.Join(dir, "nowhere", "s.db"), "nowhere", ""},
		"read-only, to write": {write("readonly.db", header, 0o400), "read-only", "check the permissions"},
		"some other address":  {"http://localhost:7474", "neither the path of a file nor the address", "such as bolt://localhost:7687"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before, _ := os.ReadFile(test.store)
			code, text := said(t, "ingest", tradeFile(t, t.TempDir(), "more", 2), "--store", test.store)
			if strings.Contains(test.store, "://") {
				assert.Equal(t, 2, code, text)
			} else {
				assert.Equal(t, 5, code, text)
			}
			assert.Contains(t, text, test.says)
			assert.Contains(t, text, test.next)
			after, _ := os.ReadFile(test.store)
			assert.True(t, bytes.Equal(before, after), "nothing was written")
		})
	}
	code, text = said(t, "sources", "--store", filepath.Join(dir, "readonly.db"))
	assert.Zero(t, code, "reading needs no right to write: %s", text)
	assert.Contains(t, text, "trade.csv")
}

// TestCheckFindsDamage turns one byte after another in a store: check either finds the damage or the byte meant nothing, and never
// ends in a stack trace.
func TestCheckFindsDamage(t *testing.T) {
	dir := t.TempDir()
	sound := filepath.Join(dir, "sound.db")
	code, text := said(t, "ingest", tradeFile(t, dir, "trade", 2000), "--store", sound)
	require.Zero(t, code, text)
	content, err := os.ReadFile(sound)
	require.NoError(t, err)
	found := 0
	for i := range 24 {
		damaged := bytes.Clone(content)
		at := 4096 + (len(content)-4096)*i/24
		damaged[at] ^= 0xff
		path := filepath.Join(dir, fmt.Sprintf("damaged-%d.db", i))
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		code, text := said(t, "check", "--json", "--store", path)
		require.Contains(t, []int{0, 1, 5}, code, text)
		require.NotContains(t, text, "goroutine", "byte %d", at)
		if code != 0 {
			found++
			require.Regexp(t, `"ok": false|"code": "store"`, text)
		}
	}
	assert.Positive(t, found)
}

func TestReadingStartsNoStore(t *testing.T) {
	store := filepath.Join(t.TempDir(), "none.db")
	for _, args := range [][]string{{"sources"}, {"flag"}, {"search", "xx"}, {"check"}, {"withdraw", "x"}, {"decide", "party/a", "open"}} {
		code, text := said(t, append(args, "--store", store)...)
		assert.Equal(t, 5, code, "%v: %s", args, text)
		assert.Contains(t, text, "does not exist")
	}
	assert.NoFileExists(t, store)
}

// TestBadFilesTellTheNextStep is the command's side of what package ingest tests: exit code, message and hint.
func TestBadFilesTellTheNextStep(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	tests := map[string]struct {
		args       []string
		says, next string
	}{
		"missing":         {[]string{filepath.Join(dir, "nowhere.csv")}, "no such file", "check the name"},
		"an empty folder": {[]string{t.TempDir()}, "no file in this folder", "check the name"},
		"no such pattern": {[]string{filepath.Join(dir, "nothing*.csv")}, "no file matches", "** for any folders"},
		"a bad pattern":   {[]string{filepath.Join(dir, "a[")}, "not a pattern", "[[]"},
		"no such part":    {[]string{write("plain.csv", "a,b\n1,2\n"), "--part", "x"}, "it has no parts", "without --part"},
		"empty":           {[]string{write("empty.csv", "")}, "empty", "whole file"},
		"a header only":   {[]string{write("header.csv", "number,day,importer,exporter,forwarder,port,inspected,hit\n")}, "no rows", "whole file"},
		"unknown layout":  {[]string{write("unknown.csv", "number,day,buyer\n1,2,3\n")}, "trade-world", "--map NAME"},
		"column missing":  {[]string{write("less.csv", "number,day,importer\n1,2,3\n"), "--map", "trade-world"}, "exporter", "mend the header"},
		"truncated gzip":  {[]string{write("cut.csv.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00")}, "ends early", "fetch the whole file"},
		"no known format": {[]string{write("picture.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")}, "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			store := filepath.Join(t.TempDir(), "s.db")
			code, text := said(t, append([]string{"ingest", "--store", store}, test.args...)...)
			assert.Equal(t, 1, code, text)
			assert.Contains(t, text, test.says)
			assert.Contains(t, text, test.next)
			assert.NotContains(t, text, "goroutine", "no stack trace")
		})
	}
}
