package segment

import (
	"encoding/binary"
	"errors"
	"slices"
	"sort"
	"strings"
	"unsafe"
)

// The ways in which texts are packed.
const (
	plainTexts byte = iota // lengths, then bytes
	dictTexts              // texts, each once, then indexes
	frontTexts             // sorted: shared prefix with the one before, suffix
)

// textColumn collects texts for one column of one block.
type textColumn struct {
	data []byte
	ends []uint32
}

func (t *textColumn) add(s string) {
	t.data = append(t.data, s...)
	t.ends = append(t.ends, uint32(len(t.data)))
}

func (t *textColumn) reset() { t.data, t.ends = t.data[:0], t.ends[:0] }

// scratch is what packing needs and need not allocate again.
type scratch struct {
	bytes []byte
	ints  []int64
	ints2 []int64
	raw   []byte
	dict  map[string]uint32
}

func newScratch() *scratch { return &scratch{dict: make(map[string]uint32)} }

// appendTexts packs a column, with a dictionary where values repeat.
func (c *Codec) appendTexts(dst []byte, t *textColumn, s *scratch) []byte {
	n := len(t.ends)
	if n == 0 {
		return dst
	}
	if words, ok := s.dictionary(t); ok {
		dst = append(dst, dictTexts)
		dst = binary.AppendUvarint(dst, uint64(len(words.ends)))
		dst = c.appendInts(dst, s.ints, &s.bytes)
		return c.appendPlain(dst, words, s)
	}
	return c.appendPlain(append(dst, plainTexts), t, s)
}

func (c *Codec) appendPlain(dst []byte, t *textColumn, s *scratch) []byte {
	s.ints2 = s.ints2[:0]
	last := uint32(0)
	for _, end := range t.ends {
		s.ints2 = append(s.ints2, int64(end-last))
		last = end
	}
	dst = c.appendInts(dst, s.ints2, &s.bytes)
	return c.Pack(dst, t.data)
}

// dictionary lists the distinct texts in the order of their first occurrence
// and leaves the indexes in s.ints; false when most texts are distinct.
func (s *scratch) dictionary(t *textColumn) (*textColumn, bool) {
	clear(s.dict)
	s.ints = s.ints[:0]
	words := &textColumn{}
	all := unsafe.String(unsafe.SliceData(t.data), len(t.data)) // the keys are of no use after this call
	start := uint32(0)
	var last string
	index := uint32(0)
	for i, end := range t.ends {
		text := all[start:end]
		start = end
		if i == 0 || text != last {
			had, ok := s.dict[text]
			if !ok {
				had = uint32(len(s.dict))
				s.dict[text] = had
				words.add(text)
			}
			last, index = text, had
		}
		s.ints = append(s.ints, int64(index))
		if i == 511 && len(s.dict) > 384 {
			return nil, false
		}
	}
	if len(s.dict)*2 > len(t.ends) && len(t.ends) > 1 {
		return nil, false
	}
	return words, true
}

// appendFront packs sorted texts by what they share with the one before.
func (c *Codec) appendFront(dst []byte, t *textColumn, s *scratch) []byte {
	if len(t.ends) == 0 {
		return dst
	}
	s.ints, s.ints2, s.raw = s.ints[:0], s.ints2[:0], s.raw[:0]
	var last []byte
	start := uint32(0)
	for _, end := range t.ends {
		text := t.data[start:end]
		start = end
		shared := sharedPrefix(last, text)
		s.ints = append(s.ints, int64(shared))
		s.ints2 = append(s.ints2, int64(len(text)-shared))
		s.raw = append(s.raw, text[shared:]...)
		last = text
	}
	dst = append(dst, frontTexts)
	dst = c.appendInts(dst, s.ints, &s.bytes)
	dst = c.appendInts(dst, s.ints2, &s.bytes)
	return c.Pack(dst, s.raw)
}

func sharedPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// Texts is an unpacked column of texts. The texts share one string.
type Texts struct {
	data  string
	ends  []uint32
	index []uint32 // nil without a dictionary
}

// Len returns the number of texts.
func (t *Texts) Len() int {
	if t.index != nil {
		return len(t.index)
	}
	return len(t.ends)
}

// At returns the i-th text.
func (t *Texts) At(i int) string {
	if t.index != nil {
		i = int(t.index[i])
	}
	if i == 0 {
		return t.data[:t.ends[0]]
	}
	return t.data[t.ends[i-1]:t.ends[i]]
}

var errText = errors.New("texts and their lengths disagree")

// readTexts unpacks n texts.
func (c *Codec) readTexts(b []byte, n int) (Texts, error) {
	if n == 0 {
		return Texts{}, nil
	}
	if len(b) == 0 {
		return Texts{}, errShort
	}
	switch b[0] {
	case plainTexts:
		return c.readPlain(b[1:], n)
	case dictTexts:
		words, b, err := readUvarint(b[1:])
		if err != nil {
			return Texts{}, err
		}
		if words == 0 || words > uint64(n) {
			return Texts{}, errText
		}
		index, b, err := readInts[uint32](c, b, n)
		if err != nil {
			return Texts{}, err
		}
		if uint64(slices.Max(index)) >= words {
			return Texts{}, errText
		}
		t, err := c.readPlain(b, int(words))
		t.index = index
		return t, err
	case frontTexts:
		return c.readFront(b[1:], n)
	}
	return Texts{}, errText
}

func (c *Codec) readPlain(b []byte, n int) (Texts, error) {
	ends, b, err := readInts[uint32](c, b, n)
	if err != nil {
		return Texts{}, err
	}
	raw, _, err := c.Unpack(b)
	if err != nil {
		return Texts{}, err
	}
	total := uint64(0)
	for i, length := range ends {
		total += uint64(length)
		ends[i] = uint32(total)
	}
	if total != uint64(len(raw)) {
		return Texts{}, errText
	}
	return Texts{data: string(raw), ends: ends}, nil
}

func (c *Codec) readFront(b []byte, n int) (Texts, error) {
	shared, b, err := readInts[uint32](c, b, n)
	if err != nil {
		return Texts{}, err
	}
	suffix, b, err := readInts[uint32](c, b, n)
	if err != nil {
		return Texts{}, err
	}
	raw, _, err := c.Unpack(b)
	if err != nil {
		return Texts{}, err
	}
	total, rest := uint64(0), uint64(len(raw))
	last := uint64(0)
	for i := range n {
		if uint64(shared[i]) > last || uint64(suffix[i]) > rest {
			return Texts{}, errText
		}
		rest -= uint64(suffix[i])
		last = uint64(shared[i]) + uint64(suffix[i])
		if total += last; total > maxRaw {
			return Texts{}, errText
		}
	}
	data := make([]byte, 0, total)
	ends := suffix
	start := 0
	for i := range n {
		from := len(data)
		data = append(data, data[start:start+int(shared[i])]...)
		data = append(data, raw[:suffix[i]]...)
		raw = raw[suffix[i]:]
		start = from
		ends[i] = uint32(len(data))
	}
	return Texts{data: string(data), ends: ends}, nil
}

// Containing calls found for each text that contains word, in order. Texts
// without a dictionary are searched at one go.
func (t *Texts) Containing(word string, found func(i int)) {
	if t.index != nil {
		holds := make([]bool, len(t.ends))
		plain := Texts{data: t.data, ends: t.ends}
		plain.Containing(word, func(i int) { holds[i] = true })
		for i, j := range t.index {
			if holds[j] {
				found(i)
			}
		}
		return
	}
	for at := 0; at < len(t.data); {
		hit := strings.Index(t.data[at:], word)
		if hit < 0 {
			return
		}
		i := sort.Search(len(t.ends), func(i int) bool { return int(t.ends[i]) > at+hit })
		if i < len(t.ends) && at+hit+len(word) <= int(t.ends[i]) {
			found(i)
			at = int(t.ends[i])
			continue
		}
		at += hit + 1 // it lies across two texts
	}
}
