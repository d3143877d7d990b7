package address_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"rummage/resolve/address"
)

func TestParse(t *testing.T) {
	cases := []struct {
		name, text, country, want string
	}{
		// Hong Kong, in English
		{"abbreviations", "Flat/Rm 2309, 23/F, Wing On House, 71 Des Voeux Rd C", "hk", "unit=2309; floor=23; building=wing on house; number=71; street=des voeux road central; locality=hong kong; country=hk"},
		{"no commas", "RM 2309 23/F WING ON HSE 71 DES VOEUX RD CENTRAL HK", "", "unit=2309; floor=23; building=wing on house; number=71; street=des voeux road central; locality=hong kong; country=hk"},
		{"floor in words", "Unit B5, 23rd Floor, Block 2, Tai Fook Industrial Centre, 8-10 Wing Yip Street, Kwai Chung, N.T.", "hk", "unit=b5; floor=23; block=2; building=tai fook industrial centre; number=8-10; street=wing yip street; district=kwai chung; locality=hong kong; region=new territories; country=hk"},
		{"ground floor shop", "Shop 3, G/F, 120 Nathan Road, Tsim Sha Tsui, Kowloon, Hong Kong", "", "unit=3; floor=g; number=120; street=nathan road; district=tsim sha tsui; locality=hong kong; region=kowloon; country=hk"},
		{"upper ground floor", "UG/F, Kam On Building, 176A Queen's Road Central, Hong Kong", "", "floor=ug; building=kam on building; number=176a; street=queens road central; locality=hong kong; country=hk"},
		{"mezzanine and basement", "M/F & B/F, 5 Kimberley Road, TST, Kowloon, HK", "", "floor=m,b; number=5; street=kimberley road; district=tsim sha tsui; locality=hong kong; region=kowloon; country=hk"},
		{"several floors", "10/F - 12/F, Tower A, Regent Centre, 63 Wo Yi Hop Road, Kwai Chung", "hk", "floor=10,11,12; block=a; building=regent centre; number=63; street=wo yi hop road; district=kwai chung; locality=hong kong; country=hk"},
		{"several units", "Rooms 1801-3, 18/F, Hing Wah Tower, 45 Hung To Road, Kwun Tong, Kowloon", "", "unit=1801,1802,1803; floor=18; building=hing wah tower; number=45; street=hung to road; district=kwun tong; locality=hong kong; region=kowloon; country=hk"},
		{"unit before the building without a word", "20A, Kiu Fu Commercial Building, 300 Lockhart Road, Wan Chai, Hong Kong", "", "unit=20a; building=kiu fu commercial building; number=300; street=lockhart road; district=wan chai; locality=hong kong; country=hk"},
		{"letter behind the floor", "12th Floor C, Jade Exchange Center, 513-531, Canton Road, Kowloon, Hong Kong", "", "unit=c; floor=12; building=jade exchange centre; number=513-531; street=canton road; locality=hong kong; region=kowloon; country=hk"},
		{"phase", "Flat D, 30/F, Tower 6, Phase 2, Laguna Verde, 8 Laguna Verde Avenue, Hung Hom", "hk", "unit=d; floor=30; block=6; phase=2; building=laguna verde; number=8; street=laguna verde avenue; district=hung hom; locality=hong kong; country=hk"},
		{"Hong Kong of China", "Room 503, 5th Floor, 30 Canton Road, Tsim Sha Tsui, Kowloon, Hong Kong, China", "", "unit=503; floor=5; number=30; street=canton road; district=tsim sha tsui; locality=hong kong; region=kowloon; country=hk"},
		{"box", "GPO Box 1234, Hong Kong", "", "box=1234; locality=hong kong; country=hk"},
		{"care of", "c/o Chan & Partners, Room 5, 12/F, 9 Queen's Road Central, Hong Kong", "", "care of=chan & partners; unit=5; floor=12; number=9; street=queens road central; locality=hong kong; country=hk"},
		// Hong Kong, in Chinese
		{"traditional", "香港中環德輔道中71號永安集團大廈23樓2309室", "", "unit=2309; floor=23; building=永安集团大厦; number=71; street=des voeux road central; district=central; locality=hong kong; country=hk"},
		{"simplified", "香港中环德辅道中71号永安集团大厦23楼2309室", "", "unit=2309; floor=23; building=永安集团大厦; number=71; street=des voeux road central; district=central; locality=hong kong; country=hk"},
		{"numerals in Chinese", "九龍觀塘鴻圖道四十五號興華大廈二十三樓A室", "", "unit=a; floor=23; building=兴华大厦; number=45; street=hung to road; district=kwun tong; locality=hong kong; region=kowloon; country=hk"},
		{"shop on the ground", "新界荃灣眾安街68號地下3號舖", "", "unit=3; floor=g; number=68; street=chung on street; district=tsuen wan; locality=hong kong; region=new territories; country=hk"},
		{"block", "九龍紅磡黃埔花園5座12樓C室", "", "unit=c; floor=12; block=5; building=黄埔花园; district=hung hom; locality=hong kong; region=kowloon; country=hk"},
		{"full width", "香港灣仔軒尼詩道１９９號８樓８０２室", "", "unit=802; floor=8; number=199; street=hennessy road; district=wan chai; locality=hong kong; country=hk"},
		{"both scripts", "Rm 2309, 23樓, Wing On House, 71 Des Voeux Road Central, 香港", "", "unit=2309; floor=23; building=wing on house; number=71; street=des voeux road central; locality=hong kong; country=hk"},
		// China
		{"China in Chinese", "广东省深圳市南山区科技南路18号创维大厦3栋12楼1203室", "", "unit=1203; floor=12; block=3; building=创维大厦; number=18; street=科技南路; district=nanshan; locality=shenzhen; region=guangdong; country=cn"},
		{"China with a unit of stairs", "浙江省义乌市稠州北路699号2号楼3单元501室", "", "unit=3,501; block=2; number=699; street=稠州北路; locality=yiwu; region=zhejiang; country=cn"},
		{"China in English", "Room 1203, 12/F, Building 3, No. 18 Keji South Road, Nanshan District, Shenzhen, Guangdong, China 518057", "", "unit=1203; floor=12; block=3; number=18; street=keji south road; district=nanshan; locality=shenzhen; region=guangdong; postcode=518057; country=cn"},
		{"China in pinyin", "No.49 Huanshi Dong Lu, Yuexiu District, Guangzhou, P.R. China", "", "number=49; street=huanshi east road; district=yuexiu; locality=guangzhou; country=cn"},
		// Taiwan
		{"Taiwan", "104台北市中山區中山北路二段48巷3號5樓之2", "", "unit=2; floor=5; number=3; street=中山北路2段48巷; district=zhongshan; locality=taipei; postcode=104; country=tw"},
		{"Taiwan in English", "5F, No. 48, Zhongshan N. Rd., Taipei City 104, Taiwan (R.O.C.)", "", "floor=5; number=48; street=zhongshan north road; locality=taipei; postcode=104; country=tw"},
		// Macao
		{"Macao", "澳門氹仔大連街128號5樓B座", "", "unit=b; floor=5; number=128; street=大连街; district=taipa; locality=macao; country=mo"},
		// Singapore
		{"Singapore", "10 Anson Road, #23-09 International Plaza, Singapore 079903", "", "unit=9; floor=23; building=international plaza; number=10; street=anson road; locality=singapore; postcode=079903; country=sg"},
		{"Singapore, public housing", "Blk 123 Ang Mo Kio Ave 3 #05-1234 S(560123)", "sg", "unit=1234; floor=5; number=123; street=ang mo kio avenue 3; locality=singapore; postcode=560123; country=sg"},
		// Japan
		{"Japan in English", "5F Mori Building, 2-10-3 Toranomon, Minato-ku, Tokyo 105-0001, Japan", "", "floor=5; building=mori building; number=2-10-3; street=toranomon; district=minato; region=tokyo; postcode=1050001; country=jp"},
		{"Japan with chome behind", "Dai-Ichi Bldg. 6th Floor, 10-2 Nihombashi, 2-chome, Chuo-ku, Tokyo 103, Japan", "", "floor=6; building=dai-ichi building; number=2-10-2; street=nihombashi; district=chuo; region=tokyo; postcode=103; country=jp"},
		{"Japan in Japanese", "〒100-0005 東京都千代田区丸の内1丁目9番2号 グラントウキョウビル23階2309号室", "", "unit=2309; floor=23; building=グラントウキョウビル; number=1-9-2; street=丸の内; district=千代田; region=tokyo; postcode=1000005; country=jp"},
		// Korea
		{"Korea", "서울특별시 강남구 테헤란로 152, 강남파이낸스센터 23층 2309호", "", "unit=2309; floor=23; building=강남파이낸스센터; number=152; street=테헤란로; district=강남; locality=seoul; country=kr"},
		{"Korea by lot", "부산시 해운대구 우동 1478번지 센텀빌딩 101동 5층", "", "floor=5; block=101; building=센텀빌딩; number=1478; street=우동; district=해운대; locality=busan; country=kr"},
		{"Korea in English", "152 Teheran-ro, Gangnam-gu, Seoul 06236, Republic of Korea", "", "number=152; street=teheran-ro; district=gangnam; locality=seoul; postcode=06236; country=kr"},
		// South-East Asia and India
		{"Viet Nam", "Tầng 5, Tòa nhà Bitexco, 2 Hải Triều, Quận 1, TP. Hồ Chí Minh, Việt Nam", "", ""},
		{"Viet Nam in English", "Floor 5, 19 Nguyen Hue Street, District 1, Ho Chi Minh City, Vietnam", "", ""},
		{"Thailand", "เลขที่ 123 ชั้น 23 อาคารสาทร ถนนสาทรใต้ แขวงทุ่งมหาเมฆ เขตสาทร กรุงเทพมหานคร 10120", "th", ""},
		{"Thailand in English", "123/45 Soi Sukhumvit 21, Khwaeng Khlong Toei Nuea, Khet Watthana, Bangkok 10110, Thailand", "", ""},
		{"Malaysia", "Suite 12-3, Level 12, Menara Multi-Purpose, Jalan Munshi Abdullah, 50100 Kuala Lumpur, Malaysia", "", ""},
		{"Philippines", "Unit 1203, 12/F Ayala Tower One, Ayala Avenue, Makati City 1226, Philippines", "", ""},
		{"Indonesia", "Gedung Artha Graha Lt. 5, Jl. Jend. Sudirman Kav. 52-53, Jakarta Selatan 12190, Indonesia", "", ""},
		{"India", "Office No. 504, 5th Floor, Kotu Complex, 12 VIP Road, Andheri East, Mumbai - 400069, Maharashtra, India", "", ""},
		// elsewhere
		{"Britain", "2nd Floor, College House, 17 King Edwards Road, Ruislip, London HA4 7AE, United Kingdom", "", "floor=2; building=college house; number=17; street=king edwards road; district=ruislip; locality=london; postcode=ha47ae; country=gb"},
		{"United States", "777 S. Figueroa St, 41st Floor, Los Angeles, CA 90017, USA", "", "floor=41; number=777; street=s figueroa street; locality=los angeles; region=california; postcode=90017; country=us"},
		{"Colombia", "Calle 10 No. 22-13, Oficina 405, Cali, Valle, Colombia", "", "unit=405; number=22-13; street=calle 10; locality=cali; region=valle; country=co"},
		{"Mexico", "Avenida Manuel Vallarta 2141, Colonia Centro, Culiacan, Sinaloa 80129, Mexico", "", "number=2141; street=avenida manuel vallarta; district=centro; locality=culiacan; region=sinaloa; postcode=80129; country=mx"},
		{"Germany", "Hauptstrasse 12, D-10115 Berlin, Germany", "", "number=12; street=hauptstrasse; locality=berlin; postcode=10115; country=de"},
		{"Emirates", "P.O. Box 69606, Dubai, United Arab Emirates", "", "box=69606; locality=dubai; country=ae"},
		{"Russia", "ul Kirova 28, Kerch 98312, Ukraine", "", "number=28; street=ulitsa kirova; locality=kerch; postcode=98312; country=ua"},
		// harder ones, whose parts stand in the golden file
		{"lot of the New Territories", "Lot No. 345 in D.D. 111, Pat Heung, Yuen Long", "hk", ""},
		{"bare floor", "Unit 2, LG1, Mirror Tower, 61 Mody Road, Tsim Sha Tsui", "hk", ""},
		{"initial in the name of a building", "29/F K. Wah Centre, 191 Java Road, North Point", "hk", ""},
		{"numbered block", "新界葵涌大連排道152-160號金龍工業中心第4座24樓B室", "hk", ""},
		{"phase in Chinese", "長沙灣道833號長沙灣廣場第二期7樓704室", "hk", ""},
		{"flat as a seat", "香港灣仔告士打道128號祥豐大廈23樓F座", "hk", ""},
		{"unit behind the floor", "11F.-3, No. 100, Sec. 2, Roosevelt Rd., Zhongzheng Dist., Taipei City 100, Taiwan", "tw", ""},
		{"lane and alley", "新北市新店區中正路四維巷2弄2號4樓之3", "tw", ""},
		{"block without a room's sign", "北京市朝阳区建国路88号SOHO现代城A座1801", "cn", ""},
		{"tower", "東京都港区芝公園4-2-8 東京タワー3F", "jp", ""},
		{"remark in brackets", "인천광역시 연수구 송도과학로 32, M동 1204호 (송도동, 송도테크노파크IT센터)", "kr", ""},
		{"unit before the tower", "1 Raffles Place #20-61 Tower 2 Singapore 048616", "sg", ""},
		{"street with a number", "No. 15-2, Jalan PJU 5/20D, 47810 Petaling Jaya, Selangor", "my", ""},
		{"Portuguese", "Avenida da Praia Grande No. 417, Edif. Dynasty Plaza, 12 andar A, Macau", "mo", ""},
		{"landmark", "Shop No. 12, Gala Complex, Opp. Railway Station, S.V. Road, Andheri (W), Mumbai 400058", "in", ""},
		{"a range that is none", "Flat 6-20, 220 TEST STREET, GLASGOW", "gb", ""},
		{"numbered street", "11251 NW 2 Street, Plantation, FL 33325, United States", "us", ""},
		{"box beside a street", "Office 1204, Al Saqr Business Tower, Sheikh Zayed Road, P.O. Box 124342, Dubai, UAE", "ae", ""},
		// little or nothing
		{"a country", "Hong Kong", "", "locality=hong kong; country=hk"},
		{"a city", "Tehran", "", "locality=tehran; country=ir"},
		{"a hint alone", "", "hk", ""},
		{"nothing", "", "", ""},
		{"no address", "???", "", ""},
	}
	var b strings.Builder
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := address.Parse(c.text, address.Hints{Country: c.country})
			assert.Equal(t, c.text, a.Raw)
			if c.want != "" || c.text == "" {
				assert.Equal(t, c.want, a.String())
			}
			b.WriteString(c.text + "\n  " + a.String() + "\n")
		})
	}
	golden(t, "parse.txt", b.String())
}

func TestTheSameTextGivesTheSameParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom(strings.Fields("Rm 2309 23/F , Wing On House 71 Des Voeux Rd C , Central HK 香港 德輔道中71號 23樓 室 #05-12 Singapore 079903 No. c/o P.O. Box 5 - / . & 서울시 강남구 152 東京都 1丁目 Jalan")), 0, 20).Draw(t, "words")
		joined := strings.Join(text, " ")
		first := address.Parse(joined, address.Hints{})
		address.Parse("Flat H, 18/F, Block 3, Kingsford Terrace", address.Hints{Country: "hk"}) // another reading in between
		assert.Equal(t, first, address.Parse(joined, address.Hints{}))
	})
}

func TestCaseAndWidthDoNotCount(t *testing.T) {
	text := "Flat 5, 12/F, Kam Fook Building, 9 Hung To Road, Kwun Tong, Kowloon, Hong Kong"
	plain := address.Parse(text, address.Hints{})
	for _, other := range []string{strings.ToUpper(text), strings.ToLower(text), strings.ReplaceAll(text, ",", "，"), strings.ReplaceAll(text, ", ", "\n"), strings.ReplaceAll(text, " ", "  ")} {
		got := address.Parse(other, address.Hints{})
		assert.Equal(t, plain.String(), got.String(), other)
	}
}

func TestGetKnowsEveryPart(t *testing.T) {
	a := address.Parse("c/o A Ltd, PO Box 5, Unit 1, 2/F, Block 3, Phase 4, Wing House, 6 King Road, Wan Chai, Hong Kong, strange 77x", address.Hints{})
	for _, part := range []address.Part{address.CareOf, address.Box, address.Unit, address.Floor, address.Block, address.Phase, address.Building, address.Number, address.Street, address.District, address.Locality, address.Country} {
		assert.NotEmpty(t, a.Get(part), part)
	}
	assert.Empty(t, a.Get("colour"))
	assert.False(t, a.Empty())
	none := address.Parse("", address.Hints{})
	assert.True(t, none.Empty())
}

func TestALongTextIsReadInPart(t *testing.T) {
	text := strings.Repeat("号", address.MaxText) + "Hong Kong"
	a := address.Parse(text, address.Hints{})
	assert.Equal(t, text, a.Raw)
	assert.NotEqual(t, "hk", a.Country, "the end is not looked at")
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"Flat/Rm 2309, 23/F, Wing On House, 71 Des Voeux Rd C", "香港中環德輔道中71號永安集團大廈23樓2309室", "#23-09", "〒100-0005 東京都千代田区丸の内1丁目9番2号",
		"서울특별시 강남구 테헤란로 152, 23층", "Jl. Sudirman Kav. 52", "c/o", "PO Box", "1-", "号", "##", "&&", "1/f-", "Đ", "ถนน", "\xff\xfe", "No. No. No.", "a-c,d",
	} {
		f.Add(seed, "hk")
	}
	f.Fuzz(func(t *testing.T, text, country string) {
		if len(country) > 2 {
			country = ""
		}
		a := address.Parse(text, address.Hints{Country: country})
		if a.Raw != text {
			t.Fatal("the text was not kept")
		}
		got := address.Compare(&a, &a, address.Usage{})
		if !(got.Score >= 0 && got.Score <= 1) {
			t.Fatalf("score %v", got.Score)
		}
		if len(a.String()) > 40*len(text)+400 {
			t.Fatalf("%d bytes of parts from %d", len(a.String()), len(text))
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, one := range []struct{ name, text string }{
		{"english", "Flat/RM 2309, 23/F, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok, Kowloon, Hong Kong"},
		{"chinese", "香港中環德輔道中71號永安集團大廈23樓2309室"},
		{"japanese", "〒100-0005 東京都千代田区丸の内1丁目9番2号 グラントウキョウビル23階2309号室"},
	} {
		b.Run(one.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				address.Parse(one.text, address.Hints{})
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "addresses/s")
		})
	}
	all := listings(b)
	b.Run("ofac", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, l := range all {
				address.Parse(l.text(), address.Hints{})
			}
		}
		b.ReportMetric(float64(b.N*len(all))/b.Elapsed().Seconds(), "addresses/s")
	})
}

func BenchmarkCompare(b *testing.B) {
	x := address.Parse("Flat/RM 2309, 23/F, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok, Kowloon, Hong Kong", address.Hints{})
	y := address.Parse("Office 4, 16/F Ho King Commercial Centre, 2-16 Fayuen Street, Hong Kong", address.Hints{})
	b.ReportAllocs()
	for b.Loop() {
		address.Compare(&x, &y, address.Usage{})
	}
}
