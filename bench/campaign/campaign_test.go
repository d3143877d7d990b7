package campaign_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/bench/campaign"
)

// flags are those of a campaign in a folder of its own.
func flags(t *testing.T, args ...string) *campaign.Flags {
	t.Helper()
	f := &campaign.Flags{Name: "test", Rounds: 5, Threads: 2, Limit: time.Minute, Share: time.Minute}
	set := flag.NewFlagSet("test", flag.ContinueOnError)
	f.Define(set)
	require.NoError(t, f.Parse(set, append([]string{"-out", t.TempDir()}, args...)))
	return f
}

// under runs a test as if built from a commit.
func under(t *testing.T, commit string) {
	before := campaign.Commit
	t.Cleanup(func() { campaign.Commit = before })
	campaign.Commit = commit
}

func TestParse(t *testing.T) {
	f := flags(t, "-rounds", "3", "-share", "20s")
	assert.Equal(t, 3, f.Rounds)
	assert.Equal(t, 2, f.Threads, "the default")
	assert.Equal(t, filepath.Join(f.Out, "test.json"), f.Ledger)
	assert.Equal(t, "elsewhere", flags(t, "-ledger", "elsewhere").Ledger)
	for name, args := range map[string][]string{
		"no rounds": {"-rounds", "0"}, "no threads": {"-threads", "0"}, "no time": {"-limit", "0s"}, "no share": {"-share", "0s"},
		"no flag": {"all"}, "unknown flag": {"-fast"},
	} {
		t.Run(name, func(t *testing.T) {
			f := &campaign.Flags{Name: "test", Rounds: 5, Threads: 2, Limit: time.Minute, Share: time.Minute}
			set := flag.NewFlagSet("test", flag.ContinueOnError)
			set.SetOutput(io.Discard)
			f.Define(set)
			require.Error(t, f.Parse(set, append(args, "-out", t.TempDir())))
		})
	}
}

func TestList(t *testing.T) {
	assert.Equal(t, []string{"a", "b"}, campaign.List("a, b,"))
	assert.Empty(t, campaign.List(""))
}

func TestPace(t *testing.T) {
	f := flags(t)
	for first, want := range map[float64][2]int{
		0.001: {20, 5}, 0.05: {4, 5}, 0.3: {1, 5}, 12: {1, 5}, 12.1: {1, 4}, 25: {1, 2}, 31: {1, 1}, 1000: {1, 1},
	} {
		assert.Equal(t, want, [2]int{campaign.Repeat(first), f.Turns(first)}, "a first turn of %v s", first)
	}
}

func TestPublish(t *testing.T) {
	f := flags(t)
	sheet := campaign.Sheet{Heading: "Test", Text: "figures\n", Picture: "<svg/>"}
	var out bytes.Buffer
	require.NoError(t, f.Publish(sheet, &out))
	assert.Equal(t, "figures\n", out.String())
	for name, want := range map[string]string{"test.md": "figures\n", "test.svg": "<svg/>"} {
		got, err := os.ReadFile(filepath.Join(f.Out, name))
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}

	folder := t.TempDir()
	f.Write, f.Document = true, filepath.Join(folder, "doc.md")
	require.NoError(t, os.WriteFile(f.Document, []byte("# Doc\n"), 0o600))
	require.NoError(t, f.Publish(sheet, io.Discard))
	assert.FileExists(t, filepath.Join(folder, "test.svg"))
	got, err := os.ReadFile(f.Document)
	require.NoError(t, err)
	assert.Equal(t, "# Doc\n\n## Test\n\n<!-- bench-test begin -->\nfigures\n<!-- bench-test end -->\n", string(got))

	f.Out = filepath.Join(folder, "none")
	require.ErrorIs(t, f.Publish(sheet, io.Discard), os.ErrNotExist)
	require.ErrorIs(t, f.Publish(campaign.Sheet{}, io.Discard), os.ErrNotExist)
}

func opened(t *testing.T, f *campaign.Flags) *campaign.Ledger[int] {
	t.Helper()
	l, err := campaign.Open[int](f)
	require.NoError(t, err)
	return l
}

func TestLedger(t *testing.T) {
	f := flags(t)
	under(t, "aaaa")
	l := opened(t, f)
	assert.Empty(t, l.All())
	require.NoError(t, l.Keep("second", 2))
	require.NoError(t, l.Keep("first", 1))
	require.NoError(t, l.Keep("second", 3))
	l = opened(t, f)
	require.Len(t, l.All(), 2, "what is measured anew takes the place of the old")
	assert.Equal(t, "first", l.All()[0].Key, "by key")
	require.NotNil(t, l.Find("second"))
	assert.Equal(t, 3, l.Find("second").Result)
	assert.Nil(t, l.Find("third"))
	assert.Contains(t, f.Stamp().String(), "commit aaaa")

	entries, err := os.ReadDir(f.Out)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "nothing is left of saving")
	one, err := os.ReadFile(f.Ledger)
	require.NoError(t, err)
	require.NoError(t, l.Keep("first", 1))
	other, err := os.ReadFile(f.Ledger)
	require.NoError(t, err)
	assert.Equal(t, string(one), string(other))
}

// TestStampsStayApart is what keeps figures of two machines or two states of the kernels out of one table.
func TestStampsStayApart(t *testing.T) {
	f := flags(t)
	under(t, "aaaa")
	require.NoError(t, opened(t, f).Keep("first", 1))

	campaign.Commit = "bbbb"
	l := opened(t, f)
	assert.Nil(t, l.Find("first"), "another commit")
	require.NoError(t, l.Keep("first", 2))

	text, err := os.ReadFile(f.Ledger)
	require.NoError(t, err)
	moved := strings.Replace(string(text), f.Stamp().Machine, "another machine", 1)
	require.NoError(t, os.WriteFile(f.Ledger, []byte(moved), 0o600))
	campaign.Commit = "aaaa"
	assert.Empty(t, opened(t, f).All(), "another machine")
	campaign.Commit = "bbbb"
	assert.Len(t, opened(t, f).All(), 1, "what others measured stays in the file")

	f.Threads = 3
	assert.Empty(t, opened(t, f).All(), "other threads")

	campaign.Commit = ""
	require.NoError(t, opened(t, f).Keep("first", 3))
	assert.Contains(t, f.Stamp().String(), "unknown commit")
	assert.Empty(t, opened(t, f).All(), "what an unknown commit measured is not taken up")
}

func TestOpenRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": "{", "another campaign": `{"campaign":"other","version":1}`, "another version": `{"campaign":"test","version":0}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := flags(t)
			require.NoError(t, os.WriteFile(f.Ledger, []byte(text), 0o600))
			_, err := campaign.Open[int](f)
			require.ErrorIs(t, err, campaign.ErrLedger)
			assert.ErrorContains(t, err, f.Ledger)
		})
	}
	f := flags(t)
	f.Ledger = f.Out
	_, err := campaign.Open[int](f)
	require.Error(t, err, "a folder is no ledger")
	f.Ledger = filepath.Join(f.Out, "none", "test.json")
	l, err := campaign.Open[int](f)
	require.NoError(t, err)
	require.ErrorIs(t, l.Keep("first", 1), os.ErrNotExist)
}

func TestDays(t *testing.T) {
	on := func(days ...string) string {
		var all []campaign.Entry[int]
		for _, day := range days {
			all = append(all, campaign.Entry[int]{Day: day})
		}
		return campaign.Days(all)
	}
	assert.Equal(t, "nothing measured", on())
	assert.Equal(t, "9 January 2027", on("2027-01-09", "2027-01-09"))
	assert.Equal(t, "30 December 2026 to 9 January 2027", on("2027-01-09", "2026-12-30", "2027-01-03"))
	assert.Equal(t, "some day", on("some day"))
}
