package graph

import (
	"context"
	"io"
	"iter"
	"time"
)

// Store keeps sources with their evidence, decisions and runs. One process
// writes at a time: a second waits 10 seconds, or until its context's deadline
// if that is earlier, and is then told who holds the store by a *LockedError. Any number of processes read meanwhile; a Reader goes on seeing the
// last commit before it was opened and never blocks.
//
// A store is what passes storetest, whole.
type Store interface {
	// Begin starts the import of one source. A spec without a time of import
	// is an error wrapping ErrInvalidRecord. It returns an error wrapping
	// ErrAlreadyImported, an *AlreadyImportedError that holds the source, when
	// the same file was imported under the same mapping and options and still
	// counts. Of several imports one is open at a time.
	Begin(ctx context.Context, spec SourceSpec) (Import, error)

	// Within opens the one way to read. The scope is resolved now, so what is
	// imported later is not in it.
	Within(ctx context.Context, scope Scope) (Reader, error)

	// Sources lists every source ever imported, also those that count no
	// more, by time of import, then id.
	Sources(ctx context.Context) ([]Source, error)

	Ledger
	Custody
	io.Closer
}

// Import takes the records of one source. Nothing of it is visible before
// Commit, and all of it after; a crash in between leaves the store as it was.
// An Import is used by one goroutine.
type Import interface {
	// Keep stores the bytes of a file that the spec names, the source's own or a
	// joined one, as evidence. An error wrapping ErrEvidenceMismatch is returned
	// when they are not those that sha names, and one wrapping ErrInvalidRecord
	// when the spec does not name sha. Optional; without it the source has no
	// evidence. Commit wants all of the source's Files kept, or none: some alone are
	// an error wrapping ErrInvalidRecord.
	Keep(ctx context.Context, sha SHA256, file io.Reader) error

	// Append takes one row; rows come in rising order of Number. The row and
	// what it points to belong to the caller again when Append returns; it may
	// have been put into normal order. A record that breaks the rules of
	// Row.Check is an error wrapping ErrInvalidRecord, and the import is
	// aborted. Fields and ties come back in their order, doubled ones once.
	Append(ctx context.Context, row *Row) error

	// Refuse notes why a row of a joined file was left out: all errors of that row,
	// whose Join names the file. Such rows come behind the last Append, in the order
	// of the spec's Joined and then of Row. They are no rows of the source, and are not
	// counted as such. What Refusals.Check objects to is an error wrapping
	// ErrInvalidRecord, as is an Append that follows; the import is aborted.
	Refuse(ctx context.Context, refused []RowError) error

	// Commit makes the source visible and, at the same moment, ends an earlier
	// reading of the same bytes as Replaced by this one.
	Commit(ctx context.Context) (Source, error)

	// Abort leaves no trace. After Commit it does nothing.
	Abort() error
}

// Reader is what a scope shows. Ids given to it may be those of records or
// clusters; ids that Counts, Neighbours, Connections and Search return are
// clusters. Scans return the ids of records.
//
// What a scope hides is answered exactly as what does not exist.
type Reader interface {
	// Scope returns the resolved scope.
	Scope() Scope
	// Identity returns the clusters by the decisions in scope.
	Identity() *Identity

	Scanner
	Finder
	Archive
	io.Closer
}

// Scanner streams everything in scope in the order of ids as UTF-8 bytes. A
// yielded record is valid until the next one is asked for. The last pair
// yielded carries the error, if there was one.
type Scanner interface {
	Entities(ctx context.Context, want Want) iter.Seq2[*Entity, error]

	// Consignments yields those with a visible statement or outcome.
	Consignments(ctx context.Context, want Want) iter.Seq2[*Consignment, error]

	// Links are ordered by From, Role, To, Start, End, Key, then fields.
	Links(ctx context.Context, want Want) iter.Seq2[*Link, error]
}

// Want says what a scan must fill in. What is not wanted may be missing, so
// that a store need not read it. The zero Want is all but origins and history.
type Want struct {
	Properties []string // of facts; nil means all, an empty list none
	Fields     []string // of statements, links, outcomes; nil means all, an empty list none
	Origins    bool     // of records, and the supports of entities
	History    bool     // Consignment.History
}

// Finder answers questions about single entities without scanning.
type Finder interface {
	// Entity returns the facts and outcomes of a whole cluster, with origins,
	// under the cluster's name. An error wrapping ErrNotFound is returned when
	// the scope shows none of its ids.
	Entity(ctx context.Context, id ID) (*Entity, error)

	// Consignment returns it with origins and history, or ErrNotFound.
	Consignment(ctx context.Context, id ID) (*Consignment, error)

	// Counts returns, before anything is listed, how many there are to list:
	// one Count per role that neighbours have, in the order of roles.
	Counts(ctx context.Context, id ID) ([]Count, error)

	// Neighbours lists the entities that share a consignment with the given
	// one or are linked to it: most records first, then by id.
	Neighbours(ctx context.Context, query NeighbourQuery) ([]Neighbour, error)

	// Connections lists the consignments and links that hold an entity, or
	// that hold both of two entities: by day, then id.
	Connections(ctx context.Context, query ConnectionQuery) ([]Connection, error)

	// Search finds entities whose names, aliases, numbers or ids contain the
	// text: whole, at the start of a word or inside it, in any script, from
	// two characters on. A cluster's match is the best of its visible records'
	// by MatchEntity, of equal ones that with the smaller Name. The kind asked
	// for is that of the cluster's name.
	//
	// It finds consignments too, of which a statement or an outcome is visible,
	// by the start of their number: see MatchConsignment.
	Search(ctx context.Context, query SearchQuery) ([]Match, error)
}

// Count says how many neighbours there are in one role: distinct clusters,
// other than the one asked for, that have the role among the current ties of a
// consignment in whose current ties the one asked for stands too, or that are
// at the other end of a link. Superseded statements make no neighbours.
type Count struct {
	Role       Role // of the neighbour in the shared consignments; of the link
	Incoming   bool // for links: the neighbour is at the From end
	Neighbours int64
	Records    int64 // consignments and links that make them neighbours
}

// NeighbourQuery asks for neighbours of ID, in any of Roles (nil: all), from
// Offset on, at most Limit (0: 50).
type NeighbourQuery struct {
	ID     ID
	Roles  []Role
	Offset int
	Limit  int
}

// Neighbour is one entity in one role beside another.
type Neighbour struct {
	ID       ID
	Role     Role
	Incoming bool
	Records  int64
	First    Date // of the records; NoDate when none is dated
	Last     Date
}

// ConnectionQuery asks for the records that hold ID, and With too unless it is
// empty.
type ConnectionQuery struct {
	ID     ID
	With   ID
	Offset int
	Limit  int // 0: 50
}

// Connection is a consignment or a link that holds an entity.
type Connection struct {
	Consignment ID     // "" for a link
	Link        *Link  // nil for a consignment
	Roles       []Role // of ID in the consignment, in order
	WithRoles   []Role // of With
	Date        Date
	Origins     []Origin
}

// Archive shows what the records stand on.
type Archive interface {
	// Locate returns the place of a row in the decompressed stream of its
	// file, or an error wrapping ErrNotFound.
	Locate(ctx context.Context, origin Origin) (Span, error)

	// Places yields the place of every row of a visible source, those in
	// quarantine and those that said nothing too, in order of rows; of any
	// other source an error wrapping ErrNotFound.
	Places(ctx context.Context, source SourceID) iter.Seq2[RowPlace, error]

	// Evidence opens the bytes of a file that a visible source was read from, or
	// that was joined to it.
	// The error wraps ErrNotFound, or ErrNoEvidence when none were kept.
	Evidence(ctx context.Context, file SHA256) (Evidence, error)

	// Quarantine yields the refused rows of a visible source, in order, and behind
	// them those of its joined files.
	Quarantine(ctx context.Context, source SourceID) iter.Seq2[RowError, error]

	// Decisions returns the visible ones, which are those of Scope.Hear, in the
	// order of saying; all, or those that name the subject.
	Decisions(ctx context.Context, subject ID) ([]Decision, error)

	// Runs returns the visible ones of a kind, or of every kind when it is
	// empty, in the order of saving.
	Runs(ctx context.Context, kind string) ([]Run, error)
}

// Evidence is a kept file: its bytes as they were imported, at random.
type Evidence interface {
	io.ReaderAt
	Size() int64
	io.Closer
}

// Ledger appends what is said about the data. Nothing is ever overwritten.
type Ledger interface {
	// Decide appends a decision and returns it with its Seq.
	Decide(ctx context.Context, decision Decision) (Decision, error)

	// SaveRun stores a run. Storing a run of the same id again changes
	// nothing.
	SaveRun(ctx context.Context, run Run) error
}

// Custody takes sources out, and what was said of them.
type Custody interface {
	// Withdraw ends a source by a dated mark. What it alone supported is no
	// longer visible, except as known on an earlier day. Errors wrap
	// ErrUnknownSource, ErrEnded, or ErrInvalidRecord for the zero time.
	Withdraw(ctx context.Context, id SourceID, when time.Time, reason string) error

	// Purge erases a source, its evidence and what it alone supported, now and
	// for any earlier day; its line with the hashes stays. So does what persons
	// said of it, which Scope.Hear shows only where other sources name what they
	// spoke of.
	Purge(ctx context.Context, id SourceID, when time.Time, reason string) error

	// Forget erases the words of the decisions that have these numbers. The numbers
	// are not given again; those that no decision has are passed over.
	Forget(ctx context.Context, decisions []int64) error
}

// Checker is a store that can verify itself.
type Checker interface {
	// Check reads everything, compares checksums and cross references, and
	// returns what is wrong, nothing when all is well.
	Check(ctx context.Context, progress func(done, total int64)) ([]Problem, error)
}

// Problem is one fault that Check found.
type Problem struct {
	Where string // table, segment, source or file
	What  string
}

// BackerUp is a store that can write a verified copy of itself while it is
// being read.
type BackerUp interface {
	Backup(ctx context.Context, path string, progress func(done, total int64)) error
}

// Heir is a store that can take over what another store holds, as it stands
// there: what imports and decisions alone would not bring back. Errors wrap
// ErrInvalidRecord for what cannot be taken over.
type Heir interface {
	// AdoptSource adds the line of a purged source, with its counts, as its
	// import and its purge would have left it: it has no records, an earlier
	// reading of the same bytes that still counts ends as Replaced by it at its
	// time of import, and a later import of its reading gets the next id. So its
	// own id must be the one that its import would have got here. A line of the
	// same id that is there already is left alone.
	AdoptSource(ctx context.Context, source Source) error

	// AdoptDecision appends a decision under the Seq that it has, which must
	// be greater than any given so far, or be there already with the same
	// words. Numbers in between stay unused.
	AdoptDecision(ctx context.Context, decision Decision) error
}

// Publisher is a store that others than rummage look into, and that therefore
// shows what the last run reported: networks and leads beside the entities they
// name. What is published of an earlier run of the same kind is replaced, as a
// whole. Nothing of it is ever read back.
type Publisher interface {
	Publish(ctx context.Context, publication Publication) error
}

// Publication is what a run reported, in the words of people who look at it.
type Publication struct {
	Run      RunID
	Kind     string // of the run
	Networks []PublishedNetwork
	Leads    []PublishedLead
}

// PublishedNetwork is a network with its members.
type PublishedNetwork struct {
	ID      string
	State   string // new, grown ...
	Grade   string
	Figures map[string]any // numbers and texts under names that ValidName takes
	Members []PublishedMember
}

// PublishedMember is an entity in a network.
type PublishedMember struct {
	Entity ID
	Role   string
}

// PublishedLead is an entity with its rank.
type PublishedLead struct {
	Entity ID
	Rank   int
	Score  float64
}
