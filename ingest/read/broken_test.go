package read_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

// TestOneInAHundredBroken breaks one row in a hundred at random, in every way,
// among rows with quotes and inner line breaks. Each broken row must be reported
// with its number and reason, and no other.
func TestOneInAHundredBroken(t *testing.T) {
	const rows = 10_000
	random := rand.New(rand.NewPCG(7, 11))
	sound := []string{
		"%d,plain,x\n", "%d,\"quoted, with comma\",x\r\n", "%d,\"two\nlines\",\"a \"\"b\"\"\"\n", "%d,\"\",香港\n", "%d,\"Łódź\",\n",
	}
	broken := []struct {
		reason read.Reason
		row    string
	}{
		{read.TooFewCells, "%d,short\n"},
		{read.TooFewCells, "%d,\"two\nlines\"\n"},
		{read.TooManyCells, "%d,a,b,c\n"},
		{read.TooManyCells, "%d,a,b,\n"},
		{read.UnclosedQuote, "%d,\"never closed,x\n"},
		{read.UnclosedQuote, "%d,x,\"\n"},
		{read.InvalidEncoding, "%d,caf\xe9,x\n"},
		{read.InvalidEncoding, "%d,\"\xa4\xa4\",x\n"},
		{read.NULByte, "%d,x\x00,x\n"},
		{read.RecordTooLong, "%d," + string(bytes.Repeat([]byte("x"), read.MaxRecord)) + ",x\n"},
	}
	want := map[int64]read.Reason{}
	var file bytes.Buffer
	file.WriteString("id,name,remark\n")
	for i := range rows {
		number := int64(i + 2)
		form := sound[random.IntN(len(sound))]
		// The long one only now and then.
		if b := broken[random.IntN(len(broken))]; random.IntN(100) == 0 && (b.reason != read.RecordTooLong || len(want)%30 == 0) {
			form, want[number] = b.row, b.reason
		}
		fmt.Fprintf(&file, form, i)
	}
	d := detect(t, file.String(), read.Hints{})
	require.True(t, d.Header)
	got := map[int64]read.Reason{}
	all := events(t, file.Bytes(), d)
	require.Len(t, all, rows)
	for i, e := range all {
		number := int64(i + 2)
		if e.Bad != nil {
			require.Equal(t, number, e.Bad.Row)
			got[number] = e.Bad.Reason
			continue
		}
		require.Equal(t, number, e.Row.Number)
		require.Equal(t, fmt.Sprint(i), string(e.Row.Cells[0]))
	}
	require.Greater(t, len(want), 50)
	require.Equal(t, want, got)
}
