package ident

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	_ "embed"
)

//go:embed data/ports.tsv.gz
var portsPacked []byte

//go:embed data/port_aliases.tsv
var portAliases string

// A Place is a sea port.
type Place struct {
	Code      string // UN/LOCODE, or the two letters of the country where the lists give no more; "" for neither
	ScheduleK string // number in the foreign port list of the United States, "" for none
	// Main is the UN/LOCODE by which the same port goes more often, "" where
	// that is Code: Shanghai is CNSHA, and CNSGH means the same.
	Main    string
	Name    string   // as the port is known in English
	Aliases []string // other spellings, other languages and neighbours served
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

// PortsAt returns the ports that bear a number of Schedule K: one, or several
// where one number stands for all smaller ports of a coast.
func PortsAt(scheduleK string) []Place { return portTable().list(portTable().byNumber[scheduleK]) }

// PortsNamed returns the ports that bear a name or alias, ordered by code. Letter
// case, accents and punctuation do not count, nor do words such as "Port of" and
// what stands behind a comma: "PORT OF HONG-KONG, HK" is Hong Kong. Three letters
// that no port bears as its name mean the ports whose UN/LOCODE ends with them.
// Several places share a name. A port with two codes is named by its Main one.
func PortsNamed(name string) []Place {
	var room [foldRoom]byte
	key := foldName(room[:0], name)
	t := portTable()
	if found := t.byName[string(key)]; len(found) > 0 {
		return t.list(found)
	}
	if before, _, ok := strings.Cut(name, ","); ok {
		if found := t.byName[string(foldName(room[:0], before))]; len(found) > 0 {
			return t.list(found)
		}
	}
	key = foldPort(foldName(room[:0], name))
	if found := t.byName[string(key)]; len(found) > 0 {
		return t.list(found)
	}
	if len(key) == 3 {
		return t.list(t.byEnd[string(key)])
	}
	return nil
}

// PortNamed finds a port by its UN/LOCODE, or by a name or alias that one port
// alone bears, and gives the UN/LOCODE. Names that several ports bear are
// Unknown, as are those of no port, with Value as written but for spaces and
// letter case. Ports that the lists know by a number of Schedule K only have no
// UN/LOCODE to give and are Unknown too.
func PortNamed(text string) Result {
	value := compact(text)
	if _, ok := portTable().byCode[value]; ok {
		return Result{Value: value}
	}
	if placeholder(value) {
		return Result{Value: value, Mark: Blank}
	}
	found := PortsNamed(text)
	if len(found) == 1 && len(found[0].Code) == 5 {
		return Result{Value: found[0].Code}
	}
	plain := strings.ToUpper(strings.Join(strings.Fields(text), " "))
	return Result{Value: plain, Mark: Unknown}
}

// ScheduleK checks a foreign port code of United States statistics: five digits
// that are in the list of 2024. PortsAt tells the places.
func ScheduleK(text string) Result {
	value := compact(text)
	if !digits(value, 5) || placeholder(value) && len(portTable().byNumber[value]) == 0 {
		return malformed(value)
	}
	if len(portTable().byNumber[value]) == 0 {
		return Result{Value: value, Mark: Unknown}
	}
	return Result{Value: value}
}

type ports struct {
	ports    []Place
	byCode   map[string]int
	byNumber map[string][]int
	byName   map[string][]int // by foldName, and by foldPort of that
	byEnd    map[string][]int // by the last three letters of the code, in small letters
}

// portTable unpacks the ports when they are first asked for: some 15 ms and 1.5 MB.
var portTable = sync.OnceValue(func() *ports {
	table := &ports{
		byCode: map[string]int{}, byNumber: map[string][]int{}, byName: map[string][]int{}, byEnd: map[string][]int{},
	}
	more := map[string][]string{}
	for row := range strings.Lines(portAliases) {
		code, names, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		more[code] = strings.Split(names, "|")
	}
	for row := range strings.Lines(unpacked(portsPacked)) {
		f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		names := append(strings.Split(f[5], "|"), more[f[0]]...)
		p := Place{Code: f[0], ScheduleK: f[1], Main: f[2], Name: names[0], Aliases: names[1:]}
		var errLat, errLon error
		p.Lat, errLat = strconv.ParseFloat(f[3], 64)
		p.Lon, errLon = strconv.ParseFloat(f[4], 64)
		p.Located = errLat == nil && errLon == nil
		table.add(p)
	}
	return table
})

func (t *ports) add(p Place) {
	i := len(t.ports)
	t.ports = append(t.ports, p)
	if p.ScheduleK != "" {
		t.byNumber[p.ScheduleK] = append(t.byNumber[p.ScheduleK], i)
	}
	if len(p.Code) == 5 {
		t.byCode[p.Code] = i
	}
	if p.Main != "" {
		return // its names lead to the main one
	}
	if len(p.Code) == 5 {
		end := strings.ToLower(p.Code[2:])
		t.byEnd[end] = append(t.byEnd[end], i)
	}
	var room [foldRoom]byte
	for _, name := range append([]string{p.Name}, p.Aliases...) {
		t.name(foldName(room[:0], name), i)
		t.name(foldPort(foldName(room[:0], name)), i)
		if before, _, ok := strings.Cut(name, ","); ok {
			t.name(foldName(room[:0], before), i)
		}
		if before, inside, ok := strings.Cut(name, "("); ok {
			t.name(foldPort(foldName(room[:0], before)), i)
			inside, _, _ = strings.Cut(strings.TrimPrefix(inside, "ex "), ")")
			t.name(foldPort(foldName(room[:0], inside)), i)
		}
	}
}

// name notes that a folded name means a port, once.
func (t *ports) name(key []byte, i int) {
	if len(key) == 0 {
		return
	}
	known := t.byName[string(key)]
	if n := len(known); n == 0 || known[n-1] != i {
		t.byName[string(key)] = append(known, i)
	}
}

// list returns the places of indexes, by code and number. Of one place in both
// lists the one with a UN/LOCODE is meant.
func (t *ports) list(indexes []int) []Place {
	var found []Place
	coded := map[string]bool{}
	for _, i := range indexes {
		if p := &t.ports[i]; len(p.Code) == 5 {
			coded[p.Code[:2]] = true
		}
	}
	for _, i := range indexes {
		if p := &t.ports[i]; len(p.Code) == 5 || !coded[p.Code] {
			found = append(found, *p)
		}
	}
	slices.SortFunc(found, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.ScheduleK, b.ScheduleK), cmp.Compare(a.Name, b.Name))
	})
	return found
}
