package address_test

import (
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/resolve/address"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// compare reads two texts and holds them against each other.
func compare(x, y string) address.Comparison {
	a, b := address.Parse(x, address.Hints{}), address.Parse(y, address.Hints{})
	return address.Compare(&a, &b, address.Usage{})
}

// joins reports whether all texts are one address, pair by pair.
func joins(t *testing.T, texts ...string) {
	t.Helper()
	for i, x := range texts {
		for _, y := range texts[i+1:] {
			got := compare(x, y)
			assert.GreaterOrEqual(t, got.Score, address.Threshold, "%s\n%s\n%v", x, y, got.Reasons)
			assert.Equal(t, address.SameAddress, got.Level, "%s\n%s", x, y)
		}
	}
}

// apart asserts that two texts are not one address.
func apart(t *testing.T, level address.Level, x, y string) {
	t.Helper()
	got := compare(x, y)
	assert.Less(t, got.Score, address.Threshold, "%s\n%s\n%v", x, y, got.Reasons)
	assert.Equal(t, level.String(), got.Level.String(), "%s\n%s\n%v", x, y, got.Reasons)
}

// The three spellings that openvenues/libpostal#369 asks to be one.
func TestThreeSpellingsOfOneFlat(t *testing.T) {
	joins(t,
		"FLAT H, 18/F, BLOCK 3, KINGSFORD TERRACE, NO 8 KING TUNG STREET, WONG TAI SIN, KOWLOON, HONG KONG",
		"ROOM H, 18/F, BLOCK 3, KINGSFORD TERRACE, 8 KING TUNG STREET, WONG TAI SIN, KOWLOON, HK",
		"Rm H, 18/F, TOWER 3, KINGSFORD TERRACE, NO 8 KING TUNG STREET, WONG TAI SIN, KLN, HONG KONG",
	)
	apart(t, address.Neighbour,
		"FLAT H, 18/F, BLOCK 3, KINGSFORD TERRACE, NO 8 KING TUNG STREET, WONG TAI SIN, KOWLOON, HONG KONG",
		"FLAT H, 18/F, BLOCK 5, KINGSFORD TERRACE, NO 8 KING TUNG STREET, WONG TAI SIN, KOWLOON, HONG KONG")
}

// Five spellings that stand in the OFAC list of one office in Wan Chai.
func TestFiveSpellingsOfOneOffice(t *testing.T) {
	joins(t,
		"Room 3605 36/F Wu Chung House, 213 Queens Road East, Wan Chai, Hong Kong",
		"Room 3605 36/F Wu Chang House, 213 Queen's Road E, Wan Chai, Hong Kong, Hong Kong",
		"Room 3605 36/F Wu Chung House, 213 Queen's Road East, Wan Chai, Hong Kong",
		"Rm 3605, 36/F Wu Chung Hse, 213 Queens Rd E, Wan Chai, Hong Kong Island, Hong Kong",
		"Rm 3605, 36FL, Wu Chung House, 213 Queen's Road East, Wan Chai, Wan Chai, Hong Kong",
	)
}

func TestTwoOfficesOfOneTower(t *testing.T) {
	apart(t, address.Neighbour,
		"Office 4, 16/F Ho King Commercial Centre, 2-16 Fayuen Street, Hong Kong",
		"Flat/RM 2309, 23/F, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok, Kowloon, Hong Kong")
}

// entityList reads the addresses without names of the Entity List.
func entityList(t *testing.T) []string {
	t.Helper()
	file, err := fixtures.Open("entity-list/hong-kong-addresses.txt")
	require.NoError(t, err)
	defer file.Close()
	text, err := io.ReadAll(file)
	require.NoError(t, err)
	all := strings.Split(strings.TrimSpace(string(text)), "\n")
	require.Len(t, all, 8)
	return all
}

func TestAddressesOfTheEntityListAreHit(t *testing.T) {
	list := entityList(t)
	cases := []struct {
		entry  int
		hits   []string // what declarations write of the same office
		misses []string // neighbours
	}{
		{0, []string{"RM D 16TH FLOOR ONE CAPITAL PLACE 18 LUARD ROAD WANCHAI HK", "Flat D, 16/F., 1 Capital Place, No.18 Luard Road, Wanchai, Hong Kong", "16/F D, ONE CAPITAL PLACE, 18 LUARD RD., WAN CHAI, HONG KONG, CHINA"},
			[]string{"UNIT C, 16/F ONE CAPITAL PLACE, 18 LUARD ROAD, WAN CHAI, HK", "UNIT D, 17/F ONE CAPITAL PLACE, 18 LUARD ROAD, WAN CHAI, HK", "Rm 7B, One Capital Place, 18 Luard Road, Wan Chai, Hong Kong"}},
		{1, []string{"FLAT 4 7/F BRIGHT WAY TWR 33 MONGKOK RD KLN", "Room 704, Bright Way Tower, 33 Mong Kok Road, Mongkok, Kowloon", "Unit 4, 7th Fl., Brightway Tower, 33 Mong Kok Rd, HK"},
			[]string{"FLAT 5 7/F BRIGHT WAY TOWER 33 MONG KOK ROAD KLN", "Room 804, Bright Way Tower, 33 Mong Kok Road, Kowloon"}},
		{2, []string{"Flat C, 19/F, Lockhart Ctr, 301-307 Lockhart Road, Wanchai, HK", "UNIT 19C, LOCKHART CENTRE, NO. 301 LOCKHART ROAD, WAN CHAI"},
			[]string{"Room 19D, Lockhart Centre, 301-307 Lockhart Road, Wan Chai", "Room 18C, Lockhart Centre, 301-307 Lockhart Road, Wan Chai"}},
		{3, []string{"RM 803, 8/F, CHEVALIER HSE, 45-51 CHATHAM RD S, TST, KLN", "Unit 3, 8th Floor, Chevalier House, 45 Chatham Road South, Tsimshatsui"},
			[]string{"RM 802, 8/F, CHEVALIER HOUSE, 45-51 CHATHAM ROAD SOUTH, TST", "RM 803, CHEVALIER HOUSE, 45-51 CHATHAM ROAD NORTH, HUNG HOM"}},
		{4, []string{"RM 2309 23/F HO KING COMM CTR 2-16 FA YUEN ST MONGKOK KLN", "Unit 09, 23rd Floor, Ho King Commercial Center, No. 2-16 Fayuen Street, Mongkok, Kowloon, Hong Kong, China", "九龍旺角花園街2-16號23樓2309室"},
			[]string{"RM 2308 23/F HO KING COMM CTR 2-16 FA YUEN ST MONGKOK KLN", "ROOM 09, 27/F, HO KING COMMERCIAL CENTRE, 2-16 FA YUEN STREET, MONGKOK, KOWLOON, HONG KONG", "Room 1605, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mongkok, Kowloon, Hong Kong"}},
		{5, []string{"RM4 16/F, Ho King Commercial Centre, 2–16 Fa Yuen Street, Mongkok, Kowloon, Hong Kong", "Room 4, 16/f, Ho King Commercial Centre, 2-16 Fayuen Street, Mongkok Kowloon, Hong Kong", "ROOM 1604, HO KING COMMERCIAL CENTRE, 2-16 FA YUEN STREET"},
			[]string{"Room 1605, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mongkok, Kowloon, Hong Kong", "1611B ,16/F,HO KING COMMERCIAL CENTRE, 2-16 FA YUEN STREET, MONGKOK, KOWLOON, HONGKONG"}},
		{6, []string{"RM 1318-1319, 13/F, HOLLYWOOD PLAZA, 610 NATHAN RD, MONGKOK, KLN", "Rooms 1318 & 1319, 13th Floor, Hollywood Plaza, 610 Nathan Road, Kowloon", "九龍旺角彌敦道610號荷李活商業中心13樓1318-19室"},
			[]string{"RM 1317, 13/F, HOLLYWOOD PLAZA, 610 NATHAN RD, MONGKOK, KLN", "RM 1418-19, 14/F, HOLLYWOOD PLAZA, 610 NATHAN RD, MONGKOK, KLN"}},
		{7, []string{"ROOM 1318-20 13/F HOLLYWOOD PLAZA 610 NATHAN ROAD MONG KOK", "Room 1320, 13/F, Hollywood Plaza, 610 Nathan Road, Kowloon"},
			[]string{"ROOM 1321 13/F HOLLYWOOD PLAZA 610 NATHAN ROAD MONG KOK", "Hollywood Plaza, 688 Hollywood Road, Sheung Wan"}},
	}
	for _, c := range cases {
		for _, text := range c.hits {
			t.Run(text, func(t *testing.T) {
				got := compare(list[c.entry], text)
				assert.GreaterOrEqual(t, got.Score, address.Threshold, "%s\n%v", list[c.entry], got.Reasons)
			})
		}
		for _, text := range c.misses {
			t.Run(text, func(t *testing.T) {
				for _, entry := range list {
					got := compare(entry, text)
					assert.Less(t, got.Score, address.Threshold, "%s\n%v", entry, got.Reasons)
				}
			})
		}
	}
}

func TestTheListDoesNotHitABuildingAsAWhole(t *testing.T) {
	for _, entry := range entityList(t) {
		for _, tower := range []string{"Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok, Kowloon", "Hollywood Plaza, 610 Nathan Road, Kowloon, Hong Kong", "18 Luard Road, Wan Chai, Hong Kong"} {
			got := compare(entry, tower)
			assert.Less(t, got.Score, address.Threshold, "%s\n%s\n%v", entry, tower, got.Reasons)
		}
	}
}
