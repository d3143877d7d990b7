package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/storetest"
)

// place returns a path for a new store.
func place(t testing.TB) string { return filepath.Join(t.TempDir(), "store.rummage") }

// fresh opens a new store.
func fresh(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path, Options{Create: true, Holder: "test"})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// put imports rows as a source of that name.
func put(t testing.TB, s *Store, name string, rows ...graph.Row) graph.Source {
	t.Helper()
	source, err := storetest.NewBatch(name, 1, rows...).Import(context.Background(), s)
	require.NoError(t, err)
	return source
}

// dump returns everything that the store shows.
func dump(t testing.TB, s *Store) string {
	t.Helper()
	r, err := s.Within(context.Background(), graph.Scope{})
	require.NoError(t, err)
	defer func() { _ = r.Close() }()
	text, err := storetest.Dump(context.Background(), r)
	require.NoError(t, err)
	return text
}

func TestOpenRefusesWhatIsNoStore(t *testing.T) {
	ctx := context.Background()
	for name, make := range map[string]func(path string) error{
		"text":            func(path string) error { return os.WriteFile(path, []byte("declaration;importer\n"), 0o600) },
		"empty file":      func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"folder":          func(path string) error { return os.Mkdir(path, 0o700) },
		"another's table": func(path string) error { return change(path, "CREATE TABLE t (x)") },
	} {
		t.Run(name, func(t *testing.T) {
			path := place(t)
			require.NoError(t, make(path))
			before, _ := os.ReadFile(path)
			_, err := Open(ctx, path, Options{Create: true})
			require.ErrorIs(t, err, graph.ErrNotAStore)
			require.ErrorContains(t, err, path)
			after, _ := os.ReadFile(path)
			require.Equal(t, before, after, "it is left as it is")
		})
	}
	_, err := Open(ctx, place(t), Options{})
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorIs(t, err, graph.ErrUnreachable)
	_, err = Open(ctx, filepath.Join(t.TempDir(), "no", "folder"), Options{Create: true})
	require.ErrorIs(t, err, graph.ErrUnreachable)
}

// change runs SQL on a file, past the store.
func change(path string, statements ...string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			return errors.Join(err, db.Close())
		}
	}
	return db.Close()
}

func TestOpenRefusesOtherFormats(t *testing.T) {
	for version, want := range map[int]error{FormatVersion + 1: graph.ErrNewerFormat, 0: graph.ErrOlderFormat, -3: graph.ErrOlderFormat} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			path := place(t)
			require.NoError(t, fresh(t, path).Close())
			require.NoError(t, change(path, fmt.Sprintf("PRAGMA user_version = %d", version)))
			_, err := Open(context.Background(), path, Options{Create: true})
			require.ErrorIs(t, err, want)
		})
	}
}

func TestOlderFormatIsUpgradedWholeOrNotAtAll(t *testing.T) {
	ctx := context.Background()
	path := place(t)
	s := fresh(t, path)
	put(t, s, "first", storetest.Shipment("1", "a", "b", 1))
	want := dump(t, s)
	require.NoError(t, s.Close())
	// What format -1 would have been: other names of a column.
	require.NoError(t, change(path, "ALTER TABLE source RENAME COLUMN owner TO holder", "PRAGMA user_version = -1"))

	steps := map[int]upgrade{
		-1: func(ctx context.Context, conn *sql.Conn) error {
			_, err := conn.ExecContext(ctx, "ALTER TABLE source RENAME COLUMN holder TO owner")
			return err
		},
		0: func(context.Context, *sql.Conn) error { return errors.New("power cut") },
	}
	open := func() *Store {
		s := &Store{path: path, options: Options{LockWait: time.Second}}
		var err error
		s.reading, err = sql.Open("sqlite", address(path, "rw"))
		require.NoError(t, err)
		s.writing, err = sql.Open("sqlite", address(path, "rw"))
		require.NoError(t, err)
		return s
	}
	half := open()
	require.ErrorContains(t, half.bringUp(ctx, -1, steps), "power cut")
	require.NoError(t, half.Close())
	format, err := formatOf(path)
	require.NoError(t, err)
	require.Equal(t, -1, format, "the first step is undone with the second")

	steps[0] = func(context.Context, *sql.Conn) error { return nil }
	whole := open()
	require.NoError(t, whole.bringUp(ctx, -1, steps))
	require.NoError(t, whole.Close())
	require.Equal(t, want, dump(t, fresh(t, path)))
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	dir := t.TempDir()
	s := fresh(t, filepath.Join(dir, "store"))
	put(t, s, "first", storetest.Shipment("1", "a", "b", 1))
	require.NoError(t, s.Backup(context.Background(), filepath.Join(dir, "copy"), nil))
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 3)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), f.Name())
	}
}

func TestReadOnlyStoreIsReadAndNotWritten(t *testing.T) {
	ctx := context.Background()
	path := place(t)
	s := fresh(t, path)
	source := put(t, s, "first", storetest.Shipment("1", "a", "b", 1))
	want := dump(t, s)
	for name, make := range map[string]func(t *testing.T) *Store{
		"opened so": func(t *testing.T) *Store {
			ro, err := Open(ctx, path, Options{ReadOnly: true})
			require.NoError(t, err)
			return ro
		},
		"marked so": func(t *testing.T) *Store {
			require.NoError(t, s.Close())
			require.NoError(t, os.Chmod(path, 0o400))
			ro, err := Open(ctx, path, Options{})
			require.NoError(t, err)
			return ro
		},
	} {
		t.Run(name, func(t *testing.T) {
			ro := make(t)
			require.Equal(t, want, dump(t, ro))
			_, err := ro.Begin(ctx, storetest.NewBatch("second", 1).Spec)
			require.ErrorIs(t, err, graph.ErrReadOnly)
			require.ErrorIs(t, ro.Withdraw(ctx, source.ID, storetest.Noon(2), ""), graph.ErrReadOnly)
			require.ErrorIs(t, ro.Compact(ctx), graph.ErrReadOnly)
			problems, err := ro.Check(ctx, nil)
			require.NoError(t, err)
			require.Empty(t, problems)
			require.NoError(t, ro.Close())
		})
		s = fresh(t, place(t)) // so that closing it again is harmless
		_ = name
	}
}

func TestClosedStoreSaysSo(t *testing.T) {
	ctx := context.Background()
	s := fresh(t, place(t))
	r, err := s.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	require.NoError(t, r.Close())
	_, err = r.Runs(ctx, "flag")
	require.ErrorIs(t, err, graph.ErrClosed)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err = s.Within(ctx, graph.Scope{})
	require.ErrorIs(t, err, graph.ErrClosed)
	_, err = s.Check(ctx, nil)
	require.ErrorIs(t, err, graph.ErrClosed)
	require.ErrorIs(t, s.Backup(ctx, place(t), nil), graph.ErrClosed)
	require.ErrorIs(t, s.Compact(ctx), graph.ErrClosed)
}

func TestVersions(t *testing.T) {
	version, err := Version(context.Background())
	require.NoError(t, err)
	require.True(t, atLeast(version, leastSQLite), version)
	for have, want := range map[string]bool{"3.53.4": true, "3.53.3": false, "3.54.0": true, "4": true, "3.53": false, "x": false} {
		require.Equal(t, want, atLeast(have, "3.53.4"), have)
	}
	drive, err := remoteDrive(t.TempDir())
	require.NoError(t, err)
	require.Empty(t, drive, "the tests need a local disk")
}

func TestLockNamesItsHolder(t *testing.T) {
	ctx := context.Background()
	path := place(t)
	first := fresh(t, path)
	var told []error
	second, err := Open(ctx, path, Options{LockWait: 100 * time.Millisecond, Holder: "rummage flag", Waiting: func(by error) { told = append(told, by) }})
	require.NoError(t, err)
	defer func() { _ = second.Close() }()
	work, err := first.Begin(ctx, storetest.NewBatch("long", 1).Spec)
	require.NoError(t, err)
	var locked *graph.LockedError
	_, err = second.Begin(ctx, storetest.NewBatch("other", 1).Spec)
	require.ErrorAs(t, err, &locked)
	require.Contains(t, locked.Holder, fmt.Sprintf("process %d", os.Getpid()))
	require.Contains(t, locked.Holder, "(test)")
	require.WithinDuration(t, time.Now(), locked.Since, time.Minute)
	require.Len(t, told, 1, "who waits is told once for whom")
	require.EqualError(t, told[0], locked.Error())
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = second.Begin(cancelled, storetest.NewBatch("other", 1).Spec)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, work.Abort())

	require.NoError(t, os.WriteFile(path+".lock", []byte("what a dead process left"), 0o600))
	put(t, second, "other", storetest.Shipment("1", "a", "b", 1))
}

func TestJournalOfALostStoreIsNotTakenForOnesOwn(t *testing.T) {
	ctx := context.Background()
	backup, path := place(t), place(t)
	put(t, fresh(t, backup), "backup", storetest.Shipment("1", "a", "b", 1))
	s := fresh(t, path)
	put(t, s, "lost", storetest.Shipment("2", "c", "d", 1))
	require.FileExists(t, path+"-wal")
	journal, err := os.ReadFile(path + "-wal")
	require.NoError(t, err)
	require.NotEmpty(t, journal)
	require.NoError(t, s.Close())
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.WriteFile(path+"-wal", journal, 0o600)) // as a killed process leaves it

	err = Restore(ctx, backup, path, nil)
	require.ErrorIs(t, err, fs.ErrExist)
	require.ErrorContains(t, err, path+"-wal")
	_, err = Open(ctx, path, Options{Create: true})
	require.ErrorIs(t, err, graph.ErrUnreachable)
	require.ErrorContains(t, err, path+"-wal")
	require.NoFileExists(t, path)
	require.NoError(t, os.Remove(path+"-wal"))
	require.NoError(t, Restore(ctx, backup, path, nil))
}

func TestReplacedFileIsNotMixedWithTheOldOne(t *testing.T) {
	ctx := context.Background()
	path, other := place(t), place(t)
	s, o := fresh(t, path), fresh(t, other)
	put(t, s, "first", storetest.Shipment("1", "a", "b", 1))
	put(t, o, "other", storetest.Shipment("2", "c", "d", 1))
	require.NoError(t, o.Close())
	before, err := s.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	if err := os.Rename(other, path); err != nil {
		t.Skipf("a file in use cannot be replaced here: %v", err)
	}
	_, err = before.Entity(ctx, storetest.Trader("a"))
	require.NoError(t, err, "who is reading goes on with what was opened")
	require.NoError(t, before.Close())
	_, err = s.Within(ctx, graph.Scope{})
	require.ErrorIs(t, err, graph.ErrUnreachable)
	require.ErrorContains(t, err, "replaced while it was open")
	_, err = s.Begin(ctx, storetest.NewBatch("second", 1).Spec)
	require.ErrorIs(t, err, graph.ErrUnreachable)
	require.ErrorIs(t, s.Backup(ctx, place(t), nil), graph.ErrUnreachable)
}

func TestStoreBehindALinkHasOneLock(t *testing.T) {
	ctx := context.Background()
	path := place(t)
	s := fresh(t, path)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	linked, err := Open(ctx, link, Options{LockWait: 50 * time.Millisecond, Holder: "linked"})
	require.NoError(t, err)
	defer func() { _ = linked.Close() }()
	work, err := s.Begin(ctx, storetest.NewBatch("long", 1).Spec)
	require.NoError(t, err)
	var locked *graph.LockedError
	_, err = linked.Begin(ctx, storetest.NewBatch("other", 1).Spec)
	require.ErrorAs(t, err, &locked)
	require.Contains(t, locked.Holder, "(test)")
	require.NoError(t, work.Abort())
	put(t, linked, "other", storetest.Shipment("1", "a", "b", 1))
	require.NoFileExists(t, link+".lock")
	require.Equal(t, dump(t, linked), dump(t, s))
}
