package read_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"rummage/ingest/read"
)

var update = flag.Bool("update", false, "write the golden files anew")

// scripts are lines as they stand in customs files, by the code page of their offices.
var scripts = []struct {
	language string
	want     read.Encoding
	in       encoding.Encoding
	lines    string
}{
	{"Spanish", read.Windows1252, charmap.Windows1252, "Compañía Peña e Hijos;muñecos de plástico|José Núñez Martínez;tubería de acero|Importaciones Ibáñez;teléfonos móviles|Almacén Andalucía;algodón en madejas|Electrónica Cádiz;baterías eléctricas|Exportación Málaga;limón y piñones|Aduana de Algeciras;camión frigorífico|Pérez y Gómez;azúcar de caña"},
	{"Portuguese", read.Windows1252, charmap.Windows1252, "Comércio de Importação São João;peças de avião|Conceição Irmãos;calçado de criança|Indústria Pão de Açúcar;máquinas agrícolas|Armazéns Guimarães;algodão não cardado|Exportações Brandão;cortiça e sabão|Mineração Itajaí;óleo de soja|Construções Magalhães;fogões elétricos|Joaquim Simões;lâmpadas e pilhas"},
	{"French", read.Windows1252, charmap.Windows1252, "Société Générale d'Équipement;pièces détachées|Établissements Lefèvre;vêtements usagés|Pêcheries de Douarnenez;thon congelé|Café du Théâtre;matériel électrique|Maçonnerie François;fenêtres préfabriquées|Négoce Hébert;blé tendre|Crédit Rhône;déchets métalliques|Forêts du Québec;bois scié"},
	{"German", read.Windows1252, charmap.Windows1252, "Müller und Söhne;Schläuche aus Gummi|Großhandel Düsseldorf;Getränke und Säfte|Köln Möbel;Büroschränke|Jäger Präzision;Meßgeräte|Brückner Stahl;Röhren|Schröder Gewürze;Kräuter und Öle|Günther Wäscherei;Tücher|Lübeck Häfen;Körbe"},
	{"Italian", read.Windows1252, charmap.Windows1252, "Società Città di Forlì;caffè tostato|Libertà Trasporti;novità di moda|Nicolò Cantù;varietà di olive|Qualità Perù;tè verde|Comunità Montana;papà e bebè, giocattoli|Attività Più;ragù in scatola|Università Verità;lunedì|Proprietà Mondovì;tiramisù surgelato"},
	{"Polish", read.Windows1250, charmap.Windows1250, "Łódź Spółka z o.o.;zabawki z żółtego plastiku|Śląsk Węgiel;rury|Przedsiębiorstwo Handlowe Gdańsk;części zamienne|Święty Józef;odzież używana|Żegluga Szczecińska;mięso mrożone|Kraków Źródło;napoje słodzone|Wąsik i Córka;książki|Północ Sp.;świeże jabłka"},
	{"Czech", read.Windows1250, charmap.Windows1250, "Příbram Sklo;skleněné láhve|Dvořák a syn;náhradní díly|Česká Třebová;ocelové trubky|Škoda Náhradní Díly;převodovky|Růžička Obuv;dětské boty|Kovář Železo;šrouby a matice|Žďár Dřevo;řezivo|Plzeň Pivo;světlé pivo v lahvích"},
	{"Hungarian", read.Windows1250, charmap.Windows1250, "Győri Gépgyár;műanyag csövek|Kőbánya Sör;üvegpalackok|Szőke és Társa;cipők és bőrök|Debreceni Hús;fagyasztott csirke|Pécsi Bútor;íróasztalok|Füstös Kft;gyümölcslevek|Tűzoltó Zrt;készülékek|Ráckeve Hajó;acélcsövek"},
	{"Croatian", read.Windows1250, charmap.Windows1250, "Šibenik Brodogradilište;čelične cijevi|Đuro Đaković;dijelovi strojeva|Čakovec Obuća;dječje cipele|Žito Osijek;pšenica|Kovačević i sin;građa|Varaždin Voće;svježe jabuke|Požega Čokolada;slatkiši|Križevci Mlijeko;sir i vrhnje, još"},
	{"Turkish", read.Windows1254, charmap.Windows1254, "Yıldız Gıda Sanayi;dondurulmuş balık|Öztürk İnşaat;çelik borular|Şahin Dış Ticaret;pamuklu gömlek|Çağdaş Oyuncak;plastik oyuncaklar|Güneş Işık;aydınlatma ürünleri|Doğu Kağıt;karton kutular|Kılıç Demir;sıcak çekilmiş çubuk|Uğur Ayakkabı;kışlık ayakkabı"},
	{"Lithuanian", read.Windows1257, charmap.Windows1257, "Šiaulių Baldai;mediniai stalai ir kėdės|Panevėžio Pienas;sūris ir grietinė|Klaipėdos Žuvis;šaldyta menkė|Vilniaus Šviesa;lempučių dalys|Žemaitijos Grūdai;kviečiai|Ąžuolas;lentos ir rąstai|Utenos Gėrimai;alus buteliuose, šviesusis|Kėdainių Trąšos;trąšų mišiniai"},
	{"Russian", read.Windows1251, charmap.Windows1251, "ООО Ромашка;игрушки пластмассовые|АО Северсталь;трубы стальные|Балтийский завод;запасные части|Торговый дом Восток;обувь детская|ИП Щербаков;электрические батареи|Мясокомбинат;курица замороженная|Лесопромышленник;пиломатериалы|Юганскнефть;масла смазочные"},
	{"Ukrainian", read.Windows1251, charmap.Windows1251, "ТОВ Їжак;іграшки пластмасові|Київський завод;сталеві труби|Львівська взуттєва фабрика;взуття дитяче|Одеський порт;запасні частини|Січ Експорт;пшениця м'яка|Єдність;електричні батареї|Полтава М'ясо;курятина заморожена|Зернотрейд;ячмінь"},
	{"Bulgarian", read.Windows1251, charmap.Windows1251, "Българска роза;козметични изделия|Пловдив Тютюн;цигари|Варна Кораб;резервни части|Бургас Риба;замразена риба|Софарма;лекарства|Дунав Зърно;пшеница|Стара планина;дървен материал|Електроника;батерии"},
	{"Russian of DOS", read.CP866, charmap.CodePage866, "ООО Ромашка;игрушки пластмассовые|АО Северсталь;трубы стальные|Балтийский завод;запасные части|Торговый дом Восток;обувь детская|ИП Щербаков;электрические батареи|Мясокомбинат;курица замороженная|Лесопромышленник;пиломатериалы|Юганскнефть;масла смазочные"},
	{"Greek", read.Windows1253, charmap.Windows1253, "Ελληνικά Πετρέλαια;λιπαντικά έλαια|Αφοί Παπαδόπουλοι;παιδικά παιχνίδια|Ναυτιλιακή Πειραιώς;ανταλλακτικά πλοίων|Κρητικά Προϊόντα;ελαιόλαδο|Χαλυβουργία;χαλύβδινοι σωλήνες|Θεσσαλονίκη Εμπορική;υποδήματα|Βιομηχανία Τροφίμων;κατεψυγμένα ψάρια|Ξυλεία Δράμας;ξύλα πριστά"},
	{"Arabic", read.Windows1256, charmap.Windows1256, "شركة النور للتجارة;قطع غيار السيارات|مؤسسة الخليج;أجهزة كهربائية|مصنع الحديد والصلب;أنابيب حديد|تجارة المواد الغذائية;دجاج مجمد|شركة البحر الأحمر;ألعاب أطفال|مكتب التخليص الجمركي;أقمشة قطنية|الشركة العربية للأدوية;أدوية بشرية|مخازن السلام;أحذية جلدية"},
	{"Hebrew", read.Windows1255, charmap.Windows1255, "חברת האור למסחר;חלקי חילוף לרכב|מפעל הפלדה;צינורות ברזל|יבואני המזון;עוף קפוא|סוכנות מכס חיפה;צעצועי ילדים|בית הדפוס;ספרים|מחסני השלום;נעלי עור|תעשיות הים;דגים קפואים|חשמל הגליל;סוללות"},
	{"Thai", read.Windows874, charmap.Windows874, "บริษัท แสงทอง จำกัด;ของเล่นพลาสติก|ห้างหุ้นส่วนจำกัด เจริญชัย;ท่อเหล็ก|บริษัท ไทยอาหารทะเล จำกัด;ปลาแช่แข็ง|บริษัท กรุงเทพการค้า จำกัด;รองเท้าเด็ก|โรงงานน้ำตาลขอนแก่น;น้ำตาลทราย|บริษัท สยามไฟฟ้า จำกัด;แบตเตอรี่|ร้านผ้าไหม;ผ้าไหมทอ|บริษัท ยางไทย จำกัด;ยางรถยนต์"},
	{"Vietnamese", read.Windows1258, charmap.Windows1258, "Công ty Trách nhiệm Hữu hạn Hòa Bình;đồ chơi bằng nhựa|Doanh nghiệp tư nhân Thành Đạt;ống thép|Công ty Cổ phần Thủy sản;cá đông lạnh|Xí nghiệp Giày Thượng Đình;giày trẻ em|Công ty Xuất nhập khẩu Việt Tiến;vải bông|Nhà máy Đường Quảng Ngãi;đường trắng|Công ty Điện tử Hải Phòng;ắc quy|Hợp tác xã Gỗ Đồng Kỵ;gỗ xẻ"},
}

// tables are the pages that one may be taken for without harm, where they have the letters that occur in the same places.
var tables = map[read.Encoding]encoding.Encoding{
	read.Windows1250: charmap.Windows1250, read.Windows1252: charmap.Windows1252, read.Windows1254: charmap.Windows1254, read.Windows1257: charmap.Windows1257,
}

func decoded(t *testing.T, table encoding.Encoding, bytes string) string {
	t.Helper()
	text, err := table.NewDecoder().String(bytes)
	require.NoError(t, err)
	return text
}

// tonal writes the tones of Vietnamese behind their letters, as the page has them.
func tonal(text string) string {
	var b strings.Builder
	for _, r := range text {
		whole := []rune(norm.NFD.String(string(r)))
		tone := -1
		for i, m := range whole {
			if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", m) {
				tone = i
			}
		}
		if tone < 0 {
			b.WriteRune(r)
			continue
		}
		mark := whole[tone]
		b.WriteString(norm.NFC.String(string(append(whole[:tone:tone], whole[tone+1:]...))))
		b.WriteRune(mark)
	}
	return b.String()
}

// TestCodePagesAreGuessed measures on files made of such lines, drawn, how often their page is named, how often another is, and how
// often none: the golden file has it by the number of rows. Another page is a garbled file and must not come up.
func TestCodePagesAreGuessed(t *testing.T) {
	const drawn = 40
	var report strings.Builder
	for _, s := range scripts {
		fmt.Fprintf(&report, "%s, %s:", s.language, s.want)
		lines := strings.Split(s.lines, "|")
		for _, rows := range []int{2, 5, 20} {
			right, wrong := 0, 0
			random := rand.New(rand.NewPCG(7, uint64(rows))) //nolint:gosec // a draw that is the same each time
			for range drawn {
				var text strings.Builder
				text.WriteString("No;Name;Goods\n")
				for i := range rows {
					fmt.Fprintf(&text, "%d;%s\n", i+1, lines[random.IntN(len(lines))])
				}
				plain := text.String()
				if s.want == read.Windows1258 {
					plain = tonal(plain)
				}
				bytes, err := s.in.NewEncoder().String(plain)
				require.NoError(t, err, s.language)
				d, err := read.Detect(t.Context(), strings.NewReader(bytes), read.Hints{})
				switch {
				case err != nil:
					require.ErrorIs(t, err, read.ErrEncoding)
				case d.Encoding == s.want, tables[d.Encoding] != nil && decoded(t, tables[d.Encoding], bytes) == plain:
					right++
				case d.Encoding == read.UTF8: // its rows are set aside
				default:
					wrong++
					t.Logf("%s, %d rows: taken for %s", s.language, rows, d.Encoding)
				}
			}
			assert.Zero(t, wrong, "%s of %d rows", s.language, rows)
			fmt.Fprintf(&report, " %d rows: %d of %d right, %d wrong;", rows, right, drawn, wrong)
		}
		report.WriteString("\n")
	}
	golden := filepath.Join("testdata", "pages.golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755)) //nolint:gosec // it holds counts
		require.NoError(t, os.WriteFile(golden, []byte(report.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), report.String())
}
