package ingest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/ingest/ident"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// directors is a register with identity cards: sound rows, one with a wrong check
// digit, and rows refused for a day, for cells too many and for a quote.
const directors = `No,Director,Company,Day
1,A123456(3),Kam Fung,2021-06-30
2,A123456(3),ACME,2021-07-01
3,P765432(1),ACME,2021-07-01
4,Z683365(5),ACME,yesterday
5,Z683365(5),ACME,2021-07-01,more
6,,ACME,2021-07-01
7,"Z683365(5),ACME,2021-07-01
`

// plain are the numbers in directors, in every spelling that a rule gives.
var plain = []string{"A123456", "P765432", "Z683365", "123456(3)", "765432(1)", "683365(5)", "1234563", "7654321", "6833655"}

func directorsMapping(t *testing.T) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("directors.yaml", []byte(`
mapping: directors
date: Day
entities:
  director: {kind: party, namespace: hkid, id: {column: Director, rule: hkid}, facts: {number: {column: Director, rule: hkid}}}
  company: {kind: party, namespace: demo, id: No, facts: {name: Company}}
links:
  - {role: director_of, from: director, to: company}
`))
	require.NoError(t, err)
	return m
}

func identityKey(t *testing.T, letter string) ident.Key {
	t.Helper()
	key, err := ident.NewKey([]byte(strings.Repeat(letter, ident.LeastKey)))
	require.NoError(t, err)
	return key
}

// clean fails where a plain number, or the key, is in what was written.
func clean(t *testing.T, what string, content []byte) {
	t.Helper()
	for _, number := range append(plain, strings.Repeat("k", ident.LeastKey)) {
		assert.False(t, bytes.Contains(content, []byte(number)), "%s holds %s", what, number)
	}
}

// No byte of an identity number is in any file of a store that keeps no evidence,
// with a key or without.
func TestNoNumberOfAPersonIsInTheStore(t *testing.T) {
	for name, key := range map[string]ident.Key{"key": identityKey(t, "k"), "no key": {}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			store, err := sqlite.Open(t.Context(), filepath.Join(dir, "store"), sqlite.Options{Create: true})
			require.NoError(t, err)
			o := options()
			o.Mapping, o.NoEvidence, o.IdentityKey = directorsMapping(t), true, key
			report, err := Run(t.Context(), store, []string{write(t, "directors.csv", directors)}, o)
			require.NoError(t, err)
			s := report.Files[0].Source
			if key.Given() {
				assert.Equal(t, int64(4), s.Stored)
				assert.Equal(t, "identity="+key.Fingerprint(), s.Options)
			} else {
				assert.Equal(t, int64(1), s.Stored, "only the row that names nobody")
				assert.Empty(t, s.Options)
			}
			require.NoError(t, store.Close())
			files := 0
			require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
				if err != nil || entry.IsDir() {
					return err
				}
				files++
				content, err := os.ReadFile(path)
				clean(t, path, content)
				return err
			}))
			assert.Positive(t, files)
		})
	}
}

func TestNoNumberOfAPersonIsShownOrExported(t *testing.T) {
	store := open(t)
	o := options()
	key := identityKey(t, "k")
	o.Mapping, o.IdentityKey = directorsMapping(t), key
	report, err := Run(t.Context(), store, []string{write(t, "directors.csv", directors)}, o)
	require.NoError(t, err)
	source := report.Files[0].Source
	assert.Equal(t, int64(3), source.Quarantined)
	pseudonym := key.Pseudonym("hkid", "Z6833655")
	for name, shown := range map[string]ident.Key{"key": key, "no key": {}} {
		t.Run(name, func(t *testing.T) {
			e := explainer(t, store)
			e.Identify(shown)
			var all bytes.Buffer
			for row := int64(2); row <= 8; row++ {
				record, err := e.Row(t.Context(), graph.Origin{Source: source.ID, Row: row})
				if row > 5 { // refused rows may have no place among records
					if err != nil {
						continue
					}
				}
				require.NoError(t, err)
				text, err := json.Marshal(record)
				require.NoError(t, err)
				all.Write(text)
			}
			n, err := e.ExportQuarantine(t.Context(), source.ID, &all)
			require.NoError(t, err)
			assert.Equal(t, int64(3), n)
			clean(t, "what is shown", all.Bytes())
			assert.Contains(t, all.String(), "Kam Fung")
			assert.Equal(t, shown.Given(), strings.Contains(all.String(), pseudonym))
			assert.Contains(t, all.String(), read.Lost, "rows whose cells cannot be told apart")
		})
	}
	// The evidence is the file, byte by byte, and holds what it holds.
	file, err := within(t, store).Evidence(t.Context(), source.SHA256)
	require.NoError(t, err)
	kept := make([]byte, file.Size())
	_, err = file.ReadAt(kept, 0)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	assert.Equal(t, directors, string(kept))
}

// A repaired row keeps its pseudonym, and so is of the same person.
func TestRepairedRowsKeepTheirPseudonyms(t *testing.T) {
	store := open(t)
	o := options()
	key := identityKey(t, "k")
	o.Mapping, o.IdentityKey = directorsMapping(t), key
	report, err := Run(t.Context(), store, []string{write(t, "directors.csv", directors)}, o)
	require.NoError(t, err)
	e := explainer(t, store)
	e.Identify(key)
	var exported bytes.Buffer
	_, err = e.ExportQuarantine(t.Context(), report.Files[0].Source.ID, &exported)
	require.NoError(t, err)
	mended := strings.Replace(exported.String(), "yesterday", "2021-07-02", 1)
	report, err = Run(t.Context(), store, []string{write(t, "mended.csv", mended)}, o)
	require.NoError(t, err)
	source := report.Files[0].Source
	assert.Equal(t, int64(1), source.Stored, "the others lost what only the file holds")
	want := key.Pseudonym("hkid", "Z6833655")
	person, err := within(t, store).Entity(t.Context(), graph.ID("party/hkid/"+want))
	require.NoError(t, err)
	require.Len(t, person.Facts, 1)
	assert.Equal(t, want, person.Facts[0].Value)

	// The mended file's own rows are guarded too, behind the columns of reasons.
	e = explainer(t, store)
	record, err := e.Row(t.Context(), graph.Origin{Source: source.ID, Row: 2})
	require.NoError(t, err)
	text, err := json.Marshal(record)
	require.NoError(t, err)
	clean(t, "a mended row", text)
}

// Another key is another reading of the file, which takes the place of the first.
func TestAnotherKeyIsAnotherReading(t *testing.T) {
	store := open(t)
	path := write(t, "directors.csv", directors)
	o := options()
	o.Mapping = directorsMapping(t)
	states := []State{}
	for _, key := range []ident.Key{{}, {}, identityKey(t, "k"), identityKey(t, "k"), identityKey(t, "m")} {
		o.IdentityKey = key
		report, err := Run(t.Context(), store, []string{path}, o)
		require.NoError(t, err)
		states = append(states, report.Files[0].State)
	}
	assert.Equal(t, []State{Imported, Already, Replaced, Already, Replaced}, states)
}

// TestWithheldColumnIsNeverShown: a column that the mapping withholds is shown with no row, and a refused row is mended without it.
func TestWithheldColumnIsNeverShown(t *testing.T) {
	m, err := mapping.Parse("directors.yaml", []byte("mapping: directors\nwithhold: [Director]\ndate: Day\nentities:\n  company: {kind: party, namespace: demo, id: No, facts: {name: Company}}\n"))
	require.NoError(t, err)
	store := open(t)
	o := options()
	o.Mapping = m
	report, err := Run(t.Context(), store, []string{write(t, "directors.csv", directors)}, o)
	require.NoError(t, err)
	source := report.Files[0].Source
	e := explainer(t, store)
	record, err := e.Row(t.Context(), graph.Origin{Source: source.ID, Row: 2})
	require.NoError(t, err)
	assert.Equal(t, [2]string{"Director", "withheld"}, [2]string{record.Columns[1].Name, record.Columns[1].Value})
	var exported bytes.Buffer
	_, err = e.ExportQuarantine(t.Context(), source.ID, &exported)
	require.NoError(t, err)
	clean(t, "rows to mend", exported.Bytes())

	report, err = Run(t.Context(), store, []string{write(t, "mended.csv", strings.Replace(exported.String(), "yesterday", "2021-07-02", 1))}, o)
	require.NoError(t, err)
	assert.Equal(t, int64(1), report.Files[0].Source.Stored, "what is withheld is not missed")
	record, err = explainer(t, store).Row(t.Context(), graph.Origin{Source: report.Files[0].Source.ID, Row: 2})
	require.NoError(t, err)
	text, err := json.Marshal(record)
	require.NoError(t, err)
	clean(t, "a mended row", text)
}
