package segment

import (
	"errors"
	"fmt"
	"slices"

	"rummage/graph"
)

// Head says what a segment holds and where.
type Head struct {
	Sources    []graph.SourceID
	Entities   int
	Statements int
	Links      int
	Outcomes   int

	Consignments int // distinct ids of statements

	entityFirst    []string // first id of each block
	statementFirst []string
	statementLast  string  // of the whole segment
	linkFirst      []int64 // first From of each block
	outcomeFirst   []string
	postingFirst   []int64 // first entity of each block
	gramParts      int
	filterParts    int
	filterWords    int
}

// Records returns how many statements, links, outcomes and entities there are:
// the size by which merging is planned.
func (h *Head) Records() int { return h.Statements + h.Links + h.Outcomes + h.Entities }

// Range returns the least and the greatest id of statements, false when there
// are none.
func (h *Head) Range() (first, last string, ok bool) {
	if h.Statements == 0 {
		return "", "", false
	}
	return h.statementFirst[0], h.statementLast, true
}

// BlockRange returns bounds of the ids in a block of statements.
func (h *Head) BlockRange(no int) (first, last string) {
	if no+1 < len(h.statementFirst) {
		return h.statementFirst[no], h.statementFirst[no+1]
	}
	return h.statementFirst[no], h.statementLast
}

// Blocks returns the number of blocks of a section.
func (h *Head) Blocks(section Section) int {
	switch section {
	case HeadSection:
		return 1
	case EntitySection:
		return len(h.entityFirst)
	case StatementSection:
		return len(h.statementFirst)
	case LinkSection:
		return len(h.linkFirst)
	case OutcomeSection:
		return len(h.outcomeFirst)
	case PostingSection:
		return len(h.postingFirst)
	case GramSection:
		return h.gramParts
	case FilterSection:
		return h.filterParts
	}
	return 0
}

func (h *Head) bytes(f *frameWriter) []byte {
	column := func(v []string) *textColumn {
		t := &textColumn{}
		for _, s := range v {
			t.add(s)
		}
		return t
	}
	var sources textColumn
	for _, s := range h.Sources {
		sources.add(string(s))
	}
	f.ints("counts", []int64{Version, int64(h.Entities), int64(h.Statements), int64(h.Links), int64(h.Outcomes),
		int64(h.gramParts), int64(h.filterParts), int64(h.filterWords), int64(h.Consignments)})
	f.texts("sources", &sources)
	f.sorted("entity.first", column(h.entityFirst))
	f.sorted("statement.first", column(h.statementFirst))
	f.texts("statement.last", column([]string{h.statementLast}))
	f.ints("link.first", h.linkFirst)
	f.sorted("outcome.first", column(h.outcomeFirst))
	f.ints("posting.first", h.postingFirst)
	defer f.reset()
	return f.bytes()
}

var errHead = errors.New("counts and blocks disagree")

func parseHead(codec *Codec, data []byte) (*Head, error) {
	f, err := parseFrame(codec, data)
	if err != nil {
		return nil, err
	}
	counts, err := f.ints("counts", 9)
	if err != nil {
		return nil, err
	}
	if counts[0] != Version {
		return nil, fmt.Errorf("column format %d, this is %d", counts[0], Version)
	}
	if slices.Min(counts) < 0 || slices.Max(counts) > 1<<32-1 {
		return nil, errHead
	}
	h := &Head{
		Entities: int(counts[1]), Statements: int(counts[2]), Links: int(counts[3]), Outcomes: int(counts[4]),
		gramParts: int(counts[5]), filterParts: int(counts[6]), filterWords: int(counts[7]),
		Consignments: int(counts[8]),
	}
	if err := h.parseColumns(f); err != nil {
		return nil, err
	}
	full := func(n, block int) int { return (n + block - 1) / block }
	if len(h.entityFirst) != full(h.Entities, entityBlock) || len(h.statementFirst) != full(h.Statements, recordBlock) ||
		len(h.linkFirst) != full(h.Links, recordBlock) || len(h.outcomeFirst) != full(h.Outcomes, recordBlock) {
		return nil, errHead
	}
	if h.Entities > 0 && (len(h.postingFirst) == 0 || h.postingFirst[0] != 0 || !slices.IsSorted(h.postingFirst)) {
		return nil, errHead
	}
	if h.gramParts != 0 && h.gramParts != 1<<gramBits/gramsPerPart {
		return nil, errHead
	}
	if h.filterWords != h.filterParts*filterPart && h.filterParts != full(h.filterWords, filterPart) || h.filterWords%8 != 0 {
		return nil, errHead
	}
	return h, nil
}

func (h *Head) parseColumns(f *frame) error {
	sources, err := f.texts("sources", -1)
	if err != nil {
		return err
	}
	for i := range sources.Len() {
		h.Sources = append(h.Sources, graph.SourceID(sources.At(i)))
	}
	last, err := f.texts("statement.last", 1)
	if err != nil {
		return err
	}
	h.statementLast = last.At(0)
	for name, to := range map[string]*[]string{
		"entity.first": &h.entityFirst, "statement.first": &h.statementFirst, "outcome.first": &h.outcomeFirst,
	} {
		t, err := f.texts(name, -1)
		if err != nil {
			return err
		}
		*to = make([]string, t.Len())
		for i := range *to {
			(*to)[i] = t.At(i)
		}
	}
	if h.linkFirst, err = f.ints("link.first", -1); err != nil {
		return err
	}
	h.postingFirst, err = f.ints("posting.first", -1)
	return err
}
