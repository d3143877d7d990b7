package sqlite

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"sort"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

const (
	placesPerBlock  = 16 << 10
	refusedPerBlock = 1 << 10
)

// placeWriter collects where rows stand in their file.
type placeWriter struct {
	codec               *segment.Codec
	number, gap, length []int64 // gap: from the end of the row before
	end                 int64
	blocks              int64
}

func (p *placeWriter) len() int { return len(p.number) }

// add reports whether a block is full.
func (p *placeWriter) add(row *graph.Row) bool {
	p.number = append(p.number, row.Number)
	p.gap = append(p.gap, row.Offset-p.end)
	p.length = append(p.length, row.Length)
	p.end = row.Offset + row.Length
	return len(p.number) == placesPerBlock
}

func (p *placeWriter) pack() pendingBlock {
	data := binary.AppendUvarint(nil, uint64(len(p.number)))
	for _, column := range [][]int64{p.number, p.gap, p.length} {
		data = p.codec.PackInts(data, column)
	}
	b := pendingBlock{table: placeBlocks, no: p.blocks, data: data}
	p.number, p.gap, p.length, p.end = p.number[:0], p.gap[:0], p.length[:0], 0
	p.blocks++
	return b
}

// placeBlock is an unpacked block of places.
type placeBlock struct {
	number []int64
	span   []graph.Span
}

func unpackPlaces(codec *segment.Codec, data []byte) (*placeBlock, error) {
	n, size := binary.Uvarint(data)
	if size <= 0 || n == 0 || n > placesPerBlock {
		return nil, errors.New("impossible number of rows")
	}
	data = data[size:]
	var columns [3][]int64
	var err error
	for i := range columns {
		if columns[i], data, err = codec.UnpackInts(data, int(n)); err != nil {
			return nil, err
		}
	}
	b := &placeBlock{number: columns[0], span: make([]graph.Span, n)}
	end := int64(0)
	for i := range b.span {
		b.span[i] = graph.Span{Offset: end + columns[1][i], Length: columns[2][i]}
		end = b.span[i].Offset + b.span[i].Length
	}
	return b, nil
}

// findPlace returns where a row of a source stands. It halves the blocks that
// may hold the row, so that no index is needed, nor trusted.
func findPlace(ctx context.Context, q querier, codec *segment.Codec, source *sourceRow, row int64) (graph.Span, bool, error) {
	low, high := int64(0), source.places
	for low < high {
		middle := (low + high) / 2
		key := source.num<<32 | middle
		data, err := placeBlocks.get(ctx, q, key)
		if err != nil {
			return graph.Span{}, false, err
		}
		block, err := unpackPlaces(codec, data)
		if err != nil {
			return graph.Span{}, false, damaged(placeBlocks.place(key), err.Error())
		}
		switch n := len(block.number); {
		case row < block.number[0]:
			high = middle
		case row > block.number[n-1]:
			low = middle + 1
		default:
			i := sort.Search(n, func(i int) bool { return block.number[i] >= row })
			return block.span[i], block.number[i] == row, nil
		}
	}
	return graph.Span{}, false, nil
}

// refusedRow is one error of a row in quarantine.
type refusedRow struct {
	Join   string `json:"join,omitempty"` // of a joined file
	Row    int64  `json:"row"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	Column string `json:"column,omitempty"`
	Code   string `json:"code,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// refusedWriter collects rows in quarantine.
type refusedWriter struct {
	codec  *segment.Codec
	rows   []refusedRow
	blocks int64
}

func (w *refusedWriter) len() int { return len(w.rows) }

// add reports whether a block is full.
func (w *refusedWriter) add(row *graph.Row) bool {
	for _, e := range row.Errors {
		w.rows = append(w.rows, refusedRow{"", row.Number, row.Offset, row.Length, e.Column, e.Code, e.Reason})
	}
	return len(w.rows) >= refusedPerBlock
}

// addJoined is add for a row of a joined file.
func (w *refusedWriter) addJoined(refused []graph.RowError) bool {
	for _, e := range refused {
		w.rows = append(w.rows, refusedRow{e.Join, e.Row, e.Span.Offset, e.Span.Length, e.Column, e.Code, e.Reason})
	}
	return len(w.rows) >= refusedPerBlock
}

func (w *refusedWriter) pack() (pendingBlock, error) {
	text, err := json.Marshal(w.rows)
	b := pendingBlock{table: refusedBlocks, no: w.blocks, data: w.codec.Pack(nil, text)}
	w.rows = nil
	w.blocks++
	return b, err
}

func unpackRefused(codec *segment.Codec, data []byte) (rows []refusedRow, err error) {
	text, _, err := codec.Unpack(data)
	if err == nil {
		err = json.Unmarshal(text, &rows)
	}
	return rows, err
}
