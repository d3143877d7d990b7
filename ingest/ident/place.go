package ident

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"sync"

	_ "embed"

	"github.com/klauspost/compress/gzip"
)

//go:embed data/ports.tsv.gz
var portsPacked []byte

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

// A Place is a sea port.
type Place struct {
	Code    string   // UN/LOCODE
	Name    string   // as the port is known in English
	Aliases []string // other spellings and neighbours served
	// Lat and Lon are degrees, north and east positive; Located is false where
	// they are not known.
	Lat, Lon float64
	Located  bool
}

// Port returns the sea port of a UN/LOCODE in its normal spelling.
func Port(code string) (Place, bool) {
	i, ok := portTable().byCode[code]
	if !ok {
		return Place{}, false
	}
	return portTable().ports[i], true
}

// PortsNamed returns the ports that bear a name or alias, letter case and outer
// spaces aside, ordered by code. Several places share a name.
func PortsNamed(name string) []Place {
	var found []Place
	for _, i := range portTable().byName[strings.ToLower(strings.TrimSpace(name))] {
		found = append(found, portTable().ports[i])
	}
	return found
}

type ports struct {
	ports  []Place
	byCode map[string]int
	byName map[string][]int
}

// portTable unpacks the ports when they are first asked for.
var portTable = sync.OnceValue(func() *ports {
	table := &ports{byCode: map[string]int{}, byName: map[string][]int{}}
	for row := range strings.Lines(unpacked(portsPacked)) {
		f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		names := strings.Split(f[3], "|")
		p := Place{Code: f[0], Name: names[0], Aliases: names[1:]}
		var errLat, errLon error
		p.Lat, errLat = strconv.ParseFloat(f[1], 64)
		p.Lon, errLon = strconv.ParseFloat(f[2], 64)
		p.Located = errLat == nil && errLon == nil
		i := len(table.ports)
		table.ports = append(table.ports, p)
		table.byCode[p.Code] = i
		for _, name := range names {
			key := strings.ToLower(name)
			table.byName[key] = append(table.byName[key], i)
		}
	}
	return table
})

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
