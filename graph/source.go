package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SHA256 is the hexadecimal SHA-256 of some bytes.
type SHA256 string

// SourceID names one import of one file under one mapping: "s-" and 16
// hexadecimal digits.
type SourceID string

// SourceSpec is what an import declares before its first row. Its Reading
// decides what the source is: the same one again is a no-op, another one of the
// same Content is a re-reading that replaces the earlier one.
type SourceSpec struct {
	Name    string // file name as given, without folders
	SHA256  SHA256 // of the file's bytes
	Size    int64  // bytes of the file
	Part    string // what of the file was read: a member of an archive, a sheet; "" for all of it
	Mapping string // name of the mapping
	Rules   SHA256 // of the mapping's text
	Options string // canonical text of everything else that changes what is read

	Joined []Joined // files whose rows gave values to its own, in the order of the mapping; nil for none

	Dialect   json.RawMessage // what the reader recognised, so that a row can be read again
	Handling  string          // handling code, such as TLP:AMBER
	Grading   string          // reliability of source and information, such as B2
	Owner     string
	Retention Date // day of review; NoDate when none is set

	ImportedAt time.Time // clock of the caller, UTC, microseconds
}

// Joined is a second file, or a part of one, whose rows were joined by a key to
// those of a source. Its bytes are among what the source stands on: they are
// kept and erased with it, and other bytes make another reading.
type Joined struct {
	Join   string `json:"join"`           // its name in the mapping
	Name   string `json:"name"`           // file name as given, without folders
	SHA256 SHA256 `json:"sha256"`         // of the file's bytes
	Size   int64  `json:"size"`           // bytes of the file
	Part   string `json:"part,omitempty"` // what of the file was read; "" for all of it
}

// Title names the file for people, and the part of it.
func (j *Joined) Title() string { return Titled(j.Name, j.Part) }

// Content is what a source was read from: a file, or a part of one.
type Content struct {
	SHA256 SHA256
	Part   string
}

// Reading is how a source was read: of what, by which mapping and options, and
// beside which other files.
type Reading struct {
	Content
	Rules   SHA256
	Options string
	Joined  string // names of joins with hashes and parts of their files
}

// Content returns what the source is read from.
func (s *SourceSpec) Content() Content { return Content{s.SHA256, s.Part} }

// Reading returns how the source is read.
func (s *SourceSpec) Reading() Reading {
	return Reading{s.Content(), s.Rules, s.Options, strings.Join(s.joined(), "\x00")}
}

// joined says what of the joined files changes what is read: not how they are
// called.
func (s *SourceSpec) joined() []string {
	var said []string
	for i := range s.Joined {
		said = append(said, s.Joined[i].Join, string(s.Joined[i].SHA256), s.Joined[i].Part)
	}
	return said
}

// Files returns the hashes of all files that the source stands on, each once:
// its own first, then those that were joined.
func (s *SourceSpec) Files() []SHA256 {
	files := []SHA256{s.SHA256}
	for i := range s.Joined {
		if sha := s.Joined[i].SHA256; !slices.Contains(files, sha) {
			files = append(files, sha)
		}
	}
	return files
}

// Needs reports whether the source keeps a file, of which it is one that it
// stands on.
func (s *Source) Needs(file SHA256) bool {
	return s.HasEvidence && s.EndedBy != Purged && slices.Contains(s.Files(), file)
}

// Title names the source for people: its file, and the part of it.
func (s *SourceSpec) Title() string { return Titled(s.Name, s.Part) }

// Titled names a part of a file.
func Titled(file, part string) string {
	if part == "" {
		return file
	}
	return file + "/" + part
}

// ID returns the id of the n-th import of this reading, counted from 0. It is
// greater than 0 only after the earlier imports were withdrawn or purged.
func (s *SourceSpec) ID(n int) SourceID {
	said := []string{string(s.SHA256), string(s.Rules), s.Options, strconv.Itoa(n)}
	if s.Part != "" || len(s.Joined) > 0 {
		said = append(said, s.Part)
	}
	said = append(said, s.joined()...)
	sum := sha256.Sum256([]byte(strings.Join(said, "\x00")))
	return SourceID("s-" + hex.EncodeToString(sum[:8]))
}

// Source is one import, as a store lists it.
type Source struct {
	SourceSpec
	ID           SourceID
	Rows         int64 // data rows read = Stored + Quarantined
	Stored       int64
	Quarantined  int64
	Consignments int64 // distinct ids of consignments
	Newest       Date  // latest day of an event; NoDate when nothing is dated
	HasEvidence  bool  // the bytes of all its files are kept

	Ended    time.Time // withdrawn, replaced or purged then; zero while it counts
	EndedBy  EndKind
	Reason   string   // of the withdrawal or purge
	Replaced SourceID // the re-reading that took its place

	Unfinished bool // its purge hid it and broke off: it is to be purged again
}

// EndKind says how a source came to count no more.
type EndKind string

// The ways in which a source ends. A purged source leaves only its line with
// the hashes.
const (
	NotEnded  EndKind = ""
	Withdrawn EndKind = "withdrawn"
	Replaced  EndKind = "replaced"
	Purged    EndKind = "purged"
)

// KnownOn reports whether the source counted at t; the zero time means now.
func (s *Source) KnownOn(t time.Time) bool {
	if s.EndedBy == Purged {
		return false
	}
	if t.IsZero() {
		return s.Ended.IsZero()
	}
	return !s.ImportedAt.After(t) && (s.Ended.IsZero() || s.Ended.After(t))
}

// Origin is the row of a source that supports a record. Where several rows
// of one source say the same, it is the one with the earliest day, then the
// smallest number.
type Origin struct {
	Source SourceID
	Row    int64
}

// Span is where a row stands in what its source was read from: bytes of the
// decompressed stream, or rows where a format keeps no row in one piece. The
// dialect says which.
type Span struct {
	Offset int64
	Length int64
}

// RowPlace is where a row of a source stands.
type RowPlace struct {
	Row  int64
	Span Span
}

// RowError says why a row went into quarantine. Nothing of such a row is
// stored but this and its place.
type RowError struct {
	Source SourceID
	Join   string // the joined file whose row it is, by its name in the mapping; "" for a row of the source itself
	Row    int64
	Span   Span
	Column string // header or number of the column; "" when the row itself is broken
	Code   string // stable: ragged, quote, encoding, size, date, number, missing ...
	Reason string // a sentence for a person
}
