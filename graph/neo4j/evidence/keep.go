package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"rummage/graph"
)

// Keep stores the bytes of a file and returns their number; it makes the folder
// where there is none. When it returns
// they are on the disk; after an error, or a crash, nothing of them is there.
// A file that is there already stays as it is, though the bytes are hashed and
// compared; one that is there and damaged is written anew.
//
// Errors wrap graph.ErrEvidenceMismatch when the bytes are not those that sha
// names, graph.ErrInvalidRecord when sha is no SHA-256, graph.ErrFull,
// graph.ErrReadOnly, and that of the context, which is looked at between
// blocks. Memory: a few blocks, whatever the size.
func (f *Folder) Keep(ctx context.Context, file io.Reader, sha graph.SHA256) (int64, error) {
	if !valid(sha) {
		return 0, fmt.Errorf("evidence: %q is no SHA-256: %w", string(sha), graph.ErrInvalidRecord)
	}
	there, err := f.open(ctx, sha)
	switch {
	case err == nil:
		size, err := compare(ctx, file, sha)
		return size, errors.Join(errorOf("keep "+string(sha), err), there.Close())
	case !errors.Is(err, graph.ErrNoEvidence) && !errors.Is(err, graph.ErrDamaged):
		return 0, err
	}
	if err := f.ready(); err != nil {
		return 0, err
	}
	size, err := f.write(ctx, file, sha)
	return size, errorOf("keep "+string(sha), err)
}

// compare hashes a file that is kept already.
func compare(ctx context.Context, file io.Reader, sha graph.SHA256) (int64, error) {
	hash, size, buffer := sha256.New(), int64(0), make([]byte, blockSize)
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n, err := io.ReadFull(file, buffer)
		hash.Write(buffer[:n])
		size += int64(n)
		switch {
		case ended(err):
			return size, matches([sha256.Size]byte(hash.Sum(nil)), sha)
		case err != nil:
			return 0, fmt.Errorf("read the file: %w", err)
		}
	}
}

func ended(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

func matches(got [sha256.Size]byte, want graph.SHA256) error {
	if text := hex.EncodeToString(got[:]); text != string(want) {
		return fmt.Errorf("SHA-256 is %s, was %s: %w", text, want, graph.ErrEvidenceMismatch)
	}
	return nil
}

// write packs the file into a temporary one, which gets its name when it is
// whole and on the disk.
func (f *Folder) write(ctx context.Context, file io.Reader, sha graph.SHA256) (size int64, err error) {
	temp, err := os.CreateTemp(f.dir, temporary) // 0600
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
		}
	}()
	x, err := f.pack(ctx, file, temp)
	if err != nil {
		return 0, err
	}
	if err := matches(x.hash, sha); err != nil {
		return 0, err
	}
	end, err := x.appendTo(nil)
	if err != nil {
		return 0, err
	}
	if _, err := temp.Write(end); err != nil {
		return 0, err
	}
	if err := temp.Sync(); err != nil {
		return 0, err
	}
	if err := temp.Close(); err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := f.name(ctx, temp.Name(), sha); err != nil {
		return 0, err
	}
	f.know(x)
	return x.size, nil
}

// name gives a finished file its name. Windows refuses that while another
// process, which kept the same file meanwhile, or a reader has it open.
func (f *Folder) name(ctx context.Context, temp string, sha graph.SHA256) error {
	if err := os.Rename(temp, f.path(sha)); err != nil {
		there, failed := f.open(ctx, sha)
		if failed != nil {
			return err
		}
		return errors.Join(there.Close(), os.Remove(temp))
	}
	if err := syncFolder(f.dir); err != nil {
		return errors.Join(err, os.Remove(f.path(sha)))
	}
	return nil
}

// ahead is how many blocks are being packed, or unpacked, while others are
// read and written.
const ahead = 3

// piece is a block on its way.
type piece struct {
	raw    []byte
	packed chan []byte
}

// pack reads the file to its end and writes its blocks. They are packed beside
// the reading and written in order.
func (f *Folder) pack(ctx context.Context, file io.Reader, to io.Writer) (*index, error) {
	var packing sync.WaitGroup
	defer packing.Wait()
	var pieces [ahead]piece
	for i := range pieces {
		pieces[i] = piece{raw: make([]byte, blockSize), packed: make(chan []byte, 1)}
	}
	x, hash := &index{starts: []int64{0}}, sha256.New()
	flush := func() error {
		packed := <-pieces[x.blocks()%ahead].packed
		x.add(packed)
		_, err := to.Write(packed)
		return err
	}
	for no := 0; ; no++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if no-x.blocks() == ahead {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		p := &pieces[no%ahead]
		n, err := io.ReadFull(file, p.raw)
		if err != nil && !ended(err) {
			return nil, fmt.Errorf("read the file: %w", err)
		}
		if n > 0 {
			hash.Write(p.raw[:n])
			x.size += int64(n)
			packing.Go(func() { p.packed <- f.enc.EncodeAll(p.raw[:n], nil) })
		}
		if err != nil {
			for last := (x.size + blockSize - 1) / blockSize; int64(x.blocks()) < last; {
				if err := flush(); err != nil {
					return nil, err
				}
			}
			x.hash = [sha256.Size]byte(hash.Sum(nil))
			return x, nil
		}
	}
}
