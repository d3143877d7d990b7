package parquet

import (
	"errors"
	"fmt"

	"rummage/ingest/read"
)

const (
	// headSize is how much is read for the head of a page at first, mostHead at most:
	// some writers put the least and the greatest value of a page into its head,
	// however long they are.
	headSize, mostHead = 512, 16 << 20
	// mostPage is how many bytes a page may have, packed or unpacked.
	mostPage = 256 << 20
	// mostValues is how many values a page may have.
	mostValues = 1 << 25
	// mostGroup is how many bytes the largest pages of all columns of a row group may
	// take together, since one of each is in memory at once.
	mostGroup = 1 << 30
)

// unpackable says whether the library unpacks a codec of parquet.thrift: none,
// Snappy, gzip, Brotli, Zstandard and raw LZ4. LZO, and LZ4 in the frames of Hadoop,
// are not among them.
func unpackable(codec int) bool {
	switch codec {
	case 0, 1, 2, 4, 6, 7:
		return true
	}
	return false
}

// checkPages walks through the heads of all pages of a row group, before the
// library allocates what these ask for.
func (f *file) checkPages(i int) error {
	total := int64(0)
	for j := range f.leaves {
		need, err := f.checkChunk(i, j)
		if err != nil {
			return fmt.Errorf("column %q in row group %d: %w", f.leaves[j].name, i+1, err)
		}
		if total += need; total > mostGroup {
			return fmt.Errorf("%w: the pages of row group %d take more than %d MiB at once; write it with smaller ones", read.ErrFormat, i+1, mostGroup>>20)
		}
	}
	return nil
}

// checkChunk walks through the pages of one column, and returns how much memory
// its largest need.
func (f *file) checkChunk(i, j int) (need int64, err error) {
	m := &f.library.Metadata().RowGroups[i].Columns[j].MetaData
	at := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		at = m.DictionaryPageOffset
	}
	end := at + m.TotalCompressedSize
	if at < int64(len(magic)) || end > f.content.Size()-tailSize || end < at {
		return 0, fmt.Errorf("%w: its pages lie outside of the file", ErrDamaged)
	}
	dictionary := int64(0)
	for at < end {
		h, err := f.pageHead(at, end)
		if err != nil {
			return 0, fmt.Errorf("%w: page at byte %d: %w", ErrDamaged, at, err)
		}
		at += int64(h.size) + h.packed
		if err = h.check(at, end); err != nil {
			return 0, err
		}
		here := h.packed + h.unpacked + valueNeed*h.values
		if h.kind == dictionaryPage {
			dictionary = max(dictionary, here)
		} else {
			need = max(need, here)
		}
	}
	return need + dictionary, nil
}

const (
	dictionaryPage = 2
	// valueNeed is how many bytes levels and indexes of a value take at most.
	valueNeed = 10
)

// check refuses a page that asks for more than can be. Behind it stands byte at, the
// column ends at byte end.
func (h *pageHead) check(at, end int64) error {
	switch {
	case h.packed < 0 || h.unpacked < 0 || h.values < 0 || at > end,
		h.repeats < 0 || h.definings < 0 || h.repeats+h.definings > h.packed:
		return fmt.Errorf("%w: the page before byte %d has impossible sizes", ErrDamaged, at)
	case h.packed > mostPage || h.unpacked > mostPage || h.values > mostValues:
		return fmt.Errorf("%w: the page before byte %d has more than %d MiB or %d values; write it with smaller ones",
			read.ErrFormat, at, mostPage>>20, mostValues)
	case h.kind == dictionaryPage && h.values > 8*h.unpacked:
		return fmt.Errorf("%w: the dictionary before byte %d has %d values in %d bytes", ErrDamaged, at, h.values, h.unpacked)
	}
	return nil
}

// pageHead reads the head of the page at a byte.
func (f *file) pageHead(at, end int64) (pageHead, error) {
	for size := int64(headSize); ; size *= 8 {
		data := make([]byte, min(size, end-at))
		if n, err := f.ReadAt(data, at); n < len(data) {
			return pageHead{}, err
		}
		h, err := parsePageHead(data)
		if !errors.Is(err, errShort) || int64(len(data)) < size || size >= mostHead {
			return h, err
		}
	}
}
