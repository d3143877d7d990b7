package graph

import (
	"errors"
	"fmt"
	"time"
)

// Errors of reading names, ids and records.
var (
	// ErrUnknownName is returned for a kind, role, view, result or channel
	// outside the vocabulary.
	ErrUnknownName = errors.New("unknown name")
	// ErrInvalidRecord is returned for a record that breaks the rules.
	ErrInvalidRecord = errors.New("invalid record")
)

// Errors of opening a store.
var (
	// ErrNotAStore is returned for a file or database that rummage did not
	// make.
	ErrNotAStore = errors.New("not a rummage store")
	// ErrNewerFormat is returned for a store of a later version.
	ErrNewerFormat = errors.New("store was written by a newer version")
	// ErrOlderFormat is returned for a store too old to be upgraded.
	ErrOlderFormat = errors.New("store was written by an older version")
	// ErrReadOnly is returned when a write is asked of a store, or of a file
	// or disk, that permits none.
	ErrReadOnly = errors.New("store is read-only")
	// ErrUnreachable is returned when the store cannot be reached.
	ErrUnreachable = errors.New("store is unreachable")
	// ErrDamaged is returned when a checksum or a cross reference is wrong.
	ErrDamaged = errors.New("store is damaged")
	// ErrFull is returned when the disk, or the room set for the store, is
	// used up. The store is as it was before the write.
	ErrFull = errors.New("no space left for the store")
	// ErrLocked is wrapped by LockedError.
	ErrLocked = errors.New("store is locked by another writer")
	// ErrClosed is returned by every call after Close, Commit or Abort.
	ErrClosed = errors.New("already closed")
)

// Errors of importing and of taking sources out.
var (
	// ErrAlreadyImported is wrapped by AlreadyImportedError.
	ErrAlreadyImported = errors.New("already imported")
	// ErrEvidenceMismatch is returned when a file changed while it was read.
	ErrEvidenceMismatch = errors.New("evidence does not match its hash")
	// ErrUnknownSource is returned for the id of no source.
	ErrUnknownSource = errors.New("unknown source")
	// ErrEnded is returned for a source that counts no more.
	ErrEnded = errors.New("source has ended")
)

// Errors of reading.
var (
	// ErrNotFound is returned for what the scope does not show, whether it
	// exists or not.
	ErrNotFound = errors.New("not found")
	// ErrNoEvidence is returned when the bytes of a file were not kept, and is
	// wrapped by NoEvidenceError.
	ErrNoEvidence = errors.New("no evidence kept")
)

// LockedError says who writes to the store.
type LockedError struct {
	Holder string // process, host and command, as far as known
	Since  time.Time
}

// Error names the holder.
func (e *LockedError) Error() string {
	return fmt.Sprintf("%v: %s since %s", ErrLocked, e.Holder, e.Since.UTC().Format(time.RFC3339))
}

// Unwrap returns ErrLocked.
func (e *LockedError) Unwrap() error { return ErrLocked }

// NoEvidenceError says why bytes of a file that were kept cannot be had here.
type NoEvidenceError struct {
	File   SHA256
	Reason string // such as where they were looked for, and what to do
}

// Error names the file and the reason.
func (e *NoEvidenceError) Error() string { return fmt.Sprintf("file %s: %s", e.File, e.Reason) }

// Unwrap returns ErrNoEvidence.
func (e *NoEvidenceError) Unwrap() error { return ErrNoEvidence }

// AlreadyImportedError holds the source that is there already.
type AlreadyImportedError struct {
	Source Source
}

// Error names the source and its day of import.
func (e *AlreadyImportedError) Error() string {
	return fmt.Sprintf("%s: %v on %s as %s", e.Source.Name, ErrAlreadyImported,
		e.Source.ImportedAt.UTC().Format(time.RFC3339), e.Source.ID)
}

// Unwrap returns ErrAlreadyImported.
func (e *AlreadyImportedError) Unwrap() error { return ErrAlreadyImported }
