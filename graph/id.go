package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ID names an entity or a consignment: "party/kr-importer/QLRUBN9",
// "place/HKHKG", "consignment/kr-decl/97061800". Ids are deterministic,
// readable, at most MaxID bytes long, valid UTF-8 and ordered as bytes.
type ID string

// MaxID is the greatest length of an ID in bytes.
const MaxID = 200

// keptChars is how much of a text too long for an id stays readable.
const keptChars = 60

// NewID builds the id of kind from its parts: a namespace (an issuing system
// or register, left out where the value is unique by itself) and a value.
// Each part is put into Unicode form C, white space is trimmed and runs of it
// become one space; "/", "%" and control characters are escaped as "%XX".
// Where the id would exceed MaxID bytes, the last part becomes its first 60
// characters (fewer if they are long in UTF-8), "~" and its SHA-256.
//
// It returns "" when the kind is unknown or a part is empty: an entity
// without a name is no entity.
func NewID(kind Kind, parts ...string) ID {
	if kind == NoKind || int(kind) >= len(kindNames) || len(parts) == 0 {
		return ""
	}
	b := make([]byte, 0, 64)
	b = append(b, kind.String()...)
	for i, part := range parts {
		part = NormaliseText(part)
		if part == "" {
			return ""
		}
		b = append(b, '/')
		room := MaxID - len(b)
		escaped := escape(part)
		if i == len(parts)-1 && len(escaped) > room || len(escaped) > MaxID/2 && i < len(parts)-1 {
			escaped = shorten(part, min(room, MaxID/2+len("~")+sha256.Size))
		}
		b = append(b, escaped...)
	}
	return ID(b)
}

// NormaliseText is the exact form in which text enters an id: Unicode form C,
// invalid UTF-8 replaced, white space trimmed and runs of it one space. Case,
// script and punctuation stay: deciding that two spellings are one party is
// not the id's business.
func NormaliseText(text string) string {
	if plain(text) {
		return text
	}
	return norm.NFC.String(strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " "))
}

// plain reports text that NormaliseText leaves as it is, without allocating.
func plain(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= utf8.RuneSelf || c < ' ' || c == ' ' && (i == 0 || i == len(text)-1 || text[i-1] == ' ') {
			return false
		}
	}
	return true
}

func escape(part string) string {
	if strings.IndexFunc(part, escaped) < 0 {
		return part
	}
	var b strings.Builder
	for _, r := range part {
		if !escaped(r) {
			b.WriteRune(r)
			continue
		}
		for _, c := range []byte(string(r)) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func escaped(r rune) bool { return r == '/' || r == '%' || unicode.IsControl(r) }

// shorten cuts part so that it fits into room bytes with its hash.
func shorten(part string, room int) string {
	sum := sha256.Sum256([]byte(part))
	tail := "~" + hex.EncodeToString(sum[:])
	var b strings.Builder
	chars := 0
	for _, r := range part {
		piece := escape(string(r))
		if chars == keptChars || b.Len()+len(piece)+len(tail) > room {
			break
		}
		b.WriteString(piece)
		chars++
	}
	return b.String() + tail
}

// Kind returns the kind that the id names, NoKind if it names none.
func (id ID) Kind() Kind {
	name, _, ok := strings.Cut(string(id), "/")
	if !ok {
		return NoKind
	}
	kind, err := ParseKind(name)
	if err != nil {
		return NoKind
	}
	return kind
}

// Label returns the last part of the id, unescaped: what to show when an
// entity has no name.
func (id ID) Label() string {
	last := string(id)[strings.LastIndexByte(string(id), '/')+1:]
	if !strings.Contains(last, "%") {
		return last
	}
	var b strings.Builder
	for i := 0; i < len(last); i++ {
		if last[i] == '%' && i+2 < len(last) {
			if c, err := hex.DecodeString(last[i+1 : i+3]); err == nil {
				b.WriteByte(c[0])
				i += 2
				continue
			}
		}
		b.WriteByte(last[i])
	}
	return b.String()
}

// Country returns the country of a place that is known by its code of two
// letters (ISO 3166) or by its UN/LOCODE, which begins with one; "" for every
// other entity, places of other registers among them.
func (id ID) Country() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	code, ok := strings.CutPrefix(string(id), Place.String()+"/")
	if !ok || len(code) != 2 && len(code) != 5 || strings.Trim(code[:2], letters) != "" || strings.Trim(code, letters+"23456789") != "" {
		return ""
	}
	return code[:2]
}

// Check returns an error wrapping ErrInvalidRecord when the id is not one
// that NewID can build.
func (id ID) Check() error {
	switch {
	case len(id) > MaxID:
		return fmt.Errorf("graph: id %.40q...: %d bytes, more than %d: %w", string(id), len(id), MaxID, ErrInvalidRecord)
	case !utf8.ValidString(string(id)):
		return fmt.Errorf("graph: id %q: not UTF-8: %w", string(id), ErrInvalidRecord)
	case id.Kind() == NoKind || strings.HasSuffix(string(id), "/") || strings.Contains(string(id), "//"):
		return fmt.Errorf("graph: id %q: want kind/value or kind/namespace/value: %w", string(id), ErrInvalidRecord)
	case strings.IndexFunc(string(id), unicode.IsControl) >= 0:
		return fmt.Errorf("graph: id %q: control character: %w", string(id), ErrInvalidRecord)
	}
	return nil
}
