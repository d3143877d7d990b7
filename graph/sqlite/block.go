package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"rummage/graph/sqlite/segment"
)

// blocks is a table of blocks: a key and bytes that end with their checksum.
// The checksum covers table and key, so that a block in the wrong place is
// found too.
type blocks string

const (
	segmentBlocks blocks = "block"
	placeBlocks   blocks = "place"
	refusedBlocks blocks = "refused"
	fileBlocks    blocks = "file_block"
)

const sumBytes = 4

func (t blocks) sum(key int64, data []byte) uint32 {
	head := binary.LittleEndian.AppendUint64([]byte(t), uint64(key))
	return crc32.Update(crc32.Checksum(head, castagnoli), castagnoli, data)
}

func (t blocks) seal(key int64, data []byte) []byte {
	return binary.LittleEndian.AppendUint32(data, t.sum(key, data))
}

// open checks a block and returns it without its checksum.
func (t blocks) open(key int64, data []byte) ([]byte, error) {
	if len(data) < sumBytes {
		return nil, damaged(t.place(key), "too short")
	}
	body := data[:len(data)-sumBytes]
	if binary.LittleEndian.Uint32(data[len(body):]) != t.sum(key, body) {
		return nil, damaged(t.place(key), "checksum")
	}
	return body, nil
}

func (t blocks) place(key int64) string {
	if t == segmentBlocks {
		id, section, no := splitKey(key)
		return fmt.Sprintf("segment %d, %v, block %d", id, section, no)
	}
	return fmt.Sprintf("%s %d, block %d", string(t), key>>32, key&(1<<32-1))
}

func (t blocks) get(ctx context.Context, q querier, key int64) ([]byte, error) {
	var data []byte
	err := q.QueryRowContext(ctx, "SELECT data FROM "+string(t)+" WHERE key = ?", key).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, damaged(t.place(key), "missing")
	}
	if err != nil {
		return nil, interrupted(ctx, err)
	}
	return t.open(key, data)
}

func (t blocks) put(ctx context.Context, q querier, key int64, data []byte) error {
	_, err := q.ExecContext(ctx, "INSERT INTO "+string(t)+" (key, data) VALUES (?, ?)", key, t.seal(key, data))
	return err
}

// erase deletes the blocks of one owner: a segment, a source, a file.
func (t blocks) erase(ctx context.Context, q querier, owner int64) error {
	_, err := q.ExecContext(ctx, "DELETE FROM "+string(t)+" WHERE key >= ? AND key < ?", owner<<32, (owner+1)<<32)
	return err
}

const sectionShift = 28

func joinKey(id int64, section segment.Section, no int) int64 {
	return id<<32 | int64(section)<<sectionShift | int64(no)
}

func splitKey(key int64) (id int64, section segment.Section, no int) {
	return key >> 32, segment.Section(key >> sectionShift & 0xf), int(key & (1<<sectionShift - 1))
}

// segmentSink writes the blocks of a new segment.
type segmentSink struct {
	ctx    context.Context //nolint:containedctx // a sink lives as long as one write
	q      querier
	id     int64
	blocks int64
}

func (s *segmentSink) Put(section segment.Section, no int, data []byte) error {
	s.blocks++
	return segmentBlocks.put(s.ctx, s.q, joinKey(s.id, section, no), data)
}

// segmentSource reads the blocks of a segment.
type segmentSource struct {
	get func(key int64) ([]byte, error)
	id  int64
}

func (s *segmentSource) Get(section segment.Section, no int) ([]byte, error) {
	return s.get(joinKey(s.id, section, no))
}

// countingQuerier calls step before each query of a row.
type countingQuerier struct {
	querier
	step func() error
}

func (q countingQuerier) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	_ = q.step() // a cancelled context is met by the query too
	return q.querier.QueryRowContext(ctx, query, args...)
}
