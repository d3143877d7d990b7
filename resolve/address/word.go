package address

import (
	"strings"
	"sync"
)

// role says what a word can do in an address; many can do several things.
type role uint32

const (
	// floorWord stands behind or before a floor ("23rd floor", "floor 23").
	floorWord role = 1 << iota
	// levelWord stands before a floor only ("level 23", "tầng 5").
	levelWord
	// floorName names a floor by itself or before floorWord ("ground", "mezzanine").
	floorName
	unitWord
	// unitTail stands behind a unit ("2309 ho").
	unitTail
	// unitMany is a plural: commas may part the units that follow.
	unitMany
	blockWord
	// blockNoun is a block only where a number or letter follows ("building 5").
	blockNoun
	phaseWord
	// streetWord ends the name of a street ("road").
	streetWord
	// placeWord ends the name of a street or of a building ("terrace", "square").
	placeWord
	// streetLead begins the name of a street ("rue", "jalan").
	streetLead
	buildingWord
	buildingLead
	directionWord
	numberWord
	districtWord
	districtLead
	// wardWord begins the name of a part of a district, which is kept as rest.
	wardWord
	localityWord
	localityLead
	regionWord
	regionLead
	boxWord
	careWord
	andWord
	ordinalWord
	// nearWord begins a remark on the way there ("opp", "near"), which is kept as rest.
	nearWord
	// pinyinStreet is a street word of romanised Chinese, in China and Taiwan only.
	pinyinStreet
)

// word is an entry of the vocabulary: its roles and its full form. lead is the full
// form before a name, where that differs: "ave" is avenue behind and avenida before.
type word struct {
	is         role
	full, lead string
}

// vocabulary holds the words with a role, abbreviations by their full form.
var vocabulary = sync.OnceValue(func() map[string]word {
	words := map[string]word{}
	for _, line := range vocabularyLines {
		for _, item := range strings.Fields(line.list) {
			short, full, given := strings.Cut(item, "=")
			entry := words[short]
			entry.is |= line.is
			switch {
			case line.is == streetLead && given:
				entry.lead = full
			case given:
				entry.full = full
			}
			words[short] = entry
		}
	}
	return words
})

var vocabularyLines = []struct {
	is   role
	list string
}{
	{floorWord, "floor floors fl flr flrs flat-floor storey story stories этаж พื้น er-floor"},
	{levelWord, "level lvl lv levels tang lau tingkat tkt lantai lt chan ชั้น piso pso planta plta etage obergeschoss og kat et etaj pavimento andar palapag"},
	{floorName, "ground=g grd=g gnd=g mezzanine=m mezz=m basement=b podium=p rooftop=roof roof penthouse=roof loft cockloft=cl entresol=m parterre=g erdgeschoss=g lower-ground=lg upper-ground=ug"},
	{unitWord, "flat flats flt flat/rm flat/room flat/unit room/flat rm/flat rm/unit unit/flat rm rms room rooms unit units u/n suite suites ste shop shops " +
		"office offices ofc apartment apartments apt apts appt apto apartamento dept depto departamento oficina of local bureau wohnung " +
		"kv kvartira кв квартира оф офис pom bilik kamar phong p-so can ห้อง ห้องเลขที่ ห้องชุด daire workshop wkshp stall kiosk godown warehouse whse factory-unit unit/shop shop/unit studio interior int"},
	{unitMany, "flats rms rooms units suites shops offices apts apartments"},
	{unitTail, "ho hosil goshitsu gohshitsu shitsu ho-sil"},
	{blockWord, "block blk blocks blks tower twr towers wing blok blck bloc bloque torre toa khoi block/tower tower/block อาคารที่ korpus корпус korp bl manzana mz"},
	{blockNoun, "building bldg bld house hse mansion court villa castle"},
	{phaseWord, "phase ph=phase stage fasa phases"},
	{streetWord, "street st=street str=street strt=street streets road rd=road roads lane ln=lane avenue ave=avenue av=avenue avn=avenue drive dr=drive " +
		"boulevard blvd=boulevard bvd=boulevard boul=boulevard bd=boulevard highway hwy=highway hway=highway expressway expy=expressway parkway pkwy=parkway crescent cres=crescent " +
		"circuit cct=circuit path praya row walk alley freeway turnpike strasse=strasse straat=straat gasse weg allee street/road quay broadway marg " +
		"gil daero sokak=sokak sok=sokak caddesi=caddesi cad=caddesi cd=caddesi bulvari prospekt=prospekt ulitsa=ulitsa shosse naberezhnaya pereulok=pereulok embankment khiaban ave/road"},
	{pinyinStreet, "lu=road jie=street dadao=avenue dajie=street xiang=lane nong=alley hutong"},
	{placeWord, "terrace terr=terrace ter=terrace place pl=place plaza square sq=square close cl=close view rise hill park parade pde=parade esplanade gate garden gardens grove court ct=court mews bazaar bazar " +
		"circle cir=circle way passage bridge heights village link loop"},
	{streetLead, "rue calle cll=calle cl=calle carrera cra=carrera kra=carrera kr=carrera cr=carrera avenida av=avenida avda=avenida ave=avenida ul=ulitsa ulitsa ул=улица улица vul=vulytsia str=strada strada prospekt пр=проспект проспект " +
		"via viale piazza corso calzada calz=calzada boulevard blvd=boulevard blv=boulevard bulevar transversal tv=transversal trv=transversal diagonal diag=diagonal autopista carretera carr=carretera " +
		"jalan jl=jalan jln=jalan lorong lrg=lorong lebuh lebuhraya persiaran pesiaran psn=persiaran lengkok lingkaran gang gg=gang thanon ถนน ถ=ถนน soi=soi ซอย=ซอย ซ=ซอย trok duong=duong pho=pho ngo=ngo hem=hem ngach=ngach " +
		"rua travessa tv=travessa alameda avenue allee chaussee quai paseo pasaje pje=pasaje camino cam=camino prolongacion prol=prolongacion privada priv=privada circuito largo estrada praca beco"},
	{buildingWord, "building bldg=building bld=building bldgs=building blg=building house hse=house centre center=centre ctr=centre cntr=centre tower twr=tower towers=tower mansion mans=mansion mansions=mansion " +
		"plaza court crt=court ct=court garden=gardens gdn=gardens gdns=gardens gardens estate est=estate mall arcade complex cplx=complex hotel exchange factory fty=factory warehouse godown " +
		"industrial ind=industrial indl=industrial industry=industrial commercial coml=commercial comm=commercial cml=commercial comml=commercial com=commercial terminal market shopping apartments apartment residence residences " +
		"condominium condo villa villas chuen terrace heights lodge chambers hall palace castle centrepoint square place skyscraper trust bank school hospital university depot station church mosque " +
		"bldng=building buildings=building godowns=godown workshop edifice hub park parc cube city-plaza towers=tower centro skypark tech technopark plaza-tower studios manor block"},
	{buildingLead, "gedung gd=gedung ged=gedung menara wisma plaza graha toa-nha toa เดอะ อาคาร ตึก edificio edif=edificio ed=edificio centro torre bangunan kompleks komplek komp=kompleks ruko rukan apartemen chung-cu cao-oc immeuble haus hotel"},
	{directionWord, "central=central c=central cen=central east=east e=east west=west w=west north=north n=north south=south s=south middle=middle northeast ne=northeast northwest nw=northwest southeast se=southeast southwest sw=southwest upper lower main"},
	{numberWord, "no nos number num numero nro nr km plot=plot lot kav so เลขที่ เลข house-no door-no nomor nomer дом д"},
	{districtWord, "district dist=district subdistrict ward quarter borough neighbourhood neighborhood suburb"},
	{wardWord, "khwaeng แขวง ตำบล tambon phuong xa kelurahan kel desa barangay brgy bgy"},
	{districtLead, "khet เขต อำเภอ amphoe quan huyen kecamatan kec kampung kg taman tmn colonia col barrio urbanizacion urb sector fraccionamiento fracc poblacion mahalle mah moo หมู่ หมู่ที่ mukim sec section"},
	{localityWord, "city municipality metropolis cidade"},
	{localityLead, "kota kabupaten kab thanh-pho tp city-of ciudad bandar gorod г"},
	{regionWord, "province prov=province prefecture pref=prefecture oblast state county governorate emirate department autonomous region territory krai"},
	{regionLead, "changwat จังหวัด จ tinh propinsi provinsi prop provincia departamento estado edo"},
	{boxWord, "box apartado casilla postfach postbus bus pob pobox gpobox"},
	{careWord, "c/o attn attention care"},
	{andWord, "& and y und et dan va"},
	{ordinalWord, "first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 eleventh=11 twelfth=12 thirteenth=13 fourteenth=14 fifteenth=15 sixteenth=16 seventeenth=17 eighteenth=18 nineteenth=19 twentieth=20"},
	{nearWord, "near opp opposite behind beside next adjacent off between corner"},
}

// numerals are the number words that names of buildings use.
var numerals = map[string]string{
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
}

// pinyinDirections are the directions in romanised names of Chinese streets.
var pinyinDirections = map[string]string{
	"dong": "east", "xi": "west", "nan": "south", "bei": "north", "zhong": "middle", "central": "middle", "mid": "middle",
}
