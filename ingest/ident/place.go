package ident

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"
)

// Locode checks a UN/LOCODE: the country's two letters and three of A to Z and 2
// to 9, written without the space between. A country that is none is Unknown. A
// place that Port does not know is fine: there are over 100,000 codes, and new
// ones twice a year.
func Locode(text string) Result {
	value := compact(text)
	if len(value) != 5 || !letters(value[:2], 2) {
		return malformed(value)
	}
	for i := 2; i < 5; i++ {
		if c := value[i]; !isUpper(c) && (c < '2' || c > '9') {
			return malformed(value)
		}
	}
	c := countryAt(value)
	switch {
	case c == nil && placeholder(value):
		return malformed(value)
	case c == nil:
		return Result{Value: value, Mark: Unknown}
	case c.old && c.now != "":
		return Result{Value: value, Mark: Discouraged, Expected: c.now + value[2:]}
	}
	return Result{Value: value}
}

// A Function is what a place is used for, as UN/LOCODE has it: its digit or letter.
type Function byte

// Functions of places. Zero, "not known", is not listed.
const (
	FunctionPort       Function = '1'
	FunctionRail       Function = '2'
	FunctionRoad       Function = '3'
	FunctionAirport    Function = '4'
	FunctionPostal     Function = '5'
	FunctionMultimodal Function = '6' // inland clearance depots too
	FunctionFixed      Function = '7' // oil platforms, pipelines
	FunctionInland     Function = '8' // ports of inland waters
	FunctionBorder     Function = 'B'
)

// String names the function; a digit or letter that is none stays as it is.
func (f Function) String() string {
	switch f {
	case FunctionPort:
		return "port"
	case FunctionRail:
		return "rail terminal"
	case FunctionRoad:
		return "road terminal"
	case FunctionAirport:
		return "airport"
	case FunctionPostal:
		return "postal exchange"
	case FunctionMultimodal:
		return "multimodal"
	case FunctionFixed:
		return "fixed transport"
	case FunctionInland:
		return "inland port"
	case FunctionBorder:
		return "border crossing"
	}
	return string(rune(f))
}

// Functions reads the column Function of a UN/LOCODE list, such as "1--45---" or
// "0-------": a place for each of 1 to 7 and for B, a hyphen where it lacks that
// function. ok is false for text that is no such column. The list itself is not
// compiled in; its functions come with the files that hold it.
func Functions(text string) (functions []Function, ok bool) {
	for i := range len(text) {
		switch c := text[i]; {
		case c == '-' || c == '0' || c == ' ':
		case c >= '1' && c <= '8' || c == 'B':
			functions = append(functions, Function(c))
		default:
			return nil, false
		}
	}
	return functions, len(text) > 0 && len(text) <= 9
}

// StatusVerified says of the column Status of a UN/LOCODE list whether the entry
// was checked: requested (RQ), under deletion (XX), and refused (RR) ones were
// not; ok is false for a code that is none.
func StatusVerified(status string) (verified, ok bool) {
	switch status {
	case "AA", "AC", "AF", "AI", "AM", "AQ", "AS", "RL", "RN":
		return true, true
	case "QQ", "RQ", "RR", "UR", "XX":
		return false, true
	}
	return false, false
}

// unpacked is the text of a compiled-in gzip table, whose checksum is part of it:
// a fault here is a broken build, which a test finds.
func unpacked(packed []byte) string {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return ""
	}
	return string(text)
}
