package draft_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/draft"
)

// TestPartiesOfTheMasterBillAreOthers: whoever stands on the master bill is no other name, and no address, of who stands on that of the
// house, whatever the columns are called and in whatever order they stand.
func TestPartiesOfTheMasterBillAreOthers(t *testing.T) {
	for _, names := range []string{
		"Shipper (master)|Shipper (house)|Consignee (house)|Consignee (master)", "MAWB shipper|Actual shipper|Ultimate consignee|Master consignee",
		"MBL Shipper Name|HBL Shipper Name|HBL Consignee Name|MBL Consignee Name", "Shipper|House shipper|Consignee HBL|Consignee",
	} {
		t.Run(names, func(t *testing.T) {
			d := draft.Of(table("bills", "MBL|HBL|"+names+`
M1|H1|DSV AIR & SEA|Shenzhen Toy 1 Ltd|Harbour Foods 4|DHL FORWARDING
M1|H2|DSV AIR & SEA|Foshan Ceramic 2 Ltd|Sun Kee 5|DHL FORWARDING
M2|H3|DSV AIR & SEA|Ningbo Lucky 3 Ltd|Sun Kee 5|DHL FORWARDING`))
			assert.NotContains(t, d.Text, "alias:")
			assert.NotContains(t, d.Text, "address:")
			all := strings.Split(names, "|")
			assert.Equal(t, draft.Meaning{Subject: "consignor", Property: draft.Name}, d.Columns[3].Meaning)
			assert.Equal(t, draft.Meaning{Subject: "consignee", Property: draft.Name}, d.Columns[4].Meaning)
			require.Len(t, d.Open, 2)
			assert.Contains(t, d.Open[0], all[0]+": "+all[1]+" is the consignor")
			assert.Contains(t, d.Open[1], all[3]+": "+all[2]+" is the consignee")
		})
	}
}

// TestTwoNamesOfOneParty: a name in another language is another name, since each goes with one.
func TestTwoNamesOfOneParty(t *testing.T) {
	d := draft.Of(table("bills", `
B/L No|Shipper|Consignee|Consignee (local)
B1|Acme|Kam Fung|金峰
B2|Acme|Swift|迅速
B3|Acme|Kam Fung|金峰`))
	assert.Contains(t, d.Text, `alias: "Consignee (local)"`)
	assert.Empty(t, d.Open)
	d = draft.Of(table("bills", `
B/L No|Shipper|Consignee|Consignee (other)
B1|Acme|Kam Fung|Delta
B2|Acme|Swift|Delta
B3|Acme|Kam Fung|Omega
B4|Acme|Swift|Omega`))
	assert.NotContains(t, d.Text, "alias:")
	require.Len(t, d.Open, 1)
	assert.Contains(t, d.Open[0], "Consignee (other): Consignee is the consignee, and here others stand")
}

// TestAPartyOfUnknownWordsHasNoRole: beside who sends and who gets the goods it may be anybody.
func TestAPartyOfUnknownWordsHasNoRole(t *testing.T) {
	d := draft.Of(table("bills", "B/L No|Shipper|Consignee|Zorbler\nB1|Acme|Kam Fung|Zeta Trading Ltd\nB2|Acme|Swift|Eta Foods Ltd"))
	assert.NotContains(t, d.Text, "notify_party")
	require.Len(t, d.Open, 1)
	assert.Contains(t, d.Open[0], "Zorbler: the cells look like names of companies, and no word says in which role")
}
