package draft_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/ingest/draft"
	"rummage/ingest/mapping"
)

var update = flag.Bool("update", false, "write the golden files anew")

// table makes a table of lines whose cells are divided by bars, the first line its header.
func table(name, text string) draft.Table {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	t := draft.Table{Name: name, Header: true, Columns: strings.Split(lines[0], "|")}
	for _, line := range lines[1:] {
		t.Rows = append(t.Rows, strings.Split(line, "|"))
	}
	return t
}

// headless is the same table without its header.
func headless(t draft.Table) draft.Table {
	t.Header, t.Name = false, t.Name+"-headless"
	t.Columns = make([]string, len(t.Columns))
	for i := range t.Columns {
		t.Columns[i] = fmt.Sprint(i + 1)
	}
	return t
}

// tables are layouts that no shipped mapping knows.
func tables() []draft.Table {
	all := []draft.Table{
		table("spanish", `
Nro Declaracion|Fecha|Importador|RUC Importador|Proveedor|Pais de Origen|Puerto Embarque|Partida Arancelaria|Descripcion|Peso Bruto|Valor FOB USD
118-2021-10-000123|30/06/2021|COMERCIAL ANDINA SAC|20100070970|SHENZHEN BRIGHT CO LTD|CN|CNSZX|8517.13.00.00|TELEFONOS|1.200,50|250.000,00
118-2021-10-000124|01/07/2021|COMERCIAL ANDINA SAC|20100070970|KAM FUNG TRADING LTD|HK|HKHKG|6109.10.00.00|CAMISETAS|300,00|9.000,00
118-2021-10-000125|14/07/2021|IMPORTACIONES DEL SUR SA|20259033072|KAM FUNG TRADING LTD|HK|HKHKG|6109.10.00.00|CAMISETAS|12,00|800,00`),
		table("bills", `
B/L No.|Vessel Name|IMO|Shipper Name|Shipper Address|Consignee|Notify Party|POL|POD|Container No|Seal No|Goods Description|Gross Weight|ETA
HLCU1234567|EVER GIVEN|9811000|Kam Fung Trading Co Ltd|Flat 2309, 23/F, Wing On House, Hong Kong|Acme Imports Inc|Same as consignee|HKHKG|USLAX|CSQU3054383|A123456|GARMENTS|1200.5|2021-06-30
HLCU1234568|EVER GIVEN|9811000|Shenzhen Bright Ltd|Nanshan, Shenzhen|Acme Imports Inc|Swift Forwarding|CNSZX|USLAX|TGHU7599330|A123457|PHONES|90|2021-07-04`),
		table("chinese", `
报关单号|日期|收货人|发货人|税号|品名|原产地|起运港|毛重|金额|币种
5301202100001|2021/6/30|香港金峰貿易有限公司|深圳光明電子有限公司|85171300|手机|CN|CNSZX|1,200.50|250,000.00|USD
5301202100002|2021/7/14|香港金峰貿易有限公司|東京商事株式会社|61091000|衬衫|JP|JPTYO|300|9,000|JPY`),
		table("ports", `
code|name|country|lat|lon|alias
HKHKG|Hong Kong|HK|22.28|114.16|Victoria
CNSZX|Shenzhen|CN|22.53|114.05|
JPTYO|Tokyo|JP|35.65|139.77|`),
		table("port-calls", `
vessel_name|imo_number|port|arrival_date|departure date
EVER GIVEN|9811000|HKHKG|2021-06-30 12:00|2021-07-01 03:00
MSC GULSUN|9839430|CNSHA|2021-06-28 01:30|2021-06-29 22:10`),
		table("inspections", `
Entry No|Importer|Supplier|Inspection Result|Gross Weight (kg)
E1|Kam Fung Ltd|Acme Inc|Y|12
E2|Kam Fung Ltd|Acme Inc|N|9.5
E3|Swift Ltd|Acme Inc||7`),
		table("edges", `
source|target|weight|relation
Kam Fung|Acme|3|director
Acme|Swift|1|owner`),
		table("calls", `
Caller|Callee|Date|Duration
+85221234567|+85291234567|2021-06-30|00:03:12
+85221234567|+85261234567|2021-07-01|00:00:09`),
		table("gate", `
TERMINAL|CNTR NO|ISO TYPE|MOVE|MOVE TIME|HAULIER|SEAL 1|VSL|VOY|B/L|POL|POD|GROSS KG|F/E
HIT4|CSQU3054383|22G1|GATE IN|2024-03-01 07:55|Wing Fat Haulage Ltd|HL88213|EVER GIVEN|0412W|EGLV0234567|HKHKG|NLRTM|18250|F
HIT4|TGHU7599330|45G1|GATE OUT|2024-03-01 08:10|Sun Kee Transport Co|ML77120|||MAEU9876543|CNSHA|HKHKG|22100|F`),
		table("berths", `
Vessel|No Cont|Seal1|Country of Origin|Puerto Embarque|goods.packages|Tonnes
EVER GIVEN|CSQU3054383|HL88213|Viet Nam|Singapore|12|18.5
MSC GULSUN|TGHU7599330|ML77120|China|Rotterdam|40|22.1`),
		table("exams", `
Entry No|Exam Date|Result|Officer
104896507414|03/03/2025|OK|A
104387306698|14/03/2025|Not OK|A
104387306699|14/03/2025|see file|B`),
		table("sailings", `
MMSI|IMO No.|Ship|ATA|Berth|From|To
354112000|9811000|EVER GIVEN|13/03/2025 06:10|N5|HKHKG|THLCH
525019876|9839430|MSC GULSUN|14/03/2025 01:10|N6|VNSGN|MYPKG`),
		table("ties", `
source|target|type|since
Chan Tai Man|Golden Wind Ltd|director of|2021-01-02
Chan Tai Man|Kam Fung Ltd|shareholder of|2021-01-02
Golden Wind Ltd|Kam Fung Ltd|knows|2021-01-02`),
		table("seizures", `
Case Ref|Date of Seizure|Office|Commodity|Qty|Value (HKD)|Country of Departure|Destination|Consignee|Container
ENF/12|12 Mar 2024|Kwai Chung|cigarettes|2400000|9600000|KR|HK|Lucky Trading Co|CSQU3054383
ENF/13|15 Mar 2024|Lok Ma Chau|electronics|1200|3400000|HK|CN|Wing Kee|`),
		table("taiwan", `
報單號碼|報關日期|納稅義務人|統一編號|賣方名稱|起運口岸|貨物名稱|稅則號別|淨重(公斤)|離岸價格|幣別|報關人
AA1|113/03/05|台灣金豐貿易有限公司|04595257|SHENZHEN GOLDEN WIND CO LTD|CNSZX|塑膠玩具|95030090|1,250.5|32,100.00|USD|大同報關股份有限公司
AA2|113/03/06|永豐國際股份有限公司|12345676|HANOI STEEL JSC|VNHPH|鋼管|73063090|20,000.0|15,300.00|USD|大同報關股份有限公司`),
		table("companies", `
Company Number|Company Name|Registered Address|Incorporation Date|Status|Company Name
0123456|Kam Fung Ltd|12/F Wing On House|2019-01-02|live|金峰有限公司
0123457|Acme Ltd|1 Main Street|2018-05-14|dissolved|`),
		table("repeated", "Declaration No|Importer Name|Exporter Name|Container Numbers\n1|Kam Fung Ltd|Acme Inc|CSQU3054383\x1fTGHU7599330\n2|Kam Fung Ltd|Acme Inc|CSQU3054383"),
		table("report", `
record|UNH.type|BGM.number|NAD+CA.id|NAD+CF.name|TDT+20.vessel|CNI.item|CNI.number|RFF+BM.number|NAD+CN.id|NAD+CN.name|LOC+9.code|LOC+76.code|LOC+76.name|EQD+CN.number|SEL.number|DTM+132.date|XYZ.2|above/LOC+9.code
equipment|CUSREP|M1|OCEA|HARBOUR|EASTERN HOPE|||||||||CSQU3054383|S1|2021-06-30||
consignment|CUSREP|M1|OCEA|HARBOUR|EASTERN HOPE|1|N1|B1|77|KAM FUNG LTD|HKHKG|CNSHA|Shanghai|CSQU3054383||2021-06-30|7|CNSHA
consignment|CUSREP|M1|OCEA|HARBOUR|EASTERN HOPE|2|N2|||ACME INC|HKHKG|||TGHU7599330||2021-06-30|8|`),
		table("entry", `
record|UNH.type|BGM.number|RFF+BM.number|NAD+IM.id|NAD+IM.name|LOC+27.code|CST.item|CST.code|MOA+38.amount|DTM+150.date
item|CUSDEC|D1|B1|2208112345|KAM FUNG LTD|VN|1|030617|100|2021-06-30
item|CUSDEC|D1|B1|2208112345|KAM FUNG LTD|VN|2|030354|90|2021-06-30`),
		table("gates", "record|UNH.type|BGM.number|EQD+CN.number|LOC+165.code\nequipment|CODEXX|G1|CSQU3054383|HKHKG\nequipment|CODEXX|G1|TGHU7599330|HKHKG"),
		table("set", "record|ST.type|B3.number|N1+SH.name|N1+CN.name|L5.description\nmessage|399|B1|KAM FUNG LTD|ACME INC|GARMENTS\x1fSHOES"),
		{Name: "empty", Header: true, Columns: []string{"", "x", "x"}},
	}
	return append(all, headless(all[1]), headless(all[0]))
}

func TestDrafts(t *testing.T) {
	var got strings.Builder
	for _, table := range tables() {
		d := draft.Of(table)
		sound(t, d, table)
		got.WriteString(d.Text + "\n")
	}
	golden := filepath.Join("testdata", "drafts.golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got.String())
}

// sound asserts what holds of every draft: it is a mapping, it fits the table, and it loses no column.
func sound(t require.TestingT, d *draft.Draft, table draft.Table) {
	m, err := mapping.Parse(table.Name, []byte(d.Text))
	require.NoError(t, err, d.Text)
	_, err = m.Bind(table.Columns)
	require.NoError(t, err, d.Text)
	require.Len(t, d.Columns, len(table.Columns))
	for _, c := range d.Columns {
		require.True(t, mentions(d.Text, c), "column %d %q is lost in\n%s", c.Number, c.Name, d.Text)
	}
}

// mentions reports a column that the mapping reads: by name or by number, behind the line that recognises files.
func mentions(text string, c draft.Column) bool {
	head, body, _ := strings.Cut(text, "\nentities:")
	if _, day, ok := strings.Cut(head, "\ndate: "); ok {
		body = ": " + day + body
	}
	for _, mark := range []string{": ", "{column: ", "{first: [", "{columns: [", ", "} {
		for _, end := range []string{" ", ",", "\n", "}", "]"} {
			if strings.Contains(body, mark+fmt.Sprint(c.Number)+end) || strings.Contains(body, fmt.Sprintf("%s%q%s", mark, strings.TrimSpace(c.Name), end)) ||
				strings.Contains(body, mark+quotedName(c)+end) {
				return true
			}
		}
	}
	return false
}

func quotedName(c draft.Column) string { return `"` + strings.TrimSpace(c.Name) + `"` }

// TestAnyTableGetsAMapping: names and cells of any kind.
func TestAnyTableGetsAMapping(t *testing.T) {
	words := []string{"importer", "name", "date", "hs", "code", "port", "of", "loading", "bl", "no", "source", "target", "x", "país", "重量", "%", "\"", "id", "", "2", "container", "EXPORTER_NAME_EN"}
	cells := []string{"", "7", "2021-06-30", "CSQU3054383", "HKHKG", "Kam Fung Ltd", "1.200,50", "a\x1fb", "HK", "851713", "\x00", "x@y.org"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "columns")
		table := draft.Table{Name: "drawn", Header: rapid.Bool().Draw(t, "header")}
		for i := range n {
			name := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 3).Draw(t, "name"), rapid.SampledFrom([]string{" ", "_", ""}).Draw(t, "between"))
			if !table.Header {
				name = fmt.Sprint(i + 1)
			}
			table.Columns = append(table.Columns, name)
		}
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			table.Rows = append(table.Rows, rapid.SliceOfN(rapid.SampledFrom(cells), n, n).Draw(t, "cells"))
		}
		d := draft.Of(table)
		sound(t, d, table)
		require.Equal(t, d.Text, draft.Of(table).Text)
	})
}

// FuzzDraft: whatever stands in a table, its draft is a mapping that fits it. Cells
// end with commas, rows with lines.
func FuzzDraft(f *testing.F) {
	f.Add("Declaration No,Importer Name,HS Code,Gross Weight\n1,Kam Fung Ltd,851713,12.5\n2,Acme,851713,7", true)
	f.Add("7,CSQU3054383,HKHKG,2021-06-30\n8,TGHU7599330,CNSHA,2021-07-01", false)
	f.Add("id,id,,\x00,\"a: b\",#,{x}\n1", true)
	f.Fuzz(func(t *testing.T, text string, header bool) {
		if len(text) > 1<<12 || !utf8.ValidString(text) {
			return // readers hand out text
		}
		table := draft.Table{Name: "fuzzed", Header: header}
		for i, row := range strings.Split(text, "\n") {
			if cells := strings.Split(row, ","); i == 0 && header {
				table.Columns = cells
			} else {
				table.Rows = append(table.Rows, cells)
			}
		}
		if !header {
			for i := range table.Rows[0] {
				table.Columns = append(table.Columns, fmt.Sprint(i+1))
			}
		}
		m, err := mapping.Parse("fuzzed", []byte(draft.Of(table).Text))
		require.NoError(t, err)
		_, err = m.Bind(table.Columns)
		require.NoError(t, err)
	})
}
