package draft_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/draft"
)

// tree is a table of the leaves of a tree.
func tree(name, text string) draft.Table {
	t := table(name, text)
	t.Tree = true
	return t
}

// TestTheRowsElementNumbersNobodyOutside: the line number of goods is not the number of a party of the declaration that they lie in.
func TestTheRowsElementNumbersNobodyOutside(t *testing.T) {
	goods := tree("goods", `
../@mrn|../Trader.Nm|../Trader.TIN|@no|Cmdty
D1|Golden Wind Ltd|T1|1|851713
D1|Golden Wind Ltd|T1|2|610910
D2|Acme Ltd|T2|1|851713`)
	d := draft.Of(goods)
	sound(t, d, goods)
	assert.Contains(t, d.Text, `    id: "../Trader.TIN"`)
	assert.NotContains(t, d.Text, `id: "@no"`)
	assert.Equal(t, draft.Meaning{Subject: "commodity", Property: draft.ID}, d.Columns[4].Meaning)
}

// TestPartiesOfSeveralRolesInOneColumn: each role has an entity of its own, numbered where the role has numbers; roles that no word
// says are open, and nobody gets a false one.
func TestPartiesOfSeveralRolesInOneColumn(t *testing.T) {
	text := "@mrn|Office|Party.@role|Party.TIN|Party.Name\nD1|HK1|IM\x1fEX|T1\x1f|Golden Wind Ltd\x1fStar Co Ltd\nD2|HK1|IM\x1fEX\x1fAG|T2\x1f\x1f|Acme Ltd\x1fStar Co Ltd\x1fSwift Clearance Ltd"
	known := tree("known", text)
	d := draft.Of(known)
	sound(t, d, known)
	for _, want := range []string{
		"  importer:", "  exporter:", "  declarant:", `id: "Party.TIN"` + "\n" + `    when: {column: "Party.@role", equals: ["IM"]}`,
		`id: "Party.Name"` + "\n" + `    when: {column: "Party.@role", equals: ["EX"]}`, "      declarant: declarant",
	} {
		assert.Contains(t, d.Text, want)
	}
	assert.NotContains(t, d.Text, "consignee")
	assert.Empty(t, d.Open)

	strange := tree("strange", strings.NewReplacer("IM", "Q7", "EX", "Q8", "AG", "Q9").Replace(text))
	d = draft.Of(strange)
	sound(t, d, strange)
	require.Len(t, d.Open, 1)
	assert.Contains(t, d.Open[0], `Party.@role: parties of several roles stand in one column, and no word says which role each of these is: "Q7", "Q8", "Q9"`)
	assert.NotContains(t, d.Text, "kind: party")

	flat := table("flat", "Entry No|Party role|Party name\nE1|Importer|Golden Wind Ltd\nE1|Exporter|Star Co\nE2|Importer|Acme Ltd\nE2|Exporter|Star Co\nE2|Owner's dog|Rex")
	d = draft.Of(flat)
	sound(t, d, flat)
	assert.Contains(t, d.Text, `when: {column: "Party role", equals: ["Importer"]}`)
	assert.Contains(t, d.Open, `Party role: no word says which role "Owner's dog" means: such parties are left out until an entity takes them, such as that of the other roles`)
}

// TestARoleWithAColumnOfItsOwnIsOpen: parties of a role that another column fills are not left out without a word.
func TestARoleWithAColumnOfItsOwnIsOpen(t *testing.T) {
	layout := table("flat", "Entry No|Importer|Party role|Party name\nE1|Acme Ltd|Importer|Golden Wind Ltd\nE1|Acme Ltd|Exporter|Star Co\nE2|Rex Ltd|Importer|Acme Ltd\nE2|Rex Ltd|Exporter|Star Co")
	d := draft.Of(layout)
	sound(t, d, layout)
	assert.Contains(t, d.Text, `id: "Importer"`)
	assert.Contains(t, d.Text, `when: {column: "Party role", equals: ["Exporter"]}`)
	require.Len(t, d.Open, 1)
	assert.Contains(t, d.Open[0], `Party role: Importer is the importer, so that the parties which are called "Importer" here are left out`)
}

// TestWhatSaysRolesIsTheirColumn: the name of the element says "party" in every column of it, and only one of them says roles.
func TestWhatSaysRolesIsTheirColumn(t *testing.T) {
	for _, name := range []string{"Party.TIN|Party.Name|Party.Role", "Party.TIN|Party.Role|Party.Name", "Party.Kind|Party.Name|Party.Role"} {
		rows := []string{"T1\x1f", "Golden Wind Ltd\x1fStar Co Ltd", "IM\x1fEX"}
		if strings.HasSuffix(name, "Name") {
			rows[1], rows[2] = rows[2], rows[1]
		}
		text := "@mrn|Office|" + name + "\nD1|HK1|" + strings.Join(rows, "|") + "\nD2|HK1|" + strings.Join(rows, "|")
		known := tree("known", text)
		d := draft.Of(known)
		sound(t, d, known)
		assert.Contains(t, d.Text, `when: {column: "Party.Role", equals: ["IM"]}`, name)
		assert.Empty(t, d.Open, name)

		strange := tree("strange", strings.NewReplacer("IM", "Q7", "EX", "Q8").Replace(text))
		d = draft.Of(strange)
		require.Len(t, d.Open, 1, name)
		assert.Contains(t, d.Open[0], `Party.Role: parties of several roles stand in one column, and no word says which role each of these is: "Q7", "Q8"`, name)
	}
}

// amounts are rows without header: a number, a day, a company, a box and an amount, all amounts different.
func amounts(number string) draft.Table {
	t := draft.Table{Name: "amounts", Columns: []string{"1", "2", "3", "4", "5"}}
	for i := range 12 {
		t.Rows = append(t.Rows, []string{fmt.Sprintf(number, i), fmt.Sprintf("2024-01-%02d", 1+i), "Golden Wind Ltd", []string{"CSQU3054383", "TGHU7599330", "MSKU1234565"}[i%3], fmt.Sprint(71 + 97*i*i)})
	}
	return t
}

// TestAmountsNumberNothing: numbers may hold blanks, and what differs from row to row may be an amount.
func TestAmountsNumberNothing(t *testing.T) {
	blanks := amounts("AA  112%05d")
	d := draft.Of(blanks)
	sound(t, d, blanks)
	assert.Equal(t, draft.Meaning{Subject: draft.Consignment, Property: draft.Number}, d.Columns[0].Meaning)

	unnumbered := amounts("same")
	d = draft.Of(unnumbered)
	sound(t, d, unnumbered)
	assert.NotContains(t, d.Text, "number: 5")
}

// TestNumbersOfRegisters: a slice of a register is sorted by its numbers, and they are not the numbers of its lines.
func TestNumbersOfRegisters(t *testing.T) {
	for first, names := range map[int]string{2100001: "CR No.", 88001: "Ref", 1: "Company number"} {
		register := table("register", fmt.Sprintf("%s|Company name|Registered office\n%d|Lucky Ltd|1 A Road\n%d|Lucky Ltd|99 Z Road\n%d|Wing Ltd|5 B Road", names, first, first+1, first+2))
		d := draft.Of(register)
		sound(t, d, register)
		assert.Contains(t, d.Text, fmt.Sprintf("    id: %q\n", names))
	}
	lines := table("lines", "No|Company name|Registered office\n1|Lucky Ltd|1 A Road\n2|Lucky Ltd|99 Z Road\n3|Wing Ltd|5 B Road")
	d := draft.Of(lines)
	sound(t, d, lines)
	assert.Contains(t, d.Open, "Company name: 1 of 3 rows have a name that another has, and all rows of a name are taken for one: give the id a column that tells them apart")

	deals := table("deals", "Registry no|Filed on|Trader|Goods\n55001|2024-01-01|ACME LTD|Shoes\n55002|2024-01-02|KAM FUNG LTD|Toys\n55003|2024-01-03|KAM FUNG LTD|Toys")
	d = draft.Of(deals)
	sound(t, d, deals)
	assert.Equal(t, draft.Consignments, d.Shape)
	assert.Contains(t, d.Text, `number: "Registry no"`)
}

// TestNodesOfTwoFilesStayApart: numbers that programs give to nodes mean nothing outside their file; names do.
func TestNodesOfTwoFilesStayApart(t *testing.T) {
	nodes := table("net", "id|label\n1|Chan Tai Man\n2|Lee Siu Ming")
	edges := table("ties", "source|target|source label|target label\n1|2|Chan Tai Man|Lee Siu Ming")
	nodes.Graph, edges.Graph, nodes.Beside, edges.Beside = true, true, &edges, &nodes
	for _, one := range []draft.Table{nodes, edges} {
		d := draft.Of(one)
		sound(t, d, one)
		require.Len(t, d.Open, 1)
		assert.Contains(t, d.Text, "within: file}")
	}
	named := table("named", "id|label\nkam-fung|Kam Fung\nacme|Acme")
	named.Graph = true
	d := draft.Of(named)
	assert.Empty(t, d.Open)
	assert.NotContains(t, d.Text, "within")
}

// TestHousesAndMasters: where some rows are of masters, their bill numbers them.
func TestHousesAndMasters(t *testing.T) {
	bills := table("bills", "Master B/L|House B/L|B/L type|Importer|Shipper\nM1||M|Kerry|Star\nM1|H1|H|Kerry|Star\nM1|H2|H|Kerry|Star\nM2||M|Kerry|Star\nM2|H3|H|Acme|Star")
	d := draft.Of(bills)
	sound(t, d, bills)
	assert.Contains(t, d.Text, `number: {first: ["House B/L", "Master B/L"]}`)
	assert.Contains(t, d.Text, "view: bill_of_lading")
	assert.Empty(t, d.Open)
}

// TestVietnameseDeclarations: the short forms of offices; the lane in which goods are cleared differs from their quantity by its tones alone.
func TestVietnameseDeclarations(t *testing.T) {
	declared := table("declared", `
Số tờ khai|Ngày ĐK|MST DN NK|Tên doanh nghiệp NK|Địa chỉ DN|Đối tác xuất khẩu|Nước XX|Lượng|Trị giá NT|Nguyên tệ|Số vận đơn|Đại lý HQ|Luồng
105500000000|01/01/2023|0301442989|Công ty TNHH Minh Phát|12 Nguyễn Huệ|Shenzhen Star Co Ltd|Trung Quốc|1000|1000.00|USD|SGN7000|Công ty TNHH Sao Vàng|Xanh
105500000001|02/01/2023|0100109106|Công ty CP Đại Việt|12 Nguyễn Huệ|KAM FUNG TRADING LTD|Hồng Kông|900|1007.01|USD|SGN7001|Công ty TNHH Sao Vàng|Đỏ`)
	d := draft.Of(declared)
	sound(t, d, declared)
	want := []string{"consignment number", "consignment date", "importer id", "importer name", "importer address", "exporter name", "origin id", "consignment quantity", "consignment value",
		"consignment currency", "consignment document", "declarant name", "consignment channel"}
	for i, c := range d.Columns {
		assert.Equal(t, want[i], string(c.Subject)+" "+string(c.Property), c.Name)
	}
	assert.Contains(t, d.Text, `id: {column: "MST DN NK", rule: mst_vn}`)
	assert.Contains(t, d.Text, `      currency: "Nguyên tệ"`)
}
