package sqlite

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/storetest"
)

// rich makes a small store that holds something of everything.
func rich(t testing.TB, path string) {
	ctx := context.Background()
	s, err := Open(ctx, path, Options{Create: true, chunk: 9})
	require.NoError(t, err)
	var rows []graph.Row
	for i := range 40 {
		rows = append(rows, storetest.Shipment(fmt.Sprint(i), fmt.Sprint("imp ", i%5), fmt.Sprint("exp ", i%7), 1+i%20),
			storetest.Named(fmt.Sprint("imp ", i%5), fmt.Sprint("Importer Number ", i%5)))
	}
	rows = append(rows, storetest.Found("3", graph.Hit, 9), graph.Row{Errors: []graph.RowError{{Code: "date", Reason: "no day"}}},
		graph.Row{Links: []graph.Link{{Role: graph.OwnedBy, From: storetest.Trader("imp 1"), To: storetest.Trader("owner"), Start: storetest.Day(2)}}})
	first := put(t, s, "first", rows...)
	put(t, s, "second", storetest.Shipment("3", "imp 3", "other", 3))
	gone := put(t, s, "third", storetest.Shipment("99", "gone", "away", 3))
	require.NoError(t, s.Withdraw(ctx, gone.ID, storetest.Noon(9), "wrong file"))
	_, err = s.Decide(ctx, graph.Decision{Subject: storetest.Trader("imp 1"), Other: storetest.Trader("imp 2"), Kind: graph.Same,
		Reason: "same seal", Author: "li", Time: storetest.Noon(4), Sources: []graph.SourceID{first.ID}})
	require.NoError(t, err)
	run := graph.Run{Kind: "flag", Scope: graph.Scope{Sources: []graph.SourceID{first.ID}}, Settings: []byte(`{}`), Results: []byte(`{"networks":[1]}`), Finished: storetest.Noon(5)}
	run.ID = run.NewRunID()
	require.NoError(t, s.SaveRun(ctx, run))
	require.NoError(t, s.Close())
}

// everythingOf returns all that a store answers, or why it does not.
func everythingOf(path string) (text string, problems []graph.Problem, err error) {
	ctx := context.Background()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			text = "panic"
		}
	}()
	s, err := Open(ctx, path, Options{})
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = s.Close() }()
	problems, err = s.Check(ctx, nil)
	if err != nil {
		problems = append(problems, graph.Problem{What: err.Error()})
	}
	sources, err := s.Sources(ctx)
	if err != nil {
		return "", problems, err
	}
	r, err := s.Within(ctx, graph.Scope{})
	if err != nil {
		return "", problems, err
	}
	defer func() { _ = r.Close() }()
	text, err = storetest.Dump(ctx, r)
	if err != nil {
		return "", problems, err
	}
	for _, source := range sources {
		file, err := r.Evidence(ctx, source.SHA256)
		if source.Ended.IsZero() {
			if err != nil {
				return "", problems, err
			}
			all, err := io.ReadAll(io.NewSectionReader(file, 0, file.Size()))
			if err != nil {
				return "", problems, err
			}
			text += string(all)
		}
	}
	return fmt.Sprint(sources) + text, problems, nil
}

// flips is how many bytes are flipped, one at a time.
const flips = 200

func TestAFlippedByteIsFoundOrHarmless(t *testing.T) {
	path := place(t)
	rich(t, path)
	want, problems, err := everythingOf(path)
	require.NoError(t, err)
	require.Empty(t, problems)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)

	r := rand.New(rand.NewPCG(7, 7))
	dir := t.TempDir()
	flips, found := flips, 0
	if testing.Short() {
		flips /= 5
	}
	for i := range flips {
		broken := append([]byte(nil), whole...)
		at := r.IntN(len(broken))
		if i%4 > 0 { // most of a small store is empty pages
			for broken[at] == 0 {
				at = r.IntN(len(broken))
			}
		}
		broken[at] ^= 1 << r.IntN(8)
		copied := filepath.Join(dir, fmt.Sprint("store-", i))
		require.NoError(t, os.WriteFile(copied, broken, 0o600))
		got, problems, err := everythingOf(copied)
		require.NotEqual(t, "panic", got, "byte %d: %v", at, err)
		if err != nil {
			found++
			continue
		}
		require.Equal(t, want, got, "byte %d: a wrong answer, %v", at, problems)
		if len(problems) > 0 {
			found++
		}
		removeStore(copied)
	}
	t.Logf("%d of %d flipped bytes were found, the rest changed nothing", found, flips)
	require.Greater(t, found, flips/4)
}

func TestCheckFindsWhatDoesNotBelongTogether(t *testing.T) {
	for name, statement := range map[string]string{
		"source changed":    "UPDATE source SET stored = stored + 1 WHERE num = 1",
		"source lost":       "DELETE FROM source WHERE num = 2",
		"segment lost":      "DELETE FROM segment WHERE id = (SELECT MIN(id) FROM segment)",
		"block lost":        "DELETE FROM block WHERE key = (SELECT MAX(key) FROM block)",
		"block too many":    "INSERT INTO block SELECT key + (1 << 32) * 99, data FROM block LIMIT 1",
		"blocks exchanged":  "UPDATE block SET data = (SELECT data FROM block ORDER BY key LIMIT 1 OFFSET 1) WHERE key = (SELECT MIN(key) FROM block)",
		"block cut":         "UPDATE block SET data = substr(data, 1, 2) WHERE key = (SELECT MIN(key) FROM block)",
		"place lost":        "DELETE FROM place WHERE key = (SELECT MIN(key) FROM place)",
		"quarantine lost":   "DELETE FROM refused",
		"evidence lost":     "DELETE FROM file_block WHERE key >> 32 = 1",
		"evidence unlisted": "DELETE FROM file WHERE num = 1",
		"evidence too many": "INSERT INTO file VALUES (77, 'ab', 3, 0)",
		"decision changed":  "UPDATE decision SET kind = 'different'",
		"decision lost":     "DELETE FROM decision",
		"run changed":       "UPDATE run SET results = '{}'",
		"run lost":          "DELETE FROM run",
		"state changed":     "UPDATE state SET runs = 0",
		"state lost":        "DELETE FROM state",
	} {
		t.Run(name, func(t *testing.T) {
			path := place(t)
			rich(t, path)
			require.NoError(t, change(path, statement))
			_, problems, err := everythingOf(path)
			if err != nil {
				require.ErrorIs(t, err, graph.ErrDamaged)
				return
			}
			require.NotEmpty(t, problems)
		})
	}
}

func TestBackupIsWholeAndRestoreToo(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	path, copied, restored := filepath.Join(dir, "store"), filepath.Join(dir, "copy"), filepath.Join(dir, "restored")
	rich(t, path)
	want, _, err := everythingOf(path)
	require.NoError(t, err)
	s := fresh(t, path)
	work, err := s.Begin(ctx, storetest.NewBatch("open", 2).Spec) // a writer is at work meanwhile
	require.NoError(t, err)
	var last, total int64
	require.NoError(t, s.Backup(ctx, copied, func(done, all int64) { last, total = done, all }))
	require.Positive(t, total)
	require.Equal(t, total, last)
	require.NoError(t, work.Abort())
	require.ErrorIs(t, s.Backup(ctx, copied, nil), os.ErrExist)

	require.NoError(t, Restore(ctx, copied, restored, nil))
	got, problems, err := everythingOf(restored)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Equal(t, want, got)
	require.ErrorIs(t, Restore(ctx, copied, restored, nil), os.ErrExist)
	require.ErrorIs(t, Restore(ctx, filepath.Join(dir, "none"), place(t), nil), os.ErrNotExist)

	require.NoError(t, change(copied, "UPDATE run SET results = '{}'"))
	target := place(t)
	require.ErrorIs(t, Restore(ctx, copied, target, nil), graph.ErrDamaged)
	require.NoFileExists(t, target)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, s.Backup(cancelled, target, nil), context.Canceled)
	left, err := os.ReadDir(filepath.Dir(target))
	require.NoError(t, err)
	require.Empty(t, left)
}
