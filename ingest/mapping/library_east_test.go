package mapping

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/mapping/mappingtest"
)

// shippedEast are those of the declarations of Asia, the Pacific, the Middle East
// and Africa, and of the commercial bills of lading of imports. In each file the
// first two rows are items of one declaration; in the third the trader has no
// number of the register and numbers are grouped; the fourth lacks the number of
// the declaration, where the layout has one, and the party abroad.
var shippedEast = []shippedCase{
	{mapping: "bd-exports", file: "testdata/bd-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "bd-imports", file: "testdata/bd-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "bi-imports", file: "testdata/bi-imports.csv", rows: []int64{2, 4}},
	{mapping: "bw-exports", file: "testdata/bw-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "bw-imports", file: "testdata/bw-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "ci-exports", file: "testdata/ci-exports.csv", rows: []int64{2, 4}},
	{mapping: "ci-imports", file: "testdata/ci-imports.csv", rows: []int64{2, 4}},
	{mapping: "cm-exports", file: "testdata/cm-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "cm-imports", file: "testdata/cm-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "et-exports", file: "testdata/et-exports.csv", rows: []int64{2, 4}},
	{mapping: "et-imports", file: "testdata/et-imports.csv", rows: []int64{2, 4}},
	{mapping: "gh-exports", file: "testdata/gh-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "gh-imports", file: "testdata/gh-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "in-exports", file: "testdata/in-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "in-imports", file: "testdata/in-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "ke-exports", file: "testdata/ke-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "ke-imports", file: "testdata/ke-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "lk-exports", file: "testdata/lk-exports.csv", rows: []int64{2, 4}},
	{mapping: "lk-imports", file: "testdata/lk-imports.csv", rows: []int64{2, 4}},
	{mapping: "lr-imports", file: "testdata/lr-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "ls-exports", file: "testdata/ls-exports.csv", rows: []int64{2, 4}},
	{mapping: "ls-imports", file: "testdata/ls-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "mn-exports", file: "testdata/mn-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "mn-imports", file: "testdata/mn-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "my-exports", file: "testdata/my-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "my-imports", file: "testdata/my-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "na-exports", file: "testdata/na-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "na-imports", file: "testdata/na-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "ng-exports", file: "testdata/ng-exports.csv", rows: []int64{2, 4}},
	{mapping: "ng-imports", file: "testdata/ng-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "panjiva-us-imports", file: "testdata/panjiva-us-imports.csv", rows: []int64{2, 3, 4, 5}},
	{mapping: "ph-exports", file: "testdata/ph-exports.csv", rows: []int64{2, 4}},
	{mapping: "ph-imports", file: "testdata/ph-imports.csv", rows: []int64{2, 4}},
	{mapping: "pk-exports", file: "testdata/pk-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "pk-imports", file: "testdata/pk-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "rw-exports", file: "testdata/rw-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "rw-imports", file: "testdata/rw-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "ss-imports", file: "testdata/ss-imports.csv", rows: []int64{2, 4}},
	{mapping: "tz-exports", file: "testdata/tz-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "tz-imports", file: "testdata/tz-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "ug-exports", file: "testdata/ug-exports.csv", rows: []int64{2, 4}},
	{mapping: "ug-imports", file: "testdata/ug-imports.csv", rows: []int64{2, 4}},
	{mapping: "vn-exports", file: "testdata/vn-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "vn-imports", file: "testdata/vn-imports.csv", rows: []int64{2, 4, 5}},
	{mapping: "zw-exports", file: "testdata/zw-exports.csv", rows: []int64{2, 4, 5}},
	{mapping: "zw-imports", file: "testdata/zw-imports.csv", rows: []int64{2, 4, 5}},
}

// The identity number of a person that stands where a company has its number is
// in no record: the party goes by its name.
func TestNumbersOfPersonsStayOut(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	for _, c := range []struct{ mapping, number, name string }{
		{"gh-imports", "GHA-712345678-9", "party/gh/ASHANTI COCOA LTD"},
		{"gh-exports", "GHA-712345678-9", "party/gh/ASHANTI COCOA LTD"},
		{"my-imports", "850101-14-5678", "party/my/KEDAI SURIA"},
		{"my-exports", "850101-14-5678", "party/my/KEDAI SURIA"},
		{"pk-imports", "3520112345678", "party/pk/RAVI TRADERS"},
		{"pk-exports", "3520112345678", "party/pk/RAVI TRADERS"},
	} {
		t.Run(c.mapping, func(t *testing.T) {
			m, err := Find(all, c.mapping)
			require.NoError(t, err)
			rows := fixture(t, "testdata/"+c.mapping+".csv", ',')
			require.Contains(t, rows[3], c.number, "the file has it")
			row := apply(t, m, rows)[2]
			text := mappingtest.Format(&row)
			assert.NotContains(t, text, c.number)
			assert.Contains(t, text, c.name)
		})
	}
}
