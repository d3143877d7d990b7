package draft_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/ingest/draft"
)

// TestOtherNamesAreAliases: the header of other names in the languages that the draft knows.
func TestOtherNamesAreAliases(t *testing.T) {
	for _, name := range []string{
		"Also known as", "Aliases", "Other names", "a.k.a.", "A.K.A", "AKA", "Alias", "Alternative names", "Known as", "Former name", "Otros nombres", "También conocido como", "Outros nomes", "Autres noms", "Également connu sous le nom de",
		"Auch bekannt als", "Weitere Namen", "Altri nomi", "Ook bekend als", "Inne nazwy", "Jiné názvy", "Diğer adları", "Другие названия", "Также известен как", "Інші назви", "Басқа атаулары", "Өөр нэр", "Άλλα ονόματα", "أسماء أخرى",
		"Tên khác", "Tên gọi khác", "Nama lain", "Juga dikenali sebagai", "别名", "別稱", "又名", "曾用名", "其他名稱", "별칭", "ชื่ออื่น", "ឈ្មោះផ្សេងទៀត", "ຊື່ອື່ນ", "အခြားအမည်", "Drugi nazivi", "Alte denumiri", "Egyéb nevek",
	} {
		c := draft.Of(draft.Table{Name: "one", Header: true, Columns: []string{name}}).Columns[0]
		assert.Equal(t, draft.Alias, c.Property, "%s: %v", name, c.Why)
	}
}

// TestCellsOfSeveralNamesAreCut: where a tenth of the cells holds several names each counts alone, and one or two stray signs cut
// nothing; several columns of other names are all compared.
func TestCellsOfSeveralNamesAreCut(t *testing.T) {
	list := table("watch", "Ref|Listed name|Also known as\nW1|Kam Fung Trading Ltd|金豐貿易; Golden Wind Shipping\nW2|Chan Tai-man|陳大文")
	d := draft.Of(list)
	assert.Contains(t, d.Text, `      alias: {column: "Also known as", then: [{split: ";"}]}`)
	sound(t, d, list)

	few := "Ref|Listed name|AKA"
	for range 11 {
		few += "\nW1|Kam Fung Trading Ltd|Golden Wind"
	}
	d = draft.Of(table("few", few+"\nW2|Acme|Golden; Wind"))
	assert.Contains(t, d.Text, `      alias: "AKA"`)

	several := table("several", "Ref|Listed name|Alias 1|Alias 2\nW1|Kam Fung Trading Ltd|金豐貿易|Golden Wind; Silver Wind\nW2|Chan Tai-man||陳大文")
	d = draft.Of(several)
	assert.Contains(t, d.Text, `      alias: {columns: ["Alias 1", "Alias 2"], join: "\x1F", then: [{split: "\x1F"}, {split: ";"}]}`)
	sound(t, d, several)
}
