package draft

import (
	"strings"
	"unicode/utf8"
)

// asian are more words of the vocabulary: those of manifests, waybills and licences in Kazakh,
// Mongolian, Khmer, Lao and Burmese, beside those of declarations in languages, and those of
// both in Bengali and Persian.
var asian = []vocable{
	// Parties.
	{sense{subject: "importer"}, "импорт хийгч,আমদানিকারক,আমদানিকারী,واردکننده,وارد کننده"},
	{sense{subject: "exporter"}, "экспорт хийгч,တင်ပို့သူ,রপ্তানিকারক,রপ্তানিকারী,صادرکننده,صادر کننده"},
	{sense{subject: "importer", weak: true}, "អ្នកទិញ,ຜູ້ຊື້,ဝယ်ယူသူ,ဝယ်သူ,ক্রেতা,خریدار"},
	{sense{subject: "exporter", weak: true}, "អ្នកលក់,អ្នកផ្គត់ផ្គង់,ຜູ້ຂາຍ,ຜູ້ສະໜອງ,ရောင်းသူ,ရောင်းချသူ,বিক্রেতা,সরবরাহকারী,فروشنده,تامین کننده"},
	{sense{subject: "consignee"}, "қабылдаушы,жүк қабылдаушы,ачаа хүлээн авагч,প্রাপক,মালপ্রাপক,গ্রহীতা,কনসাইনি,گیرنده"},
	{sense{subject: "consignor"}, "жіберуші,жүк жіберуші,ачаа илгээгч,ачуулагч,প্রেরক,মালপ্রেরক,فرستنده,ارسال کننده"},
	{sense{subject: "notify_party"}, "мэдэгдэх тал,ភាគីជូនដំណឹង,ភាគីទទួលដំណឹង,ຜູ້ຮັບແຈ້ງ,নোটিফাই পার্টি,অবহিত পক্ষ,طرف اطلاع"},
	{sense{subject: "declarant"}, "সিএন্ডএফ,সিএন্ডএফ এজেন্ট,সি এন্ড এফ এজেন্ট,ঘোষণাকারী,কাস্টমস এজেন্ট,ترخیص کار,ترخیصکار,اظهارکننده,اظهار کننده,کارگزار گمرکی,حق العمل کار"},
	{sense{subject: "forwarder"}, "тээвэр зуучлагч,тээвэр зуучийн,зуучлагч,ភ្នាក់ងារដឹកជញ្ជូន,ຕົວແທນຂົນສົ່ງ,ফ্রেইট ফরোয়ার্ডার,فورواردر"},
	{sense{subject: "carrier"}, "тасымал компаниясы,тээврийн компани,тээврийн байгууллага,ដឹកជញ្ជូន,ຂົນສົ່ງ,သယ်ယူပို့ဆောင်ရေး,পরিবহনকারী,পরিবহন সংস্থা,শিপিং লাইন,حمل کننده,متصدی حمل,حمل نقل,خط کشتیرانی"},
	{sense{subject: Driver}, "жүргізуші,жолооч,អ្នកបើកបរ,ຄົນຂັບ,ຄົນຂັບລົດ,ຜູ້ຂັບ,ယာဉ်မောင်း,চালক,ড্রাইভার,راننده"},
	// Places.
	{sense{subject: "origin"}, "উৎপত্তি,উৎপত্তি দেশ,উৎস দেশ,مبدا,کشور مبدا"},
	{sense{subject: "departure"}, "экспортолсон улс,রপ্তানি দেশ,کشور فرستنده"},
	{sense{subject: "destination"}, "хүрэх станц,очих газар,очих улс,баратын жері,ပေးပို့ရာ,ပေးပို့ရာနိုင်ငံ,গন্তব্য,গন্তব্য দেশ,مقصد"},
	{sense{subject: "office"}, "шекара бекеті,бекет,бекеті,хилийн боомт,боомт,ច្រក,ច្រកទ្វារ,နယ်စပ်ဂိတ်,কাস্টম হাউস,কাস্টমস হাউস,কাস্টমস,শুল্ক ভবন,گمرک"},
	{sense{subject: "loading"}, "ачсан,ачсан станц,тиеу станциясы,ထွက်ခွာဆိပ်ကမ်း,တင်ဆောင်ဆိပ်ကမ်း,লোডিং বন্দর,বোঝাই বন্দর,بندر بارگیری,بندر مبدا"},
	{sense{subject: "discharge"}, "буулгах станц,түсіру станциясы,ရောက်ရှိဆိပ်ကမ်း,খালাস বন্দর,بندر تخلیه,بندر مقصد"},
	// Goods and things.
	{sense{subject: "commodity", property: ID}, "ພິກັດ,ພິກັດສິນຄ້າ,အကောက်ခွန်ကုဒ်,এইচএস,এইচএস কোড,এইচ এস কোড,تعرفه,کد تعرفه"},
	{sense{subject: "equipment", property: ID}, "কন্টেইনার,কনটেইনার,কন্টেইনার নম্বর,کانتینر,شماره کانتینر"},
	{sense{subject: "seal", property: ID}, "တံဆိပ်,တံဆိပ်အမှတ်,সিল,সিল নম্বর,پلمب,شماره پلمب"},
	{sense{subject: "vessel", property: Name}, "জাহাজ,জাহাজের নাম,کشتی,نام کشتی"},
	// The consignment.
	{sense{Consignment, Number, false}, "বিল অব এন্ট্রি,বিল অব এন্ট্রি নম্বর,اظهارنامه,شماره اظهارنامه,کوتاژ,شماره کوتاژ"},
	{sense{Consignment, Document, false}, "жүкқұжат,жүкқұжат нөмірі,ачааны баримт,ачааны хуудас,ប័ណ្ណដឹកជញ្ជូន,លេខប័ណ្ណដឹកជញ្ជូន,ໃບຂົນສົ່ງ,ເລກທີໃບຂົນສົ່ງ,ကုန်တင်လွှာ,বিল অব লেডিং,بارنامه,شماره بارنامه"},
	{sense{Consignment, Date, false}, "келген күні,ថ្ងៃ,ថ្ងៃចេញដំណើរ,ថ្ងៃមកដល់,ວັນທີຜ່ານດ່ານ,ວັນທີມາຮອດ,তারিখ,تاریخ,تاریخ ثبت"},
	{sense{Consignment, "value", false}, "дүн,нэхэмжлэл,нэхэмжлэлийн дүн,តម្លៃទំនិញ,តម្លៃវិក្កយបត្រ,মূল্য,শুল্কায়নযোগ্য মূল্য,শুল্কায়ন মূল্য,ارزش,ارزش گمرکی,مبلغ,مبلغ فاکتور"},
	{sense{Consignment, "currency", false}, "мөнгөн тэмдэгт,ເງິນຕາ,মুদ্রা,ارز,نوع ارز"},
	{sense{Consignment, "gross_mass", false}, "ទម្ងន់ដុល,ওজন,وزن,وزن ناخالص"},
	{sense{Consignment, "net_mass", false}, "নিট ওজন,নেট ওজন,وزن خالص"},
	{sense{Consignment, "quantity", false}, "পরিমাণ,مقدار"},
	{sense{Consignment, "unit", false}, "ယူနစ်,একক,واحد"},
	{sense{Consignment, "packages", false}, "баглаа,баглааны тоо,ຫີບ,ຈຳນວນຫີບ,প্যাকেজ,প্যাকেজ সংখ্যা,بسته,تعداد بسته"},
	{sense{Consignment, "description", false}, "មុខទំនិញ,ຊະນິດສິນຄ້າ,ປະເພດສິນຄ້າ,ကုန်အမျိုးအစား,ကုန်အမည်,পণ্য,পণ্যের বিবরণ,পণ্যের নাম,বিবরণ,کالا,شرح کالا,نام کالا"},
	{sense{Consignment, "voyage", false}, "ជើងដំណើរ,លេខជើងដំណើរ,ခရီးစဉ်,ခရီးစဉ်အမှတ်,যাত্রা নম্বর,شماره سفر"},
	{sense{Consignment, "wagon", false}, "wagon,wagon no,wagon number,railcar,waggon,waggonnummer,вагон,вагоны дугаар,вагон нөмірі,номер вагона"},
	{sense{Consignment, "plate", false}, "গাড়ির নম্বর,ট্রাক নম্বর,پلاک,شماره پلاک"},
	// Properties.
	{sense{property: ID}, "নম্বর,নং,বিআইএন,টিআইএন,شماره,شناسه,شناسه ملی,کد,کد ملی,کد اقتصادی"},
	{sense{property: Name}, "নাম,نام,компани,байгууллага,ក្រុមហ៊ុន,ບໍລິສັດ,ကုမ္ပဏီ,প্রতিষ্ঠান,شرکت"},
	{sense{property: Address}, "ঠিকানা,نشانی,آدرس"},
	{sense{property: City}, "শহর,شهر"},
	{sense{property: Country}, "দেশ,کشور"},
	{sense{property: Phone}, "телефоны,ទូរស័ព្ទ,លេខទូរស័ព្ទ,ໂທລະສັບ,ເບີໂທ,ဖုန်း,ဖုန်းနံပါတ်,ফোন,মোবাইল,تلفن"},
}

// measures are units, currencies and words for all of something, which change nothing in a name.
const measures = "теңге,төгрөг,жалпы,нийт,គីឡូក្រាម,គីឡូ,ដុល្លារ,សរុប,ກິໂລ,ກິໂລກຣາມ,ກີບ,ໂດລາ,ທັງໝົດ,ລວມ,ကီလို,ကီလိုဂရမ်,ကျပ်,ဒေါ်လာ,စုစုပေါင်း,কেজি,টাকা,ডলার,মোট,সর্বমোট,کیلو,کیلوگرم,ریال,دلار,کل"

// endings are those of the genitive in Kazakh, Mongolian and Bengali, and of what belongs to
// something in Kazakh, folded: a word with one is read as the word without.
var endings = []string{"нын", "нін", "дын", "дін", "тын", "тін", "сы", "сі", "ы", "і", "гиин", "иин", "ын", "нии", "ны", "ের"}

// stem is a known word without the ending that makes it another, "" where there is none.
func stem(word string) string {
	for _, ending := range endings {
		bare, found := strings.CutSuffix(word, ending)
		if found && utf8.RuneCountInString(bare) >= shortest && senses()[bare] != nil {
			return bare
		}
	}
	return ""
}
