package draft_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/draft"
)

// TestOutcomesThatNoListHasAreOpen: a word that nobody knows is named with its rows, in the draft and beside it; a word that means
// nothing elsewhere is an outcome here.
func TestOutcomesThatNoListHasAreOpen(t *testing.T) {
	d := draft.Of(table("reconocimientos", `
Nro Declaracion|Importador|Proveedor|Resultado
1|Kam Fung|Acme|Sin novedad
2|Kam Fung|Acme|Incidencia
3|Kam Fung|n/a|Zozobra
4|Kam Fung|Acme|Zozobra
5|Kam Fung|Acme|Ninguno
6|Kam Fung|无|none
7|Kam Fung|Acme|n/a`))
	require.Len(t, d.Open, 1)
	assert.Contains(t, d.Open[0], `Resultado: no word list has "Zozobra" (2 of 5 of the rows looked at)`)
	assert.Contains(t, d.Text, `# open: Resultado`)
	assert.Contains(t, d.Text, `  # open: "Zozobra" is in no word list (2 of 5 of the rows looked at).`)
	assert.Contains(t, d.Text, `"Incidencia": hit, "Sin novedad": clear, "none": clear}}], null: ["Ninguno", "n/a"]}`)
	sound(t, d, draft.Table{Name: "reconocimientos", Columns: strings.Split("Nro Declaracion|Importador|Proveedor|Resultado", "|"), Header: true})

	unknown := draft.Of(table("exams", "Entry No|Importer|Supplier|Inspection Result\n1|Kam Fung|Acme|Q1\n2|Acme|Kam Fung|Q2"))
	require.Len(t, unknown.Open, 1)
	assert.Contains(t, unknown.Open[0], `no word list has any of its values: "Q1", "Q2"`)
}

// TestOutcomesInTheLanguagesOfTheTrade: of each, a word for a hit, one for none, and one for a seizure.
func TestOutcomesInTheLanguagesOfTheTrade(t *testing.T) {
	for _, words := range []string{
		"Infracción|Sin observaciones|Decomiso", "Divergência|Não|Apreensão", "Irrégularité|Néant|Saisie", "Beanstandung|Ohne Befund|Beschlagnahmt",
		"Irregolarità|Regolare|Sequestro", "Niezgodność|Bez uwag|Zajęcie", "Usulsüzlük|Hayır|El konuldu", "Afwijking|Akkoord|Inbeslagname",
		"Nesrovnalost|Bez závad|Zabaveno", "Παράβαση|Κανονικό|Κατάσχεση", "مخالفة|مطابق|ضبط", "Нарушение|Без нарушений|Изъятие", "Порушення|Без порушень|Вилучено",
		"Бұзушылық|Жоқ|Тәркілеу", "Зөрчил|Зөрчилгүй|Хураан авсан", "Pelanggaran|Sesuai|Penyitaan", "Vi phạm|Không vi phạm|Thu giữ", "ไม่ผ่าน|ปกติ|ยึด",
		"发现异常|未发现异常|查获", "異常あり|異常なし|押収", "위반|이상없음|압수",
	} {
		t.Run(words, func(t *testing.T) {
			all := strings.Split(words, "|")
			d := draft.Of(table("exams", "Entry No|Importer|Result\n1|Kam Fung|"+strings.Join(all, "\n2|Acme|")))
			assert.Empty(t, d.Open)
			for i, result := range []string{"hit", "clear", "seizure"} {
				assert.Contains(t, d.Text, `"`+all[i]+`": `+result)
			}
		})
	}
}

// TestNumbersWithWrongCheckDigitsAreOpen: where the header names the register they are kept under its rule, else they are numbers of
// the file, and the draft says which it did.
func TestNumbersWithWrongCheckDigitsAreOpen(t *testing.T) {
	d := draft.Of(table("duas", `
DUA|RUC Importador|Importador|Proveedor|Agente de carga|Valor CIF
1|20100070970|Comercial Andina|Acme|Carga Sur|10
2|20100070971|Comercial Sierra|Acme|Carga Sur|11`))
	require.Len(t, d.Open, 1)
	assert.Contains(t, d.Open[0], "RUC Importador: 1 of 2 break the check digit of the rule ruc_pe")
	assert.Contains(t, d.Text, `id: {column: "RUC Importador", rule: ruc_pe}`)
	assert.Contains(t, d.Text, "      forwarder: forwarder")
	assert.Contains(t, d.Text, `      value: {column: "Valor CIF", rule: number}`)
	assert.Contains(t, d.Text, "      value_basis: {text: cif}")
}

func TestTheBasisOfAValue(t *testing.T) {
	for names, want := range map[string]string{
		"Importer|FOB value|CIF value":      "CIF value: cif",
		"Exporter|FOB value|CIF value":      "FOB value: fob",
		"Importer|Customs value|FOB":        "Customs value: customs",
		"Importer|Value|CIF":                "Value: ",
		"Importer|Zollwert":                 "Zollwert: customs",
		"Importer|Valor estadístico":        "Valor estadístico: statistical",
		"Importer|Valor factura|Valor FOB":  "Valor FOB: fob",
		"Importer|Таможенная стоимость|Вес": "Таможенная стоимость: customs",
	} {
		t.Run(names, func(t *testing.T) {
			columns := append([]string{"Entry No", "HS Code", "Supplier"}, strings.Split(names, "|")...)
			d := draft.Of(draft.Table{Name: "entries", Header: true, Columns: columns})
			column, basis, _ := strings.Cut(want, ": ")
			assert.Contains(t, d.Text, `      value: `)
			assert.Contains(t, d.Text, `"`+column+`"`)
			line := d.Text[strings.Index(d.Text, "      value: "):]
			assert.Contains(t, strings.SplitN(line, "\n", 2)[0], `"`+column+`"`)
			if basis != "" {
				assert.Contains(t, d.Text, "value_basis: {text: "+basis+"}")
			} else {
				assert.NotContains(t, d.Text, "value_basis")
			}
		})
	}
}

// TestARegionDecidesWhatCellsLeaveOpen: days, numbers and words.
func TestARegionDecidesWhatCellsLeaveOpen(t *testing.T) {
	entries := table("entries", "Entry No|Date|Importer|Valor|Partida|CIF\n1|03/04/2025|Kam Fung|1.200|1|7\n2|05/06/2025|Acme|3.400|2|8")
	drafted := func(region string) string {
		of := entries
		if region != "" {
			var err error
			of.Region, err = draft.ParseRegion(region)
			require.NoError(t, err)
		}
		d := draft.Of(of)
		sound(t, d, of)
		return d.Text
	}
	assert.Contains(t, drafted(""), `fit D/M/YYYY and M/D/YYYY alike`)
	assert.Contains(t, drafted("us"), `format: "M/D/YYYY"`)
	assert.NotContains(t, drafted("US"), `alike`)
	assert.Contains(t, drafted("ES"), `format: "D/M/YYYY"`)
	assert.Contains(t, drafted("ES"), `value: {column: "Valor", then: [{decimal: ","}], rule: number}`)
	assert.Contains(t, drafted("MX"), `value: {column: "Valor", rule: number}`)
	assert.Contains(t, drafted("ES"), "in ES cif means it")
	assert.Contains(t, drafted("MX"), `part: "Partida"`)
	_, err := draft.ParseRegion("nowhere")
	require.ErrorContains(t, err, "is no country")
}
