package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"rummage/graph"
)

// errorOf puts an error into the words of package graph: what was being done,
// the occasion, the cause.
func errorOf(what string, err error) error {
	if err == nil {
		return nil
	}
	if occasion := occasionOf(err); occasion != nil && !errors.Is(err, occasion) {
		return fmt.Errorf("sqlite: %s: %w: %w", what, occasion, err)
	}
	return fmt.Errorf("sqlite: %s: %w", what, err)
}

func occasionOf(err error) error {
	var failed *driver.Error
	if errors.As(err, &failed) {
		return occasionOfCode(failed.Code())
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EFBIG):
		return graph.ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return graph.ErrReadOnly
	}
	return nil
}

func occasionOfCode(code int) error {
	switch code {
	case lib.SQLITE_IOERR_SHMSIZE, lib.SQLITE_IOERR_WRITE, lib.SQLITE_IOERR_TRUNCATE:
		return graph.ErrFull // what a full disk is called where SQLite cannot tell
	case lib.SQLITE_ERROR:
		return graph.ErrDamaged // the statements are fixed, so it is the tables that are not
	}
	switch code & 0xff {
	case lib.SQLITE_FULL:
		return graph.ErrFull
	case lib.SQLITE_CORRUPT:
		return graph.ErrDamaged
	case lib.SQLITE_NOTADB:
		return graph.ErrNotAStore
	case lib.SQLITE_READONLY:
		return graph.ErrReadOnly
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return graph.ErrLocked
	case lib.SQLITE_CANTOPEN, lib.SQLITE_IOERR:
		return graph.ErrUnreachable
	}
	return nil
}

// interrupted returns the context's error where SQLite only says that it was
// interrupted.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
