package form

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/resolve/name/script"
)

func TestTable(t *testing.T) {
	all := rows()
	assert.Greater(t, len(all), 100)
	countries := map[string]bool{}
	for _, r := range all {
		assert.NotEqual(t, Unknown, r.form.Class, r.form.Name)
		assert.NotEmpty(t, r.spellings, r.form.Name)
		for _, c := range r.form.Countries {
			assert.Regexp(t, `^[A-Z]{2}$`, c)
			countries[c] = true
		}
		for _, s := range r.spellings {
			if r.where != sign && r.where != edge {
				assert.NotEmpty(t, Words(s), "%s: %q has no letters", r.form.Name, s)
			}
		}
	}
	// Members of the Asia/Pacific region of the WCO whose firms have forms of their own; the
	// others write English, French or Portuguese ones.
	for _, c := range strings.Fields("AF AU BD BN CN HK IN ID IR JP KR LA LK MO MY MN MM NP NZ PK PH SG TH TL VN KH") {
		assert.True(t, countries[c], c)
	}
	assert.Len(t, All(), len(all))
}

// Every spelling is found where its place says, and is the form of its own line or of an earlier one.
func TestEverySpellingIsFound(t *testing.T) {
	for _, r := range rows() {
		for _, s := range r.spellings {
			var found []*Form
			switch r.where {
			case sign, edge:
				_, found = Cut(script.Clean("甲乙丙 丁" + s))
			case head:
				_, found = Strip(append(Words(s), "qwrtz"))
			default:
				_, found = Strip(append([]string{"qwrtz"}, Words(s)...))
			}
			assert.NotEmpty(t, found, "%s: %q", r.form.Name, s)
		}
	}
}

func TestStrip(t *testing.T) {
	for _, c := range []struct {
		name, text, rest, main string
	}{
		{"behind", "Acme Trading Co Ltd", "acme trading", "Company Limited"},
		{"behind, dotted", "Acme G.m.b.H.", "acme", "GmbH"},
		{"before", "JSC Acme", "acme", "Joint Stock Company"},
		{"both", "JSC Tactical Missiles Corp.", "tactical missiles", "Joint Stock Company"},
		{"in the middle", "Acme (LLC) Moscow", "acme moscow", "Limited Liability Company"},
		{"ambiguous letters stay inside", "Acme AS Trading", "acme as trading", ""},
		{"only a form", "Corp", "", "Corporation"},
		{"none", "Acme", "acme", ""},
		{"the fuller spelling first", "Acme S.A. de C.V.", "acme", "S.A. de C.V."},
		{"slash", "Mendez A/S", "mendez", "A/S"},
		{"Polish", "FABERLIC EUROPE Sp. z o.o.", "faberlic europe", "Sp. z o.o."},
		{"Vietnamese", "Công ty TNHH MTV Hoàng Long", "hoang long", "TNHH"},
		{"Vietnamese stock", "Công ty Cổ phần Hoàng Long", "hoang long", "Công ty cổ phần"},
		{"Malay", "Maju Jaya Sdn. Bhd.", "maju jaya", "Sendirian Berhad"},
		{"Indonesian", "PT Sinar Abadi Tbk", "sinar abadi", "Terbuka"},
		{"Indian", "Sharma Exports Pvt. Ltd.", "sharma exports", "Private Limited"},
		{"Singapore", "Lion Pte. Ltd.", "lion", "Private Limited"},
		{"free zone", "Desert Star FZ-LLC", "desert star", "Free Zone Company"},
		{"Russian in full", "Общество с ограниченной ответственностью Ромашка", "romashka", "ООО"},
		{"Turkish", "Yıldız Sanayi ve Ticaret Ltd. Şti.", "yildiz", "Ltd. Şti."},
	} {
		t.Run(c.name, func(t *testing.T) {
			words := Words(c.text)
			stay, found := Strip(words)
			var rest []string
			for _, i := range stay {
				rest = append(rest, words[i])
			}
			assert.Equal(t, c.rest, strings.Join(rest, " "))
			main := ""
			if f := Main(found); f != nil {
				main = f.Name
			}
			assert.Equal(t, c.main, main)
		})
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		name, text, rest string
		class            Class
	}{
		{"Chinese", "深圳市华强贸易有限公司", "深圳市华强贸易", Limited},
		{"Chinese stock", "华强股份有限公司", "华强", Stock},
		{"Chinese group", "华强集团有限公司", "华强", Limited},
		{"Taiwanese", "華強貿易股份有限公司", "华强贸易", Stock},
		{"Japanese before", "株式会社トヨタ自動車", "トヨタ自動車", Stock},
		{"Japanese sign", "㈱トヨタ", "トヨタ", Stock},
		{"Japanese, Limited", "トヨタ有限会社", "トヨタ", Limited},
		{"Korean", "주식회사 한빛", "한빛", Stock},
		{"Korean sign", "㈜한빛", "한빛", Stock},
		{"Korean, Limited", "한빛유한회사", "한빛", Limited},
		{"Thai", "บริษัท สยามทอง จำกัด", "สยามทอง", Limited},
		{"Thai public", "บริษัท สยามทอง จำกัด (มหาชน)", "สยามทอง", Public},
		{"Thai partnership", "ห้างหุ้นส่วนจำกัด สยามทอง", "สยามทอง", Partnership},
		{"company at the edge only", "公司法研究", "公司法研究", Unknown},
		{"company behind", "华强公司", "华强", Company},
		{"only a form", "有限公司", "", Limited},
		{"Latin with marks is left", "Société X", "Société X", Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			rest, found := Cut(script.Clean(c.text))
			if class := Main(found); class != nil {
				assert.Equal(t, c.class, class.Class)
			} else {
				assert.Equal(t, c.class, Unknown)
			}
			assert.Equal(t, script.Fold(script.Clean(c.rest)), script.Fold(rest))
		})
	}
}

func named(t *testing.T, name string) *Form {
	t.Helper()
	for _, f := range All() {
		if f.Name == name {
			return f
		}
	}
	require.Fail(t, "no form", name)
	return nil
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want Agreement
	}{
		{"GmbH", "GmbH", Same},
		{"Joint Stock Company", "ОАО", Alike},
		{"Joint Stock Company", "Berhad", Alike},
		{"GmbH", "Aktiengesellschaft", Contrary},
		{"株式会社", "Company Limited", Silent},
		{"株式会社", "有限会社", Contrary},
		{"株式会社", "Incorporated", Silent},
		{"Limited Partnership", "Incorporated", Contrary},
		{"Company", "GmbH", Silent},
	} {
		assert.Equal(t, c.want, Compare(named(t, c.a), named(t, c.b)), "%s, %s", c.a, c.b)
		assert.Equal(t, c.want, Compare(named(t, c.b), named(t, c.a)), "%s, %s", c.b, c.a)
	}
	assert.Equal(t, Silent, Compare(nil, named(t, "GmbH")))
	assert.Nil(t, Main(nil))
	assert.Equal(t, "partnership", Partnership.String())
}

func TestTableIsChecked(t *testing.T) {
	for name, text := range map[string]string{
		"a cell missing": "limited | DE | any | GmbH",
		"no such class":  "limitd | DE | any | GmbH | gmbh",
		"no such place":  "limited | DE | somewhere | GmbH | gmbh",
	} {
		_, err := parse(text)
		assert.ErrorContains(t, err, "form: forms.txt: line 1", name)
	}
}

func FuzzCut(f *testing.F) {
	f.Add("株式会社トヨタ (有) Société 有限公司")
	f.Fuzz(func(t *testing.T, text string) {
		rest, found := Cut(script.Clean(text))
		if len(found) == 0 && len(rest) > len(script.Clean(text)) {
			t.Fatalf("%q grew into %q", text, rest)
		}
		words := Words(text)
		if stay, _ := Strip(words); len(stay) > len(words) {
			t.Fatalf("%q", text)
		}
	})
}
