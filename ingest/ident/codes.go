package ident

import (
	"strings"
	"sync"

	_ "embed"
)

// The lists of UN/CEFACT and of the Incoterms: code, name, and for units and
// packages the spellings that trade data use instead.
var (
	//go:embed data/units.tsv
	unitsText string
	//go:embed data/packages.tsv
	packagesText string
	//go:embed data/modes.tsv
	modesText string
	//go:embed data/incoterms.tsv
	incotermsText string
)

// codeList is a code table: names by code, and codes by the spellings in use.
type codeList struct{ names, spellings map[string]string }

// readList reads lines of a code, its name and its spellings.
func readList(text string) *codeList {
	list := &codeList{names: map[string]string{}, spellings: map[string]string{}}
	for row := range strings.Lines(text) {
		code, rest, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		name, spellings, _ := strings.Cut(rest, "\t")
		list.names[code] = name
		for s := range strings.FieldsSeq(spellings) {
			list.spellings[s] = code
		}
	}
	return list
}

// check looks a compact text up. form is what codes of this kind look like.
func (l *codeList) check(value string, form func(string) bool) Result {
	if _, ok := l.names[value]; ok {
		return Result{Value: value}
	}
	if code, ok := l.spellings[value]; ok {
		return Result{Value: code}
	}
	if placeholder(value) || !form(value) {
		return malformed(value)
	}
	return Result{Value: value, Mark: Unknown}
}

var (
	unitList    = sync.OnceValue(func() *codeList { return readList(unitsText) })
	packageList = sync.OnceValue(func() *codeList { return readList(packagesText) })
	modeList    = sync.OnceValue(func() *codeList { return readList(modesText) })
)

// Unit checks a unit of measure of UN/CEFACT recommendation 20 and gives its
// code: KGM for KGS. The list here holds the codes that goods are counted,
// weighed and measured with, some 150 of over 2,000; a code of the right form
// that is not among them is Unknown, not wrong.
func Unit(text string) Result {
	return unitList().check(compact(text), func(v string) bool { return len(v) <= 3 && alphanumeric(v) })
}

// UnitName returns the name of a unit's code, empty if the list lacks it.
func UnitName(code string) string { return unitList().names[code] }

// Package checks a kind of package of UN/CEFACT recommendation 21 and gives its
// code: CT for CARTONS. The list here holds some 150 of about 400 codes, without
// those of materials and of pallets by size; others of the right form are Unknown.
func Package(text string) Result {
	return packageList().check(compact(text), func(v string) bool { return len(v) == 2 && alphanumeric(v) })
}

// PackageName returns the name of a package's code, empty if the list lacks it.
func PackageName(code string) string { return packageList().names[code] }

// TransportMode checks a mode of transport of UN/CEFACT recommendation 19: one
// digit, of which all ten are defined. Recommendation 19 also has codes of two
// and more digits, for kinds of means of transport; they are not in this list.
func TransportMode(text string) Result {
	return modeList().check(compact(text), func(string) bool { return false })
}

// TransportModeName returns what a mode of transport is called.
func TransportModeName(code string) string { return modeList().names[code] }

// term is a term of delivery: its name, and what to write instead of an old one.
type term struct{ now, name string }

var terms = sync.OnceValue(func() map[string]term {
	all := map[string]term{}
	for row := range strings.Lines(incotermsText) {
		code, rest, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		now, name, _ := strings.Cut(rest, "\t")
		all[code] = term{now: now, name: name}
	}
	return all
})

// Incoterm checks a term of delivery of Incoterms 2020. Those of earlier editions
// and old spellings (DAT, C&F) are Discouraged, with the nearest of 2020 as
// Expected: a contract made under an earlier edition keeps its meaning.
func Incoterm(text string) Result {
	value := compact(text)
	if t, ok := terms()[value]; ok {
		if t.now != "" {
			return Result{Value: value, Mark: Discouraged, Expected: t.now}
		}
		return Result{Value: value}
	}
	if !letters(value, 3) {
		return malformed(value)
	}
	return unlisted(value)
}

// IncotermName returns what a term of delivery is called, empty if it is none.
func IncotermName(code string) string { return terms()[code].name }

// Procedure normalises a customs procedure code: up to ten letters and digits, at
// least one digit. Their meaning is national (40 00 is release for consumption in
// the European Union), so that the form is all that can be checked.
func Procedure(text string) Result {
	value := compact(text)
	if placeholder(value) {
		return Result{Value: value, Mark: Blank}
	}
	return asReference(value, 1, 10)
}

// alphanumeric says whether text is capitals and digits, at least one.
func alphanumeric(text string) bool {
	for i := range len(text) {
		if !isUpper(text[i]) && !isDigit(text[i]) {
			return false
		}
	}
	return text != ""
}
