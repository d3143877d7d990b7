package ident

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// A Rule is one kind of identifier by name, for mappings and for guessing what a
// column holds.
type Rule struct {
	Name     string // stable, as mappings name it
	Title    string // what it is, for people
	Standard string // that defines it, or the authority that issues it
	Country  string // of the authority, two letters; "" for international ones
	Example  string // a sound identifier in its normal spelling
	Check    func(text string) Result
	Checked  bool // has check digits
	Listed   bool // stands in a code table or begins with a code from one
	Personal bool // identifies a person: store a pseudonym, never the value
	// Persons is for rules of companies that take identity numbers of persons too
	// (see Result.Person): the rule under whose name their pseudonyms go.
	Persons string

	// Chance is the share of texts that pass although they are none: of those made
	// from Example by drawing each digit and each letter anew. It is rounded up,
	// and 1 for rules that see the form only. The smaller it is, the more a
	// column of fine values says.
	Chance float64

	least, most int  // characters of a compact text that can pass
	worded      bool // looks at words, or at punctuation, so that a compact text will not do
}

// Normalise returns the text as it enters an id: Value of Check.
func (r *Rule) Normalise(text string) string { return r.Check(text).Value }

// Evident says whether a text that passes has shown more than its form.
func (r *Rule) Evident() bool { return r.Checked || r.Listed }

// ruleTable is every rule, by name.
var ruleTable = sync.OnceValue(func() []Rule {
	all := slices.Concat(transportRules(), codeRules(), asiaRules(), westRules(), americaRules(), personRules())
	slices.SortFunc(all, func(a, b Rule) int { return cmp.Compare(a.Name, b.Name) })
	return all
})

// Rules lists every rule, by name. The list is the caller's to change.
func Rules() []Rule { return slices.Clone(ruleTable()) }

// Lookup returns the rule of a name.
func Lookup(name string) (Rule, bool) {
	table := ruleTable()
	i, ok := slices.BinarySearchFunc(table, name, func(r Rule, name string) int { return strings.Compare(r.Name, name) })
	if !ok {
		return Rule{}, false
	}
	return table[i], true
}

const (
	modulo10 = 1.0 / 10
	modulo11 = 1.0 / 11
	modulo97 = 1.0 / 97
)

// transportRules are what moves and the papers that go with it.
func transportRules() []Rule {
	return []Rule{
		{Name: "air_waybill", Title: "air waybill number", Standard: "IATA resolution 600a", Example: "125-12345675", Check: AirWaybill,
			Checked: true, Chance: modulo10, least: 11, most: 11},
		{Name: "bill_of_lading", Title: "bill of lading number", Standard: "the carrier's own", Example: "MAEU123456789", Check: BillOfLading,
			Chance: 1, least: 4, most: 35},
		{Name: "call_sign", Title: "radio call sign of a ship", Standard: "ITU Radio Regulations, appendix 42", Example: "VRZZ9", Check: CallSign,
			Chance: 1, least: 4, most: 7},
		{Name: "container", Title: "container number", Standard: "ISO 6346", Example: "CSQU3054383", Check: Container,
			Checked: true, Chance: 3.0 / 26 / 10, least: 11, most: 11},
		{Name: "ducr", Title: "declaration unique consignment reference", Standard: "HM Revenue and Customs", Country: "GB",
			Example: "8GB123456789012-REF1", Check: DUCR, Chance: 1, least: 3, most: 35},
		{Name: "imo_company", Title: "IMO company number", Standard: "IMO resolution MSC.160(78)", Example: "5342883", Check: IMOCompany,
			Checked: true, Chance: 0.1, least: 7, most: 12},
		{Name: "imo_ship", Title: "IMO ship number", Standard: "IMO resolution A.1117(30)", Example: "9074729", Check: IMOShip,
			Checked: true, Chance: modulo10, least: 7, most: 12},
		{Name: "mmsi", Title: "maritime mobile service identity", Standard: "ITU-R M.585", Example: "477123400", Check: MMSI,
			Listed: true, Chance: 0.3, least: 9, most: 13},
		{Name: "mucr", Title: "master unique consignment reference", Standard: "HM Revenue and Customs", Country: "GB",
			Example: "GB/ABCD-12345", Check: MUCR, Chance: 1, least: 5, most: 35},
		{Name: "postal_item", Title: "postal item number", Standard: "UPU S10", Example: "RR473124829GB", Check: PostalItem,
			Checked: true, Chance: 0.38 * modulo10, least: 13, most: 13},
		{Name: "scac", Title: "standard carrier alpha code", Standard: "NMFTA", Example: "MAEU", Check: SCAC, Chance: 1, least: 2, most: 4},
		{Name: "seal", Title: "container seal number", Standard: "ISO 17712", Example: "ML1234567", Check: Seal, Chance: 1, least: 2, most: 35},
		{Name: "ucr", Title: "unique consignment reference", Standard: "WCO, ISO 15459", Example: "5GB123456789000-A1", Check: UCR,
			Chance: 1, least: 6, most: 35},
	}
}

// codeRules are codes from lists.
func codeRules() []Rule {
	return []Rule{
		{Name: "country", Title: "country code", Standard: "ISO 3166-1", Example: "KR", Check: Country, Listed: true, Chance: 0.4, least: 2, most: 3, worded: true},
		{Name: "country_name", Title: "country by code or name", Standard: "ISO 3166-1, Unicode CLDR", Example: "KR", Check: CountryNamed,
			Listed: true, Chance: 0.4, least: 2, most: 80, worded: true},
		{Name: "currency", Title: "currency code", Standard: "ISO 4217", Example: "KRW", Check: Currency, Listed: true, Chance: 0.02, least: 3, most: 3},
		{Name: "hs", Title: "commodity code, edition 2022", Standard: "WCO Harmonized System 2022", Example: "851713", Check: HS,
			Listed: true, Chance: 0.01, least: 4, most: 12},
		{Name: "incoterm", Title: "term of delivery", Standard: "ICC Incoterms 2020", Example: "FOB", Check: Incoterm,
			Listed: true, Chance: 0.002, least: 3, most: 3},
		{Name: "locode", Title: "code of a place", Standard: "UN/LOCODE, UNECE recommendation 16", Example: "HKHKG", Check: Locode,
			Listed: true, Chance: 0.4, least: 5, most: 5},
		{Name: "package", Title: "kind of package", Standard: "UN/CEFACT recommendation 21", Example: "CT", Check: Package,
			Listed: true, Chance: 0.3, least: 1, most: 10},
		{Name: "port", Title: "sea port by code or name", Standard: "UN/LOCODE", Example: "HKHKG", Check: PortNamed,
			Listed: true, Chance: 0.001, least: 4, most: 80, worded: true},
		{Name: "procedure", Title: "customs procedure code", Standard: "the customs administration's own", Example: "4000", Check: Procedure,
			Chance: 1, least: 1, most: 10},
		{Name: "schedule_c", Title: "country code of United States statistics", Standard: "Census Bureau, Schedule C", Country: "US",
			Example: "5800", Check: ScheduleC, Listed: true, Chance: 0.05, least: 4, most: 4},
		{Name: "schedule_k", Title: "foreign port code of United States statistics", Standard: "Army Corps of Engineers, Schedule K", Country: "US",
			Example: "58201", Check: ScheduleK, Listed: true, Chance: 0.03, least: 5, most: 5},
		{Name: "transport_mode", Title: "mode of transport", Standard: "UN/CEFACT recommendation 19", Example: "1", Check: TransportMode,
			Chance: 1, least: 1, most: 1},
		{Name: "unit", Title: "unit of measure", Standard: "UN/CEFACT recommendation 20", Example: "KGM", Check: Unit,
			Listed: true, Chance: 0.02, least: 1, most: 12},
	}
}
