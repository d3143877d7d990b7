package read_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"rummage/ingest/read"
)

// TestEncodingsThatAreGuessed: by their texts, in files of a few rows; what is not plainly
// one of them is left to a person.
func TestEncodingsThatAreGuessed(t *testing.T) {
	const (
		traditional = "報單號碼,納稅義務人,貨物名稱\nA1,台灣金豐貿易有限公司,塑膠玩具\nA2,永豐國際股份有限公司,鋼管\n"
		simplified  = "报关单号,收货人,商品名称\nA1,深圳市金风贸易有限公司,塑料玩具\nA2,永丰国际股份有限公司,钢管\n"
		hangul      = "신고번호,수입자,품명\nA1,대한물류주식회사,플라스틱 장난감\nA2,금풍무역 유한회사,강관\n"
		hanja       = "신고번호,수입자상호,해외거래처주소,품명\n1,주식회사 동해물산,香港九龍德豊街七號黃金花園第二座十二樓,휴대전화기\n" +
			"2,대성무역 주식회사,香港九龍廣東道六百號,중고승용차\n3,한빛상사 주식회사,香港中環德輔道中,면제티셔츠\n"
		kana       = "申告番号,輸入者,品名\nA1,株式会社トヨタ商事,プラスチックのおもちゃ\nA2,金風貿易有限会社,鋼管\n"
		spanish    = "declaración,importador,descripción\nA1,Compañía Peña e Hijos S.A.,muñecos de plástico\nA2,José Núñez,tubería de acero\n"
		polish     = "zgłoszenie,importer,opis\nA1,Łódź Spółka z o.o.,zabawki z żółtego plastiku\nA2,Śląsk S.A.,rury\n"
		vietnamese = "S\u00F4\u0301 t\u01A1\u0300 khai,Ng\u01B0\u01A1\u0300i nh\u00E2\u0323p kh\u00E2\u0309u\nA1,C\u00F4ng ty Tr\u00E1ch nhi\u00EA\u0323m H\u01B0\u0303u ha\u0323n\n"
		russian    = "номер,импортер,описание\nA1,ООО Ромашка,игрушки\nA2,АО Север,трубы\n"
	)
	cases := map[string]struct {
		text string
		in   encoding.Encoding
		want read.Encoding
	}{
		"Big5":              {traditional, traditionalchinese.Big5, read.Big5},
		"GB18030":           {simplified, simplifiedchinese.GB18030, read.GB18030},
		"EUC-KR":            {hangul, korean.EUCKR, read.EUCKR},
		"EUC-KR and Hanja":  {hanja, korean.EUCKR, read.EUCKR},
		"Shift-JIS":         {kana, japanese.ShiftJIS, read.ShiftJIS},
		"Windows-1252":      {spanish, charmap.Windows1252, read.Windows1252},
		"UTF-8":             {traditional, encoding.Nop, read.UTF8},
		"Windows-1250":      {polish, charmap.Windows1250, read.Windows1250},
		"Windows-1258":      {vietnamese, charmap.Windows1258, read.Windows1258},
		"Windows-1251":      {russian, charmap.Windows1251, read.Windows1251},
		"no guess: too few": {"a,b\n港,1\n貨,2\n船,3\n", traditionalchinese.Big5, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			head, body, _ := strings.Cut(c.text, "\n")
			text, err := c.in.NewEncoder().String(head + "\n" + strings.Repeat(body, 9))
			require.NoError(t, err)
			d, err := read.Detect(t.Context(), strings.NewReader(text), read.Hints{})
			if c.want == "" {
				require.ErrorIs(t, err, read.ErrEncoding, "taken for %s", d.Encoding)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, d.Encoding)
			// Named, it is what was named.
			d, err = read.Detect(t.Context(), strings.NewReader(text), read.Hints{Encoding: read.Latin1})
			require.NoError(t, err)
			assert.Equal(t, read.Latin1, d.Encoding)
		})
	}
}
