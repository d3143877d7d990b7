package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rummage/graph"
)

// Backup writes a verified copy of the last commit to a new file, while the
// store is read and written. The copy holds no free pages and no journal.
func (s *Store) Backup(ctx context.Context, path string, progress func(done, total int64)) error {
	if s.closed.Load() {
		return graph.ErrClosed
	}
	return errorOf("back up to "+path, interrupted(ctx, s.copyTo(ctx, path, progress)))
}

// Restore writes a verified copy of a backup to path, where no store may be.
// Errors wrap fs.ErrExist, or those of Open about the backup.
func Restore(ctx context.Context, backup, path string, progress func(done, total int64)) error {
	s, err := Open(ctx, backup, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	if err := local(path); err != nil {
		return err
	}
	if err := whole(ctx, s, nil); err != nil {
		return errorOf("restore "+backup, err)
	}
	return errorOf("restore "+backup, interrupted(ctx, s.copyTo(ctx, path, progress)))
}

// copyTo copies the last commit to a new file at path: into a temporary file
// beside it, which is checked and then given its name.
func (s *Store) copyTo(ctx context.Context, path string, progress func(done, total int64)) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s: %w", path, fs.ErrExist), err)
	}
	if err := noJournal(path); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // 0600
	if err != nil {
		return err
	}
	_ = temp.Close()
	defer removeStore(temp.Name())
	if err := s.there(); err != nil {
		return err
	}
	from, err := sql.Open("sqlite", address(s.path, s.mode)) // reading connections may not even write elsewhere
	if err != nil {
		return err
	}
	if err := errors.Join(vacuumInto(ctx, from, temp.Name(), progress), from.Close()); err != nil {
		return err
	}
	if err := finishCopy(ctx, temp.Name()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return err
		}
		return putInPlace(temp.Name(), path)
	}
	return nil
}

// vacuumInto has SQLite write the copy; its growth is the progress.
func vacuumInto(ctx context.Context, from *sql.DB, temp string, progress func(done, total int64)) error {
	var pages, free, size int64
	for _, p := range []struct {
		name string
		to   *int64
	}{{"page_count", &pages}, {"freelist_count", &free}, {"page_size", &size}} {
		if err := from.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(p.to); err != nil {
			return err
		}
	}
	total := (pages - free) * size
	done := make(chan struct{})
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if info, err := os.Stat(temp); err == nil && progress != nil {
					progress(min(info.Size(), total), total)
				}
			}
		}
	}()
	_, err := from.ExecContext(ctx, "VACUUM INTO ?", temp)
	close(done)
	<-finished
	if err == nil && progress != nil {
		progress(total, total)
	}
	return err
}

// finishCopy makes a store of the copy, checks it whole and has it written to
// the disk.
func finishCopy(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", address(path, "rw"))
	if err != nil {
		return err
	}
	var mode string
	err = db.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	s, err := Open(ctx, path, Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(whole(ctx, s, nil), s.Close()); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// whole returns an error when a check finds anything.
func whole(ctx context.Context, s *Store, progress func(done, total int64)) error {
	problems, err := s.Check(ctx, progress)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return fmt.Errorf("%d problems, the first: %s: %s: %w", len(problems), problems[0].Where, problems[0].What, graph.ErrDamaged)
	}
	return nil
}
