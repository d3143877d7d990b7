package script

// nippon lists words of Japanese firms, places and family names by their
// reading. Only whole words stand here: a single character has too many
// readings to guess one.
const nippon = `
toyota:豊田,トヨタ mitsubishi:三菱 mitsui:三井 sumitomo:住友 hitachi:日立 toshiba:東芝 matsushita:松下 marubeni:丸紅
itochu:伊藤忠 kawasaki:川崎 honda:本田 suzuki:鈴木 nissan:日産 kubota:久保田 komatsu:小松 shimadzu:島津 fujitsu:富士通
fuji:富士 nomura:野村 daiwa:大和 kyocera:京セラ nintendo:任天堂 shiseido:資生堂 ajinomoto:味の素 kirin:麒麟 asahi:朝日,旭
sapporo:札幌 tokyo:東京 osaka:大阪 kyoto:京都 nagoya:名古屋 yokohama:横浜 kobe:神戸 fukuoka:福岡 hiroshima:広島 sendai:仙台
chiba:千葉 nagasaki:長崎 niigata:新潟 okinawa:沖縄 hokkaido:北海道 kyushu:九州 shikoku:四国 kansai:関西 kanto:関東 chubu:中部
tohoku:東北 nippon:日本 tanaka:田中 sato:佐藤 takahashi:高橋 watanabe:渡辺,渡邊,渡邉 ito:伊藤 yamamoto:山本 nakamura:中村
kobayashi:小林 kato:加藤 yoshida:吉田 yamada:山田 sasaki:佐々木 yamaguchi:山口 matsumoto:松本 inoue:井上 kimura:木村
hayashi:林 saito:斎藤,齋藤,斉藤 shimizu:清水 yamazaki:山崎 mori:森 abe:阿部,安倍 ikeda:池田 hashimoto:橋本 yamashita:山下
ishikawa:石川 nakajima:中島 maeda:前田 fujita:藤田 ogawa:小川 goto:後藤 okada:岡田 hasegawa:長谷川 murakami:村上 kondo:近藤
ishii:石井 sakamoto:坂本 endo:遠藤 aoki:青木 fujii:藤井 nishimura:西村 fukuda:福田 ota:太田 miura:三浦 fujiwara:藤原
okamoto:岡本 matsuda:松田 nakagawa:中川 nakano:中野 harada:原田 ono:小野 tamura:田村 takeuchi:竹内 kaneko:金子 wada:和田
nakayama:中山 ishida:石田 ueda:上田 morita:森田 hara:原 shibata:柴田 sakai:酒井 kudo:工藤 yokoyama:横山 miyazaki:宮崎
miyamoto:宮本 uchida:内田 takagi:高木 ando:安藤 taniguchi:谷口 ohno:大野 maruyama:丸山 imai:今井 takada:高田 fujimoto:藤本
takeda:武田 murata:村田 ueno:上野 sugiyama:杉山 masuda:増田 sugawara:菅原 hirano:平野 otsuka:大塚 kojima:小島 kubo:久保
matsui:松井 iwasaki:岩崎 sakurai:桜井 kinoshita:木下 noguchi:野口 matsuo:松尾 kikuchi:菊地,菊池 sano:佐野 onishi:大西
sugimoto:杉本 arai:新井 hamada:浜田 ichikawa:市川 furukawa:古川,古河 mizuno:水野 komatsu:小松 shimada:島田 koyama:小山
takaichi:高市 takaishi:高石 ishiba:石破 kishida:岸田 sanae:早苗 ichiro:一郎 taro:太郎 jiro:次郎,二郎 hanako:花子 kenji:健二,健司
hiroshi:浩,博,弘 takashi:隆,孝 akira:明,彰 makoto:誠 yoko:洋子,陽子 keiko:恵子 yuki:由紀 kazuo:和夫,一夫 yoshio:義男,良夫
hideo:英雄 toshio:敏夫,俊夫 masao:正雄,正夫 akiko:明子,昭子 michiko:美智子 naoko:直子 sakura:桜 midori:緑 hikari:光 sangyo:産業
shoji:商事 jidosha:自動車 boeki:貿易 kogyo:工業 seisakusho:製作所 shokai:商会 unyu:運輸 kaiun:海運 suisan:水産 denki:電気,電機
kagaku:化学 seiyaku:製薬 kensetsu:建設 butsuryu:物流 soko:倉庫 kikai:機械 seiko:精工 tekko:鉄鋼 shoten:商店 kosan:興産 bussan:物産`
