package bag

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"rummage/atomicfile"
)

var (
	// ErrExists is returned for a bag that is to be made where something stands already.
	ErrExists = errors.New("something of that name is there already; name another, or move it away")
	// ErrTwice is returned for a file that is written twice, or under two names that one system takes for the same.
	ErrTwice = errors.New("a file of that name is in the bag already")
)

// Options say how a bag is made.
type Options struct {
	// Info is what bag-info.txt says, in this order.
	Info []Field
	// Key signs the bag; nil leaves it unsigned.
	Key ed25519.PrivateKey
	// Zip makes one zip file of it rather than a folder.
	Zip bool
	// Before is called with the id of the bag when it is whole and has not got its place yet, and may take it back by an error; nil for
	// nothing. So can be noted what leaves, before it does.
	Before func(id string) error
}

// Writer makes a bag. It grows in a folder beside its place, and stands there when Close has succeeded, whole, and not before.
type Writer struct {
	target, folder string
	opts           Options

	mu    sync.Mutex
	files map[string]digests // those that are finished
	names map[string]string  // folded names, of those begun too
	fault error              // the first of any file
	// id and stamped are there once the tag manifests are made.
	id      string
	stamped []byte
}

// Create begins a bag at a path. ErrExists, ErrInfo, or an error of the file system.
func Create(target string, opts Options) (*Writer, error) {
	for _, f := range opts.Info {
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("bag: %w", err)
		}
	}
	if _, err := os.Lstat(target); err == nil {
		return nil, fmt.Errorf("bag: %s: %w", target, ErrExists)
	}
	folder, err := os.MkdirTemp(filepath.Dir(target), "."+filepath.Base(target)+".part-*")
	if err != nil {
		return nil, fmt.Errorf("bag: %w", err)
	}
	return &Writer{target: target, folder: folder, opts: opts, files: map[string]digests{}, names: map[string]string{}}, nil
}

// File begins a file of the payload, named below data/ with slashes. Several may be open at the same time. What is written counts when the
// file is closed without an error. ErrPath, ErrTwice, or an error of the file system.
func (w *Writer) File(name string) (io.WriteCloser, error) {
	f, err := w.file(payload + name)
	if err != nil {
		w.fail(err)
		return nil, fmt.Errorf("bag: %w", err)
	}
	return f, nil
}

// file begins any file.
func (w *Writer) file(name string) (*entry, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	w.mu.Lock()
	other, taken := w.names[folded(name)]
	w.names[folded(name)] = name
	w.mu.Unlock()
	if taken {
		return nil, fmt.Errorf("%s and %s: %w", other, name, ErrTwice)
	}
	at := filepath.Join(w.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	return &entry{w: w, name: name, file: file, sum: newDigester()}, nil
}

func (w *Writer) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fault == nil {
		w.fault = err
	}
}

// entry is a file that is being written.
type entry struct {
	w    *Writer
	name string
	file *os.File
	sum  *digester
}

func (e *entry) Write(b []byte) (int, error) {
	n, err := e.file.Write(b)
	_, _ = e.sum.Write(b[:n]) // hashes take everything
	if err != nil {
		e.w.fail(err)
	}
	return n, err
}

// Name is where the file lies until the bag is whole.
func (e *entry) Name() string { return e.file.Name() }

func (e *entry) Close() error {
	if err := errors.Join(e.file.Sync(), e.file.Close()); err != nil {
		e.w.fail(err)
		return fmt.Errorf("bag: %w", err)
	}
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	e.w.files[e.name] = e.sum.digests()
	return nil
}

// Each reads every file that is finished, by its name in the bag and in order, before the bag is closed.
func (w *Writer) Each(visit func(name string, content io.Reader) error) error {
	w.mu.Lock()
	names := slices.Sorted(maps.Keys(w.files))
	w.mu.Unlock()
	for _, name := range names {
		file, err := os.Open(filepath.Join(w.folder, filepath.FromSlash(name)))
		if err != nil {
			return fmt.Errorf("bag: %w", err)
		}
		if err := errors.Join(visit(name, file), file.Close()); err != nil {
			return fmt.Errorf("bag: %w", err)
		}
	}
	return nil
}

// Abandon removes what was made. After Close it does nothing.
func (w *Writer) Abandon() error {
	if err := os.RemoveAll(w.folder); err != nil {
		return fmt.Errorf("bag: %w", err)
	}
	return nil
}

// Close adds what is said of the payload, signs it, and puts the bag where it belongs. The bag is removed where that fails, and where any
// file failed or was not closed.
func (w *Writer) Close() error {
	err := w.finish()
	if err == nil {
		return nil
	}
	return fmt.Errorf("bag: %s: %w", w.target, errors.Join(err, os.RemoveAll(w.folder)))
}

func (w *Writer) finish() error {
	if w.fault != nil {
		return w.fault
	}
	for folded, name := range w.names {
		if _, closed := w.files[name]; !closed {
			return fmt.Errorf("%s is not finished", w.names[folded])
		}
	}
	if err := w.tags(); err != nil {
		return err
	}
	from := w.folder
	if w.opts.Zip {
		from = w.folder + ".zip"
		if err := w.pack(from); err != nil {
			return errors.Join(err, os.RemoveAll(from))
		}
	} else if err := os.Chmod(from, 0o755); err != nil {
		return err
	}
	if err := w.place(from); err != nil {
		return errors.Join(err, os.RemoveAll(from))
	}
	if w.opts.Zip {
		return os.RemoveAll(w.folder)
	}
	return nil
}

// place puts what was made where it belongs, for good: also the names in its folders are flushed to the disk.
func (w *Writer) place(from string) error {
	if !w.opts.Zip {
		if err := flushFolders(from); err != nil {
			return err
		}
	}
	if w.opts.Before != nil {
		if err := w.opts.Before(w.id); err != nil {
			return err
		}
	}
	// Rename would replace a file that came to stand there in the meantime.
	if _, err := os.Lstat(w.target); !errors.Is(err, fs.ErrNotExist) {
		return ErrExists
	}
	if err := os.Rename(from, w.target); err != nil {
		return err
	}
	return atomicfile.Flush(filepath.Dir(w.target))
}

// flushFolders flushes the names in a folder and in all below it.
func flushFolders(folder string) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = atomicfile.Flush(path)
		}
		return err
	})
}

// tags writes all that is not payload.
func (w *Writer) tags() error {
	data, _ := split(w.files)
	var bytes int64
	for _, d := range data {
		bytes += d.size
	}
	if len(data) == 0 { // RFC 8493: the folder of the payload is there even if it is empty
		if err := os.Mkdir(filepath.Join(w.folder, filepath.FromSlash(payload)), 0o755); err != nil {
			return err
		}
	}
	fields := append(w.opts.Info[:len(w.opts.Info):len(w.opts.Info)], Field{oxum, fmt.Sprintf("%d.%d", bytes, len(data))})
	if err := errors.Join(w.tag(declarationFile, []byte(declaration)), w.tag(infoFile, infoText(fields))); err != nil {
		return err
	}
	for _, a := range algorithms {
		if err := w.tag(a.payload, a.manifest(data)); err != nil {
			return err
		}
	}
	_, tags := split(w.files)
	var manifests [][]byte
	for _, a := range algorithms {
		manifests = append(manifests, a.manifest(tags))
		if err := w.tag(a.tags, manifests[len(manifests)-1]); err != nil {
			return err
		}
	}
	w.id, w.stamped = identity(manifests), manifests[0]
	if w.opts.Key == nil {
		return nil
	}
	w.stamped = signature(w.opts.Key, manifests)
	return w.tag(signatureFile, w.stamped)
}

// Stamped returns what Report.Stamped will of a bag that is closed, so that nobody needs to read it for that.
func (w *Writer) Stamped() []byte { return w.stamped }

func (w *Writer) tag(name string, content []byte) error {
	f, err := w.file(name)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// pack makes the zip file. All in it lies below one folder, which is called like the file.
func (w *Writer) pack(to string) error {
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	name := filepath.Base(w.target)
	if ending := filepath.Ext(name); strings.EqualFold(ending, ".zip") {
		name = strings.TrimSuffix(name, ending)
	}
	if err = check(name); err == nil {
		err = pack(file, name, w.files, func(name string) (io.ReadCloser, error) {
			return os.Open(filepath.Join(w.folder, filepath.FromSlash(name)))
		})
	}
	return errors.Join(err, file.Sync(), file.Close())
}
