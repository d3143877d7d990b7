package draft

import (
	"slices"
	"strings"
	"sync"
)

// A Subject is what a column speaks of: a role of the vocabulary, or one of the
// words below.
type Subject string

// Subjects beside the roles of ties.
const (
	Nobody      Subject = ""
	Consignment Subject = "consignment"
	From        Subject = "from" // of a link
	To          Subject = "to"
	Record      Subject = "record"  // the one thing that a row of a register is about
	Suspect     Subject = "suspect" // in whose hands something was found
	Officer     Subject = "officer" // who acts for a company, or owns it
	Haulier     Subject = "haulier" // a carrier on land, beside that on the water
	Driver      Subject = "driver"
)

// A Property is what a column says of its subject.
type Property string

// Properties. Of the consignment, Number, Document and Date place it, and any other
// is a field.
const (
	None     Property = ""
	ID       Property = "id"
	Name     Property = "name"
	Alias    Property = "alias"
	Address  Property = "address"
	City     Property = "city"
	Country  Property = "country"
	Phone    Property = "phone"
	Email    Property = "email"
	Postcode Property = "postcode"
	Number   Property = "number"
	Document Property = "document"
	Date     Property = "date"
	Part     Property = "part"   // a shorter form of what another column holds whole
	Result   Property = "result" // what someone found when looking
	Account  Property = "account"
	Position Property = "position" // of an officer
	Since    Property = "since"
	Until    Property = "until"
	Founded  Property = "founded" // the day of a company's registration
)

// sense is what a word can mean. A word may speak of a subject, of a property, or
// of both.
type sense struct {
	subject  Subject
	property Property
	weak     bool // gives way to any other subject in the same name
}

// vocable is a sense with the words that have it.
type vocable struct {
	sense
	words string
}

// vocabulary lists senses with the words of the trade that have them, folded: no
// capitals, no diacritics. A phrase of several words stands with spaces.
var vocabulary = []vocable{
	// Parties.
	{sense{subject: "importer"}, "importer,imp,importador,importadora,importateur,importeur,importatore,pengimpor,nha nhap khau,进口商,進口商,进口人,輸入者,수입자,수입업자,импортер,納稅義務人,纳税义务人,importir,nguoi nhap khau,进口公司,수입화주,수입사,輸入業者,pengimport,nama pengimport,ผู้นำเข้า,ชื่อผู้นำเข้า"},
	{sense{subject: "exporter"}, "exporter,exp,exportador,exportadora,exportateur,exporteur,esportatore,pengekspor,nha xuat khau,出口商,出口人,輸出者,수출자,экспортер,eksportir,nguoi xuat khau,出口公司,수출사,수출업자,輸出業者,pengeksport,ผู้ส่งออก,ชื่อผู้ส่งออก"},
	{sense{subject: "importer", weak: true}, "buyer,comprador,acheteur,pembeli,買方,买方,구매자,покупатель"},
	{sense{subject: "exporter", weak: true}, "supplier,seller,vendor,vendedor,proveedor,fornecedor,fournisseur,vendeur,penjual,manufacturer,供应商,供應商,卖方,賣方,판매자,поставщик,продавец,pemasok,nha cung cap,공급자,공급처"},
	{sense{subject: "consignee"}, "consignee,cnee,receiver,recipient,consignatario,destinatario,destinataire,penerima,收货人,收貨人,荷受人,수하인,получатель,получателя,cnee name,addressee,收货公司,收貨公司,收货方,收貨方,nguoi nhan,화주,ผู้รับสินค้า,penerima barang"},
	{sense{subject: "consignor"}, "consignor,shipper,sender,depositor,embarcador,remitente,expediteur,chargeur,pengirim,发货人,發貨人,荷送人,송하인,отправитель,отправителя,shpr,付货公司,付貨公司,付货人,付貨人,发货公司,發貨公司,托运人,托運人,nguoi gui,sender name,emitente,ผู้ส่งสินค้า"},
	{sense{subject: "notify_party"}, "notify party,notify,nortify party,ntfy,ntfy party,also notify,通知先,notify name,notificado,通知人,通知方,着荷通知先,통지처"},
	{sense{subject: "declarant"}, "declarant,broker,ship agent,ship s agent,vessel agent,port agent,local agent,cha,customs broker,customs agent,clearing agent,clearing agency,agent,agency,agente,despachante,agente aduanal,agente de aduana,declarante,commissionnaire,transitaire,報關行,报关行,通関業者,관세사,신고인,декларант,報關人,报关人,ppjk,khai thue,ejen,ejen kastam,ตัวแทนออกของ"},
	{sense{subject: "carrier"}, "carrier,courier,transport company,transport company name,shipping line,shipping agency,airline,transporter,porteador,transportista,transporteur,empresa transporte,cia transporte,承运人,承運人,運送人,운송인,перевозчик,line op,line operator,liner,船公司,선사,hang tau"},
	{sense{subject: "forwarder"}, "forwarder,freight forwarder,agente carga,agentes carga,agente carga internacional,agente embarcador,agente transitario,transitario,agente transporte,cargo agent,freight agent,spediteur,spedizioniere,expediteur transitaire,forwarding agent,consolidator,nvocc,embarcador consolidador,货代,貨代,フォワーダー,포워더,экспедитор"},
	{sense{subject: Haulier}, "haulier,hauler,haulage,trucking,trucking co,trucking company,truck operator,trucker"},
	{sense{subject: Driver}, "driver,driver name,motorista,conductor,chauffeur,sopir,pengemudi,lai xe,tai xe,司机,司機,운전자,運転手,водитель"},
	{sense{subject: Officer}, "officer,director,shareholder,beneficial owner,psc,legal representative,dirigeant,representante legal,direktur,nguoi dai dien,董事,股東,股东,法定代表人,负责人,負責人,대표자,대표이사,役員"},
	{sense{subject: "importer", weak: true}, "company,trader,firm,empresa,societe,perusahaan,trade party"},
	// Places.
	{sense{subject: "origin"}, "origin,origen,origem,origine,orige,org,asal,原产国,原產地,原产地,原産地,원산지,происхождения,xuat xu,nuoc xuat xu,ประเทศกำเนิด,원산국"},
	{sense{subject: "departure"}, "departure,dispatch,despatch,consignment country,country consignment,country last consignment,country export,export country,exporting country,country shipment,provenance,procedencia,procedence,acquisition country,adquisicion,trading country,pais adquirente,출발국,起运国,起運地,last port,previous port,prior port,起運口岸,启运口岸,port last,ports last,启运国,起運國,적출국,nuoc xuat khau,municipio origem,cidade origem,orgn,origin airport"},
	{sense{subject: "loading"}, "loading,lading,port loading,pol,load port,loading port,port shipment,shipment port,origin port,embarque,embarq,puerto embarque,port chargement,foreign port lading,起运港,裝貨港,装货港,積港,선적항,pel muat,pelabuhan muat,cang xep hang,cang boc hang,ports load,port load,裝船港,起運港,積地,船積港"},
	{sense{subject: "discharge"}, "discharge,unloading,unlading,landing,pod,discharge port,unloading port,port discharge,port entry,entry port,import port,desembarque,descarga,puerto desembarque,port dechargement,卸货港,卸貨港,揚港,양륙항,pel bongkar,pelabuhan bongkar,cang do hang,양하항,揚地,陸揚港,荷揚港,pelabuhan masuk"},
	{sense{subject: "destination"}, "destination,destino,des,final destination,place delivery,delivery place,delivery point,目的地,目的港,仕向地,목적지,назначения,next port,onward port,port next,ports next,fnd,final dest,dstn,目的国,目的國,tujuan,municipio destino,cidade destino"},
	{sense{subject: "transit"}, "transit,transito,via,transhipment,transshipment,trasbordo"},
	{sense{subject: "office"}, "customs office,custom office,customs,custom,aduana,adu,douane,bureau,office,customs clearance office,entry office,exit office,station,custom house,customs post,customs point,海关,海關,税関,세관,таможня,kantor pabean,kantor,chi cuc hai quan,hai quan,cuc hai quan,unidade rfb,ด่านศุลกากร,ด่าน,таможенный пост,税関官署"},
	{sense{subject: "transit", weak: true}, "port call,terminal,depot,facility,berth,gate,yard,location"},
	{sense{subject: "discharge", weak: true}, "port,puerto,porto,pelabuhan,cang,港口"},
	// Goods and things.
	{sense{subject: "commodity", property: ID}, "hs,hs code,hscode,hs6,hs8,hs10,hts,hts code,tariff,tariff code,tariff item,ncm,nandina,nandi,part nandi,partida,partida arancelaria,arancel,sac,taric,nomenclature,nomenclature code,commodity code,cn code,itc hs,ritc,cth,item hs,ma hs,pos tarif,kod tarif,พิกัดศุลกากร,พิกัด,統計番号,税号,税則号,稅號,商品编码,品目番号,統計品目番号,hs부호,품목번호,тн вэд,код тн вэд"},
	{sense{subject: "commodity", property: Name}, "hs description,hs code description,hs code desc,hs code item description,hs product description,tariff description,commodity description,heading description"},
	{sense{subject: "commodity", property: Part}, "chapter,heading,hs2,hs4,two digits,four digits,section"},
	{sense{subject: "equipment", property: ID}, "container,container no,container number,container id,equipment number,equipment id,contenedor,conteneur,kontainer,集装箱号,箱号,櫃號,コンテナ番号,컨테이너번호,cntr,cntr no,cntr number,ctnr,ctnr no,ctr no,cont no,container nbr,貨櫃,貨櫃號碼,货柜,货柜号,no cont,no container,cont,containers,peti kemas,no peti kemas,so container,so cont,kontainer no,no kontainer,conteiner,貨櫃編號,货柜编号,集装箱,集裝箱,컨테이너,ctnr nos,container nos,no kontena,kontena,หมายเลขตู้,コンテナ"},
	{sense{subject: "seal", property: ID}, "seal,seal number,seal no,precinto,sello,lacre,scelle,封条,封條,シール,seal nbr,封號,封号,봉인,no segel,segel"},
	{sense{subject: "vessel", property: Name}, "vessel,vessel name,ship,ship name,nave,buque,navire,navio,kapal,conveyance,plane,aircraft,船名,선박명,судно,vsl,vsl name,m v,feeder,船舶,船舶名称,运输工具名称,運輸工具名稱,선명,sarana pengangkut,ten tau,tau,本船名,本船,ชื่อเรือ,nama kapal"},
	{sense{subject: "vessel", property: ID}, "imo,imo number,imo no,vessel imo,vessel id"},
	{sense{subject: "equipment", property: "equipment_type"}, "iso type,container type,ctnr type,cntr type,type size,size type,箱型"},
	{sense{subject: "vessel", property: "mmsi"}, "mmsi,mmsi number"},
	{sense{subject: "vessel", property: "call_sign"}, "call sign,callsign,radio call sign"},
	{sense{subject: "vessel", property: "flag"}, "flag,flag state,vessel flag,bandera,bandeira,pavillon"},
	// The consignment: what names it.
	{sense{Consignment, Number, false}, "port call id,port call no,call id,visit id,visit no,visit ref,declaration,declaracion,nro declaracion,no declaracion,declaracao,pedimento,folio,aju,declaration number,declaration no,declaration id,declaration form no,decl no,entry,entry number,entry no,bill entry,boe,boe no,be no,be number,shipping bill,sb no,dua,dua number,dau,sad,no sad,no vmd,vmd,tansad no,customs declaration,document no,registration number,registration no,numero declaracion,numero aceptacion,nume corre,numencriptado,refrendo,manifest entry,bl no,报关单号,報單號碼,申告番号,신고번호,номер декларации,номер дт,so to khai,no pib,no aju,nomor aju,nomor pendaftaran,no pengajuan,nomor pengajuan,화물관리번호,shipment id,shipment no,shipment number,shipment ref,consignment no,consignment id,job no,file no,no borang,เลขที่ใบขนสินค้า,ใบขนสินค้า"},
	{sense{Consignment, Document, false}, "bill no,bill number,bill lading,bill of lading,bill lading number,bl,bol,b l,bl number,bl no,b l number,bill of lading number,master bol,house bol,master bl,house bl,mbl,hbl,awb,hawb,mawb,air waybill,waybill,way bill,consignment note,cmr,warehouse receipt,warehouse receipt number,warehouse warrant,dock receipt,仓单,倉單,conocimiento,conocimiento emb,num conoc,connaissement,提单号,提單號碼,船荷証券,선하증권,so van don,提单,提單,提运单,提運單,运單,運單"},
	{sense{Consignment, Date, false}, "date,fecha,fech,fec,data,datum,jour,tanggal,ngay,eta,etd,arrival,registration date,declaration date,import date,imp date,export date,exp date,arrival date,shipment date,assessment date,release date,day,日期,年月日,날짜,일자,дата,報關日期,报关日期,ata,atd,move time,event time,event date,date time,timestamp,start time,call time,call date,tgl,tarikh,ngay dang ky,wanthi,exam date,inspection date,วันที่,วันที่นำเข้า,start date,入港日,出港日,tarikh daftar,emissao,data emissao,posting date,valid from,dt,반입일자,일시,时间,時間,thoi gian,on board,sailing date,value date,value dt"},
	// The consignment: its fields.
	{sense{Consignment, "value", false}, "value,total value,valor,valeur,nilai,amount,invoice value,invoice amount,customs value,statistical value,total amount,货值,價值,金额,価格,금액,가격,стоимость,tri gia,val,amt,avaluo,decl val,declared value,申报价值,申報價值,价值,金額,案值,valor estimado,таможенная стоимость,มูลค่า,ราคา"},
	{sense{Consignment, "fob", false}, "fob,fob value,valor fob,離岸價格,离岸价格,離岸價"},
	{sense{Consignment, "cif", false}, "cif,cif value,valor cif,ราคา cif,c f,起岸價格,到岸价格,完稅價格"},
	{sense{Consignment, "unit_price", false}, "unit price,unit value,price,precio,prix,harga,单价,單價,単価,단가,цена"},
	{sense{Consignment, "gross_mass", false}, "gross weight,gross mass,gross kg,gross kilo,gross,peso bruto,poids brut,berat kotor,weight,mass,kilos,kg,peso,poids,毛重,總重,총중량,вес брутто,kgs,gross kgs,gw,grs wt,gross wt,wt,wgt,wgtkg,wgt kg,bruto,vgm,chg wt,chargeable weight,重量,중량,berat,berat bruto,trong luong,총중량,น้ำหนัก,น้ำหนักรวม"},
	{sense{Consignment, "net_mass", false}, "net weight,net mass,net kg,net kilo,peso neto,peso liquido,poids net,berat bersih,净重,淨重,순중량,вес нетто,nw,net wt,net kgs,netto,berat netto,น้ำหนักสุทธิ"},
	{sense{Consignment, "tonnes", false}, "tonnes,tonnage,metric tons"},
	{sense{Consignment, "quantity", false}, "quantity,qty,qty mt,cantidad,quantidade,quantite,jumlah,so luong,commercial quantity,数量,數量,수량,количество,qtde,kuantiti,ปริมาณ,จำนวน"},
	{sense{Consignment, "unit", false}, "unit,uom,quantity unit,unit quantity,unit measure,measure unit,unidad,unidade,unite,satuan,单位,單位,단위,计量单位,計量單位,unidad medida,don vi tinh,don vi,unid"},
	{sense{Consignment, "packages", false}, "packages,package,number packages,bultos,colis,qty packages,package quantity,pckg,pieces,件数,件數,個数,포장개수,pkgs,pkg,no pkgs,ctns,cartons,pcs,jumlah kemasan,kemasan,포장수량"},
	{sense{Consignment, "package_type", false}, "package type,nature colis,package unit,packages description,kind packages,包装,包裝"},
	{sense{Consignment, "description", false}, "description,product description,goods description,product,goods,goods shipped,commercial description,commodity,item description,mercaderia,mercancia,mercadoria,descripcion,descricao,designation,uraian,品名,货名,貨名,商品名,품명,описание,貨物名稱,货物名称,desc,desc goods,nature goods,nature marchandise,marchandise,goods name,품목,货物,貨物,货品,貨品,貨品說明,申报品名,uraian barang,barang,tang vat,hang hoa,ten hang,说明,說明,perihal barang,perihal,contents,produto,ชนิดสินค้า,สินค้า,описание товара"},
	{sense{Consignment, "currency", false}, "currency,currency code,moneda,moeda,devise,mata uang,币种,幣別,通貨,통화,валюта,ccy,curr,cur"},
	{sense{Consignment, "mode", false}, "mode,transport,transport mode,mode transport,transport type,via transporte,via transp,mode of transportation,conveyance mode,moyen transport,运输方式,運輸方式,운송수단"},
	{sense{Consignment, "procedure", false}, "procedure,regime,cpc,customs procedure,procedure code,regimen,贸易方式,貿易方式,거래구분"},
	{sense{Consignment, "incoterm", false}, "incoterm,incoterms,terms delivery,delivery term,sale condition,clausula,成交方式"},
	{sense{Consignment, "freight", false}, "freight,flete,frete,fret,frt"},
	{sense{Consignment, "insurance", false}, "insurance,seguro,assurance"},
	{sense{Consignment, "voyage", false}, "voyage,voyage number,viaje,航次,voy,voy no,voyage no,flt no,flight,flight no,flight number,항차,chuyen,航海番号,次航"},
	{sense{Consignment, Result, false}, "result,outcome,fraud,finding,hit,seizure,seized,infraction,offence,inspection result,examination result,resultado,infraccion,fraude,结果,查验结果,結果,detention,detained,confiscation,confiscated,incautacion"},
	{sense{Consignment, "item", false}, "item,item number,item no,line,line number,serie,sequence,项号,項次"},
	{sense{Consignment, "load_status", false}, "freight kind,f e,full empty,load status,空重"},
	{sense{Consignment, "booking", false}, "booking,booking no,booking nbr,booking number,bkg,bkg no"},
	{sense{Consignment, "volume", false}, "cbm,m3"},
	{sense{Consignment, "sequence", false}, "순번,序号,序號,stt,no urut"},
	{sense{Consignment, "brand", false}, "brand,marca,marque,品牌"},
	{sense{Consignment, "duty", false}, "duty,tax,taxes,vat,excise,levy,impuesto,taxe,droit,gravamen,fee,fees,iva,igv"},
	{sense{Consignment, "rate", false}, "rate,exchange rate,tasa,taux"},
	// What was found, and on whom.
	{sense{subject: Suspect}, "suspect,offender,accused,smuggler,detainee,arrested person,person arrested,infractor,infractora,infrator,contraventor,contrevenant,mis en cause,autuado,implicado,pelaku,tersangka,pelanggar,doi tuong vi pham,nguoi vi pham,doi tuong,当事人,當事人,嫌疑人,违法人,위반자,피의자,혐의자,違反者,нарушитель"},
	{sense{Consignment, Result, false}, "incautado,incautada,decomiso,decomisado,decomisada,aprehension,apreensao,apreendido,apreendida,saisie,saisi,constatation,interception,intercepted,penindakan,sitaan,penyitaan,tangkapan,rampasan,tich thu,bat giu,thu giu,查获,查獲,缉获,緝獲,扣押,扣留,检获,檢獲,적발,압수,押収,摘発,изъятие,задержание"},
	{sense{Consignment, Number, false}, "case,case number,case no,case ref,acta,auto,pv,proces verbal,bien ban,berita acara,sbp,案件,案号,案號,事件番号"},
	{sense{Consignment, "plate", false}, "plate,plate no,truck plate,license plate,licence plate,vehicle plate,vehicle no,truck no,placa,placa vehiculo,plaque,immatriculation,matricula,bien so,bien so xe,no polisi,nomor polisi,车牌,車牌,차량번호"},
	{sense{Consignment, "concealment", false}, "concealment,concealment method,modus,modus operandi,modalidad ocultamiento,ocultamiento,藏匿方式,은닉"},
	{sense{Consignment, "place", false}, "lugar,lieu,lokasi,dia diem,地点,地點,장소"},
	// Links, registers.
	{sense{From, ID, false}, "source,from,src,origin node,50k,50a,50f,a msisdn,caller,payer,sender account,orig,parent,owner,calling,calling number,calling no,a number,msisdn a,from number,payer account,debtor,a party,calling party,subscriber,subscriber no,subscriber number,msisdn,ordering customer,ordering party,ordering,remitter,originator,ordenante,donneur ordre,付款人,汇款人,匯款人,송금인"},
	{sense{To, ID, false}, "target,to,dst,59,59a,59f,b msisdn,called,callee,payee,beneficiary,dest,child,owned,called number,called no,b number,msisdn b,to number,payee account,creditor,b party,called party,other party,other party no,other number,dialled number,dialed number,corresponding number,contact number,bene,beneficiario,beneficiaire,收款人,수취인,수익자"},
	{sense{From, Name, false}, "source label,from label,source name"},
	{sense{To, Name, false}, "target label,to label,target name"},
	{sense{From, "bank", false}, "ordering inst,ordering institution,ordering bank,52a,52d"},
	{sense{To, "bank", false}, "bene bank,beneficiary bank,account with institution,57a,57d"},
	{sense{From, "imei", false}, "imei,a imei"},
	{sense{From, "imsi", false}, "imsi,a imsi"},
	{sense{Consignment, "duration", false}, "duration,call duration,talk time,dur"},
	{sense{Consignment, "cell", false}, "cell,cell id,cell site,tower,bts,lac"},
	{sense{Consignment, "relation", false}, "relation,relationship,rel type,call type,link type,edge type,tie"},
	// Properties.
	{sense{property: Position}, "position,role,capacity,designation,jabatan,chuc vu,职务,職務,職位,직위,役職"},
	{sense{property: Since}, "since,start,begin,beginning,appointed,appointment,appointment date,date appointment,appointed on"},
	{sense{property: Until}, "until,end,valid to,valid until,expiry,expiry date,resigned,resignation,resignation date,date resignation,resigned on,ceased,cessation"},
	{sense{property: Founded}, "incorporation,incorporation date,date incorporation,incorporated,incorporated on,founded,成立日期,设立日期,설립일"},
	{sense{property: "born"}, "birth,birth date,date birth,dob,born,fecha nacimiento,date naissance,data nascimento,tanggal lahir,tarikh lahir,ngay sinh,生年月日,出生日期,생년월일"},
	{sense{property: "given_name"}, "given name,given names,first name,first names,forename,forenames,prenom,nama depan"},
	{sense{property: Account}, "account,account no,account number,acct,acct no,ac no,iban,账号,帳號,계좌,계좌번호"},
	{sense{property: "bank"}, "bank,bic,swift,swift code,bank code,bank bic"},
	{sense{property: "type"}, "company type,type company,entity type,legal form"},
	{sense{property: "shares"}, "shares,shares held,share,ownership,held,percent held,holding,stake"},
	{sense{property: ID}, "id,code,cod,nro,codigo,code no,number,no,num,numero,nr,tin,tax code,tax number,tax no,tax payer id,taxpayer id,tax payer no,taxpayer no,tax identification number,tax identification no,ruc,nit,rut,cuit,cnpj,npwp,mst,ein,pan,gstin,gst,iec,eori,vat no,tax id,tax id number,ntn,pin,bp,brn,uscc,lei,uuid,key,ref,register number,编码,代码,統一編號,번호,код,инн,ma so thue,nbr,编号,編號,号,號,号码,號碼,registration no,사업자번호,cpf,cmnd,cccd,passport,passport no,identity document,documento identidad,so cmnd,so cccd,so ho chieu,番号,เลขประจำตัวผู้เสียภาษี,เลขที่"},
	{sense{property: Name}, "name,nombre,nome,nom,nama,ten,label,title,razon social,raison sociale,名称,名稱,名,이름,상호,наименование,название,ho ten,姓名,성명"},
	{sense{property: Address}, "ที่อยู่,address,addr,direccion,endereco,adresse,domicilio,street,alamat,dia chi,地址,住所,주소,адрес,registered office,registered address"},
	{sense{property: City}, "city,town,ciudad,ville,cidade,state,province,region,city name,都市,城市,省,도시,город"},
	{sense{property: Country}, "country,nation,pais,pays,paese,negara,nuoc,cty,nationality,国家,國家,国,국가,страна"},
	{sense{property: Phone}, "phone,telephone,tel,telefono,mobile,fax,电话,電話,전화,телефон"},
	{sense{property: Email}, "email,e mail,mail,correo,邮箱,이메일"},
	{sense{property: Postcode}, "postcode,postal code,zip,zip code,cep,邮编,우편번호"},
}

// noise are words that change nothing.
var noise = wordSet("គក,គ,ក,ກກ,ກິໂລ,ကီလို,ကီလိုဂရမ်,der,die,des,den,von,van,het,een,im,zum,zur,fur,und,di,della,dei,delle,degli,dell,alla,ve,ile,i,z,του,της,των,και,и,та,по,controle,kontrolle,kontroli,kontroly,кг,of,the,in,at,on,total,sum,sumof,de,del,la,el,los,das,do,da,des,du,le,les,et,and,y,std,standard,local,original,format,f,d,info,details,full,en,eng,english,vn,orig,text,field,col,column," + folded(measures))

// longest is how many words a phrase of the vocabulary has at most.
const longest = 4

// senses are the words of the vocabulary with what they mean, the first meaning
// first.
var senses = sync.OnceValue(func() map[string][]sense {
	all := map[string][]sense{}
	for _, line := range slices.Concat(vocabulary, languages, vietnamese, aliases, asian) {
		for word := range strings.SplitSeq(line.words, ",") {
			word = folded(word)
			all[word] = append(all[word], line.sense)
		}
	}
	return all
})

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.SplitSeq(list, ",") {
		set[word] = true
	}
	return set
}
