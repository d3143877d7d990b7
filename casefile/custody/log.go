package custody

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"rummage/atomicfile"
)

var (
	// ErrEntry is returned for an entry that cannot be made.
	ErrEntry = errors.New("no entry of a custody log")
	// ErrBroken is returned for a log that does not hold together, or is that of another case file.
	ErrBroken = errors.New("the custody log is broken")
)

// Act is what somebody did with a case file.
type Act string

// The acts.
const (
	Received   Act = "received"
	HandedOver Act = "handed-over"
	Examined   Act = "examined"
	Copied     Act = "copied"
	TakenIn    Act = "taken-in" // into a store
	Stamped    Act = "stamped"  // by a time stamp authority
	Destroyed  Act = "destroyed"
)

// Acts lists every act in its fixed order.
func Acts() []Act { return []Act{Received, HandedOver, Examined, Copied, TakenIn, Stamped, Destroyed} }

// names lists the acts for people.
func names() string {
	var all []string
	for _, act := range Acts() {
		all = append(all, string(act))
	}
	return strings.Join(all, ", ")
}

// Entry is one line of a log.
type Entry struct {
	Seq  int       `json:"seq"` // from 1
	Act  Act       `json:"act"`
	By   string    `json:"by"`
	To   string    `json:"to,omitempty"` // who has it from then on, where somebody else has
	At   time.Time `json:"at"`           // by the clock of whoever made the entry; the order is that of the lines
	Note string    `json:"note,omitempty"`
	// Previous is the SHA-256 of the line before, with its end; of the first the id of the case file.
	Previous string `json:"previous"`
	// Key and Signature are an Ed25519 public key and its signature of the entry without a signature, in hexadecimal digits; "" where it is
	// unsigned.
	Key       string `json:"key,omitempty"`
	Signature string `json:"signature,omitempty"`
}

// Said is what an entry is to say.
type Said struct {
	Act          Act
	By, To, Note string
	At           time.Time
	Key          ed25519.PrivateKey // nil leaves it unsigned
}

// check refuses what cannot stand in a log.
func (s *Said) check() error {
	fault := ""
	switch {
	case !slices.Contains(Acts(), s.Act):
		fault = fmt.Sprintf("%q is no act; there are %s", s.Act, names())
	case strings.TrimSpace(s.By) == "":
		fault = "it is not said who made it"
	case s.Act == HandedOver && strings.TrimSpace(s.To) == "":
		fault = "it is not said to whom"
	case s.At.IsZero():
		fault = "it has no time"
	case strings.ContainsFunc(s.By+s.To+s.Note, unicode.IsControl):
		fault = "it holds a line break or another control character"
	}
	if fault != "" {
		return fmt.Errorf("custody: %w: %s", ErrEntry, fault)
	}
	return nil
}

// LogFile is the path of the log of a case file.
func LogFile(casefile string) string { return beside(casefile, ".custody.jsonl") }

// beside is the path of a file beside a case file; one that is named by a dot has its name from the folders above.
func beside(casefile, ending string) string {
	path := filepath.Clean(casefile)
	if base := filepath.Base(path); base == "." || base == ".." {
		if whole, err := filepath.Abs(path); err == nil {
			path = whole
		}
	}
	return path + ending
}

// Read reads the log of a case file with that id, as Parse does; there are no entries where there is no log.
func Read(casefile, id string) ([]Entry, error) {
	text, err := os.ReadFile(LogFile(casefile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("custody: %w", err)
	}
	return parse(text, id)
}

// parse reads what stands in the file of a log. One that is there has a line: ErrBroken too where all are gone.
func parse(text []byte, id string) ([]Entry, error) {
	if len(text) == 0 {
		return nil, fmt.Errorf("custody: %w: it is empty, all its lines are gone", ErrBroken)
	}
	return Parse(text, id)
}

// Parse reads a log and checks that it holds together: every line as this package writes it, numbered, with the digest of the one before,
// and each signature. ErrBroken names the first line that is not.
func Parse(text []byte, id string) ([]Entry, error) {
	var all []Entry
	previous := id
	for line := range bytes.Lines(text) {
		var e Entry
		fault := ""
		switch err := json.Unmarshal(line, &e); {
		case err != nil:
			fault = "is no entry: " + err.Error()
		case !bytes.Equal(line, e.line()):
			fault = "is not written as this program writes it"
		case e.Seq != len(all)+1:
			fault = fmt.Sprintf("is numbered %d", e.Seq)
		case e.Previous != previous && len(all) == 0:
			fault = "is of another case file"
		case e.Previous != previous:
			fault = "does not fit the line before: one of them was changed, or a line between was removed"
		case !e.sound():
			fault = "has a signature that does not fit"
		}
		if fault != "" {
			return nil, fmt.Errorf("custody: %w: line %d %s", ErrBroken, len(all)+1, fault)
		}
		all = append(all, e)
		previous = digest(line)
	}
	return all, nil
}

// Append adds an entry to the log of a case file with that id, which is read and checked first; other processes wait. ErrEntry, ErrBroken,
// ErrLocked, or an error of the file.
func Append(ctx context.Context, casefile, id string, said Said) (*Entry, error) {
	if err := said.check(); err != nil {
		return nil, err
	}
	var entry *Entry
	err := alone(ctx, casefile, func() error {
		added, log, err := appended(casefile, id, said)
		if err != nil {
			return err
		}
		entry = added
		return write(LogFile(casefile), log)
	})
	return entry, err
}

// appended is an entry and the log with it, of which nothing is written yet.
func appended(casefile, id string, said Said) (*Entry, []byte, error) {
	text, err := os.ReadFile(LogFile(casefile))
	var all []Entry
	switch {
	case err == nil:
		if all, err = parse(text, id); err != nil {
			return nil, nil, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, nil, fmt.Errorf("custody: %w", err)
	}
	if gone := slices.IndexFunc(all, func(e Entry) bool { return e.Act == Destroyed }); gone >= 0 && strings.TrimSpace(said.Note) == "" {
		return nil, nil, fmt.Errorf("custody: %w: line %d says that it was destroyed; a note must say how it is there still", ErrEntry, gone+1)
	}
	e := &Entry{Seq: len(all) + 1, Act: said.Act, By: said.By, To: said.To, At: said.At.UTC().Truncate(time.Second), Note: said.Note, Previous: id}
	if len(all) > 0 {
		e.Previous = Head(all)
	}
	if said.Key != nil {
		public, _ := said.Key.Public().(ed25519.PublicKey)
		e.Key = hex.EncodeToString(public)
		e.Signature = hex.EncodeToString(ed25519.Sign(said.Key, e.signed()))
	}
	return e, append(text, e.line()...), nil
}

// write puts a file beside a case file.
func write(path string, content []byte) error {
	if err := atomicfile.Write(path, 0o644, content); err != nil {
		return fmt.Errorf("custody: %w", err)
	}
	return nil
}

// Head is the digest of the last line, to be noted elsewhere: it shows whether lines were cut off. "" for an empty log.
func Head(all []Entry) string {
	if len(all) == 0 {
		return ""
	}
	return digest(all[len(all)-1].line())
}

func digest(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// line is the entry as it stands in the log.
func (e *Entry) line() []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text) // ends with a line break
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return nil // which no line is
	}
	return text.Bytes()
}

// signed is what is signed: a name, so that the key signs nothing else by accident, and the entry without its signature.
func (e *Entry) signed() []byte {
	bare := *e
	bare.Signature = ""
	return append([]byte("rummage custody entry\n"), bare.line()...)
}

// sound tells whether the signature fits, or there is none.
func (e *Entry) sound() bool {
	if e.Key == "" && e.Signature == "" {
		return true
	}
	key, first := hex.DecodeString(e.Key)
	signature, second := hex.DecodeString(e.Signature)
	return first == nil && second == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, e.signed(), signature)
}
