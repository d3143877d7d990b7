package neo4j

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"slices"

	"rummage/graph"
)

// pageBits says how many numbers of rows a page of places covers: page n holds
// the rows from n<<pageBits on, so that a row's page is known without looking.
const pageBits = 13

// place is where a row stands in its file.
type place struct {
	row int64
	graph.Span
}

// pageID names the page of a source's rows. Numbers are padded, so that ids
// are in the order of numbers.
func pageID(source, page int64) string { return fmt.Sprintf("%010d/%012d", source, page) }

// partsOf is how the ids of all pages and refused rows of a source begin.
func partsOf(source int64) string { return fmt.Sprintf("%010d/", source) }

var errPacked = errors.New("packed rows are cut or their checksum is wrong")

// packPlaces packs places in rising order of rows: for each the distance of its
// number and of its first byte from the end of the row before, and its length;
// then a checksum.
func packPlaces(all []place) []byte {
	data := binary.AppendUvarint(nil, uint64(len(all)))
	row, end := int64(0), int64(0)
	for _, p := range all {
		data = binary.AppendVarint(data, p.row-row)
		data = binary.AppendVarint(data, p.Offset-end)
		data = binary.AppendVarint(data, p.Length)
		row, end = p.row, p.Offset+p.Length
	}
	return binary.LittleEndian.AppendUint32(data, crc32.ChecksumIEEE(data))
}

// unpackPlaces is the inverse of packPlaces.
func unpackPlaces(data []byte) ([]place, error) {
	if len(data) < 5 || crc32.ChecksumIEEE(data[:len(data)-4]) != binary.LittleEndian.Uint32(data[len(data)-4:]) {
		return nil, errPacked
	}
	data = data[:len(data)-4]
	n, size := binary.Uvarint(data)
	if size <= 0 || n > 1<<pageBits {
		return nil, errPacked
	}
	data = data[size:]
	all := make([]place, n)
	row, end := int64(0), int64(0)
	for i := range all {
		var v [3]int64
		for j := range v {
			if v[j], size = binary.Varint(data); size <= 0 {
				return nil, errPacked
			}
			data = data[size:]
		}
		row += v[0]
		all[i] = place{row, graph.Span{Offset: end + v[1], Length: v[2]}}
		end = all[i].Offset + all[i].Length
	}
	return all, nil
}

const (
	askAllPlaces = "MATCH (p:Places) WHERE p.id STARTS WITH $prefix RETURN p.id, p._packed ORDER BY p.id"
	askPlaces    = "MATCH (p:Places {id: $id}) RETURN p._packed"
	putPlaces    = "UNWIND $rows AS row MERGE (p:Places {id: row.id}) SET p.source = row.source, p._packed = row.packed"
)

// findPlace returns where a row of a source stands in its file.
func (s *Store) findPlace(ctx context.Context, source, row int64) (graph.Span, bool, error) {
	id := pageID(source, row>>pageBits)
	found, err := s.records(ctx, cypher{askPlaces, map[string]any{"id": id}})
	if err != nil || len(found) == 0 {
		return graph.Span{}, false, err
	}
	packed, _ := found[0].Values[0].([]byte)
	page, err := unpackPlaces(packed)
	if err != nil {
		return graph.Span{}, false, s.broken(graph.ErrDamaged, "places %s: %v", id, err)
	}
	i, ok := slices.BinarySearchFunc(page, row, func(p place, row int64) int { return int(p.row - row) })
	if !ok {
		return graph.Span{}, false, nil
	}
	return page[i].Span, true, nil
}

// allPlaces yields where all rows of a source stand, in order.
func (s *Store) allPlaces(ctx context.Context, source *sourceNode) iter.Seq2[graph.RowPlace, error] {
	return func(yield func(graph.RowPlace, error) bool) {
		for record, err := range s.stream(ctx, cypher{askAllPlaces, map[string]any{"prefix": partsOf(source.number)}}) {
			if err != nil {
				yield(graph.RowPlace{}, err)
				return
			}
			packed, _ := record.Values[1].([]byte)
			all, err := unpackPlaces(packed)
			if err != nil {
				yield(graph.RowPlace{}, s.broken(graph.ErrDamaged, "places %s: %v", text(record.Values[0]), err))
				return
			}
			for _, p := range all {
				if !yield(graph.RowPlace{Row: p.row, Span: p.Span}, nil) {
					return
				}
			}
		}
	}
}
