package evidence

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"rummage/graph"
)

// Evidence opens a kept file, to be read at random. The first opening through
// a Folder that did not keep it reads the file whole and compares its SHA-256 with its name;
// later ones, and every reading, compare blocks with what was found then.
//
// Errors wrap graph.ErrNoEvidence when the file is not there, graph.ErrDamaged
// when it is not what was kept, fs.ErrPermission when this account may not read
// it, and that of the context, which is looked at between blocks. Cost of the first opening: the whole file is unpacked and
// hashed, a few hundred megabytes a second.
func (f *Folder) Evidence(ctx context.Context, sha graph.SHA256) (graph.Evidence, error) {
	if !valid(sha) {
		return nil, fmt.Errorf("evidence: %q is no SHA-256: %w", string(sha), graph.ErrNoEvidence)
	}
	file, err := f.open(ctx, sha)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// open returns a file that is what its name says.
func (f *Folder) open(ctx context.Context, sha graph.SHA256) (*kept, error) {
	k, err := f.start(sha)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	known := f.whole[sha]
	f.mu.Unlock()
	if known != nil && known.equal(k.index) {
		return k, nil
	}
	if err := k.verify(ctx, func(int64) {}); err != nil {
		return nil, errors.Join(err, k.Close())
	}
	f.know(k.index)
	return k, nil
}

// know notes what the blocks of a file are, when they have been seen all.
func (f *Folder) know(x *index) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.whole[x.name()] = x
}

// start opens a file and reads its index.
func (f *Folder) start(sha graph.SHA256) (*kept, error) {
	path := f.path(sha)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("evidence: there is no %s: %w", path, graph.ErrNoEvidence)
	}
	if err != nil {
		return nil, unread(err)
	}
	k := &kept{folder: f, path: path, file: file}
	if err := k.readIndex(sha); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return k, nil
}

// kept is an open file.
type kept struct {
	folder *Folder
	path   string
	file   *os.File
	*index

	mu     sync.Mutex
	no     int64 // of the block that was read last, from 1; 0 for none
	block  []byte
	packed []byte
	closed bool
}

func (k *kept) readIndex(sha graph.SHA256) error {
	info, err := k.file.Stat()
	if err != nil {
		return errorOf("open", err)
	}
	if !info.Mode().IsRegular() {
		return damaged(k.path, "it is no file")
	}
	if k.index, err = readIndex(k.file, info.Size()); err != nil {
		return k.wrong(err)
	}
	if k.name() != sha {
		return damaged(k.path, "it holds the file with the SHA-256 "+string(k.name()))
	}
	return nil
}

// equal reports two indexes that say the same of the blocks.
func (x *index) equal(y *index) bool {
	if x.size != y.size || x.hash != y.hash || len(x.sums) != len(y.sums) {
		return false
	}
	for i := range x.sums {
		if x.sums[i] != y.sums[i] || x.starts[i+1] != y.starts[i+1] {
			return false
		}
	}
	return true
}

// wrong tells damage from a disk that cannot be read.
func (k *kept) wrong(err error) error {
	if errors.Is(err, errNoIndex) || errors.Is(err, errIndex) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged(k.path, err.Error())
	}
	return errorOf("read "+k.path, err)
}

// load reads one block and compares it; buffers are used again.
func (k *kept) load(no int64, packed, raw []byte) (p, r []byte, err error) {
	n := k.starts[no+1] - k.starts[no]
	if int64(cap(packed)) < n {
		packed = make([]byte, maxPacked)
	}
	packed = packed[:n]
	if err := readFull(k.file, packed, k.starts[no]); err != nil {
		return packed, raw, k.wrong(err)
	}
	if sha256.Sum256(packed) != k.sums[no] {
		return packed, raw, damaged(k.path, fmt.Sprintf("block %d, from byte %d on, has another checksum", no, k.starts[no]))
	}
	if raw == nil {
		raw = make([]byte, 0, blockSize)
	}
	raw, err = k.folder.dec.DecodeAll(packed, raw[:0])
	if err != nil || int64(len(raw)) != k.blockLen(no) {
		return packed, raw, damaged(k.path, fmt.Sprintf("block %d, from byte %d on, cannot be unpacked", no, k.starts[no]))
	}
	return packed, raw, nil
}

// unpacked is a block, or why there is none.
type unpacked struct {
	raw []byte
	err error
}

// verify reads all blocks and compares the SHA-256 of their bytes with the
// file's name. Blocks are unpacked beside the hashing.
func (k *kept) verify(ctx context.Context, step func(packed int64)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	blocks, spare := make(chan unpacked), make(chan []byte, ahead)
	for range ahead {
		spare <- nil
	}
	go func() {
		defer close(blocks)
		var packed []byte
		for no := range int64(k.blocks()) {
			var u unpacked
			select {
			case u.raw = <-spare:
			case <-ctx.Done():
				return
			}
			packed, u.raw, u.err = k.load(no, packed, u.raw)
			select {
			case blocks <- u:
			case <-ctx.Done():
				return
			}
			if u.err != nil {
				return
			}
		}
	}()
	defer func() {
		cancel()
		for range blocks { // the other side must have ended before the file is closed
		}
	}()
	hash, no := sha256.New(), 0
	for u := range blocks {
		if u.err != nil {
			return u.err
		}
		hash.Write(u.raw)
		no++
		step(k.starts[no] - k.starts[no-1])
		spare <- u.raw
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if [sha256.Size]byte(hash.Sum(nil)) != k.hash {
		return damaged(k.path, "its bytes have another SHA-256 than its name")
	}
	return nil
}

// Size returns the number of bytes as they were imported.
func (k *kept) Size() int64 { return k.size }

// Close ends reading.
func (k *kept) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return nil
	}
	k.closed = true
	return k.file.Close()
}

// ReadAt reads bytes as they were imported.
func (k *kept) ReadAt(p []byte, offset int64) (n int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return 0, graph.ErrClosed
	}
	if offset < 0 {
		return 0, fmt.Errorf("evidence: read at %d: before the beginning", offset)
	}
	for n < len(p) && offset < k.size {
		if no := offset / blockSize; k.no != no+1 {
			k.no = 0
			if k.packed, k.block, err = k.load(no, k.packed, k.block); err != nil {
				return n, err
			}
			k.no = no + 1
		}
		copied := copy(p[n:], k.block[offset%blockSize:])
		n += copied
		offset += int64(copied)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Check reads every file and returns what is wrong, nothing when all is well.
// Progress is in packed bytes.
func (f *Folder) Check(ctx context.Context, progress func(done, total int64)) ([]graph.Problem, error) {
	all, err := f.Kept()
	if err != nil {
		return nil, err
	}
	done, total := int64(0), int64(0)
	for _, sha := range all {
		if info, err := os.Stat(f.path(sha)); err == nil {
			total += info.Size()
		}
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	var problems []graph.Problem
	for _, sha := range all {
		err := f.check(ctx, sha, func(packed int64) {
			done += packed
			progress(min(done, total), total)
		})
		switch {
		case err == nil, errors.Is(err, graph.ErrNoEvidence): // removed meanwhile
		case ctx.Err() != nil:
			return nil, ctx.Err()
		default:
			problems = append(problems, graph.Problem{Where: f.path(sha), What: err.Error()})
		}
	}
	return problems, nil
}

func (f *Folder) check(ctx context.Context, sha graph.SHA256, step func(packed int64)) error {
	k, err := f.start(sha)
	if err != nil {
		return err
	}
	return errors.Join(k.verify(ctx, step), k.Close())
}
