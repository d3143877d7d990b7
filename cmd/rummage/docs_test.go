package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
)

// step is one command of a guide, the line it stands in, and the output the guide shows for it.
type step struct {
	line    int
	command string
	shows   []string
}

// steps reads the ```console blocks of a guide: "$ " starts a command, what follows is output.
func steps(guide string) []step {
	var all []step
	inside := false
	for i, line := range strings.Split(guide, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = !inside && line == "```console"
		case inside && strings.HasPrefix(line, "$ "):
			all = append(all, step{line: i + 1, command: line[2:]})
		case inside && len(all) > 0:
			last := &all[len(all)-1]
			last.shows = append(last.shows, strings.TrimRight(line, " "))
		}
	}
	return all
}

// given are ids that follow from everything that was used, the text of a mapping included: by those that a guide shows, those of today. They
// are to be the same, so that a reader finds what the guide shows; told apart they let -update write those of today.
type given map[string]string

var hashed = regexp.MustCompile(`\b[nrs]-[0-9a-f]{12,16}\b`)

// same compares two lines but for hashed ids, and notes which id of the guide stands for which of today.
func (g given) same(want, got string) bool {
	if hashed.ReplaceAllString(want, "id") != hashed.ReplaceAllString(got, "id") {
		return false
	}
	today := hashed.FindAllString(got, -1)
	for i, id := range hashed.FindAllString(want, -1) {
		if known, ok := g[id]; ok && known != today[i] {
			return false
		}
		g[id] = today[i]
	}
	return true
}

// rewritten takes the ids of a new output for those that the guide showed, in the order in which they first stand.
func (g given) rewritten(shows []string, output string) {
	distinct := func(text string) (all []string) {
		for _, id := range hashed.FindAllString(text, -1) {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
		return all
	}
	today := distinct(output)
	for i, id := range distinct(strings.Join(shows, "\n")) {
		if _, known := g[id]; !known && i < len(today) {
			g[id] = today[i]
		}
	}
}

// changed lists the ids of the guide that are others today.
func (g given) changed() (all []string) {
	for _, id := range slices.Sorted(maps.Keys(g)) {
		if g[id] != id {
			all = append(all, id+" is "+g[id])
		}
	}
	return all
}

// command is the command of a guide with the ids of today.
func (g given) command(text string) string {
	return hashed.ReplaceAllStringFunc(text, func(id string) string {
		if today, ok := g[id]; ok {
			return today
		}
		return id
	})
}

// shown says which line of the output does not stand where the guide shows it. A line "..." in the
// guide stands for any number of lines.
func shown(shows []string, output string, ids given) error {
	rest := strings.Split(strings.TrimRight(output, "\n"), "\n")
	loose := false
	for _, want := range shows {
		if want == "..." {
			loose = true
			continue
		}
		at := 0
		for loose && at < len(rest) && !ids.same(want, rest[at]) {
			at++
		}
		if at >= len(rest) || !ids.same(want, rest[at]) {
			return fmt.Errorf("the guide shows %q, the command printed:\n%s", want, output)
		}
		rest, loose = rest[at+1:], false
	}
	if len(shows) > 0 && !loose && len(rest) > 0 && strings.Join(rest, "") != "" {
		return fmt.Errorf("the guide ends before %q", rest[0])
	}
	return nil
}

// drawn finds the pictures of a guide: pictures/NAME.svg is that of the case file NAME, which its commands make.
var drawn = regexp.MustCompile(`\]\(pictures/(\w+)\.svg\)`)

// pictured compares a picture that a guide shows with the one that was made, or puts this one in its place.
func pictured(shown, made string) error {
	got, err := os.ReadFile(made)
	if err != nil {
		return err
	}
	if *update {
		return os.WriteFile(shown, got, 0o644)
	}
	want, err := os.ReadFile(shown)
	if err == nil && !bytes.Equal(want, got) {
		err = fmt.Errorf("%s is not what the commands of the guide draw; go test ./cmd/rummage -run TestGuides -update draws it", shown)
	}
	return err
}

// TestGuides runs every command that a guide shows, in order, each guide in a folder of its own, and
// compares the output that is shown, ids included. With -update it writes the output into the guide where it differs, the first lines of it.
func TestGuides(t *testing.T) {
	fixtures.Figures(t)
	guides, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	for _, path := range append(guides, "../../README.md") {
		path, err := filepath.Abs(path)
		require.NoError(t, err)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		all, mended := steps(string(text)), map[int]string{}
		if len(all) == 0 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Chdir(t.TempDir())
			ids := given{}
			for _, s := range all {
				args, err := words(ids.command(s.command))
				require.NoError(t, err)
				require.Equal(t, "rummage", args[0], "line %d: a guide's console runs rummage alone", s.line)
				var out, errs bytes.Buffer
				env := []string{"RUMMAGE_OUTPUT=table", "RUMMAGE_THREADS=2", "USER=kim"}
				code := do(t, process{stdout: &out, stderr: &errs, env: env}, args[1:]...)
				require.Zero(t, code, "line %d: %s\n%s", s.line, s.command, errs.String())
				err = shown(s.shows, out.String(), ids)
				if *update && err != nil {
					ids.rewritten(s.shows, out.String())
					mended[s.line] = out.String()
					continue
				}
				assert.NoError(t, err, "line %d: %s", s.line, s.command)
			}
			if *update && len(mended)+len(ids.changed()) > 0 {
				fresh := ids.command(mend(string(text), all, mended))
				require.NoError(t, os.WriteFile(path, []byte(fresh), 0o644))
				return
			}
			for _, name := range drawn.FindAllStringSubmatch(string(text), -1) {
				assert.NoError(t, pictured(filepath.Join(filepath.Dir(path), "pictures", name[1]+".svg"), filepath.Join(name[1], "data", "picture.svg")))
			}
			assert.Empty(t, ids.changed(), "ids that a reader will not find; go test ./cmd/rummage -run TestGuides -update writes those of today")
		})
	}
}

// mend puts new output below the commands in those lines, at most a dozen lines of it.
func mend(guide string, all []step, mended map[int]string) string {
	const most = 12
	lines := strings.Split(guide, "\n")
	for i := len(all) - 1; i >= 0; i-- {
		output, ok := mended[all[i].line]
		if !ok {
			continue
		}
		fresh := strings.Split(strings.TrimRight(output, "\n"), "\n")
		if len(fresh) > most {
			fresh = append(fresh[:most], "...")
		}
		from := all[i].line
		lines = append(lines[:from:from], append(fresh, lines[from+len(all[i].shows):]...)...)
	}
	return strings.Join(lines, "\n")
}

func TestMend(t *testing.T) {
	guide := "```console\n$ rummage a\nold\n$ rummage b\nkept\n```\n"
	assert.Equal(t, "```console\n$ rummage a\nx\ny\n$ rummage b\nkept\n```\n", mend(guide, steps(guide), map[int]string{2: "x\ny\n"}))
}

func TestSteps(t *testing.T) {
	guide := "text\n```console\n$ rummage a\nout\n\n$ rummage b 'c d'\n```\n```sh\n$ make\n```\n"
	assert.Equal(t, []step{
		{3, "rummage a", []string{"out", ""}},
		{6, "rummage b 'c d'", nil},
	}, steps(guide))
}

func TestShown(t *testing.T) {
	tests := map[string]struct {
		shows []string
		says  string
	}{
		"nothing shown":  {nil, ""},
		"all":            {[]string{"a", "b", "c"}, ""},
		"start":          {[]string{"a", "..."}, ""},
		"end":            {[]string{"...", "c"}, ""},
		"ends too early": {[]string{"a", "b"}, `the guide ends before "c"`},
		"another line":   {[]string{"a", "x"}, `the guide shows "x"`},
		"wrong order":    {[]string{"...", "b", "...", "a"}, `the guide shows "a"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := shown(test.shows, "a\nb\nc\n", given{})
			if test.says == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, test.says)
			}
		})
	}
}

func TestGiven(t *testing.T) {
	ids := given{}
	assert.True(t, ids.same("n-000000000001 new", "n-00000000000a new"))
	assert.False(t, ids.same("n-000000000001 new", "n-00000000000b new"), "one id of the guide is one of today")
	assert.False(t, ids.same("n-000000000002 new", "n-00000000000b old"))
	assert.Equal(t, "explain n-00000000000a", ids.command("explain n-000000000001"))
	assert.Equal(t, "explain n-000000000003", ids.command("explain n-000000000003"))
	assert.Equal(t, []string{"n-000000000001 is n-00000000000a"}, ids.changed())

	ids = given{}
	ids.rewritten([]string{"n-000000000001 old", "r-000000000002"}, "head n-00000000000a\nn-00000000000a r-00000000000b")
	assert.Equal(t, given{"n-000000000001": "n-00000000000a", "r-000000000002": "r-00000000000b"}, ids)
}

func TestWords(t *testing.T) {
	got, err := words(` search  "Kim & Co" 'a "b"' x''y ""`)
	require.NoError(t, err)
	assert.Equal(t, []string{"search", "Kim & Co", `a "b"`, "xy", ""}, got)
	_, err = words(`search "Kim`)
	assert.ErrorContains(t, err, "unclosed quote")
}
