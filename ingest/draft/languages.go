package draft

// languages are more words of the vocabulary: those of the boxes of the single administrative
// document in the languages of the European Union and its neighbours, and of declarations in
// Arabic, Khmer, Lao, Burmese, Kazakh and Mongolian, with the forms that words take behind
// another.
var languages = []vocable{
	// Parties.
	{sense{subject: "importer"}, "импорттаушының,импортлогчийн,einfuhrer,einfuehrer,einfuhrers,importeurs,importatrice,importera,importerzy,ithalatci,ithalatci firma,ithalatcinin,invoerder,dovozce,dovozci,dovozca,εισαγωγεας,εισαγωγεα," +
		"імпортер,імпортера,импортера,импорттаушы,импортлогч,المستورد,អ្នកនាំចូល,ຜູ້ນຳເຂົ້າ,သွင်းကုန်လုပ်ငန်းရှင်,သွင်းကုန်ရှင်,uvoznik,uvoznika,importator,вносител,importor,maahantuoja,importuotojas"},
	{sense{subject: "exporter"}, "экспорттаушының,экспортлогчийн,ausfuhrer,ausfuehrer,ausfuhrers,exporteurs,esportatrice,eksporter,eksportera,ihracatci,ihracatci firma,uitvoerder,vyvozce,vyvozci,vyvozca,εξαγωγεας,εξαγωγεα," +
		"експортер,експортера,экспортера,экспорттаушы,экспортлогч,المصدر,អ្នកនាំចេញ,ຜູ້ສົ່ງອອກ,ပို့ကုန်လုပ်ငန်းရှင်,ပို့ကုန်ရှင်,izvoznik,izvoznika,exportator,износител,exportor,vieja"},
	{sense{subject: "importer", weak: true}, "kaufer,kaeufer,acquirente,compratore,nabywca,nabywcy,kupujacy,koper,kupujici,odberatel,αγοραστης,покупець,покупця,покупателя,сатып алушы,худалдан авагч,المشتري,firma,unternehmen"},
	{sense{subject: "exporter", weak: true}, "verkaufer,verkaeufer,lieferant,lieferanten,venditore,fornitore,sprzedawca,sprzedawcy,dostawca,dostawcy,satici,tedarikci,verkoper,leverancier,prodavajici,dodavatel,πωλητης,προμηθευτης," +
		"продавець,продавця,постачальник,постачальника,продавца,поставщика,сатушы,нийлүүлэгч,البائع,المورد"},
	{sense{subject: "consignee"}, "алушының,жүк алушы,хүлээн авагчийн,empfanger,empfaenger,empfangers,warenempfanger,odbiorca,odbiorcy,alici,alicinin,geadresseerde,ontvanger,prijemce,prijemci,prijemca,παραληπτης,παραληπτη,одержувач,одержувача,отримувач,отримувача," +
		"вантажоодержувач,грузополучатель,алушы,хүлээн авагч,المرسل إليه,អ្នកទទួល,ຜູ້ຮັບ,လက်ခံသူ,primatelj,destinatar,cimzett"},
	{sense{subject: "consignor"}, "жөнелтушінің,жүк жөнелтуші,илгээгчийн,бараа илгээгчийн,versender,versenders,absender,absenders,speditore,mittente,nadawca,nadawcy,gonderici,gonderen,afzender,odesilatel,odesilatele,odosielatel,αποστολεας,αποστολεα,відправник,відправника," +
		"вантажовідправник,грузоотправитель,жөнелтуші,илгээгч,бараа илгээгч,المرسل,الشاحن,អ្នកផ្ញើ,ຜູ້ສົ່ງ,ပို့သူ,posiljatelj,expeditor,felado"},
	{sense{subject: "declarant"}, "декларанттың,кеден өкілі,кедендік өкіл,бүрдүүлэгч,гаалийн бүрдүүлэгч,ជើងសារគយ,ភ្នាក់ងារជើងសារ,ភ្នាក់ងារជើងសារគយ,ຕົວແທນແຈ້ງພາສີ,ຕົວແທນພາສີ,ຕົວແທນ,အကောက်ခွန်ကိုယ်စားလှယ်,ကိုယ်စားလှယ်,အကျိုးဆောင်,anmelder,anmelders,zollanmelder,zollagent,dichiarante,agente doganale,spedizioniere doganale,rappresentante doganale,zglaszajacy,zglaszajacego,agencja celna,agent celny,przedstawiciel celny," +
		"gumruk musaviri,musavir,beyan sahibi,beyan eden,aangever,douaneagent,deklarant,deklaranta,διασαφιστης,διασαφιστη,εκτελωνιστης,митний брокер,брокер,таможенный представитель,таможенный брокер,мэдүүлэгч," +
		"المخلص,المخلص الجمركي,ភ្នាក់ងារគយ,អ្នកប្រកាស,ຜູ້ແຈ້ງ,ကြေညာသူ"},
	{sense{subject: "forwarder"}, "spediteurs,spedition,spedytor,spedytora,nakliye komisyoncusu,nakliye acentesi,tasima isleri organizatoru,speditor,speditér,експедитор,экспедитора,وكيل الشحن,тээвэр зууч"},
	{sense{subject: "carrier"}, "beforderer,befoerderer,beforderers,frachtfuhrer,frachtfuehrer,reederei,vettore,trasportatore,przewoznik,przewoznika,armator,tasiyici,tasiyan,nakliyeci,vervoerder,rederij,dopravce,dopravci,prepravce," +
		"μεταφορεας,μεταφορεα,перевізник,перевізника,перевозчика,тасымалдаушы,тээвэрлэгч,الناقل,شركة الشحن,الخط الملاحي,អ្នកដឹកជញ្ជូន,ຜູ້ຂົນສົ່ງ,သယ်ယူပို့ဆောင်သူ"},
	// Places.
	{sense{subject: "origin"}, "ursprung,ursprungsland,ursprungs,pochodzenia,kraj pochodzenia,mense,mensei,mense ulke,mense ulkesi,oorsprong,oorsprongsland,puvodu,zeme puvodu,povodu,καταγωγης,χωρα καταγωγης,походження,країна походження," +
		"шығарылған,шығарылған ел,шығарылған елі,шыққан елі,гарал үүсэл,гарал үүслийн,гарал үүслийн улс,المنشأ,بلد المنشأ,ប្រទេសដើម,ប្រទេសកំណើត,ປະເທດກຳເນີດ,မူလနိုင်ငံ,မူရင်းနိုင်ငံ"},
	{sense{subject: "departure"}, "жөнелтуші ел,ачуулсан улс,ປະເທດຕົ້ນທາງ,တင်ပို့သည့်နိုင်ငံ,တင်ပို့နိုင်ငံ,versendungsland,versandland,ausfuhrland,abgangsland,abgangsort,paese spedizione,paese esportazione,provenienza,wysylki,kraj wysylki,kraj eksportu,cikis ulkesi,sevk ulkesi,gonderen ulke,ihracatci ulke," +
		"verzending,land verzending,odeslani,zeme odeslani,zeme vyvozu,χωρα αποστολης,χωρα εξαγωγης,відправлення,країна відправлення,отправления,страна отправления,жөнелту елі,жөнелтілген ел,илгээсэн улс,илгээсэн," +
		"بلد التصدير,بلد الشحن,بلد المصدر,ប្រទេសនាំចេញ,ປະເທດສົ່ງອອກ,ပို့ကုန်နိုင်ငံ"},
	{sense{subject: "destination"}, "bestimmungsland,bestimmungsort,bestimmung,destinazione,paese destinazione,przeznaczenia,kraj przeznaczenia,varis ulkesi,gidecegi ulke,varis yeri,bestemming,land bestemming,bestemmingsland,urceni,zeme urceni," +
		"προορισμου,χωρα προορισμου,προορισμος,призначення,країна призначення,страна назначения,межелі,межелі ел,межелі елі,хүрэх улс,хүрэх газар,المقصد,بلد المقصد,الوجهة,ប្រទេសគោលដៅ,ປະເທດປາຍທາງ,ဦးတည်နိုင်ငံ"},
	{sense{subject: "office"}, "zollstelle,zollamt,hauptzollamt,ufficio doganale,dogana,ufficio dogane,urzad celny,urzad celno skarbowy,oddzial celny,gumruk idaresi,gumruk mudurlugu,gumruk,douanekantoor,celni urad,τελωνειο,τελωνειου," +
		"митниця,митний пост,митний орган,таможенный орган,кеден,кеден органы,кеден бекеті,гаалийн газар,гааль,المركز الجمركي,الجمرك,المنفذ,ការិយាល័យគយ,គយ,ດ່ານພາສີ,ດ່ານ,အကောက်ခွန်ရုံး"},
	{sense{subject: "loading"}, "ladehafen,verladehafen,einladehafen,beladehafen,verladeort,imbarco,porto imbarco,porto carico,zaladunku,port zaladunku,yukleme limani,yukleme yeri,laadhaven,nakladky,pristav nakladky,φορτωσης,λιμανι φορτωσης," +
		"порт завантаження,завантаження,порт погрузки,погрузки,тиеу порты,ачих боомт,ميناء الشحن,ميناء التحميل,កំពង់ផែផ្ទុក,ທ່າເຮືອຕົ້ນທາງ,တင်ဆိပ်ကမ်း"},
	{sense{subject: "discharge"}, "loschhafen,loeschhafen,entladehafen,ausladehafen,ankunftshafen,sbarco,porto sbarco,porto scarico,wyladunku,port wyladunku,bosaltma limani,tahliye limani,varis limani,loshaven,vykladky,pristav vykladky," +
		"εκφορτωσης,λιμανι εκφορτωσης,порт вивантаження,вивантаження,порт розвантаження,порт выгрузки,выгрузки,түсіру порты,буулгах боомт,ميناء التفريغ,ميناء الوصول,កំពង់ផែទម្លាក់,ທ່າເຮືອປາຍທາງ,ချဆိပ်ကမ်း"},
	// Goods and things.
	{sense{subject: "commodity", property: ID}, "warennummer,zolltarifnummer,tarifnummer,warencode,warentarifnummer,kn code,codice merce,voce doganale,codice doganale,codice nc,voce tariffaria,codice taric,kod towaru,kod cn,kod taric,kod pcn," +
		"kod hs,gtip,gtip no,gtip kodu,goederencode,gn code,tariefcode,kod zbozi,celni nomenklatura,sazebni zarazeni,κωδικος εμπορευματος,κωδικος εμπορευματων,δασμολογικη κλαση,κωδικος taric,κωδικος σο," +
		"код уктзед,уктзед,код укт зед,код товару,код товара,тнвэд,код тнвэд,тауар коды,сэқ тн,сэқ тн коды,бткус,бткус код,барааны код,البند الجمركي,رمز النظام المنسق,النظام المنسق,بند التعريفة,التعرفة," +
		"លេខកូដទំនិញ,កូដទំនិញ,ລະຫັດສິນຄ້າ,ကုန်ပစ္စည်းကုဒ်,тауар кодының,ລະຫັດພາສີ,លេខកូដពន្ធ"},
	{sense{subject: "equipment", property: ID}, "containern,contenitore,sigla contenitore,kontener,kontenera,numer kontenera,konteyner,konteyner no,konteyner numarasi,kontejner,kontejneru,εμπορευματοκιβωτιο,εμπορευματοκιβωτιου,κοντεινερ," +
		"контейнер,контейнера,чингэлэг,чингэлгийн,الحاوية,رقم الحاوية,الحاويات,កុងតឺន័រ,លេខកុងតឺន័រ,ຕູ້ຄອນເທນເນີ,ຕູ້,ကွန်တိန်နာ,ကွန်တိန်နာအမှတ်,контейнердің,ໝາຍເລກຕູ້,ໝາຍເລກຕູ້ຄອນເທນເນີ,ကွန်တိန်နာနံပါတ်"},
	{sense{subject: "seal", property: ID}, "plombe,plomben,siegel,siegels,zollverschluss,sigillo,sigilli,plomba,plomby,muhur,muhur no,zegel,zegels,verzegeling,uzaver,zaver,σφραγιδα,σφραγιδας,пломба,пломби,пломбы,лац,ломбо,الختم,رقم الختم," +
		"ត្រា,ຊີລ,ပလုံး,пломбаның,лацны,ломбоны,លេខត្រា,ເລກຊີລ"},
	{sense{subject: "vessel", property: Name}, "schiff,schiffs,schiffsname,statek,statku,gemi,gemi adi,schip,lod,lodi,πλοιο,πλοιου,судна,кеме,усан онгоц,хөлөг,السفينة,اسم السفينة,الباخرة,កប៉ាល់,ឈ្មោះកប៉ាល់,ກຳປັ່ນ,ເຮືອ,သင်္ဘော,သင်္ဘောအမည်,кеменің,នាវា,ឈ្មោះនាវា,ຊື່ເຮືອ"},
	// The consignment.
	{sense{Consignment, Number, false}, "mrn,nr mrn,mrn nr,zollanmeldung,zollanmeldung nr,anmeldenummer,registriernummer,dichiarazione,numero dichiarazione,dichiarazione doganale,bolletta,bolletta doganale,zgloszenie,zgloszenia,numer zgloszenia," +
		"nr zgloszenia,nr sad,beyanname,beyanname no,tescil,tescil no,aangifte,aangiftenummer,prohlaseni,cislo prohlaseni,celni prohlaseni,διασαφηση,διασαφησης,декларації,декларація,номер мд,мд,вмд,декларация,декларации,гтд,дт," +
		"мэдүүлэг,мэдүүлгийн,мэдүүлгийн дугаар,البيان,رقم البيان,البيان الجمركي,رقم البيان الجمركي,ប្រតិវេទន៍,លេខប្រតិវេទន៍,ໃບແຈ້ງ,ເລກທີໃບແຈ້ງ,ကြေညာလွှာ,ကြေညာလွှာအမှတ်,декларацияның,кедендік декларация,លេខប្រតិវេទន៍គយ,ប្រតិវេទន៍គយ,ໃບແຈ້ງພາສີ,ເລກທີໃບແຈ້ງພາສີ,အကောက်ခွန်ကြေညာလွှာ"},
	{sense{Consignment, Document, false}, "frachtbrief,konnossement,ladeschein,polizza carico,lettera vettura,konosament,konosamentu,list przewozowy,konsimento,konsimento no,tasima senedi,cognossement,vrachtbrief,nakladni list,φορτωτικη,φορτωτικης," +
		"коносамент,коносамента,накладна,накладная,накладной,البوليصة,بوليصة الشحن,رقم البوليصة"},
	{sense{Consignment, Date, false}, "anmeldedatum,annahmedatum,uberlassungsdatum,ueberlassungsdatum,abfertigungsdatum,einfuhrdatum,ausfuhrdatum,eingangsdatum,ankunftsdatum,ankunft,tarih,tarihi,aangiftedatum,aanvaardingsdatum,aankomstdatum," +
		"ημερομηνια,күні,огноо,التاريخ,កាលបរិច្ឆេទ,ថ្ងៃខែ,ວັນທີ,ရက်စွဲ,နေ့စွဲ,тіркелген күні,шығарылған күні,бүртгэсэн огноо,мэдүүлсэн огноо,កាលបរិច្ឆេទចុះបញ្ជី,កាលបរិច្ឆេទប្រកាស,ວັນທີແຈ້ງ,ວັນທີລົງທະບຽນ,ကြေညာသည့်ရက်စွဲ,မှတ်ပုံတင်သည့်ရက်စွဲ"},
	{sense{Consignment, "value", false}, "wert,warenwert,zollwert,statistischer wert,rechnungsbetrag,rechnungswert,betrag,valore,valore dogana,valore statistico,importo,importo fattura,wartosc,wartosc celna,wartosc faktury,wartosc statystyczna,kwota," +
		"kiymet,kiymeti,gumruk kiymeti,istatistiki kiymet,fatura bedeli,bedel,bedeli,tutar,tutari,waarde,douanewaarde,statistische waarde,factuurbedrag,factuurwaarde,bedrag,hodnota,celni hodnota,statisticka hodnota,castka," +
		"fakturovana castka,αξια,δασμολογητεα αξια,στατιστικη αξια,вартість,митна вартість,фактурна вартість,статистична вартість,құн,құны,кедендік құны,үнэ,гаалийн үнэ,үнийн дүн,القيمة,القيمة الجمركية,المبلغ,តម្លៃ,ມູນຄ່າ,တန်ဖိုး," +
		"valor aduana,valor aduanero,valor aduaneiro,valeur douane,valor estadistico,valeur statistique,valor factura,montant facture,nilai pabean,tri gia tinh thue,完税价格,課税価格,과세가격,фактуралық құны,តម្លៃគិតពន្ធ,តម្លៃគយ,ມູນຄ່າພາສີ,ມູນຄ່າແຈ້ງພາສີ"},
	{sense{Consignment, "currency", false}, "wahrung,waehrung,valuta,waluta,doviz,doviz cinsi,doviz kodu,para birimi,mena,νομισμα,валют,العملة,រូបិយប័ណ្ណ,ສະກຸນເງິນ,ငွေကြေး,валюта коды,валютын төрөл,валютын код,ငွေကြေးအမျိုးအစား"},
	{sense{Consignment, "gross_mass", false}, "rohmasse,rohgewicht,bruttogewicht,bruttomasse,brutto,gewicht,massa lorda,peso lordo,lordo,masa brutto,waga brutto,brut agirlik,brut kg,brut,agirlik,brutogewicht,brutomassa,hruba hmotnost,hmotnost," +
		"μεικτο βαρος,μικτο βαρος,βαρος,вага брутто,маса брутто,масса брутто,брутто,вага,вес,брутто салмағы,салмағы,бохир жин,жин,الوزن القائم,الوزن الإجمالي,الوزن,ទម្ងន់សរុប,ទម្ងន់,ນ້ຳໜັກລວມ,ນ້ຳໜັກ,စုစုပေါင်းအလေးချိန်,အလေးချိန်,салмағы брутто,нийт жин"},
	{sense{Consignment, "net_mass", false}, "eigenmasse,eigengewicht,nettogewicht,nettomasse,massa netta,peso netto,masa netto,waga netto,net agirlik,nettomassa,cista hmotnost,καθαρο βαρος,вага нетто,маса нетто,масса нетто,нетто,нетто салмағы," +
		"цэвэр жин,الوزن الصافي,ទម្ងន់សុទ្ធ,ນ້ຳໜັກສຸດທິ,အသားတင်အလေးချိန်"},
	{sense{Consignment, "quantity", false}, "menge,stuckzahl,stueckzahl,quantita,ilosc,miktar,miktari,hoeveelheid,mnozstvi,ποσοτητα,кількість,саны,тоо хэмжээ,тоо,الكمية,បរិមាណ,ចំនួន,ປະລິມານ,ຈຳນວນ,အရေအတွက်,ပမာဏ,мөлшері,тоо ширхэг"},
	{sense{Consignment, "unit", false}, "einheit,masseinheit,unita misura,jednostka,jednostka miary,birim,birimi,olcu birimi,eenheid,merna jednotka,μοναδα μετρησης,одиниця,одиниця виміру,единица измерения,өлшем бірлігі,хэмжих нэгж,وحدة القياس,ឯកតា,ຫົວໜ່ວຍ"},
	{sense{Consignment, "packages", false}, "packstucke,packstuecke,anzahl packstucke,kolli,colli,numero colli,aantal colli,liczba opakowan,liczba sztuk,opakowan,kap,kap adedi,kap sayisi,koli,pocet baleni,pocet nakladovych kusu,pocet kusu,δεματων,δεματα," +
		"αριθμος δεματων,кількість місць,количество мест,число мест,орын саны,عدد الطرود,الطرود,орындар саны,баглаа боодол,баглаа боодлын тоо,កញ្ចប់,ចំនួនកញ្ចប់,ຫີບຫໍ່,ຈຳນວນຫີບຫໍ່,အထုပ်,အထုပ်အရေအတွက်"},
	{sense{Consignment, "package_type", false}, "art packstucke,verpackung,verpackungsart,natura colli,tipo colli,imballaggio,rodzaj opakowan,rodzaj opakowania,kap cinsi,ambalaj,ambalaj cinsi,soort colli,verpakking,soort verpakking,druh obalu,druh nakladovych kusu," +
		"ειδος δεματων,ειδος συσκευασιας,вид упаковки,тип упаковки,نوع الطرود,نوع التغليف"},
	{sense{Consignment, "description", false}, "warenbezeichnung,warenbeschreibung,ware,waren,merce,merci,descrizione,descrizione merci,descrizione merce,towar,towaru,opis,opis towaru,nazwa towaru,esya,esyanin,esya tanimi,esyanin tanimi,ticari tanim,tanim," +
		"malin cinsi,omschrijving,omschrijving goederen,goederen,goederenomschrijving,zbozi,popis,popis zbozi,περιγραφη,περιγραφη εμπορευματων,εμπορευματα,опис,опис товару,товар,товару,найменування товару,наименование товара," +
		"тауардың,тауардың атауы,тауар,тауар атауы,тауар сипаттамасы,сипаттама,бараа,барааны,барааны нэр,барааны тодорхойлолт,البضاعة,وصف البضاعة,نوع البضاعة,الصنف,ទំនិញ,ឈ្មោះទំនិញ,បរិយាយទំនិញ,ສິນຄ້າ,ຊື່ສິນຄ້າ,ລາຍການສິນຄ້າ," +
		"ကုန်ပစ္စည်း,ကုန်ပစ္စည်းအမည်,тауардың сипаттамасы,сипаттамасы,барааны нэр төрөл,нэр төрөл,ការពិពណ៌នា,ការពិពណ៌នាទំនិញ,ពិពណ៌នាទំនិញ,ລາຍລະອຽດສິນຄ້າ,ລາຍລະອຽດ,ကုန်ပစ္စည်းအမျိုးအမည်"},
	{sense{Consignment, "incoterm", false}, "lieferbedingung,lieferbedingungen,condizioni consegna,termini resa,warunki dostawy,teslim sekli,leveringsvoorwaarden,leveringsconditie,dodaci podminky,dodaci podminka,οροι παραδοσης,умови поставки," +
		"условия поставки,жеткізу шарттары,хүргэлтийн нөхцөл,شروط التسليم"},
	{sense{Consignment, "procedure", false}, "verfahren,verfahrenscode,zollverfahren,procedura,procedura celna,rejim,rejim kodu,regeling,douaneregeling,rezim,celni rezim,καθεστως,τελωνειακο καθεστως,режим,митний режим,таможенный режим,таможенная процедура," +
		"кедендік рәсім,الوضع الجمركي,النظام الجمركي"},
	{sense{Consignment, "mode", false}, "verkehrszweig,transportart,beforderungsart,modo trasporto,mezzo trasporto,rodzaj transportu,srodek transportu,tasima sekli,vervoerswijze,vervoermiddel,druh dopravy,τροπος μεταφορας,вид транспорту,вид транспорта," +
		"طريقة النقل,وسيلة النقل"},
	{sense{Consignment, "plate", false}, "kennzeichen,fahrzeugkennzeichen,kennzeichen lkw,targa,numer rejestracyjny,nr rejestracyjny,numer rejestracyjny pojazdu,plaka,plakasi,arac plakasi,kenteken,spz,registracni znacka,πινακιδα,αριθμος κυκλοφοριας," +
		"номер транспортного засобу,державний номер,держномер,госномер,номер тс,номер машины,көлік нөмірі,машины дугаар,رقم اللوحة,رقم المركبة,ផ្លាកលេខ,ທະບຽນລົດ,ယာဉ်အမှတ်,көлік құралының нөмірі,көліктің нөмірі,мемлекеттік нөмірі,улсын дугаар,тээврийн хэрэгслийн дугаар,тээврийн хэрэгслийн улсын дугаар,ស្លាកលេខ,ປ້າຍທະບຽນລົດ,ປ້າຍລົດ"},
	{sense{Consignment, Result, false}, "ergebnis,prufergebnis,pruefergebnis,beschauergebnis,kontrollergebnis,befund,esito,esito controllo,risultato,wynik,wynik kontroli,sonuc,sonucu,muayene sonucu,uitslag,resultaat,controleresultaat,vysledek," +
		"vysledek kontroly,αποτελεσμα,αποτελεσμα ελεγχου,результат,результат огляду,результат досмотра,нәтиже,үр дүн,النتيجة,نتيجة المعاينة,نتيجة التفتيش,លទ្ធផល,ຜົນການກວດ,ရလဒ်,hasil,hasil pemeriksaan,keputusan,ket qua," +
		"ket qua kiem tra,ผลการตรวจ,검사결과,検査結果,查验结论"},
	// Properties.
	{sense{property: ID}, "nummer,numer,cislo,αριθμος,αρ,номер,нөмір,нөмірі,дугаар,رقم,លេខ,ເລກທີ,အမှတ်,kod,kodu,kodas,codice,vergi no,vergi numarasi,partita iva,p iva,codice fiscale,nip,regon,αφμ,едрпоу,єдрпоу,dic,ico,ust id,ust idnr," +
		"steuernummer,eori nr,бин,иин,унп,окпо,numero,регистр,ລະຫັດ,លេខកូដ,ကုဒ်,бсн,жсн,регистрийн,регистрийн дугаар,អត្តសញ្ញាណកម្ម,លេខអត្តសញ្ញាណកម្ម,អត្តសញ្ញាណកម្មសារពើពន្ធ,លេខអត្តសញ្ញាណកម្មសារពើពន្ធ,ເລກປະຈຳຕົວ,ເລກປະຈຳຕົວຜູ້ເສຍອາກອນ,ຜູ້ເສຍອາກອນ,ໝາຍເລກ,နံပါတ်,မှတ်ပုံတင်အမှတ်,ကုမ္ပဏီမှတ်ပုံတင်အမှတ်"},
	{sense{property: Name}, "nazwa,naam,nazev,ονομα,επωνυμια,назва,атауы,нэр,اسم,ឈ្មោះ,ຊື່,အမည်,adi,unvan,unvani,ragione sociale,denominazione,firmenname,naziv,denumire"},
	{sense{property: Address}, "anschrift,adresse,adres,adresu,adresi,adresa,indirizzo,διευθυνση,адреса,мекенжай,мекенжайы,хаяг,العنوان,អាសយដ្ឋាន,ທີ່ຢູ່,လိပ်စာ"},
	{sense{property: City}, "ort,stadt,citta,miasto,sehir,plaats,mesto,πολη,місто,қала,хот,المدينة"},
	{sense{property: Country}, "land,paese,kraj,ulke,ulkesi,zeme,χωρα,країна,ел,елі,улс,البلد,الدولة,ប្រទេស,ປະເທດ,နိုင်ငံ"},
	{sense{property: Postcode}, "plz,postleitzahl,kod pocztowy,posta kodu,psc,індекс,почтовый индекс"},
	{sense{property: Phone}, "telefon,telefonnummer,telefoon,telefono,τηλεφωνο,الهاتف,утас"},
	{sense{property: "born"}, "geburtsdatum,data nascita,data urodzenia,dogum tarihi,geboortedatum,datum narozeni,ημερομηνια γεννησης,дата народження,дата рождения,туған күні,төрсөн огноо,تاريخ الميلاد"},
	{sense{property: Account}, "konto,kontonummer,rekening,conto,ucet,hesap,hesap no,счет,рахунок,шот,данс,الحساب,رقم الحساب"},
}
