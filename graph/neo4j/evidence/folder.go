package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"rummage/graph"
)

const (
	suffix    = ".zst"
	temporary = "keep-*.tmp"
)

// stale is the age at which a temporary file is one that a killed process left.
// One that is being written is never that old.
const stale = 24 * time.Hour

// Folder keeps files. It holds nothing open, so there is nothing to close. It
// is safe for concurrent use, by several processes too.
type Folder struct {
	dir string
	enc *zstd.Encoder
	dec *zstd.Decoder

	making sync.Mutex
	made   bool // the folder is there, and tidy

	mu    sync.Mutex
	whole map[graph.SHA256]*index // of files that were hashed, as they were then
}

// At returns the folder at dir without touching the disk: it is made, as Open
// makes it, when the first file is kept. Until then it holds nothing.
func At(dir string) (*Folder, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, errorOf("open "+dir, err)
	}
	f := &Folder{dir: dir, whole: make(map[graph.SHA256]*index)}
	if f.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithLowerEncoderMem(true)); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if f.dec, err = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(4*blockSize), zstd.WithDecoderConcurrency(0)); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return f, nil
}

// Open returns the folder at dir, which is made, for its owner alone, where
// there is none. Temporary files that a killed process left a day ago or
// earlier are taken out. Errors wrap graph.ErrReadOnly or graph.ErrFull where
// that is the cause.
func Open(dir string) (*Folder, error) {
	f, err := At(dir)
	if err != nil {
		return nil, err
	}
	return f, f.ready()
}

// ready makes the folder, and tidies it, once.
func (f *Folder) ready() error {
	f.making.Lock()
	defer f.making.Unlock()
	if f.made {
		return nil
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return errorOf("open "+f.dir, err)
	}
	if err := f.tidy(time.Now()); err != nil {
		return err
	}
	f.made = true
	return nil
}

func (f *Folder) wasMade() bool {
	f.making.Lock()
	defer f.making.Unlock()
	return f.made
}

// Dir is the folder's path.
func (f *Folder) Dir() string { return f.dir }

// tidy takes out what killed processes left.
func (f *Folder) tidy(now time.Time) error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return errorOf("open "+f.dir, err)
	}
	for _, entry := range entries {
		if ours, _ := filepath.Match(temporary, entry.Name()); !ours {
			continue
		}
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()) > stale {
			_ = os.Remove(filepath.Join(f.dir, entry.Name())) // another process may have done so, or this one may not
		}
	}
	return nil
}

// path is where a file is kept.
func (f *Folder) path(sha graph.SHA256) string { return filepath.Join(f.dir, string(sha)+suffix) }

// valid reports a hash as it is written: 64 digits. Nothing else may become
// the name of a file.
func valid(sha graph.SHA256) bool {
	return len(sha) == 64 && strings.Trim(string(sha), "0123456789abcdef") == ""
}

// Kept lists the files in the folder, in order; none where there is no folder
// yet.
// The error wraps fs.ErrPermission where this account may not look.
func (f *Folder) Kept() ([]graph.SHA256, error) {
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) && !f.wasMade() {
		return nil, nil
	}
	if err != nil {
		return nil, unread(err)
	}
	var all []graph.SHA256
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), suffix)
		if ok && valid(graph.SHA256(name)) {
			all = append(all, graph.SHA256(name))
		}
	}
	slices.SortFunc(all, func(a, b graph.SHA256) int { return cmp.Compare(a, b) })
	return all, nil
}

// Remove takes a file out, and what killed processes left, which may be of it.
// One that is not there is no error.
func (f *Folder) Remove(sha graph.SHA256) error {
	if !valid(sha) {
		return nil
	}
	f.forget(sha)
	_ = f.tidy(time.Now()) // what cannot be taken out now is when something is kept
	err := os.Remove(f.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = syncFolder(f.dir)
	}
	return errorOf("remove "+f.path(sha), err)
}

func (f *Folder) forget(sha graph.SHA256) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.whole, sha)
}

// errorOf puts an error into the words of package graph: what was being done,
// the occasion, the cause.
func errorOf(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("evidence: %s: %w: %w", what, graph.ErrFull, err)
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		return fmt.Errorf("evidence: %s: %w: %w", what, graph.ErrReadOnly, err)
	}
	return fmt.Errorf("evidence: %s: %w", what, err)
}

// unread is the error of what cannot be opened for reading. The cause names
// the path.
func unread(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("evidence: this account lacks the permission to read it (the folder is made for its owner alone): %w", err)
	}
	return fmt.Errorf("evidence: %w", err)
}

// damaged says which file is not what was kept, and what to do.
func damaged(path, what string) error {
	return fmt.Errorf("evidence: %s: %s; put this file back from a backup of the folder, "+
		"or purge the source and import the original again: %w", path, what, graph.ErrDamaged)
}
