package draft_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/draft"
)

// TestWhatStandsBelowATableIsNoRowOfIt: a sum or a line of words in the column that counts the rows leaves it the count, and the
// draft the same but for what it says of rows.
func TestWhatStandsBelowATableIsNoRowOfIt(t *testing.T) {
	var rows strings.Builder
	for i := range 12 {
		fmt.Fprintf(&rows, "\n%d|%d|2025-01-%02d|PT Firma %d|BL%d|85171300", i+1, 300000+7*i, i+1, i%5, 7*i)
	}
	base := "No|Nomor PIB|Tanggal PIB|Nama Importir|Nomor BL|Kode HS" + rows.String()
	want := draft.Of(table("pib", base))
	require.Contains(t, want.Text, `number: "Nomor BL" # 0.45 the name says bl; Nomor PIB differs from row to row too`)
	for _, below := range []string{
		"TOTAL|||||", "|TOTAL||||", "Jumlah|||||120", "Sumber: Bea dan Cukai|||||", "Sumber: Bea dan Cukai|||||\n(c) 2025|||||", "|||||",
	} {
		assert.Equal(t, want.Text, draft.Of(table("pib", base+"\n"+below)).Text, below)
	}
	d := draft.Of(table("pib", base+"\nTotal rows|12||||\nPrinted|2025-02-01|by|Wati||"))
	assert.Contains(t, d.Text, `sequence: "No" # 0.90 the name says no; the cells count the rows`)

}
