package read

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTwoRowHeader(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string // names, "" where it is no header of two rows
	}{
		"groups": {
			text: "Vessel||Arrival||Berth\nName|IMO|ETA|ATA|\nSWAN|9811000|2024-03-01|2024-03-02|K1\nHERON|9839430|2024-03-03|2024-03-04|K2",
			want: "Vessel Name|Vessel IMO|Arrival ETA|Arrival ATA|Berth",
		},
		"no group": {text: "Vessel|IMO|Berth\nName|Number|Quay\nSWAN|9811000|K1\nHERON|9839430|K2"},
		"a first row of data with gaps": {
			text: "Vessel|IMO||Berth\nSWAN||north|\nHERON|9839430|south|K2\nSWAN|9811000|north|K3",
		},
		"data that looks like the second row": {text: "Ship||Berth\nSWAN|HERON|\nSWAN|HERON|K1\nHERON|SWAN|K2"},
		"a group above every column":          {text: "Voyage||Arrival|\nNo|Ship|ETA|ATA\n1|A|2024-01-01|2024-01-02\n2|B|2024-01-01|2024-01-02", want: "Voyage No|Voyage Ship|Arrival ETA|Arrival ATA"},
		"a title above a header":              {text: "Schedule|||\nNo|Ship|ETA|ATA\n1|A|2024-01-01|2024-01-02\n2|B|2024-01-01|2024-01-02"},
		"a title with the number of a page":   {text: "Customs House||Page 1|\nNo|Ship|ETA|ATA\n1|A|2024-01-01|2024-01-02\n2|B|2024-01-01|2024-01-02"},
		"numbers in the second row":           {text: "Boxes||Berth\n20|40|\n1|2|K1\n3|4|K2"},
		"a second row that begins no group":   {text: "Ship|Berth|\n||South\nSWAN|1|2\nHERON|3|4"},
		"nothing below":                       {text: "Vessel||Berth\nName|IMO|"},
		"columns without any name":            {text: "Vessel||||Berth\nName|IMO|||\nSWAN|9811000|x|y|K1\nHERON|9839430|x|z|K2", want: "Vessel Name|Vessel IMO|||Berth"},
	} {
		t.Run(name, func(t *testing.T) {
			var rows [][]string
			for line := range strings.SplitSeq(c.text, "\n") {
				rows = append(rows, strings.Split(line, "|"))
			}
			names, ok := TwoRowHeader(rows)
			assert.Equal(t, c.want != "", ok)
			assert.Equal(t, c.want, strings.Join(names, "|"))
		})
	}
}

// TestTwoRowHeaderIsRead: below lines of title too, rows keep their numbers.
func TestTwoRowHeaderIsRead(t *testing.T) {
	text := "SCHEDULE;;;;\n;;;;\nVessel;;Arrival;;Berth\nName;IMO;ETA;ATA;\nSWAN;9811000;2024-03-01;2024-03-02;K1\nHERON;9839430;2024-03-03;2024-03-04;K2\n"
	d, err := Detect(t.Context(), strings.NewReader(text), Hints{})
	require.NoError(t, err)
	require.True(t, d.Header)
	require.True(t, d.Named())
	assert.Equal(t, []string{"Vessel Name", "Vessel IMO", "Arrival ETA", "Arrival ATA", "Berth"}, strings.Split(d.Names, Between))
	r, err := Open(context.Background(), strings.NewReader(text), d)
	require.NoError(t, err)
	defer r.Close()
	row, err := r.Next()
	require.NoError(t, err)
	assert.Equal(t, int64(5), row.Number)
	assert.Equal(t, "SWAN", string(row.Cells[0]))

	all := "CUSTOMS HOUSE;;;;\nVoyage;;;Arrival;\nNo;Ship;Line;ETA;ATA\n1;SWAN;A;2024-03-01;2024-03-02\n2;HERON;B;2024-03-03;2024-03-04\n"
	d, err = Detect(t.Context(), strings.NewReader(all), Hints{})
	require.NoError(t, err)
	assert.Equal(t, []string{"Voyage No", "Voyage Ship", "Voyage Line", "Arrival ETA", "Arrival ATA"}, strings.Split(d.Names, Between))
	assert.Equal(t, int64(4), d.First)

	wide := "CUSTOMS HOUSE;;;;;\nEntry;;Importer;;Seller;\nNo;Day;Name;Code;Name;Land\n71;2024-03-01;SWAN LTD;A7;HERON LTD;CN\n72;2024-03-02;SWAN LTD;A7;CRANE LTD;VN\n"
	d, err = Detect(t.Context(), strings.NewReader(wide), Hints{})
	require.NoError(t, err)
	assert.Equal(t, "Entry No|Entry Day|Importer Name|Importer Code|Seller Name|Seller Land", strings.ReplaceAll(d.Names, Between, "|"))

	d, err = Detect(t.Context(), strings.NewReader(text), Hints{Header: No})
	require.NoError(t, err)
	assert.False(t, d.Named(), "who says that there is no header is believed")
}
