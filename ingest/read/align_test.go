package read_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/traditionalchinese"
	"pgregory.net/rapid"

	"rummage/ingest/read"
)

// manifest is a text whose columns line up, the second of them numbers.
const manifest = "BILL       PKGS SHIPPER             CONSIGNEE\n" +
	"HK0001        5 ACME CO.            KAM FUNG LTD\n" +
	"HK0002     1200 BETA, GAMMA LTD     KAM FUNG LTD\n" +
	"SZ19          7 HONG KONG TRADING   DELTA, INC.\n" +
	"HK0004       66 OMEGA               EPSILON B.V.\n"

// oneBlank is a list whose columns all have one length, with one blank between them, within a container number, and in days.
const oneBlank = "E000001 20240510 CN USLAX MSKU9114545 12 MAR 2024 940360\n" +
	"E000002 20241206 TH SGSIN OOLU0314293 14 MAR 2024 847130\n" +
	"E000003 20241120 CN CNSHA OOLU8665062 02 APR 2024 240220\n" +
	"E000004 20240326 BR JPTYO TEMU5915422 27 FEB 2024 847130\n" +
	"E000005 20240614 VN VNSGN CMAU8370346 19 MAR 2024 640399\n" +
	"E000006 20240615 VN THBKK CMAU8370351 20 MAR 2024 640399\n" +
	"E000007 20240616 MY VNSGN TEMU5915438 21 MAR 2024 610910\n" +
	"E000008 20240617 CN MYPKG MSKU9114550 22 MAR 2024 950300\n" +
	"E000009 20240618 CN VNSGN CMAU8370367 23 MAR 2024 640399\n"

func TestDetectFixed(t *testing.T) {
	const header = "Bill   Name               Weight\n"
	const ruled = header + "------ ------------------ ------\n"
	const rows = "K-0001 Kam Fung              12.5\nK-0002 Beta                  7.0\nK-0003 Gamma                 7.0\n       Delta                 7.0\n"
	padded := func(text string) string {
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		for i, line := range lines {
			lines[i] = fmt.Sprintf("%-60s", line)
		}
		return strings.Join(lines, "\n") + "\n"
	}
	big5 := func(text string) string {
		encoded, err := traditionalchinese.Big5.NewEncoder().String(text)
		require.NoError(t, err)
		return encoded
	}
	cases := []struct {
		name, content string
		hints         read.Hints
		want          string
	}{
		{"blanks that line up", manifest, read.Hints{}, "fixed, utf-8, columns 1-6,12-16,17-36,37-, header, 4 columns"},
		{"titles above a ruled header", "CUSTOMS HOUSE           PAGE 1\n\nof the day\n" + ruled + rows, read.Hints{}, "fixed, utf-8, columns 1-6,8-25,27-, header, from row 4, 3 columns"},
		{"rules above the sum", "K-0001 Kam Fung               12.5\nK-0002 Beta                    7.0\nK-0003 Gamma                   7.0\n------ ------------------ ------\n       Total                  26.5\n",
			read.Hints{}, "fixed, utf-8, columns 1-15,31-34, no header, 2 columns"},
		{"lines of one length", padded(manifest), read.Hints{}, "fixed, utf-8, columns 1-6,12-16,17-36,37-60, header, 4 columns"},
		{"packed", pack(t, read.XZ, manifest), read.Hints{}, "fixed, xz, utf-8, columns 1-6,12-16,17-36,37-, header, 4 columns"},
		{"CRLF", strings.ReplaceAll(manifest, "\n", "\r\n"), read.Hints{}, "fixed, utf-8, columns 1-6,12-16,17-36,37-, header, 4 columns"},
		{"CR", strings.ReplaceAll(manifest, "\n", "\r"), read.Hints{}, "fixed, utf-8, columns 1-6,12-16,17-36,37-, header, lines end with CR, 4 columns"},
		{"UTF-16", utf16Text(manifest, false), read.Hints{}, "fixed, utf-16le, columns 1-6,12-16,17-36,37-, header, 4 columns"},
		{"long", manifest + strings.Repeat("HK0004       66 OMEGA               EPSILON B.V.\n", 20000), read.Hints{}, "fixed, utf-8, columns 1-6,7-16,17-36,37-, header, 4 columns"},
		{"rules", ruled + "HK1    Kam Fung           12\nHK2    A                  7\n", read.Hints{}, "fixed, utf-8, columns 1-6,8-25,27-, header, 3 columns"},
		{"rules and one line", ruled + "HK1    Kam Fung, Ltd, HK  12\n", read.Hints{}, "fixed, utf-8, columns 1-6,8-25,27-, header, 3 columns"},
		{"rules above and below the header", "=== =====\nid  name\n=== =====\n1   A\n22  B C\n=== =====\n", read.Hints{}, "fixed, utf-8, columns 1-3,5-, header, 2 columns"},
		{"rules and no header", "---- -----\n0012 Kam F\n0013 A\n", read.Hints{}, "fixed, utf-8, columns 1-4,6-, no header, 2 columns"},
		{"rules, in Big5", big5("編號   名稱               重量\n------ ------------------ ------\n1      香港四海貿易       12\n2      深圳市             7\n"), read.Hints{Encoding: read.Big5}, "fixed, big5, columns 1-6,8-25,27- bytes, header, 3 columns"},
		{"blanks that line up in bytes", big5("編號  名稱           重量\nA1    香港四海貿易   12\nA2    深圳           7\nA3    九龍倉         66\nA4    港             5\n"), read.Hints{Encoding: read.Big5}, "fixed, big5, columns 1-6,7-21,22- bytes, header, 3 columns"},
		{"blanks that line up in characters", "編號    名稱      重量\nA1    香港四海貿易  12\nA2    深圳      7\nA3    九龍倉     66\nA4    港       5\n", read.Hints{}, "fixed, utf-8, columns 1-6,7-14,15-, header, 3 columns"},
		{"one blank that lines up", oneBlank, read.Hints{}, "fixed, utf-8, columns 1-8,9-17,18-20,21-26,27-38,39-50,51-56, no header, 7 columns"},
		{"times of one length", strings.Repeat("2021-04-01 10:20:30\n2021-05-02 11:20:31\n", 9), read.Hints{}, `delimited, utf-8, delimiter comma, quote ", no header, 1 columns`},
		{"widths named", "AB1 1234XY\nAB298765Z\n", read.Hints{Widths: "1-3, 4-8,9-"}, "fixed, utf-8, columns 1-3,4-8,9-, no header, 3 columns"},
		{"widths named of delimited text", declarations, read.Hints{Widths: "1-8,9-"}, "fixed, utf-8, columns 1-8,9-, header, 2 columns"},
		{"header denied", manifest, read.Hints{Header: read.No}, "fixed, utf-8, columns 1-6,12-16,17-36,37-, no header, 4 columns"},
		{"a delimiter named", manifest, read.Hints{Delimiter: ";"}, `delimited, utf-8, delimiter semicolon, quote ", header, 1 columns`},
		{"said to be delimited", manifest, read.Hints{Text: read.Yes}, `delimited, utf-8, delimiter comma, quote ", header, 1 columns`},
		{"names", "name\nHONG KONG TRADING\nKAM FUNG\nACME CO. LTD\nA B C D\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 1 columns`},
		{"times", "2021-04-01 10:20:30\n2021-04-02 11:20:31\n2021-04-03 12:20:32\n2021-04-04 13:20:33\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", no header, 1 columns`},
		{"prose", "The  quick brown fox jumps\nover the lazy  dog and then\nit rests a while,  until it is\nhungry again and  goes off.\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 1 columns`},
		{"a remark in few lines", manifest + strings.Repeat("HK0004       66 OMEGA               EPSILON B.V.\n", 95) + "HK0004       66 OMEGA               EPSILON B.V.       see note\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 1 columns`},
		{"padded CSV", "id , name      , weight\n1  , ACME      , 12\n2  , BETA      , 7\n3  , GAMMA     , 8\n4  , DELTA     , 9\n", read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 3 columns`},
		{"tabs beside blanks", strings.ReplaceAll(manifest, "  KAM", "\tKAM"), read.Hints{}, `delimited, utf-8, delimiter comma, quote ", header, 1 columns`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, detect(t, c.content, c.hints).String())
		})
	}
	t.Run("widths of nothing", func(t *testing.T) {
		_, err := read.Detect(t.Context(), strings.NewReader("\n \n"), read.Hints{Widths: "1-2,3-"})
		require.ErrorIs(t, err, read.ErrEmpty)
	})
	t.Run("widths that are none", func(t *testing.T) {
		_, err := read.Detect(t.Context(), strings.NewReader(manifest), read.Hints{Widths: "1;2"})
		require.ErrorIs(t, err, read.ErrDialect)
	})
}

func TestDetectedColumnsAreRead(t *testing.T) {
	require.Equal(t, "header 1@0+45 BILL|PKGS|SHIPPER|CONSIGNEE\n2@46+48 HK0001|5|ACME CO.|KAM FUNG LTD\n3@95+48 HK0002|1200|BETA, GAMMA LTD|KAM FUNG LTD\n"+
		"4@144+47 SZ19|7|HONG KONG TRADING|DELTA, INC.\n5@192+48 HK0004|66|OMEGA|EPSILON B.V.", all(t, manifest, detect(t, manifest, read.Hints{})))
	// A name longer than all of the sample fills its column up to the next. A number that reaches to where it may be part of the
	// next column is reported.
	const longer = manifest + "HK00050001   66 OMEGA               EPSILON B.V.\nHK0006       66 OMEGA TRADING LTD HKEPSILON B.V.\n"
	require.Regexp(t, `\n! malformed row 6, column 1 \(BILL\): "0001" stands between .*\n7@.* HK0006\|66\|OMEGA TRADING LTD HK\|EPSILON B.V.$`,
		all(t, longer, detect(t, manifest, read.Hints{})))
}

// TestTitlesOfAReport: what stands above a header with rules below it is passed, with the blank line between.
func TestTitlesOfAReport(t *testing.T) {
	const report = "CUSTOMS HOUSE      PAGE 1\n\nENTRY  IMPORTER\n------ ----------\nE00001 Kam Fung 1\nE00002 Kam Fung 2\nE00003 Kam Fung 3\n"
	require.Equal(t, "header 3@27+15 ENTRY|IMPORTER\n5@61+17 E00001|Kam Fung 1\n6@79+17 E00002|Kam Fung 2\n7@97+17 E00003|Kam Fung 3", all(t, report, detect(t, report, read.Hints{})))
}

// TestDetectFindsWhatWasLaidOut: a table of values of random length, padded to the left or right with a blank or more between, comes
// back whole, whatever widths were found.
func TestDetectFindsWhatWasLaidOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(2, 6).Draw(t, "columns")
		rows := rapid.IntRange(20, 60).Draw(t, "rows")
		table := make([][]string, rows)
		for i := range columns {
			right := rapid.Bool().Draw(t, "right")
			width := rapid.IntRange(6, 20).Draw(t, "width")
			table[0] = append(table[0], fmt.Sprintf("col%d", i))
			values := rapid.SliceOfN(rapid.StringMatching(`[A-Z0-9香港]{1,6}`), rows-1, rows-1).Draw(t, "values")
			for r, value := range values {
				table[r+1] = append(table[r+1], value)
			}
			for r := range table {
				cell := table[r][i]
				padding := strings.Repeat(" ", width-len([]rune(cell)))
				if right {
					table[r] = append(table[r][:i], padding+cell)
				} else {
					table[r] = append(table[r][:i], cell+padding)
				}
			}
		}
		var file strings.Builder
		var want []string
		for _, row := range table {
			file.WriteString(strings.Join(row, "  ") + "\n")
			for i := range row {
				row[i] = strings.TrimSpace(row[i])
			}
			want = append(want, strings.Join(row, "|"))
		}
		d, err := read.Detect(context.Background(), strings.NewReader(file.String()), read.Hints{Header: read.Yes})
		require.NoError(t, err)
		require.Equal(t, read.Fixed, d.Format)
		require.Equal(t, columns, d.Columns)
		r, err := read.Open(context.Background(), strings.NewReader(file.String()), d)
		require.NoError(t, err)
		got := []string{strings.Join(r.Header().Names(), "|")}
		for range want[1:] {
			row, err := r.Next()
			require.NoError(t, err)
			got = append(got, strings.Join(row.Names(), "|"))
		}
		require.Equal(t, want, got)
		require.NoError(t, r.Close())
	})
}
