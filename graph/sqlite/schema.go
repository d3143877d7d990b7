package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"hash/crc32"

	"rummage/graph"
)

// FormatVersion is the version of the file format, kept as user_version.
const FormatVersion = 1

// applicationID marks the file as ours: "rumm".
const applicationID = 0x72756d6d

// pageSize suits blobs of some ten kilobytes and keeps an empty store small.
const pageSize = 8192

// schema of format 1. Every table of small rows has a column sum: the checksum
// of the others. Blocks carry theirs at their end. state counts the rows of
// each table, so that a lost row is found too.
const schema = `
CREATE TABLE state (
	id          INTEGER PRIMARY KEY CHECK (id = 1),
	generation  INTEGER NOT NULL, -- rises with every commit
	segment_ids INTEGER NOT NULL, -- given so far
	file_ids    INTEGER NOT NULL, -- given so far, to files kept as evidence
	segments    INTEGER NOT NULL, -- rows of the tables
	sources     INTEGER NOT NULL,
	files       INTEGER NOT NULL,
	decisions   INTEGER NOT NULL,
	runs        INTEGER NOT NULL,
	sum         INTEGER NOT NULL
) STRICT;

CREATE TABLE source (
	num          INTEGER PRIMARY KEY, -- in the order of import
	id           TEXT NOT NULL UNIQUE,
	name         TEXT NOT NULL,
	sha256       TEXT NOT NULL,
	size         INTEGER NOT NULL,
	part         TEXT NOT NULL,       -- of the file; '' for all of it
	mapping      TEXT NOT NULL,
	rules        TEXT NOT NULL,
	options      TEXT NOT NULL,
	joined       TEXT,                -- JSON, NULL for none
	dialect      TEXT,                -- JSON
	handling     TEXT NOT NULL,
	grading      TEXT NOT NULL,
	owner        TEXT NOT NULL,
	retention    TEXT NOT NULL,       -- day
	imported_at  TEXT NOT NULL,       -- RFC 3339
	rows         INTEGER NOT NULL,
	stored       INTEGER NOT NULL,
	quarantined  INTEGER NOT NULL,
	consignments INTEGER NOT NULL,
	newest       TEXT NOT NULL,       -- day
	has_evidence INTEGER NOT NULL,
	ended        TEXT NOT NULL,       -- RFC 3339, '' while it counts
	ended_by     TEXT NOT NULL,
	reason       TEXT NOT NULL,
	replaced     TEXT NOT NULL,
	places       INTEGER NOT NULL,    -- blocks in place
	refused      INTEGER NOT NULL,    -- blocks in refused
	sum          INTEGER NOT NULL
) STRICT;

CREATE TABLE segment (
	id      INTEGER PRIMARY KEY,
	records INTEGER NOT NULL,
	blocks  INTEGER NOT NULL,
	sum     INTEGER NOT NULL
) STRICT;

-- Blocks of segments; key = segment << 32 | section << 28 | number.
CREATE TABLE block (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;

-- Where rows stand in their file; key = source << 32 | number.
CREATE TABLE place (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;

-- Rows in quarantine; key = source << 32 | number.
CREATE TABLE refused (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;

-- Files kept as evidence, and their blocks; key = num << 32 | number.
CREATE TABLE file (
	num    INTEGER PRIMARY KEY,
	sha256 TEXT NOT NULL UNIQUE,
	size   INTEGER NOT NULL,
	sum    INTEGER NOT NULL
) STRICT;
CREATE TABLE file_block (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;

CREATE TABLE decision (
	seq     INTEGER PRIMARY KEY,
	subject TEXT NOT NULL,
	other   TEXT NOT NULL,
	kind    TEXT NOT NULL,
	reason  TEXT NOT NULL,
	author  TEXT NOT NULL,
	time    TEXT NOT NULL, -- RFC 3339
	sources TEXT NOT NULL, -- JSON
	sum     INTEGER NOT NULL
) STRICT;

CREATE TABLE run (
	seq      INTEGER PRIMARY KEY,
	id       TEXT NOT NULL UNIQUE,
	previous TEXT NOT NULL,
	kind     TEXT NOT NULL,
	scope    TEXT NOT NULL,    -- JSON
	settings TEXT,             -- JSON
	seed     INTEGER NOT NULL, -- the same 64 bits
	results  TEXT,             -- JSON
	decided  INTEGER NOT NULL,
	finished TEXT NOT NULL,    -- RFC 3339
	tool     TEXT NOT NULL,
	sum      INTEGER NOT NULL
) STRICT;
`

// upgrade brings a file from one format version to the next, within a
// transaction.
type upgrade func(ctx context.Context, conn *sql.Conn) error

// upgrades lists the upgrades by the version that they start from. There has
// been one version only.
func upgrades() map[int]upgrade { return map[int]upgrade{} }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumOf is the checksum of a row: of its table and its values in order.
func sumOf(table string, values ...any) int64 {
	h := crc32.New(castagnoli)
	_, _ = fmt.Fprintf(h, "%s\n", table) // a hash takes everything
	for _, v := range values {
		text := fmt.Sprint(v)
		_, _ = fmt.Fprintf(h, "%d\n%s\n", len(text), text)
	}
	return int64(h.Sum32())
}

// state is the row of the table of that name.
type state struct {
	generation, segmentIDs, fileIDs           int64
	segments, sources, files, decisions, runs int64
}

func (st *state) values() []any {
	return []any{st.generation, st.segmentIDs, st.fileIDs, st.segments, st.sources, st.files, st.decisions, st.runs}
}

// querier is a connection or a transaction on it.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func readState(ctx context.Context, q querier) (state, error) {
	var st state
	var sum int64
	err := q.QueryRowContext(ctx, `SELECT generation, segment_ids, file_ids, segments, sources, files, decisions, runs, sum
		FROM state WHERE id = 1`).Scan(&st.generation, &st.segmentIDs, &st.fileIDs, &st.segments, &st.sources,
		&st.files, &st.decisions, &st.runs, &sum)
	if err == sql.ErrNoRows { //nolint:errorlint // Scan returns it bare
		return st, damaged("state", "the row is missing")
	}
	if err == nil && sum != sumOf("state", st.values()...) {
		err = damaged("state", "checksum")
	}
	return st, err
}

func writeState(ctx context.Context, q querier, st *state) error {
	_, err := q.ExecContext(ctx, `INSERT OR REPLACE INTO state
		(id, generation, segment_ids, file_ids, segments, sources, files, decisions, runs, sum)
		VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, append(st.values(), sumOf("state", st.values()...))...)
	return err
}

func damaged(where, what string) error {
	return fmt.Errorf("sqlite: %s: %s: %w", where, what, graph.ErrDamaged)
}
