package night_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/cmd/rummage/internal/night"
)

var noon = time.Date(2021, 3, 4, 12, 0, 0, 0, time.UTC)

func TestOneHoldsTheLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db.flag-lock")
	by := night.Holder{PID: 42, Host: "desk", What: "rummage flag", Since: noon}
	first, err := night.Take(path, by)
	require.NoError(t, err)
	_, err = night.Take(path, night.Holder{PID: 43})
	require.ErrorIs(t, err, night.ErrBusy)
	var busy *night.BusyError
	require.ErrorAs(t, err, &busy)
	assert.Equal(t, by, busy.Holder)
	assert.EqualError(t, err, "another run is going on: process 42 on desk (rummage flag) since 2021-03-04T12:00:00Z")

	require.NoError(t, os.WriteFile(path, []byte("nonsense"), 0o600))
	_, err = night.Take(path, night.Holder{PID: 43})
	assert.EqualError(t, err, "another run is going on: of a process that left no name")

	require.NoError(t, first.Release())
	second, err := night.Take(path, by)
	require.NoError(t, err, "a file that was left holds nothing")
	require.NoError(t, second.Release())
	_, err = night.Take(filepath.Join(t.TempDir(), "no", "folder"), by)
	assert.ErrorContains(t, err, "night: lock ")
}

func TestWordsOfACommand(t *testing.T) {
	for name, test := range map[string]struct {
		line  string
		want  []string
		fault string
	}{
		"plain":            {line: "mail desk", want: []string{"mail", "desk"}},
		"blanks":           {line: "  mail\t desk \n", want: []string{"mail", "desk"}},
		"quotes":           {line: `tell 'the desk' "a b"c ''`, want: []string{"tell", "the desk", "a bc", ""}},
		"backslash":        {line: `tell the\ desk "a\"b" 'c\d'`, want: []string{"tell", "the desk", `a"b`, `c\d`}},
		"nothing expanded": {line: "tell $HOME `id` * ;", want: []string{"tell", "$HOME", "`id`", "*", ";"}},
		"unclosed":         {line: "tell 'x", fault: "unclosed quote"},
		"ends so":          {line: `tell \`, fault: "ends with a backslash"},
		"empty":            {line: "  ", fault: "names no program"},
		"empty word":       {line: "'' x", fault: "names no program"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := night.Words(test.line)
			if test.fault != "" {
				require.ErrorContains(t, err, test.fault)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"mail desk", `a 'b c' "d\"e"`, `\`, "'", "\xff x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words, err := night.Words(line)
		if err == nil {
			require.NotEmpty(t, words)
			require.NotEmpty(t, words[0])
		}
	})
}

func TestMarks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db.flag-handed")
	_, ok, err := night.ReadMark(path)
	require.NoError(t, err)
	assert.False(t, ok)
	want := night.Mark{Run: "r-1", Finished: noon}
	require.NoError(t, night.WriteMark(path, want))
	got, ok, err := night.ReadMark(path)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, want, got)
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing is left beside it")

	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))
	_, _, err = night.ReadMark(path)
	require.ErrorContains(t, err, "to begin anew")
	assert.ErrorContains(t, night.WriteMark(filepath.Join(path, "x"), want), "night: what was handed on: ")
}

func TestMetricsAreInTheFormatOfPrometheus(t *testing.T) {
	var m night.Metrics
	m.Add("rummage_flag_last_exit_code", "Exit code of the last run.", 3)
	m.Add("rummage_flag_networks", "Networks by state.\nTwo lines, \\.", 2, night.Label{Name: "state", Value: `n"e\w`})
	m.Add("rummage_flag_duration_seconds", "How long.", 1.5)
	m.Add("rummage_flag_networks", "", 0, night.Label{Name: "state", Value: "gone"}, night.Label{Name: "grade", Value: "A"})
	want := `# HELP rummage_flag_last_exit_code Exit code of the last run.
# TYPE rummage_flag_last_exit_code gauge
rummage_flag_last_exit_code 3
# HELP rummage_flag_networks Networks by state.\nTwo lines, \\.
# TYPE rummage_flag_networks gauge
rummage_flag_networks{state="n\"e\\w"} 2
rummage_flag_networks{state="gone",grade="A"} 0
# HELP rummage_flag_duration_seconds How long.
# TYPE rummage_flag_duration_seconds gauge
rummage_flag_duration_seconds 1.5
`
	assert.Equal(t, want, string(m.Text()))
	path := filepath.Join(t.TempDir(), "rummage.prom")
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("old\n"), 1000), 0o600))
	require.NoError(t, m.Write(path))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, want, string(text), "whole, in the place of the old one")
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o644), info.Mode().Perm(), "the collector is another user")

	value, ok := night.Before(path, "rummage_flag_duration_seconds")
	assert.True(t, ok)
	assert.Equal(t, 1.5, value)
	_, ok = night.Before(path, "rummage_flag_dur")
	assert.False(t, ok)
	_, ok = night.Before(path+"x", "rummage_flag_duration_seconds")
	assert.False(t, ok)
	assert.ErrorContains(t, m.Write(filepath.Join(path, "x")), "night: metrics: ")
	assert.Panics(t, func() { m.Add("Bad-Name", "", 1) })
	assert.Panics(t, func() { m.Add("x", "", 1, night.Label{Name: "le vel"}) })
}
