package ingest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestShortOfWhatIsNoText: a cell in which no character begins is cut all the same.
func TestShortOfWhatIsNoText(t *testing.T) {
	require.Equal(t, strings.Repeat("x", mostCell), short(strings.Repeat("x", mostCell)))
	require.Equal(t, strings.Repeat("x", mostCell-1)+"…", short(strings.Repeat("x", mostCell-1)+"香港"))
	require.Less(t, len(short(strings.Repeat("\xb0", 2*mostCell))), mostCell+len("…"))
}

// FuzzHarmless: what is written for a spreadsheet runs nowhere, and comes back as
// it stood.
func FuzzHarmless(f *testing.F) {
	for _, cell := range []string{"", "=1+1", "'=1+1", "''@x", "  =cmd|' /C calc'!A0", "-12.5", "-12 kg", "\t=1", "＝SUM(1)", "'", "' '+", "\xff="} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		written := Harmless(cell)
		require.Equal(t, cell, asWritten(written))
		if written != "" && !isNumber(written) {
			require.NotContains(t, "=+-@\t\r\n", written[:1])
		}
	})
}
