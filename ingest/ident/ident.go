// Package ident knows the identifiers of trade: containers, ships, commodities,
// places, countries, currencies, units, waybills, parcels, bills of lading, seals,
// companies and persons. Rules is the table of all of them, and Guess says which
// a text satisfies.
//
// Every rule is a pure function of the text of a cell. It gives the identifier
// in one spelling and a Mark that says what is wrong with it, if anything. A
// wrong identifier is kept and marked, never refused: a container number whose
// check digit fails may be the evidence.
//
// Rules forgive what people do to identifiers when typing (small letters, full
// width letters, spaces, hyphens, dots, slashes, brackets) and nothing else. On
// text that is in its normal spelling already they allocate nothing.
//
// Numbers that identify a person are checked like others. Key makes of them what
// may be stored: a pseudonym, the same for the same number and key.
//
// The package must not know files, records or stores, and imports nothing of
// ours. Its tables (HS 2022, ports, countries, units) are compiled in;
// data/README.md says where they come from and under what licence.
package ident

// A Mark is the stable short code of what is wrong with an identifier. Marks are
// stored beside values, so their spelling never changes.
type Mark string

// Marks.
const (
	// Fine: nothing is wrong that the rule can see.
	Fine Mark = ""
	// Blank: no value, or words that stand for none ("N/A", "NIL", "00000").
	Blank Mark = "blank"
	// Format: wrong length or characters; it is no identifier of this kind.
	Format Mark = "format"
	// CheckDigit: right in form, but its check digits do not fit.
	CheckDigit Mark = "check_digit"
	// Discouraged: allowed or once allowed, but should not be in use.
	Discouraged Mark = "discouraged"
	// Unknown: right in form, but not in the list that it should be in.
	Unknown Mark = "unknown"
	// Reserved: from a range that is set aside.
	Reserved Mark = "reserved"
)

// Explain says in one sentence what a mark means.
func (m Mark) Explain() string {
	switch m {
	case Fine:
		return "nothing is wrong with it"
	case Blank:
		return "it is empty, or words that stand for no value"
	case Format:
		return "its length or its characters are not those of this kind of identifier"
	case CheckDigit:
		return "its check digits do not fit the rest: a keying error, or an invented number"
	case Discouraged:
		return "it is valid but should not be in use"
	case Unknown:
		return "it has the right form but is not in the list of this kind"
	case Reserved:
		return "it is from a range that is set aside and not in general use"
	}
	return "unknown mark"
}

// A Result is what a rule says about a text.
type Result struct {
	// Value is the identifier in its normal spelling. Where the text is no such
	// identifier, it is the text without its outer spaces and separators, in
	// capitals, so that equal mistakes stay equal.
	Value string
	Mark  Mark
	// Expected is what would fit, where the rule can tell: the right check
	// digits, the code that replaced an old one, the code with its lost zero.
	Expected string
	// Person says that Value is an identity number of a natural person, though
	// the rule is one for companies: it may be stored as a pseudonym only.
	Person bool
}

// Explain says in words what is wrong, and what was expected.
func (r Result) Explain() string {
	if r.Expected == "" {
		return r.Mark.Explain()
	}
	return r.Mark.Explain() + "; expected " + r.Expected
}
