// Package csrfile keeps snapshots of graphs in files: it writes them whole or not at all, and opens them by mapping them into
// memory, so that a graph is there at once, lies outside of the garbage collector's heap, and is shared among processes that use the
// same file.
//
// It is the only place beside the kernels that touches files. It must know neither what a node stands for nor what is computed.
package csrfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"rummage/algo/csr"
	"rummage/atomicfile"
)

// File is a snapshot that is open. Its graph lies in the file's memory.
type File struct {
	graph   *csr.Graph
	content []byte
	unmap   func() error
}

// Open maps the file read-only and returns it with its graph. By default every byte is verified first, which takes about as long
// as reading the file; with opts.Unverified it is there in a millisecond whatever its size, and Verify can be called at any time.
// On systems without mapping the file is read instead.
//
// A file that is cut short or damaged gives csr.ErrDamaged, another file csr.ErrFormat, and what the system says is passed on. Who
// replaces a snapshot must write a new file and rename it, as Write does: a file that is cut short while it is mapped ends the
// process, since the system takes its memory away.
func Open(ctx context.Context, path string, opts csr.ViewOptions) (*File, error) {
	f, err := open(ctx, path, opts)
	if err != nil {
		return nil, fmt.Errorf("csrfile: open %s: %w", filepath.Base(path), err)
	}
	return f, nil
}

func open(ctx context.Context, path string, opts csr.ViewOptions) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read; a mapping outlives it
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	switch size := info.Size(); {
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: it is no regular file", csr.ErrFormat)
	case size == 0:
		return nil, fmt.Errorf("%w: it is empty", csr.ErrFormat)
	case size > math.MaxInt:
		return nil, fmt.Errorf("%w: %d bytes do not fit the memory that this system can address", csr.ErrFormat, size)
	}
	f := &File{}
	if f.content, f.unmap, err = mapped(file, int(info.Size())); err != nil {
		return nil, err
	}
	if f.graph, err = csr.View(ctx, f.content, opts); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Graph returns the graph, which must not be used after Close, nor may anything that shares its memory, such as what its Unweighted and
// Reweight return.
func (f *File) Graph() *csr.Graph { return f.graph }

// Verify looks at every byte of the file. It returns csr.ErrDamaged when one is not as it was written, or the error of a cancelled
// context. threads is the number of goroutines, GOMAXPROCS when not positive.
func (f *File) Verify(ctx context.Context, threads int) error {
	return csr.Verify(ctx, f.content, threads)
}

// Close gives the memory back. Closing again does nothing.
func (f *File) Close() error {
	unmap := f.unmap
	f.graph, f.content, f.unmap = nil, nil, nil
	if unmap == nil {
		return nil
	}
	if err := unmap(); err != nil {
		return fmt.Errorf("csrfile: close: %w", err)
	}
	return nil
}

// Write writes a snapshot of g to path, whole or not at all: to a new file beside it, which then takes its place. The file can be
// read by its owner alone. Graphs of a snapshot that was there before stay what they are on systems that keep a file until its last
// user has closed it; Windows refuses to replace a file that is mapped.
func Write(path string, g *csr.Graph) error {
	if err := write(path, g); err != nil {
		return fmt.Errorf("csrfile: write %s: %w", filepath.Base(path), err)
	}
	return nil
}

func write(path string, g *csr.Graph) error {
	return atomicfile.Fill(path, 0o600, func(w io.Writer) error {
		_, err := g.WriteTo(w)
		return err
	})
}
