package draft_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/draft"
)

// TestEventsOfOneDayAreSeveral: what happened where is part of the number of an event that has no time, and where nothing tells two
// events apart, each row is its own.
func TestEventsOfOneDayAreSeveral(t *testing.T) {
	d := draft.Of(table("events", `
CNTR|SZTP|STATUS|STATUS DATE|LOCATION|VSL/VOY|BKG
CSQU3054383|40HC|DISCHARGED|03-Apr-25|Hong Kong|EVER ACE/0123-W|BK1
CSQU3054383|40HC|GATE OUT FULL|03-Apr-25|Hong Kong|EVER ACE/0123-W|BK1
TGHU7599330|40HC|LOADED|04-Apr-25|Hong Kong|EVER ACE/0123-W|BK2
TGHU7599330|40HC|LOADED|04-Apr-25|SGSIN|EVER ACE/0123-W|BK2`))
	assert.Contains(t, d.Text, `number: {columns: ["CNTR", "STATUS DATE", "STATUS", "LOCATION"]}`)

	d = draft.Of(table("calls", `
Vessel|IMO|Arrived|Berth No|Cargo
EVER GIVEN|9811000|2021-06-30 12:00|4|coal
EVER GIVEN|9811000|2021-06-30 12:00|5|coal
MSC GULSUN|9839430|2021-06-28 01:30|4|coal`))
	assert.Contains(t, d.Text, `number: {columns: ["IMO", "Arrived", "Berth No"]}`)

	d = draft.Of(table("calls", `
Vessel|IMO|Arrived|Berth No|Cargo
EVER GIVEN|9811000|2021-06-30 12:00||coal
EVER GIVEN|9811000|2021-06-30 12:00|5|coal
MSC GULSUN|9839430|2021-06-28 01:30|4|coal`))
	assert.Contains(t, d.Text, `number: {row: file}`)
	require.NotEmpty(t, d.Open)
	assert.Contains(t, strings.Join(d.Open, "\n"), "no column numbers the rows")
}

// TestNoLineTakesThePlaceOfAnother: lines that their number does not tell apart, and rows that the master bill numbers.
func TestNoLineTakesThePlaceOfAnother(t *testing.T) {
	lines := `
Entry No|Item|Importer|HS Code|Value
E1|1|Kam Fung|851713|10
E1|%|Kam Fung|640299|20
E2|1|Acme|851713|30`
	d := draft.Of(table("entries", strings.Replace(lines, "%", "2", 1)))
	assert.Contains(t, d.Text, `part: "Item"`)
	d = draft.Of(table("entries", strings.Replace(lines, "%", "1", 1)))
	assert.Contains(t, d.Text, `part: {row: true}`)

	d = draft.Of(table("bills", `
MBL|HBL|Shipper|Consignee
M1|H1|Acme|Kam Fung
M1|H2|Acme|Swift
M2||Acme|Kam Fung
M2||Acme|Swift`))
	assert.Contains(t, d.Text, `number: {first: ["HBL", "MBL"]}`)
	assert.Contains(t, d.Text, `part: {row: true} # 1 rows`)
}

// TestRowsThatStandTwiceAreOpen: where each row is a line, the same row again is the same goods again.
func TestRowsThatStandTwiceAreOpen(t *testing.T) {
	const entries = `
Entry No|Importer|HS Code|Value
E1|Kam Fung|851713|10
E1|Kam Fung|640299|20
E2|Acme|851713|30`
	assert.Empty(t, draft.Of(table("entries", entries)).Open)
	d := draft.Of(table("entries", entries+"\nE2|Acme|851713|30"))
	require.Len(t, d.Open, 1)
	assert.Contains(t, d.Open[0], "1 of 4 rows say word for word what an earlier one says, and each is a further line of its consignment")
}

// TestWhatMayNumberTheRowsIsNamed: no word says that it does, but no two rows have the same there.
func TestWhatMayNumberTheRowsIsNamed(t *testing.T) {
	const bills = `
Bill|Arrival|Shipper|Receiver|Note
B7|2021-06-30|Acme|Kam Fung|x
%|2021-07-01|Acme|Swift|x
B9|2021-07-02|Acme|Kam Fung|x`
	d := draft.Of(table("doc", strings.Replace(bills, "%", "B8", 1)))
	require.Len(t, d.Open, 1)
	assert.Contains(t, d.Open[0], `in "Bill" no two rows have the same`)
	d = draft.Of(table("doc", strings.Replace(bills, "%", "B9", 1)))
	require.Len(t, d.Open, 1)
	assert.Contains(t, d.Open[0], "no column numbers the rows")
}
