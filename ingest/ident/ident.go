// Package ident knows the identifiers of trade: containers, ships, commodities,
// places, countries, currencies, waybills, parcels, bills of lading, seals,
// companies and persons.
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
// The package must not know files, records or stores, and imports nothing of
// ours. Its tables (HS 2022, ports, countries) are compiled in; data/README.md
// says where they come from and under what licence.
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
}

// Explain says in words what is wrong, and what was expected.
func (r Result) Explain() string {
	if r.Expected == "" {
		return r.Mark.Explain()
	}
	return r.Mark.Explain() + "; expected " + r.Expected
}

// A Rule is one kind of identifier by name, for mappings and for guessing what a
// column holds.
type Rule struct {
	Name     string // stable, as mappings name it
	Title    string
	Check    func(text string) Result
	Checked  bool // has check digits: a column of Fine values is hardly chance
	Personal bool // identifies a person: store a keyed hash, never the value
}

// Rules lists every rule, by name. The list is the caller's to change.
func Rules() []Rule {
	return []Rule{
		{Name: "abn", Title: "Australian business number", Check: ABN, Checked: true},
		{Name: "air_waybill", Title: "air waybill number", Check: AirWaybill, Checked: true},
		{Name: "bill_of_lading", Title: "bill of lading number", Check: BillOfLading},
		{Name: "brn_kr", Title: "Korean business registration number", Check: BRN, Checked: true},
		{Name: "container", Title: "container number (ISO 6346)", Check: Container, Checked: true},
		{Name: "corporate_jp", Title: "Japanese corporate number", Check: JapanCorporate, Checked: true},
		{Name: "country", Title: "country code (ISO 3166)", Check: Country},
		{Name: "currency", Title: "currency code (ISO 4217)", Check: Currency},
		{Name: "hkid", Title: "Hong Kong identity card number", Check: HKID, Checked: true, Personal: true},
		{Name: "hs", Title: "HS commodity code, edition 2022", Check: HS},
		{Name: "imo_company", Title: "IMO company number", Check: IMOCompany, Checked: true},
		{Name: "imo_ship", Title: "IMO ship number", Check: IMOShip, Checked: true},
		{Name: "lei", Title: "legal entity identifier (ISO 17442)", Check: LEI, Checked: true},
		{Name: "locode", Title: "UN/LOCODE of a place", Check: Locode},
		{Name: "mmsi", Title: "maritime mobile service identity", Check: MMSI},
		{Name: "postal_item", Title: "postal item number (UPU S10)", Check: PostalItem, Checked: true},
		{Name: "seal", Title: "container seal number", Check: Seal},
		{Name: "uscc_cn", Title: "Chinese unified social credit code", Check: USCC, Checked: true},
	}
}

// Lookup returns the rule of a name.
func Lookup(name string) (Rule, bool) {
	for _, r := range Rules() {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
}
