package address_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/resolve/address"
)

// listing is one line of the OFAC list of addresses: the parts as the list has
// them, null as empty.
type listing struct{ street, city, country string }

// text is the line as one address.
func (l listing) text() string {
	var parts []string
	for _, part := range []string{l.street, l.city, l.country} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

func listings(t testing.TB) []listing {
	t.Helper()
	file, err := fixtures.Open("ofac/add.csv.gz")
	require.NoError(t, err)
	defer file.Close()
	rows := csv.NewReader(file)
	rows.FieldsPerRecord = -1
	null := func(cell string) string {
		cell = strings.TrimSpace(cell)
		if cell == "-0-" {
			return ""
		}
		return cell
	}
	var all []listing
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		if len(row) < 5 {
			continue // the last line holds the sign for the end of a file
		}
		all = append(all, listing{street: null(row[2]), city: null(row[3]), country: null(row[4])})
	}
}

// TestAddressesOfOFAC reads the whole list as one text a line, and counts how often
// country and city are found, and are those of the list's own columns.
func TestAddressesOfOFAC(t *testing.T) {
	var lines, named, country, rightCountry, cities, locality, rightCity, both, streets, street int
	missed := map[string]int{}
	var wrong strings.Builder
	for _, l := range listings(t) {
		lines++
		text := l.text()
		if text == "" {
			continue
		}
		a := address.Parse(text, address.Hints{})
		if l.country != "" && l.country != "undetermined" {
			named++
			alone := address.Parse(l.country, address.Hints{})
			if a.Country != "" {
				country++
			}
			if a.Country != "" && (a.Country == alone.Country || a.Country == "hk" && alone.Country == "cn") {
				rightCountry++
			} else {
				missed[l.country]++
			}
		}
		if l.city != "" {
			cities++
			found := a.Locality != "" || a.District != "" || a.Region != ""
			if found {
				locality++
			}
			if found && a.Country != "" {
				both++
			}
			if cityOf(a, l.city) {
				rightCity++
			} else {
				fmt.Fprintf(&wrong, "%s\n  %s\n", text, a.String())
			}
		}
		if l.street != "" {
			streets++
			if a.Street != "" || a.Box != "" || a.CareOf != "" || a.Building != "" {
				street++
			}
		}
	}
	var b strings.Builder
	share := func(what string, part, whole int) {
		fmt.Fprintf(&b, "%-58s %5d of %5d  %.3f\n", what, part, whole, ratio(part, whole))
	}
	fmt.Fprintf(&b, "%-58s %5d\n", "lines", lines)
	share("country recognised, where the list has one", country, named)
	share("and it is the list's", rightCountry, named)
	share("a place recognised, where the list has a city", locality, cities)
	share("and it is the list's city", rightCity, cities)
	share("country and place recognised, where the list has a city", both, cities)
	share("street, building, box or care-of, where the list has a line", street, streets)
	names := make([]string, 0, len(missed))
	for name, n := range missed {
		names = append(names, fmt.Sprintf("%s (%d)", name, n))
	}
	sort.Strings(names)
	fmt.Fprintf(&b, "countries not found: %s\n", strings.Join(names, ", "))
	t.Log(wrong.String())
	golden(t, "ofac.txt", b.String())
}

// cityOf reports whether the city of the list is among the places found.
func cityOf(a address.Address, city string) bool {
	want := address.Parse(city, address.Hints{Country: a.Country})
	for _, name := range []string{want.Locality, want.District, want.Region, strings.ToLower(city)} {
		if name != "" && (name == a.Locality || name == a.District || name == a.Region) {
			return true
		}
	}
	first, _, _ := strings.Cut(strings.ToLower(city), ",")
	return a.Locality != "" && strings.HasPrefix(first, a.Locality)
}
