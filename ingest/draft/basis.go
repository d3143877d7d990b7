package draft

import (
	"slices"
	"strings"
)

// bases are the ways in which customs and trade count a value, that which a declaration is
// compared by first, with the words of a header that say so, folded.
var bases = []struct{ basis, words string }{
	{"cif", "cif,到岸,起岸"},
	{"customs", "customs value,customs val,value customs,dutiable value,assessable value,valor aduana,valor aduanas,valor aduanero,valor aduaneiro,valeur douane,zollwert,valore doganale,douanewaarde," +
		"wartosc celna,celni hodnota,gumruk kiymeti,таможенная стоимость,митна вартість,кедендік құн,гаалийн үнэ,δασμολογητεα αξια,القيمة الجمركية,nilai pabean,nilai kastam,tri gia tinh thue," +
		"tri gia hai quan,完税价格,完稅價格,課税価格,과세가격,ราคาศุลกากร"},
	{"statistical", "statistical value,stat value,valor estadistico,valor estatistico,valeur statistique,statistischer wert,valore statistico,statistische waarde,wartosc statystyczna,statisticka hodnota," +
		"istatistiki kiymet,статистическая стоимость,статистична вартість,στατιστικη αξια,统计价值"},
	{"fob", "fob,离岸,離岸"},
	{"invoice", "invoice value,invoice amount,invoice total,valor factura,importe factura,valor fatura,montant facture,valeur facture,rechnungsbetrag,rechnungswert,importo fattura,valore fattura," +
		"factuurwaarde,factuurbedrag,wartosc faktury,fakturovana castka,fatura bedeli,фактурная стоимость,фактурна вартість,nilai invois,nilai faktur,tri gia hoa don,发票金额,發票金額,インボイス価格,송장금액"},
}

// basisOf is how the name of a column says that a value is counted, "" where it does not.
func basisOf(c *Column) string {
	name := " " + strings.Join(split(c.Name), " ") + " "
	plain := folded(c.Name)
	for _, b := range bases {
		for word := range strings.SplitSeq(b.words, ",") {
			if strings.Contains(name, " "+folded(word)+" ") || unspaced(word) && strings.Contains(plain, folded(word)) {
				return b.basis
			}
		}
	}
	if c.Property == "cif" || c.Property == "fob" {
		return string(c.Property)
	}
	return ""
}

// valued chooses the column that says what the row is worth, and how it is counted: what is
// called the value and no more, else the basis by which imports are compared, or exports where
// only an exporter is named. The others stay fields of their own.
func (d *Draft) valued() (value *Column, basis string) {
	rank := func(c *Column) int {
		at := slices.IndexFunc(bases, func(b struct{ basis, words string }) bool { return b.basis == basisOf(c) })
		if d.find(Meaning{"importer", ID}) == nil && d.find(Meaning{"importer", Name}) == nil && basisOf(c) == "fob" && d.exports() {
			return -1
		}
		return at
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.Subject != Consignment || !slices.Contains([]Property{"value", "cif", "fob"}, c.Property) || c.filled == 0 && d.rows > 0 {
			continue
		}
		if _, numbers := c.amount(); !numbers && c.filled > 0 || says(c.Name, scales) {
			continue
		}
		if value == nil || rank(c) < rank(value) {
			value = c
		}
	}
	if value == nil {
		return nil, ""
	}
	return value, basisOf(value)
}

// scales are words for a value that is counted in thousands or millions, folded.
var scales = strings.Split("000,thousand,thousands,million,millions,mio,miles,millones,milhares,milhoes,milliers,ribu,juta,trieu,tausend,tys,тыс,тис,млн,万元,萬元,万,萬,千円,百万,천원,백만원,만원,พันบาท,ล้าน", ",")

// exports reports rows that name an exporter.
func (d *Draft) exports() bool {
	return d.find(Meaning{"exporter", ID}) != nil || d.find(Meaning{"exporter", Name}) != nil
}
