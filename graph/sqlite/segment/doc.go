// Package segment is the column format in which the embedded store keeps
// records: immutable sorted runs of entities with their facts, statements with
// their ties, links and outcomes, cut into compressed blocks, with an index
// from entities to the records that name them.
//
// A Chunk collects the rows of an import and writes them as one segment; Merge
// makes one segment of several and leaves out sources that are to be erased; a
// Reader reads blocks, finds ids and postings. Where blocks lie is the
// business of a Sink and a Source.
//
// It must not know SQL, files, locks or scopes. Checksums are the business of
// whoever keeps the blocks; a block that breaks the format is an error
// wrapping graph.ErrDamaged, never a panic.
package segment

import (
	"errors"
	"fmt"

	"rummage/graph"
)

// Version is the version of the column format, written into every head.
const Version = 1

// Section names a kind of blocks within a segment.
type Section uint8

// The sections of a segment.
const (
	HeadSection      Section = iota // one block: what the segment holds and where
	EntitySection                   // entities, supports, facts, folded search text
	StatementSection                // statements with fields and ties
	LinkSection                     // links
	OutcomeSection                  // outcomes
	PostingSection                  // entity -> ordinals of statements and links
	GramSection                     // trigram -> blocks of entities
	FilterSection                   // which ids of consignments may occur
	Sections                        // how many there are
)

var sectionNames = [...]string{"head", "entities", "statements", "links", "outcomes", "postings", "grams", "filter"}

// String returns the name used in reports of damage.
func (s Section) String() string {
	if int(s) >= len(sectionNames) {
		return fmt.Sprintf("section %d", uint8(s))
	}
	return sectionNames[s]
}

// Numbers of records in a block. Entities and records are found by dividing
// their number by these, so they belong to the format.
const (
	entityBlock    = 1024
	recordBlock    = 8192
	postingEntries = 32 << 10 // a block of postings is closed at so many entries,
	postingCount   = 16 << 10 // or at so many entities
)

// Sink takes the blocks of a segment.
type Sink interface {
	Put(section Section, no int, data []byte) error
}

// Source gives the blocks of a segment.
type Source interface {
	Get(section Section, no int) ([]byte, error)
}

// Cache keeps decoded blocks of one segment. Values are safe for concurrent
// use.
type Cache interface {
	Get(section Section, no int) (any, bool)
	Put(section Section, no int, value any, size int)
}

// Support says that a source names an entity, and since when: the earliest
// day of the records that do, NoDate when one of them is undated.
type Support struct {
	Source uint32 // index into Reader.Sources
	Day    graph.Date
}

// Fact is a fact of one entity and one source.
type Fact struct {
	Property string
	Value    string
	Mark     string
	Day      graph.Date
	Source   uint32
	Row      int64
}

// Entity is an entity with everything that the segment knows of it.
type Entity struct {
	ID      string
	Support []Support // by source
	Facts   []Fact    // by property, value, mark, source
	Folded  string    // folded search texts, each once, ended by "\n"
}

// Tie is a tie to the Num-th entity of the segment.
type Tie struct {
	Role graph.Role
	Num  uint32
}

// Statement is a statement of one source and row.
type Statement struct {
	ID       string
	View     graph.View
	Document string
	Part     string
	Version  int64
	Amended  graph.Date
	Date     graph.Date
	Source   uint32
	Row      int64
	Fields   []graph.Field
	Ties     []Tie
}

// Link is a link between the From-th and the To-th entity of the segment.
type Link struct {
	From, To uint32
	Role     graph.Role
	Start    graph.Date
	End      graph.Date
	Key      string
	Source   uint32
	Row      int64
	Fields   []graph.Field
}

// Outcome is an outcome of one source and row.
type Outcome struct {
	Subject string
	Result  graph.Result
	Channel graph.Channel
	Date    graph.Date
	Source  uint32
	Row     int64
	Fields  []graph.Field
}

var errShort = errors.New("block ends too early")

func damaged(what string, cause error) error {
	return fmt.Errorf("segment: %s: %w: %w", what, graph.ErrDamaged, cause)
}
