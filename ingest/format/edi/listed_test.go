package edi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format/edi"
	"rummage/ingest/read"
)

// report is a message of one type around segments.
func report(kind, segments string) []byte {
	segments = strings.ReplaceAll(segments, "\n", "")
	return fmt.Appendf(nil, "UNB+UNOA:2+A+B+240101:0000+I'UNH+1+%s:D:95B:UN'BGM+785+1'%sUNT+%d+1'UNZ+1+I'", kind, segments, strings.Count(segments, "'")+3)
}

// said lists what rows of a kind say in some columns.
func said(t *testing.T, file []byte, record, kind string, columns ...string) []string {
	t.Helper()
	d := dialect(t, file, read.Hints{Record: record})
	names := strings.Split(d.Names, read.Between)
	var all []string
	for _, e := range events(t, file, d) {
		require.Nil(t, e.Bad)
		var row []string
		for _, column := range columns {
			i := slices.Index(names, column)
			require.GreaterOrEqual(t, i, 0, column)
			row = append(row, strings.ReplaceAll(string(e.Row.Cells[i]), read.Between, "|"))
		}
		if string(e.Row.Cells[0]) == kind {
			all = append(all, strings.Join(row, " "))
		}
	}
	return all
}

const containersFirst = `
EQD+CN+CSQU3054383+45G1'SEL+A1+CA'SEL+A2+SH'MEA+AAE+T+KGM:3900'NAD+CA+OCEA'COM+1:TE'
EQD+CN+TOLU 473478-7+22G1'SEL+B1+CA'
EQD+CN+MSKU1234565'XYZ+1:2'`

// TestConsignmentsAndTheirContainers: what stands of containers before the
// consignments stands on the rows of those that name them.
func TestConsignmentsAndTheirContainers(t *testing.T) {
	const number, seal, tare, phone = "EQD+CN.number", "EQD/SEL.number", "EQD/MEA+AAE.T.value", "EQD/NAD+CA/COM+TE.number"
	for name, c := range map[string]struct {
		kind, segments, record, of string
		columns                    []string
		want                       []string
	}{
		"in the order of naming, each once": {
			"CUSCAR", containersFirst + "CNI+1+B1'GID+1'SGP+TOLU4734787+1'SGP+CSQU3054383+1'GID+2'SGP+TOLU4734787'CNI+2+B2'GID+1'SGP+MSKU1234565'CNI+3+B3'GID+1'", "", "consignment",
			[]string{number, seal}, []string{"TOLU 473478-7|CSQU3054383 B1|A1|A2", "MSKU1234565 ", " "},
		},
		"the n-th values belong together": {
			"CUSCAR", containersFirst + "CNI+1+B1'GID+1'SGP+MSKU1234565'SGP+CSQU3054383+1'", "", "consignment",
			[]string{number, seal, tare, phone, "EQD+CN.type"}, []string{"MSKU1234565|CSQU3054383 |A1|A2 |3900 |1 |45G1"},
		},
		"of items those of the item": {
			"CUSCAR", containersFirst + "CNI+1+B1'GID+1'SGP+TOLU4734787+1'GID+2'SGP+CSQU3054383'", "item", "item",
			[]string{number, seal}, []string{"TOLU 473478-7 B1", "CSQU3054383 A1|A2"},
		},
		"values without a name": {
			"CUSCAR", containersFirst + "CNI+1+B1'GID+1'SGP+MSKU1234565'", "", "consignment",
			[]string{"EQD/XYZ.1", "EQD/XYZ.1.2"}, []string{"1 2"},
		},
		"twice the same container": {
			"CUSCAR", "EQD+CN+C1'SEL+A'EQD+CN+C1'SEL+B'CNI+1+B1'GID+1'SGP+C1'", "", "consignment",
			[]string{number, seal}, []string{"C1|C1 A|B"},
		},
		"one that is not there": {
			"CUSCAR", "EQD+CN+C1'CNI+1+B1'GID+1'SGP+C2'CNI+2+B2'GID+1'SGP+C1'", "", "consignment",
			[]string{"SGP.number", number}, []string{"C2 ", "C1 C1"},
		},
		"a consolidation that lists its own": {
			"IFCSUM", "EQD+CN+C1'SEL+A'EQD+CN+C2'SEL+B'CNI+1+B1'GID+1'SGP+C1'SGP+C2'EQD+CN+C2'SEL+B'", "", "consignment",
			[]string{number, seal}, []string{"C2|C1 B|A"},
		},
		"dangerous goods": {
			"IFTDGN", "EQD+CN+C1'SEL+A'CNI+1+B1'GID+1'SGP+C1'", "", "consignment", []string{number, seal}, []string{"C1 A"},
		},
		"the next message begins anew": {
			"CUSCAR", "EQD+CN+C1'CNI+1+B1'GID+1'SGP+C1'UNT+7+1'UNH+2+CUSCAR:D:95B:UN'BGM+785+2'CNI+1+B2'GID+1'SGP+C1'", "", "consignment",
			[]string{"SGP.number", number}, []string{"C1 C1", "C1 "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := report(c.kind, c.segments)
			if strings.Contains(name, "next message") {
				file = []byte(strings.Replace(string(file), "UNT+13+1'UNZ+1", "UNT+6+2'UNZ+2", 1))
			}
			got := said(t, file, c.record, c.of, c.columns...)
			assert.Equal(t, c.want, got)
		})
	}
}

// TestContainersStayRows: they make rows of their own as before, also those that
// no consignment names.
func TestContainersStayRows(t *testing.T) {
	file := report("CUSCAR", containersFirst+"CNI+1+B1'GID+1'SGP+CSQU3054383'")
	assert.Equal(t, []string{"CSQU3054383 A1|A2", "TOLU 473478-7 B1", "MSKU1234565 "}, said(t, file, "", "equipment", "EQD+CN.number", "SEL.number"))
	assert.Equal(t, []string{"CSQU3054383|TOLU 473478-7|MSKU1234565 A1|A2|B1"}, said(t, file, "message", "message", "EQD+CN.number", "SEL.number"))
}

// TestTooManyContainers: what a consignment may name is bounded, and so is what a
// message may list.
func TestTooManyContainers(t *testing.T) {
	var listed, naming strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&listed, "EQD+CN+C%d'FTX+AAA+++%0100d'", i, 0)
		fmt.Fprintf(&naming, "SGP+C%d'", i)
	}
	file := report("CUSCAR", listed.String()+"CNI+1+B1'GID+1'"+naming.String()+"CNI+2+B2'GID+1'SGP+C7'")
	d := dialect(t, file, read.Hints{})
	all := events(t, file, d)
	require.Len(t, all, 3002)
	require.NotNil(t, all[3000].Bad)
	assert.Equal(t, read.RecordTooLong, all[3000].Bad.Reason)
	assert.Contains(t, all[3000].Bad.Detail, "the equipment that it names has ")
	assert.Contains(t, all[3000].Bad.Detail, fmt.Sprintf(" bytes, more than the %d allowed", edi.MaxHeader))
	require.Nil(t, all[3001].Bad, "the next one is not concerned")

	if testing.Short() {
		return
	}
	file = report("CUSCAR", strings.Repeat("EQD+CN+C1'FTX+AAA+++"+strings.Repeat("x", 60000)+"'", 700)+"CNI+1+B1'GID+1'SGP+C1'")
	all = events(t, file, dialect(t, file, read.Hints{}))
	last := all[len(all)-1]
	require.NotNil(t, last.Bad)
	assert.Contains(t, last.Bad.Detail, "the message lists more equipment than can be held")
}
