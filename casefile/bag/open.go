package bag

import (
	"archive/zip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

// ErrDamaged is returned for a bag in which something is not as it was made.
var ErrDamaged = errors.New("the case file is damaged")

// ErrSigner is returned for a bag that is as it was made, signed by another key than those that are known.
var ErrSigner = errors.New("the case file is signed by another key than those that are known")

// Bag is one that was verified and can be read.
type Bag struct {
	// Report is what was found when it was opened.
	Report *Report
	tree   tree
	files  map[string]digests // of the payload
	all    map[string]digests
	zip    *io.SectionReader // nil for a folder
	sum    [sha256.Size]byte // of the zip file
}

// Open verifies a bag and opens it for reading. ErrDamaged names the first problem, ErrSigner is of one that only has another
// signer, ErrAnew of a zip file that another program packed; else as Verify. It is to be closed.
func Open(ctx context.Context, path string, keys ...ed25519.PublicKey) (*Bag, error) {
	v, err := verify(ctx, path, keys)
	if err != nil {
		return nil, err
	}
	if v.archive != nil && v.archive.anew {
		return nil, fmt.Errorf("bag: %s: %w", path, errors.Join(ErrAnew, v.tree.close()))
	}
	if !v.report.OK() {
		p := v.report.Problems[0]
		err := fmt.Errorf("%w: %s; problems in all: %d", ErrDamaged, strings.TrimSpace(p.Path+" "+p.Problem), len(v.report.Problems))
		if v.stranger && len(v.report.Problems) == 1 {
			err = fmt.Errorf("%w: %s %s", ErrSigner, p.Path, p.Problem)
		}
		return nil, fmt.Errorf("bag: %s: %w", path, errors.Join(err, v.tree.close()))
	}
	data, _ := split(v.files)
	b := &Bag{Report: v.report, tree: v.tree, files: data, all: v.files}
	if v.again != nil {
		b.zip, b.sum = io.NewSectionReader(v.archive.file, 0, v.again.at), [sha256.Size]byte(v.again.sum.Sum(nil))
	}
	return b, nil
}

// Zip returns the zip file that was verified and its SHA-256, which is of the bytes that were verified: whoever reads it again sees by that
// whether these are still the same. Of a bag in a folder there is none, nil.
func (b *Bag) Zip() (*io.SectionReader, [sha256.Size]byte) { return b.zip, b.sum }

// Files lists the payload, names below data/, ordered.
func (b *Bag) Files() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		names = append(names, strings.TrimPrefix(name, payload))
	}
	return names
}

// File opens a file of the payload. Reading ends with ErrDamaged instead of io.EOF if its bytes are no longer those that were verified.
func (b *Bag) File(name string) (io.ReadCloser, error) {
	if _, there := b.files[payload+name]; !there {
		return nil, fmt.Errorf("bag: %s: %w", name, fs.ErrNotExist)
	}
	file, err := b.open(context.Background(), payload+name)
	if err != nil {
		return nil, fmt.Errorf("bag: %w", err)
	}
	return file, nil
}

// open opens any file, as long as a context lasts.
func (b *Bag) open(ctx context.Context, name string) (io.ReadCloser, error) {
	file, err := b.tree.open(name)
	if err != nil {
		return nil, err
	}
	return &watched{reader{ctx, file}, file, newDigester(), b.all[name]}, nil
}

// Offset returns where the bytes of a file of the payload begin in the zip file, which stores them as they are. A bag in a folder has none:
// fs.ErrNotExist.
func (b *Bag) Offset(name string) (int64, error) {
	a, zipped := b.tree.(*archive)
	if !zipped || a.files[payload+name] == nil {
		return 0, fmt.Errorf("bag: offset of %s: %w", name, fs.ErrNotExist)
	}
	return a.files[payload+name].DataOffset()
}

// Pack writes the one zip file that the files of the bag make to a file, below a folder of that name, and returns it as a bag that reads from
// there, the file with it. ErrPath, and ErrDamaged if a file is no longer what was verified: then the file is left to the caller.
func (b *Bag) Pack(ctx context.Context, to *os.File, folder string) (*Bag, error) {
	if err := check(folder); err != nil {
		return nil, fmt.Errorf("bag: %w", err)
	}
	sum := sha256.New()
	err := pack(io.MultiWriter(to, sum), folder, b.all, func(name string) (io.ReadCloser, error) { return b.open(ctx, name) })
	if err != nil {
		return nil, fmt.Errorf("bag: pack: %w", err)
	}
	a := &archive{file: to, files: map[string]*zip.File{}}
	size, err := to.Seek(0, io.SeekCurrent)
	if err == nil {
		err = a.list()
	}
	if err != nil {
		return nil, fmt.Errorf("bag: pack: %w", err)
	}
	return &Bag{Report: b.Report, tree: a, files: b.files, all: b.all, zip: io.NewSectionReader(to, 0, size), sum: [sha256.Size]byte(sum.Sum(nil))}, nil
}

// Is tells whether something looks like a bag: a folder with bagit.txt and a manifest, or a zip file of such a folder, whoever packed it and how. Verify
// says whether it is a sound one.
func Is(path string) bool {
	t, err := treeOf(path)
	if err != nil {
		return false
	}
	defer func() { _ = t.close() }() // nothing was written
	if f, is := t.(*folder); is {
		_, declared := f.root.Stat(declarationFile)
		_, listed := f.root.Stat(algorithms[0].payload)
		return declared == nil && listed == nil
	}
	if t.(*archive).anew || t.(*archive).foul {
		return true
	}
	names, _, err := t.names()
	return err == nil && slices.Contains(names, declarationFile) && slices.Contains(names, algorithms[0].payload)
}

// Close closes what Open opened.
func (b *Bag) Close() error { return b.tree.close() }

// watched sums up what is read.
type watched struct {
	from io.Reader
	io.Closer
	sum  *digester
	want digests
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.from.Read(b)
	_, _ = w.sum.Write(b[:n]) // hashes take everything
	if errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.Is(err, io.EOF) && w.sum.digests() != w.want {
		return n, fmt.Errorf("bag: %w: a file was changed after it had been verified", ErrDamaged)
	}
	return n, err
}
