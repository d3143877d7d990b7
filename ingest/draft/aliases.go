package draft

import "strings"

// aliases are the words for other names of one thing, folded, without the words of noise.
var aliases = []vocable{
	{sense{property: Alias}, "alias,aliases,alias name,alias names,aka,aka name,a k a,also known,also known as,known as,alternative name,alternative names,alternate name,alternate names,other name,other names," +
		"former name,former names,formerly known as,previous name,previous names,fka,f k a,nickname,weak alias,strong alias," +
		"tambien conocido como,tambien conocida como,conocido como,otro nombre,otros nombres,apodo,tambem conhecido como,conhecido como,outro nome,outros nomes,apelido," +
		"egalement connu sous nom,connu sous nom,autre nom,autres noms,auch bekannt als,bekannt als,andere namen,anderer name,aliasname,aliasnamen,weitere namen,fruherer name,fruhere namen," +
		"altro nome,altri nomi,noto come,conosciuto come,ook bekend als,bekend als,andere naam,inne nazwy,inna nazwa,inne imiona,znany jako,znany takze jako,pseudonim," +
		"jine nazvy,jiny nazev,jina jmena,znamy jako,prezdivka,diger adi,diger adlari,takma adi,takma ad,bilinen adi,nam diger"},
	{sense{property: Alias}, "псевдоним,псевдонимы,другие имена,другое имя,другие названия,другое название,другие наименования,также известен как,известен как,прежнее название,псевдонім,інші імена,інші назви,інша назва,також відомий як," +
		"басқа атаулары,басқа атауы,лақап аты,өөр нэр,хоч нэр,αλλα ονοματα,αλλη επωνυμια,αλλες ονομασιες,γνωστος ως,γνωστος και ως,اسم مستعار,أسماء أخرى,اسماء اخرى,اسم آخر,معروف باسم,الأسماء المستعارة," +
		"ten khac,ten goi khac,bi danh,con goi,nama lain,nama alias,dikenal sebagai,juga dikenal sebagai,dikenali sebagai,juga dikenali sebagai," +
		"drugi nazivi,drugo ime,druga imena,alte nume,alt nume,alte denumiri,mas neven,egyeb nevek,alnev"},
	{sense{property: Alias}, "别名,別名,别称,別稱,別称,又名,又称,又稱,亦称,亦稱,也称,也稱,化名,绰号,綽號,曾用名,其他名称,其他名稱,其他姓名,通称,旧名称,別名義,별칭,별명,가명,이명,다른 이름,다른이름," +
		"ชื่ออื่น,ชื่ออื่นๆ,นามแฝง,ชื่อเล่น,รู้จักในชื่อ,ឈ្មោះផ្សេងទៀត,ឈ្មោះហៅក្រៅ,ຊື່ອື່ນ,အခြားအမည်,အမည်ကွဲ"},
}

// between are the signs that stand between several names in one cell.
var between = []string{";", "；", "|", "\n"}

// severalNames is the share of cells with such a sign that makes it part names.
const severalNames = 0.1

// cuts are the steps that make names of cells with several; none where hardly any has.
func (c *Column) cuts() []string {
	for _, sign := range between {
		held := 0
		for value, cells := range c.seen {
			if strings.Contains(value, sign) {
				held += cells
			}
		}
		if held > 0 && float64(held) >= severalNames*float64(c.filled) {
			return []string{"{split: " + quoted(sign) + "}"}
		}
	}
	return nil
}

// alias writes the other names of a thing, which one column holds or several.
func (p *page) alias(columns []*Column) string {
	var then []string
	for _, c := range columns {
		for _, cut := range c.cuts() {
			if len(then) == 0 || then[len(then)-1] != cut {
				then = append(then, cut)
			}
		}
	}
	if len(columns) == 1 {
		return p.text(columns[0], "", then...)
	}
	then = append([]string{`{split: "\x1F"}`}, then...)
	return "{columns: [" + p.columns(columns) + `], join: "\x1F", then: [` + strings.Join(then, ", ") + "]}"
}
