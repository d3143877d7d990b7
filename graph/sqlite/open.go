package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// Options say how a store is opened. The zero Options opens an existing store
// for reading and writing.
type Options struct {
	ReadOnly bool          // refuse every write
	Create   bool          // make the store if there is none
	LockWait time.Duration // how long a writer waits for another; the default is 10 s
	Holder   string        // what other writers are told about this one: the command
	Waiting  func(error)   // is told once, by a *graph.LockedError, who is waited for; nil for nobody
	Cache    int64         // bytes of decoded blocks kept; the default is 64 MiB

	chunk int // records that a segment is made of; tests make it small
}

const (
	defaultLockWait = 10 * time.Second
	defaultCache    = 64 << 20
	leastSQLite     = "3.53.4"
)

// Store is one embedded store. It implements graph.Store, graph.Checker and
// graph.BackerUp and is safe for concurrent use.
type Store struct {
	path     string
	options  Options
	readOnly string // why nothing may be written, "" if it may
	mode     string // in which SQLite opens the file for reading
	codec    *segment.Codec
	cache    *blockCache
	reading  *sql.DB
	writing  *sql.DB // one connection
	closed   atomic.Bool
	file     os.FileInfo // of the file that was opened

	mu       sync.Mutex
	listed   []sourceRow // as of generation listedAt
	listedAt int64
}

var (
	_ graph.Store    = (*Store)(nil)
	_ graph.Checker  = (*Store)(nil)
	_ graph.BackerUp = (*Store)(nil)
)

// Version returns the version of the SQLite library.
func Version(ctx context.Context) (string, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return "", errorOf("version", err)
	}
	defer func() { _ = db.Close() }()
	var version string
	err = db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version)
	return version, errorOf("version", err)
}

// atLeast compares versions such as 3.53.4 number by number.
func atLeast(version, least string) bool {
	have, want := strings.Split(version, "."), strings.Split(least, ".")
	for i := range want {
		if i >= len(have) {
			return false
		}
		h, err := strconv.Atoi(have[i])
		w, _ := strconv.Atoi(want[i])
		if err != nil || h != w {
			return err == nil && h > w
		}
	}
	return true
}

// Open opens the store in the file at path. Errors wrap graph.ErrNotAStore,
// ErrNewerFormat, ErrOlderFormat, ErrUnreachable, ErrReadOnly, ErrDamaged, or
// fs.ErrNotExist where there is no store and Options.Create is not set.
func Open(ctx context.Context, path string, options Options) (*Store, error) {
	if options.LockWait == 0 {
		options.LockWait = defaultLockWait
	}
	if options.Cache == 0 {
		options.Cache = defaultCache
	}
	if options.chunk == 0 {
		options.chunk = segment.ChunkRecords
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, errorOf("open", err)
	}
	if linked, err := filepath.EvalSymlinks(path); err == nil {
		path = linked // the lock must lie beside the file itself, as the journal does
	}
	version, err := Version(ctx)
	if err != nil {
		return nil, err
	}
	if !atLeast(version, leastSQLite) {
		return nil, fmt.Errorf("sqlite: SQLite %s is built in, at least %s is needed", version, leastSQLite)
	}
	if err := local(path); err != nil {
		return nil, err
	}
	format, err := formatOf(path)
	if errors.Is(err, fs.ErrNotExist) && options.Create && !options.ReadOnly {
		if err = create(ctx, path); err == nil {
			format, err = formatOf(path)
		}
	}
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, options: options}
	s.readOnly = whyReadOnly(path)
	reading := mode(path, s.readOnly)
	if options.ReadOnly {
		s.readOnly = "it was opened so"
	}
	if s.codec, err = segment.NewCodec(); err != nil {
		return nil, err
	}
	s.cache = newBlockCache(options.Cache)
	if err := s.connect(ctx, reading, format); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// connect opens the connections, upgrades an older format and reads the state.
func (s *Store) connect(ctx context.Context, reading string, format int) error {
	var err error
	s.mode = reading
	if s.file, err = os.Stat(s.path); err != nil {
		return errorOf("open "+s.path, err)
	}
	if s.reading, err = sql.Open("sqlite", address(s.path, reading)+"&_pragma=query_only(ON)"); err != nil {
		return errorOf("open "+s.path, err)
	}
	s.reading.SetMaxIdleConns(4)
	if s.readOnly == "" {
		if s.writing, err = sql.Open("sqlite", address(s.path, "rw")); err != nil {
			return errorOf("open "+s.path, err)
		}
		s.writing.SetMaxOpenConns(1)
	}
	if err := s.bringUp(ctx, format, upgrades()); err != nil {
		return err
	}
	_, err = readState(ctx, s.reading)
	return errorOf("open "+s.path, err)
}

// local refuses network drives: SQLite's locks and its shared memory do not
// hold there.
func local(path string) error {
	dir := filepath.Dir(path)
	drive, err := remoteDrive(dir)
	if err != nil {
		return fmt.Errorf("sqlite: open %s: %w: %w", path, graph.ErrUnreachable, err)
	}
	if drive != "" {
		return fmt.Errorf("sqlite: open %s: the folder is on a network drive (%s), where a store can be damaged; "+
			"move it to a local disk: %w", path, drive, graph.ErrUnreachable)
	}
	return nil
}

// formatOf reads the format version from the header of the file.
func formatOf(path string) (int, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("sqlite: open %s: no store there: %w: %w", path, graph.ErrUnreachable, err)
	}
	if err != nil {
		return 0, fmt.Errorf("sqlite: open %s: %w: %w", path, graph.ErrUnreachable, err)
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("sqlite: open %s: not a file: %w", path, graph.ErrNotAStore)
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("sqlite: open %s: %w: %w", path, graph.ErrUnreachable, err)
	}
	defer func() { _ = f.Close() }()
	header := make([]byte, 100)
	if _, err := io.ReadFull(f, header); err != nil || !bytes.HasPrefix(header, []byte("SQLite format 3\x00")) ||
		binary.BigEndian.Uint32(header[68:]) != applicationID {
		return 0, fmt.Errorf("sqlite: open %s: %w", path, graph.ErrNotAStore)
	}
	format := int(int32(binary.BigEndian.Uint32(header[60:])))
	if format > FormatVersion {
		return 0, fmt.Errorf("sqlite: open %s: format %d, this version knows %d: %w", path, format, FormatVersion, graph.ErrNewerFormat)
	}
	return format, nil
}

// whyReadOnly says why nothing can be written to the place, "" if it can. A
// file without any right to write is left alone even by an administrator, who
// could.
func whyReadOnly(path string) string {
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o222 == 0 {
		return "its file is marked so"
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		_ = f.Close()
		f, err = os.OpenFile(path+".lock", os.O_RDWR, 0)
	}
	if errors.Is(err, fs.ErrNotExist) { // nobody has written yet; the folder decides
		if f, err = os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*"); err == nil {
			defer func() { _ = os.Remove(f.Name()) }()
		}
	}
	if err != nil {
		return err.Error()
	}
	_ = f.Close()
	return ""
}

// mode is how SQLite opens a file for reading. Where neither the file nor its
// folder can be written and no journal lies beside it, nobody is writing, and
// SQLite must be told not to try to share.
func mode(path, readOnly string) string {
	if readOnly == "" {
		return "rw"
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		return "ro"
	}
	return "ro&immutable=1"
}

// address is the data source name for a mode.
func address(path, mode string) string {
	slash := filepath.ToSlash(path)
	if !strings.HasPrefix(slash, "/") {
		slash = "/" + slash // C:/folder
	}
	return "file://" + (&url.URL{Path: slash}).EscapedPath() + "?mode=" + mode +
		"&_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=secure_delete(FAST)" +
		"&_pragma=cache_size(-32768)&_pragma=temp_store(MEMORY)&_pragma=trusted_schema(OFF)&_pragma=cell_size_check(ON)&_pragma=journal_size_limit(16777216)"
}

// create makes an empty store. It is built beside its place and linked there
// whole, so that a crash leaves either no store or an empty one; whoever comes
// second uses the first one's.
func create(ctx context.Context, path string) error {
	if err := noJournal(path); err != nil {
		return errorOf("create "+path, err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // 0600
	if err != nil {
		return errorOf("create "+path, err)
	}
	_ = temp.Close()
	defer removeStore(temp.Name())
	if err := build(ctx, temp.Name()); err != nil {
		return errorOf("create "+path, err)
	}
	return errorOf("create "+path, putInPlace(temp.Name(), path))
}

// noJournal refuses a place where the journal of a store lies that is not
// there: SQLite would write its pages over those of the new one. It may hold
// the last commits of a store that was moved without it, so it is not removed.
func noJournal(path string) error {
	for _, suffix := range []string{"-wal", "-journal"} {
		journal, err := os.Stat(path + suffix)
		if err != nil || journal.Size() == 0 {
			continue
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) { // else somebody has just made it
			return fmt.Errorf("%w: %s%s: the journal of a store that is not there; put the store back beside it, or take it away: %w",
				graph.ErrUnreachable, path, suffix, fs.ErrExist)
		}
	}
	return nil
}

// there returns an error when the file at the store's place is not the one
// that was opened: connections to both would answer as one.
func (s *Store) there() error {
	if s.file == nil {
		return nil
	}
	now, err := os.Stat(s.path)
	if err == nil && os.SameFile(s.file, now) {
		return nil
	}
	return fmt.Errorf("sqlite: %s: the file was moved or replaced while it was open; open it again: %w", s.path, errors.Join(graph.ErrUnreachable, err))
}

// putInPlace gives a file its name unless that is taken.
func putInPlace(temp, path string) error {
	err := os.Link(temp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	if _, missing := os.Stat(path); errors.Is(missing, fs.ErrNotExist) {
		return os.Rename(temp, path) // a disk without links
	}
	return err
}

func removeStore(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal", ".lock"} {
		_ = os.Remove(path + suffix)
	}
}

func build(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", address(path, "rwc"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{
		fmt.Sprintf("PRAGMA page_size = %d", pageSize),
		"PRAGMA auto_vacuum = INCREMENTAL",
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		fmt.Sprintf("PRAGMA user_version = %d", FormatVersion),
		schema,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if err := writeState(ctx, db, &state{}); err != nil {
		return err
	}
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	return db.Close()
}

// bringUp upgrades the file step by step, or refuses.
func (s *Store) bringUp(ctx context.Context, format int, steps map[int]upgrade) error {
	for version := format; version < FormatVersion; version++ {
		if steps[version] == nil {
			return fmt.Errorf("sqlite: open %s: format %d, this version reads %d: %w", s.path, format, FormatVersion, graph.ErrOlderFormat)
		}
	}
	if format == FormatVersion {
		return nil
	}
	return s.write(ctx, "upgrade", func(w *writeWork) error {
		for version := format; version < FormatVersion; version++ {
			if err := steps[version](ctx, w.conn); err != nil {
				return err
			}
		}
		_, err := w.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", FormatVersion))
		return err
	})
}

// Close closes the store; open readers fail from now on.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	var errs []error
	for _, db := range []*sql.DB{s.writing, s.reading} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errorOf("close "+s.path, errors.Join(errs...))
}
