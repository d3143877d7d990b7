package address_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/resolve/address"
)

func TestCompare(t *testing.T) {
	const tower = "Flat 5, 12/F, Kam Fook Building, 9 Hung To Road, Kwun Tong, Kowloon, Hong Kong"
	cases := []struct {
		name, x, y string
		level      address.Level
	}{
		{"another unit", tower, "Flat 6, 12/F, Kam Fook Building, 9 Hung To Road, Kwun Tong, Kowloon, Hong Kong", address.Neighbour},
		{"another floor", tower, "Flat 5, 11/F, Kam Fook Building, 9 Hung To Road, Kwun Tong, Kowloon, Hong Kong", address.Neighbour},
		{"no unit on one side", tower, "12/F, Kam Fook Building, 9 Hung To Road, Kwun Tong, Kowloon, Hong Kong", address.SameBuilding},
		{"neither floor nor unit on one side", tower, "Kam Fook Building, 9 Hung To Road, Kwun Tong, Kowloon", address.SameBuilding},
		{"no unit on either side", "Kam Fook Building, 9 Hung To Road, Kwun Tong", "Kam Fook Bldg, 9 Hung To Rd, Kwun Tong, Kowloon, Hong Kong", address.SameBuilding},
		{"a whole floor", "12/F, Kam Fook Building, 9 Hung To Road, Kwun Tong, HK", "12th Floor, Kam Fook Bldg, 9 Hung To Rd, Kwun Tong, Hong Kong", address.SameAddress},
		{"a unit that names its floor", tower, "Rm 1205, Kam Fook Building, 9 Hung To Road, Kwun Tong", address.SameAddress},
		{"a unit without its floor", tower, "Rm 5, Kam Fook Building, 9 Hung To Road, Kwun Tong, HK", address.SameBuilding},
		{"the street left out", tower, "Flat 5, 12/F, Kam Fook Building, Kwun Tong, Kowloon, Hong Kong", address.SameAddress},
		{"the building left out", tower, "Flat 5, 12/F, 9 Hung To Road, Kwun Tong, Kowloon, Hong Kong", address.SameAddress},
		{"house and centre of one name", "Rm 5, 12/F, Wing On House, 71 Des Voeux Road Central, HK", "Rm 5, 12/F, Wing On Centre, 111 Connaught Road Central, HK", address.Different},
		{"east and west", "Rm 5, 12/F, 100 Queen's Road East, HK", "Rm 5, 12/F, 100 Queen's Road West, HK", address.Different},
		{"street and road", "Rm 5, 12/F, 100 Wing Lok Street, HK", "Rm 5, 12/F, 100 Wing Lok Road, HK", address.Different},
		{"another number", "Rm 5, 12/F, 100 Wing Lok Street, HK", "Rm 5, 12/F, 120 Wing Lok Street, HK", address.Different},
		{"within a range", "Rm 5, 12/F, 100-110 Wing Lok Street, HK", "Rm 5, 12/F, 104 Wing Lok Street, HK", address.SameAddress},
		{"a slip of the pen", "Room 3605 36/F Wu Chung House, 213 Queens Road East, Wan Chai, Hong Kong", "Room 3605 36/F Wu Chang House, 213 Queen's Road E, Wan Chai, Hong Kong", address.SameAddress},
		{"another country", "12 High Street, London, United Kingdom", "12 High Street, Sydney, Australia", address.Different},
		{"another city", "12 High Street, London, United Kingdom", "12 High Street, Manchester, United Kingdom", address.Different},
		{"Colombia, another number of one block", "Calle 13 No. 10-34 Centro, Maicao, La Guajira, Colombia", "Calle 13, No. 10-36, Maicao, La Guajira, Colombia", address.Different},
		{"one box of a tower, two offices", "Office 1204, Saqr Tower, Zayed Road, P.O. Box 124342, Dubai, UAE", "Office 1305, Saqr Tower, Zayed Road, P.O. Box 124342, Dubai, UAE", address.Neighbour},
		{"one lot of the New Territories", "DD 125 Lot 1234 RP, Ha Tsuen, Yuen Long, N.T., HK", "Lot No. 1234 in D.D. 125, Ha Tsuen, Yuen Long, New Territories, Hong Kong", address.SameAddress},
		{"two lots", "DD 125 Lot 1234 RP, Ha Tsuen, Yuen Long, N.T., HK", "Lot No. 1236 in D.D. 125, Ha Tsuen, Yuen Long, New Territories, Hong Kong", address.Different},
		{"Colombia, calle and carrera", "Calle 14 No. 13-86, Fuentedeoro, Meta, Colombia", "Carrera 14 No. 13-86, Fuentedeoro, Meta, Colombia", address.Different},
		{"Colombia, two spellings", "Cl 57 No. 24-72 Of 102, Bogota, Colombia", "Calle 57 No. 24-72, Oficina 102, Bogota, Colombia", address.SameAddress},
		{"Mexico, another flat", "Ave. Alvaro Obregon No. 1800, 77M, Culiacan, Sinaloa, Mexico", "Ave Alvaro Obregon No. 1800, 74M, Culiacan, Sinaloa 80228, Mexico", address.Neighbour},
		{"Russia, two orders", "28, Kirov Str., Kerch, Crimea 98312, Ukraine", "Ul. Kirov, 28, Kerch, Crimea 98312, Ukraine", address.SameAddress},
		{"a house without units", "12 High Street, London, United Kingdom", "12 High St., London, UK", address.SameAddress},
		{"a city alone", "Tehran, Iran", "Tehran, Iran", address.SameArea},
		{"a street alone", "High Street, London, United Kingdom", "High Street, London, UK", address.SameStreet},
		{"nothing in common", "Tehran, Iran", "", address.Unknown},
		{"one box", "P.O. Box 8140, Tehran, Iran", "PO Box 8140, Tehran, Iran", address.SameAddress},
		{"two boxes", "P.O. Box 8140, Tehran, Iran", "PO Box 8141, Tehran, Iran", address.Different},
		{"a box in two cities", "P.O. Box 8140, Tehran, Iran", "PO Box 8140, Shiraz, Iran", address.Different},
		{"a box and a street", "P.O. Box 8140, Tehran, Iran", "12 Molla Street, Tehran, Iran", address.Unknown},
		{"a box without a city", "P.O. Box 8140", "PO Box 8140", address.Unknown},
		{"a postcode of Singapore", "#05-12, Singapore 079903", "10 Anson Road #05-12, International Plaza, Singapore 079903", address.SameAddress},
		{"two scripts", "Rm 802, 8/F, 199 Hennessy Road, Wan Chai, Hong Kong", "香港灣仔軒尼詩道199號8樓802室", address.SameAddress},
		{"two scripts, another floor", "Rm 802, 8/F, 199 Hennessy Road, Wan Chai, Hong Kong", "香港灣仔軒尼詩道199號9樓902室", address.Neighbour},
		{"traditional and simplified", "香港灣仔軒尼詩道199號東華大廈8樓802室", "香港湾仔轩尼诗道199号东华大厦8楼802室", address.SameAddress},
		{"ground and first outside Hong Kong", "1st Floor, Mori Building, 2-10-3 Toranomon, Minato-ku, Tokyo, Japan", "Ground Floor, Mori Building, 2-10-3 Toranomon, Minato-ku, Tokyo, Japan", address.SameBuilding},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := compare(c.x, c.y)
			assert.Equal(t, c.level.String(), got.Level.String(), "%.3f %v", got.Score, got.Reasons)
			assert.Equal(t, c.level == address.SameAddress, got.Score >= address.Threshold, "%.3f %v", got.Score, got.Reasons)
		})
	}
}

func TestReasonsSayWhatDecided(t *testing.T) {
	got := compare("Office 4, 16/F Ho King Commercial Centre, 2-16 Fayuen Street, Hong Kong", "Flat/RM 2309, 23/F, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok, Kowloon, Hong Kong")
	var lines []string
	for _, reason := range got.Reasons {
		lines = append(lines, reason.String())
	}
	assert.Equal(t, []string{
		"unit differs: 4, 2309", "floor differs: 16, 23", "building agrees: ho king commercial centre, ho king commercial centre", "number agrees: 2-16, 2-16",
		"street agrees: fayuen street, fa yuen street", "district open: –, mong kok", "locality agrees: hong kong, hong kong", "region open: –, kowloon", "country agrees: hk, hk",
	}, lines)
}

func TestAHubWeighsLittle(t *testing.T) {
	a := address.Parse("Unit D, 16/F One Capital Place, 18 Luard Rd, Wan Chai, Hong Kong", address.Hints{})
	one, hub := address.Compare(&a, &a, address.Usage{}), address.Compare(&a, &a, address.Usage{Frequency: 400})
	assert.Equal(t, one.Score, hub.Score, "how often an address is used does not change whether it is one")
	assert.Equal(t, 1.0, one.Weight)
	assert.InDelta(t, one.Score/400, hub.Evidence(), 1e-12)
}

func TestCompareIsSymmetric(t *testing.T) {
	texts := []string{
		"Flat 5, 12/F, Kam Fook Building, 9 Hung To Road, Kwun Tong, Kowloon, Hong Kong", "Rm 1205, Kam Fook Bldg, Hung To Road", "九龍觀塘鴻圖道9號12樓5室", "PO Box 5, Tehran, Iran",
		"12 High Street, London", "10 Anson Road, #23-09, Singapore 079903", "Tehran", "", "5F Mori Building, 2-10-3 Toranomon, Minato-ku, Tokyo", "Room 5 and 6, 1-3/F, 12-20 High Street",
	}
	rapid.Check(t, func(t *rapid.T) {
		a := address.Parse(rapid.SampledFrom(texts).Draw(t, "a"), address.Hints{})
		b := address.Parse(rapid.SampledFrom(texts).Draw(t, "b"), address.Hints{})
		x, y := address.Compare(&a, &b, address.Usage{}), address.Compare(&b, &a, address.Usage{})
		require.Equal(t, x.Score, y.Score)
		require.Equal(t, x.Level, y.Level)
		require.Len(t, y.Reasons, len(x.Reasons))
		require.GreaterOrEqual(t, x.Score, 0.0)
		require.LessOrEqual(t, x.Score, 1.0)
	})
}
