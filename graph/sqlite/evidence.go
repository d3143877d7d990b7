package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// evidenceBlock is how many bytes of a file are packed together.
const evidenceBlock = 256 << 10

// keep stores a file's bytes unless they are kept already; the hash is
// compared in either case.
func (w *writeWork) keep(ctx context.Context, file io.Reader, want graph.SHA256) error {
	q := w.conn
	num, _, err := findFile(context.Background(), q, want)
	there := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if !there {
		w.state.fileIDs++
		num = w.state.fileIDs
	}
	got, size, err := w.keepBlocks(ctx, file, num, there)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("SHA-256 is %s, was %s: %w", got, want, graph.ErrEvidenceMismatch)
	}
	if there {
		return nil
	}
	w.state.files++
	_, err = q.ExecContext(context.Background(), "INSERT INTO file (num, sha256, size, sum) VALUES (?, ?, ?, ?)",
		num, string(want), size, sumOf("file", num, want, size))
	return err
}

// keepAhead is how many blocks of a file are being packed while others are read
// and stored.
const keepAhead = 3

// evidencePiece is a block of a file on its way in.
type evidencePiece struct {
	raw    []byte
	packed chan []byte
}

// keepBlocks reads the file to its end and stores its blocks, unless they are
// there. Blocks are packed beside the reading and stored in order.
func (w *writeWork) keepBlocks(ctx context.Context, file io.Reader, num int64, there bool) (graph.SHA256, int64, error) {
	var packing sync.WaitGroup
	defer packing.Wait()
	var pieces [keepAhead]evidencePiece
	for i := range pieces {
		pieces[i] = evidencePiece{raw: make([]byte, evidenceBlock), packed: make(chan []byte, 1)}
	}
	hash, size, stored := sha256.New(), int64(0), int64(0)
	store := func() error {
		packed := <-pieces[stored%keepAhead].packed
		stored++
		return fileBlocks.put(context.Background(), w.conn, num<<32|(stored-1), packed)
	}
	for no := int64(0); ; no++ {
		if err := ctx.Err(); err != nil {
			return "", 0, err
		}
		if no-stored == keepAhead && !there {
			if err := store(); err != nil {
				return "", 0, err
			}
		}
		piece := &pieces[no%keepAhead]
		n, err := io.ReadFull(file, piece.raw)
		if n > 0 {
			hash.Write(piece.raw[:n])
			size += int64(n)
		}
		if n > 0 && !there {
			packing.Go(func() { piece.packed <- w.store.codec.Pack(nil, piece.raw[:n]) })
		}
		if ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); ended {
			last := no
			if n > 0 {
				last++
			}
			for !there && stored < last {
				if err := store(); err != nil {
					return "", 0, err
				}
			}
			return graph.SHA256(hex.EncodeToString(hash.Sum(nil))), size, nil
		}
		if err != nil {
			return "", 0, fmt.Errorf("read the file: %w", err)
		}
	}
}

func findFile(ctx context.Context, q querier, sha graph.SHA256) (num, size int64, err error) {
	var sum int64
	err = q.QueryRowContext(ctx, "SELECT num, size, sum FROM file WHERE sha256 = ?", string(sha)).Scan(&num, &size, &sum)
	if err == nil && sum != sumOf("file", num, sha, size) {
		err = damaged("file "+string(sha), "checksum")
	}
	return num, size, err
}

// keptFile is a file kept as evidence, read through the reader that opened it.
type keptFile struct {
	snap      *snapshot
	codec     *segment.Codec
	num, size int64

	mu     sync.Mutex
	no     int64 // of the block that was read last, from 1; 0 for none
	block  []byte
	closed bool
}

// Size returns the number of bytes.
func (f *keptFile) Size() int64 { return f.size }

// Close ends reading.
func (f *keptFile) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}

// ReadAt reads bytes as they were imported.
func (f *keptFile) ReadAt(p []byte, offset int64) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.snap.open() != nil {
		return 0, graph.ErrClosed
	}
	if offset < 0 {
		return 0, fmt.Errorf("sqlite: read evidence at %d: before its beginning", offset)
	}
	for n < len(p) && offset < f.size {
		if err := f.load(offset / evidenceBlock); err != nil {
			return n, errorOf("read evidence", err)
		}
		copied := copy(p[n:], f.block[offset%evidenceBlock:])
		n += copied
		offset += int64(copied)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *keptFile) load(no int64) error {
	if f.no == no+1 {
		return nil
	}
	data, err := f.snap.block(context.Background(), fileBlocks, f.num<<32|no)
	if err != nil {
		return err
	}
	raw, _, err := f.codec.Unpack(data)
	if err != nil || int64(len(raw)) != min(evidenceBlock, f.size-no*evidenceBlock) {
		return damaged(fileBlocks.place(f.num<<32|no), fmt.Sprint(len(raw), " bytes: ", err))
	}
	f.block, f.no = raw, no+1
	return nil
}
