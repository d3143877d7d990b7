package draft

import (
	"strings"
	"sync"
)

// found are the words for what someone found when looking, folded. A word that two languages
// use for opposite things, such as the Greek for yes, which sounds like no, stands in its script.
var found = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, line := range foundWords {
		for word := range strings.SplitSeq(line.words, ",") {
			all[plainText(word)] = line.result
		}
	}
	return all
})

// foundWords list the words for each result, a language a line.
var foundWords = []struct{ result, words string }{
	{"hit", "1,y,yes,true,hit,positive,positive find,fraud,found,not ok,fail,failed,discrepancy,discrepancies,irregular,irregularity,irregularities,non compliant,not compliant," +
		"non conform,non conforming,mismatch,violation,infringement,offence,offense,contraband,smuggling,misdeclared,undeclared,concealed,adverse,with findings,finding,suspicious"},
	{"hit", "si,incidencia,con incidencia,con incidencias,incidencias,novedad,con novedad,irregularidad,no conforme,con observaciones,observado,discrepancia,diferencia,con diferencias," +
		"infraccion,con infraccion,contrabando,fraude,hallazgo,con hallazgo,con hallazgos,positivo,positiva"},
	{"hit", "sim,irregularidade,irregularidades,nao conforme,divergencia,com divergencia,divergente,infracao,autuado,autuacao,com irregularidade,com ocorrencia"},
	{"hit", "oui,infraction,irregularite,irreguliere,irregulier,anomalie,ecart,litige,contentieux,contrebande,positif,non conforme a la declaration,avec infraction"},
	{"hit", "ja,beanstandet,beanstandung,verstoss,abweichung,nicht konform,nicht in ordnung,unregelmassigkeit,unregelmaessigkeit,auffallig,auffaellig,mit befund,befund,treffer,schmuggel,positiv"},
	{"hit", "irregolare,irregolarita,difforme,difformita,violazione,infrazione,frode,contrabbando,discordanza,non regolare"},
	{"hit", "afwijking,overtreding,niet conform,onregelmatigheid,niet akkoord,niet in orde,smokkel"},
	{"hit", "tak,niezgodny,niezgodna,niezgodne,niezgodnosc,nieprawidlowosc,nieprawidlowosci,stwierdzono nieprawidlowosci,naruszenie,przemyt,pozytywny"},
	{"hit", "ano,nesoulad,poruseni,nesrovnalost,nevyhovuje,zjisteno poruseni,zavada"},
	{"hit", "evet,uygunsuz,uygun degil,aykiri,aykirilik,aykirilik var,usulsuzluk,ihlal,kacakcilik,kacak,uyumsuz,uyumsuzluk,tespit edildi,pozitif"},
	{"hit", "да,нарушение,есть нарушение,есть нарушения,выявлено,выявлено нарушение,выявлены нарушения,несоответствие,не соответствует,контрабанда,обнаружено,положительный"},
	{"hit", "так,порушення,виявлено,виявлено порушення,невідповідність,иә,бұзушылық,бұзушылық анықталды,сәйкес емес,тийм,зөрчил,зөрчилтэй,илэрсэн"},
	{"hit", "ναι,παραβαση,παρατυπια,διαφορα,μη συμμορφωση,نعم,مخالف,مخالفة,غير مطابق,تهريب,وجود مخالفة"},
	{"hit", "ya,tidak sesuai,pelanggaran,ada pelanggaran,temuan,ada temuan,tidak patuh,selisih,penyelundupan,positif,ada kesalahan,langgar,melanggar,tidak mematuhi,ketidaksesuaian"},
	{"hit", "co,vi pham,co vi pham,sai pham,khong dat,khong phu hop,phat hien vi pham,gian lan,buon lau,sai khai bao,khong dung"},
	{"hit", "ใช่,พบ,พบความผิด,ผิด,ผิดปกติ,ไม่ผ่าน,ไม่ถูกต้อง,ไม่ตรง,พบการกระทำผิด,ลักลอบ,ខុស,មានបញ្ហា,រកឃើញ,ຜິດ,ພົບ,ແມ່ນ,ချိုးဖောက်,တွေ့ရှိ"},
	{"hit", "是,有,异常,異常,不符,不合格,违规,違規,违法,違法,有问题,有問題,不一致,申报不实,申報不實,申报不符,申報不符,伪报,偽報,瞒报,瞞報,走私,涉嫌走私,命中,发现异常,發現異常,未通过,未通過,单货不符,單貨不符"},
	{"hit", "はい,有り,あり,異常あり,違反,違反あり,不適合,相違,相違あり,該当,該当あり,不備,不正"},
	{"hit", "예,위반,적발,불일치,부적합,이상,이상있음,이상 있음,불합격,있음,혐의,밀수,허위신고,불량"},

	{"seizure", "seizure,seized,detained,detention,confiscated,confiscation,forfeited,forfeiture,intercepted,impounded"},
	{"seizure", "incautacion,incautado,incautada,decomiso,decomisado,decomisada,comiso,aprehension,retenido,apreensao,apreendido,apreendida,perdimento,saisie,saisi,confisque"},
	{"seizure", "beschlagnahmt,beschlagnahme,sichergestellt,sicherstellung,einziehung,sequestro,sequestrato,sequestrata,confisca,confiscato,inbeslagname,in beslag genomen,beslag"},
	{"seizure", "zajecie,zajeto,zatrzymano,zatrzymanie,konfiskata,skonfiskowano,zajisteno,zabaveno,zabaveni,el konuldu,el koyma,elkoyma,yakalama,musadere"},
	{"seizure", "изъятие,изъято,задержание,задержано,арест,конфискация,вилучення,вилучено,затримано,тәркілеу,тәркіленді,хураан авсан,κατασχεση,κατασχεθηκε,ضبط,مضبوط,حجز,مصادرة"},
	{"seizure", "sitaan,penyitaan,disita,penindakan,tegahan,ditegah,penegahan,rampasan,dirampas,tangkapan,tich thu,tam giu,thu giu,bat giu"},
	{"seizure", "ยึด,ยึดของ,จับกุม,อายัด,រឹបអូស,ຍຶດ,ຢຶດ,သိမ်းဆည်း,查获,查獲,缉获,緝獲,扣押,扣留,没收,沒收,查扣,检获,檢獲,押収,差押,没収,압수,몰수,유치"},

	{"clear", "0,n,no,false,clear,cleared,negative,none,nil,ok,pass,passed,compliant,compliance,regular,released,in order,satisfactory,no finding,no findings,nothing found,no irregularity," +
		"no discrepancy,no offence,no violation,match,matched,conform,as declared,normal,accepted,good"},
	{"clear", "conforme,sin novedad,sin incidencia,sin incidencias,sin observaciones,sin infraccion,sin diferencias,sin hallazgo,sin hallazgos,negativo,negativa,correcto,levante,autorizado"},
	{"clear", "nao,sem irregularidade,sem irregularidades,sem divergencia,sem ocorrencia,sem ocorrencias,desembaracado,liberado,correto"},
	{"clear", "non,neant,rien a signaler,ras,reguliere,regulier,sans infraction,sans anomalie,negatif,mainlevee,admis conforme"},
	{"clear", "nein,ohne beanstandung,keine beanstandung,in ordnung,i.o.,konform,kein befund,ohne befund,unauffallig,unauffaellig,freigegeben,negativ,keine"},
	{"clear", "regolare,nessuna irregolarita,svincolato,nessuna,nessuno,nee,geen afwijking,geen,akkoord,in orde,vrijgegeven"},
	{"clear", "nie,zgodny,zgodna,zgodne,bez uwag,bez zastrzezen,prawidlowy,prawidlowe,brak,brak nieprawidlowosci,nie stwierdzono,zwolniono,negatywny"},
	{"clear", "ne,bez zavad,v poradku,vyhovuje,soulad,nezjisteno,propusteno,hayir,uygun,sorunsuz,temiz,aykirilik yok,uyumlu,tespit edilmedi,yok,negatif"},
	{"clear", "нет,без нарушений,нарушений нет,нарушений не выявлено,не выявлено,соответствует,норма,выпущено,выпуск разрешен,отрицательный,ні,без порушень,порушень не виявлено,відповідає,не виявлено"},
	{"clear", "жоқ,сәйкес,бұзушылық жоқ,анықталмады,үгүй,зөрчилгүй,хэвийн,илрээгүй,οχι,κανονικο,συμμορφο,καμια παραβαση,لا,مطابق,سليم,لا توجد مخالفة,لا يوجد"},
	{"clear", "tidak,tidak ada,sesuai,sesuai pemberitahuan,nihil,tidak ada pelanggaran,tidak ada temuan,patuh,negatif,tiada,tiada kesalahan,teratur,mematuhi"},
	{"clear", "khong,khong co,dat,phu hop,khong vi pham,khong phat hien,dung khai bao,thong quan,binh thuong,dung"},
	{"clear", "ไม่ใช่,ไม่พบ,ไม่พบความผิด,ผ่าน,ถูกต้อง,ปกติ,ตรง,ไม่มี,ត្រឹមត្រូវ,គ្មាន,ມີບໍ່,ບໍ່ພົບ,ຖືກຕ້ອງ,ບໍ່ແມ່ນ,မတွေ့ရှိ,မှန်ကန်"},
	{"clear", "否,无,無,没有,正常,合格,相符,通过,通過,放行,未发现,未发现异常,未發現異常,无异常,無異常,一致,符合,未见异常,未見異常,单货相符,單貨相符,查无异常"},
	{"clear", "いいえ,なし,無し,異常なし,適合,合格,適正,問題なし,相違なし,違反なし,該当なし"},
	{"clear", "아니오,아니요,정상,적합,일치,이상없음,이상 없음,없음,합격,통과,양호,무혐의,해당없음"},
}
