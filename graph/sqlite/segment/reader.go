package segment

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sort"

	"rummage/graph"
)

// Reader reads one segment. It is safe for concurrent use if its Source and
// Cache are.
type Reader struct {
	*Head
	source Source
	codec  *Codec
	cache  Cache
}

// Open reads the head.
func Open(source Source, codec *Codec, cache Cache) (*Reader, error) {
	r := &Reader{source: source, codec: codec, cache: cache}
	head, err := cached(r, HeadSection, 0, func(data []byte) (*Head, int, error) {
		h, err := parseHead(codec, data)
		return h, len(data), err
	})
	r.Head = head
	return r, err
}

// cached returns a decoded block from the cache, or reads it.
func cached[T any](r *Reader, section Section, no int, decode func(data []byte) (T, int, error)) (T, error) {
	if v, ok := r.cache.Get(section, no); ok {
		if had, ok := v.(T); ok {
			return had, nil
		}
	}
	v, size, err := fetch(r, section, no, decode)
	if err == nil {
		r.cache.Put(section, no, v, size)
	}
	return v, err
}

// fetch reads a block past the cache, as scans do.
func fetch[T any](r *Reader, section Section, no int, decode func(data []byte) (T, int, error)) (T, int, error) {
	var none T
	data, err := r.source.Get(section, no)
	if err != nil {
		return none, 0, err
	}
	v, size, err := decode(data)
	if err != nil {
		return none, 0, damaged(fmt.Sprintf("%v block %d", section, no), err)
	}
	return v, size, nil
}

// Entities is a block of entities.
type Entities struct {
	First uint32 // number of its first entity
	N     int
	frame *frame
}

// blockLen returns how many of total records block no holds.
func blockLen(total, no, block int) int { return min(block, total-no*block) }

func (r *Reader) decodeEntities(no int) func([]byte) (*Entities, int, error) {
	return func(data []byte) (*Entities, int, error) {
		f, err := parseFrame(r.codec, data)
		return &Entities{First: uint32(no * entityBlock), N: blockLen(r.Entities, no, entityBlock), frame: f}, 4 * len(data), err
	}
}

// EntityBlock returns a block through the cache.
func (r *Reader) EntityBlock(no int) (*Entities, error) {
	return cached(r, EntitySection, no, r.decodeEntities(no))
}

// ScanEntityBlock returns a block past the cache.
func (r *Reader) ScanEntityBlock(no int) (*Entities, error) {
	b, _, err := fetch(r, EntitySection, no, r.decodeEntities(no))
	return b, err
}

// IDs returns the ids of the block's entities.
func (b *Entities) IDs() (*Texts, error) { return b.frame.texts("id", b.N) }

// Folded returns the search texts of the block's entities.
func (b *Entities) Folded() (*Texts, error) { return b.frame.texts("folded", b.N) }

// SupportTable holds the supports of a block's entities: those of the i-th
// stand at Starts[i] up to Starts[i+1].
type SupportTable struct {
	Starts  []uint32
	Support []Support
}

// Supports returns who names the block's entities.
func (b *Entities) Supports(sources int) (*SupportTable, error) {
	counts, err := b.frame.ints("supports", b.N)
	if err != nil {
		return nil, err
	}
	t := &SupportTable{}
	if t.Starts, err = starts(counts, b.frame.count("support.source")); err != nil {
		return nil, err
	}
	n := int(t.Starts[b.N])
	source, err := b.frame.nums("support.source", n, uint32(sources))
	if err != nil {
		return nil, err
	}
	day, err := b.frame.ints("support.day", n)
	if err != nil {
		return nil, err
	}
	t.Support = make([]Support, n)
	for i := range t.Support {
		t.Support[i] = Support{Source: source[i], Day: graph.Date(day[i])}
	}
	return t, nil
}

// starts turns counts into positions; their sum must be total.
func starts(counts []int64, total int) ([]uint32, error) {
	at := make([]uint32, len(counts)+1)
	sum := int64(0)
	for i, n := range counts {
		if n < 0 || n > int64(total) {
			return nil, errText
		}
		sum += n
		at[i+1] = uint32(sum)
	}
	if sum != int64(total) {
		return nil, errText
	}
	return at, nil
}

// FactTable holds the facts of a block's entities, in columns.
type FactTable struct {
	Starts                []uint32
	Property, Value, Mark *Texts
	Day                   []int64
	Source                []uint32
	Row                   []int64
}

// Facts returns the facts of the block's entities.
func (b *Entities) Facts(sources int) (*FactTable, error) {
	counts, err := b.frame.ints("facts", b.N)
	if err != nil {
		return nil, err
	}
	t := &FactTable{}
	if t.Starts, err = starts(counts, b.frame.count("fact.row")); err != nil {
		return nil, err
	}
	n := int(t.Starts[b.N])
	if t.Property, err = b.frame.texts("fact.property", n); err != nil {
		return nil, err
	}
	if t.Value, err = b.frame.texts("fact.value", n); err != nil {
		return nil, err
	}
	if t.Mark, err = b.frame.texts("fact.mark", n); err != nil {
		return nil, err
	}
	if t.Day, err = b.frame.ints("fact.day", n); err != nil {
		return nil, err
	}
	if t.Row, err = b.frame.ints("fact.row", n); err != nil {
		return nil, err
	}
	t.Source, err = b.frame.nums("fact.source", n, uint32(sources))
	return t, err
}

// At returns one fact.
func (t *FactTable) At(i int) Fact {
	return Fact{
		Property: t.Property.At(i), Value: t.Value.At(i), Mark: t.Mark.At(i),
		Day: graph.Date(t.Day[i]), Source: t.Source[i], Row: t.Row[i],
	}
}

// SeekEntity returns the number of the first entity whose id is not less than
// id, which is Entities when there is none.
func (r *Reader) SeekEntity(id string) (uint32, error) {
	no := sort.Search(len(r.entityFirst), func(i int) bool { return r.entityFirst[i] > id }) - 1
	if no < 0 {
		return 0, nil
	}
	b, err := r.EntityBlock(no)
	if err != nil {
		return 0, err
	}
	ids, err := b.IDs()
	if err != nil {
		return 0, damaged("entities", err)
	}
	return b.First + uint32(sort.Search(b.N, func(i int) bool { return ids.At(i) >= id })), nil
}

// FindEntity returns the number of the entity with that id.
func (r *Reader) FindEntity(id string) (num uint32, ok bool, err error) {
	if num, err = r.SeekEntity(id); err != nil || int(num) >= r.Entities {
		return 0, false, err
	}
	found, err := r.EntityID(num)
	return num, found == id, err
}

// EntityID returns the id of an entity.
func (r *Reader) EntityID(num uint32) (string, error) {
	b, err := r.EntityBlock(int(num) / entityBlock)
	if err != nil {
		return "", err
	}
	ids, err := b.IDs()
	if err != nil {
		return "", damaged("entities", err)
	}
	i := int(num) % entityBlock
	if i >= ids.Len() {
		return "", damaged("entities", fmt.Errorf("no entity %d", num))
	}
	return ids.At(i), nil
}

// Names maps numbers of entities to ids for a scan, which keeps what it has
// read: about the length of an id and four bytes an entity.
type Names struct {
	reader *Reader
	blocks []*Texts
}

// Names returns an empty mapping. It is used by one goroutine.
func (r *Reader) Names() *Names {
	return &Names{reader: r, blocks: make([]*Texts, len(r.entityFirst))}
}

// At returns the id of an entity.
func (n *Names) At(num uint32) (string, error) {
	no := num / entityBlock
	if int(no) < len(n.blocks) && n.blocks[no] != nil {
		return n.blocks[no].At(int(num % entityBlock)), nil
	}
	if int(num) >= n.reader.Entities {
		return "", damaged("entities", fmt.Errorf("no entity %d", num))
	}
	b, err := n.reader.EntityBlock(int(no))
	if err != nil {
		return "", err
	}
	ids, err := b.IDs()
	if err != nil {
		return "", damaged("entities", err)
	}
	n.blocks[no] = ids
	return ids.At(int(num % entityBlock)), nil
}

type postings struct {
	statements, links     []uint32 // starts
	statementAt, linkAt   []byte
	statementEnd, linkEnd []uint32 // position in the bytes after each entity
}

// Postings returns the ordinals of the statements and links that name an
// entity, rising. The slices are the caller's.
func (r *Reader) Postings(num uint32) (statements, links []uint32, err error) {
	no := sort.Search(len(r.postingFirst), func(i int) bool { return r.postingFirst[i] > int64(num) }) - 1
	if no < 0 || int(num) >= r.Entities {
		return nil, nil, damaged("postings", fmt.Errorf("no entity %d", num))
	}
	p, err := cached(r, PostingSection, no, func(data []byte) (*postings, int, error) { return r.decodePostings(data, no) })
	if err != nil {
		return nil, nil, err
	}
	i := int(int64(num) - r.postingFirst[no])
	statements, err = rising(p.statementAt, p.statements, p.statementEnd, i)
	if err == nil {
		links, err = rising(p.linkAt, p.links, p.linkEnd, i)
	}
	if err == nil && (len(statements) > 0 && int(slices.Max(statements)) >= r.Statements ||
		len(links) > 0 && int(slices.Max(links)) >= r.Links) {
		err = damaged("postings", fmt.Errorf("entity %d: no such record", num))
	}
	return statements, links, err
}

func (r *Reader) decodePostings(data []byte, no int) (*postings, int, error) {
	end := int64(r.Entities)
	if no+1 < len(r.postingFirst) {
		end = r.postingFirst[no+1]
	}
	n := int(end - r.postingFirst[no])
	f, err := parseFrame(r.codec, data)
	if err != nil {
		return nil, 0, err
	}
	p := &postings{}
	for _, c := range []struct {
		count, at string
		starts    *[]uint32
		ends      *[]uint32
		data      *[]byte
	}{
		{"statements", "statement.at", &p.statements, &p.statementEnd, &p.statementAt},
		{"links", "link.at", &p.links, &p.linkEnd, &p.linkAt},
	} {
		counts, err := f.ints(c.count, n)
		if err != nil {
			return nil, 0, err
		}
		if *c.data, err = f.raw(c.at); err != nil {
			return nil, 0, err
		}
		total := 0
		for _, b := range *c.data {
			if b < 0x80 {
				total++
			}
		}
		if *c.starts, err = starts(counts, total); err != nil {
			return nil, 0, err
		}
		*c.ends = make([]uint32, n+1)
		at, seen := 0, uint32(0)
		for i := range n {
			for ; seen < (*c.starts)[i+1]; at++ {
				if (*c.data)[at] < 0x80 {
					seen++
				}
			}
			(*c.ends)[i+1] = uint32(at)
		}
	}
	return p, len(p.statementAt) + len(p.linkAt) + 16*n, nil
}

func rising(b []byte, starts, ends []uint32, i int) ([]uint32, error) {
	n := int(starts[i+1] - starts[i])
	if n == 0 {
		return nil, nil
	}
	b = b[ends[i]:ends[i+1]]
	v := make([]uint32, n)
	last := uint64(0)
	for j := range v {
		x, size := binary.Uvarint(b)
		if size <= 0 || last+x > 1<<32-1 || j > 0 && x == 0 {
			return nil, damaged("postings", errShort)
		}
		last += x
		v[j] = uint32(last)
		b = b[size:]
	}
	return v, nil
}

// MayHold reports whether the segment may hold statements or outcomes about
// id: never wrongly no, wrongly yes in about one of a hundred.
func (r *Reader) MayHold(id string) (bool, error) {
	if r.filterWords == 0 {
		return false, nil
	}
	f, err := r.loadFilter()
	if err != nil {
		return false, err
	}
	return f.has(id), nil
}

func (r *Reader) loadFilter() (filter, error) {
	if v, ok := r.cache.Get(FilterSection, 0); ok {
		if f, ok := v.(filter); ok {
			return f, nil
		}
	}
	f := make(filter, 0, r.filterWords)
	for no := range r.filterParts {
		data, err := r.source.Get(FilterSection, no)
		if err != nil {
			return nil, err
		}
		for ; len(data) >= 4; data = data[4:] {
			f = append(f, binary.LittleEndian.Uint32(data))
		}
	}
	if len(f) != r.filterWords {
		return nil, damaged("filter", errFilter)
	}
	r.cache.Put(FilterSection, 0, f, 4*len(f))
	return f, nil
}

// gramStride is how many bytes the bits of one trigram take.
func (r *Reader) gramStride() int { return (len(r.entityFirst) + 7) / 8 }

func (r *Reader) decodeGrams(data []byte) ([]byte, int, error) {
	raw, _, err := r.codec.Unpack(data)
	if err == nil && len(raw) != gramsPerPart*r.gramStride() {
		err = errShort
	}
	return raw, len(raw), err
}

// BlocksWith returns the blocks of entities in which every one of the folded
// words may occur.
func (r *Reader) BlocksWith(words []string) ([]int, error) {
	blocks, stride := len(r.entityFirst), r.gramStride()
	left := make([]byte, stride)
	for i := range left {
		left[i] = 0xff
	}
	for _, word := range words {
		for i := 0; r.gramParts > 0 && i+2 < len(word); i++ {
			gram := gramOf(word[i], word[i+1], word[i+2])
			part, err := cached(r, GramSection, int(gram/gramsPerPart), r.decodeGrams)
			if err != nil {
				return nil, err
			}
			row := part[int(gram%gramsPerPart)*stride:]
			for j := range left {
				left[j] &= row[j]
			}
		}
	}
	var found []int
	for no := range blocks {
		if left[no/8]&(1<<(no%8)) != 0 {
			found = append(found, no)
		}
	}
	return found, nil
}
