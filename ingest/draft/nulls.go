package draft

import (
	"maps"
	"slices"
	"strings"
)

// nothing are the words that stand in a cell for nothing, folded.
var nothing = wordSet("-,--,---,n/a,n.a.,na,nil,null,unknown,not available,not applicable,not stated,tba,tbd,no aplica,sin dato,s/d,ninguno,nao consta," +
	"neant,inconnu,tidak ada,khong,khong co,無,无,没有,不明,不详,없음,해당없음,該当なし,nvd,ncv,ncd")

// nobodyWords are the words that stand where a party is wanted, and name none.
var nobodyWords = wordSet("same,same as consignee,same as cnee,same as shipper,same as above,same as notify,same as importer,as above,to order,to the order,order,idem,igual,mesmo,同上,同收货人,同收貨人,상동,various,multiple," +
	"ditto,-do-,do,d/o,同左,同右,同前,同发货人,同發貨人,同通知人,동일,상동임,как выше,тот же,та же,xem tren,nhu tren,sda,sama dengan atas,le meme,ebenso,dito,same as consignor,same as exporter," +
	"private individual,private individuals,private person,individual,natural person,individual person,个人,個人,개인,particular,persona natural,persona fisica,pessoa fisica,particulier,personne physique," +
	"privatperson,privat,perorangan,ca nhan,физлицо,физическое лицо,บุคคลธรรมดา")

// crowds are words before roles in the plural, which name nobody either.
var crowds = strings.Fields("multiple various several different diversos varios varias divers diverse")

// namesNobody reports a cell that stands where a party is wanted, and names none.
func namesNobody(text string) bool {
	if nobodyWords[text] || strings.HasPrefix(text, "to order") || strings.HasPrefix(text, "to the order") {
		return true
	}
	many, role, two := strings.Cut(text, " ")
	return two && slices.Contains(crowds, many) && strings.HasSuffix(role, "s") && partyRole(strings.TrimSuffix(role, "s")) != ""
}

// nulls lists the texts that stand for an empty cell.
func (d *Draft) nulls() []string {
	countries := slices.ContainsFunc(d.Columns, func(c Column) bool { return c.rules["country"] >= mostly })
	all := map[string]bool{}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.results() != "" {
			continue
		}
		for value := range c.empty {
			if text := plainText(value); text != "na" || !countries {
				all[value] = true
			}
		}
		for value := range c.seen {
			text := plainText(value)
			if c.Subject.isParty() && namesNobody(text) {
				all[value] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// plainText is a cell without capitals, and with single spaces.
func plainText(cell string) string { return strings.Join(strings.Fields(folded(cell)), " ") }

// mostNulls is how many texts for an empty cell a draft lists.
const mostNulls = 20

// null writes the texts that stand for an empty cell.
func (p *page) null(d *Draft) {
	var texts []string
	for _, text := range d.nulls() {
		texts = append(texts, quoted(text))
	}
	if len(texts) > 0 {
		p.line("null: [%s] # such a cell states nothing", strings.Join(texts[:min(len(texts), mostNulls)], ", "))
	}
}
