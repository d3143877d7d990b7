package script

// hongKong lists characters of names and firms by their common spelling in
// Hong Kong: what the Registration of Persons and the companies themselves
// write, which is older than Jyutping and follows no strict table.
const hongKong = `
au:欧区 chan:陈 chang:郑 chau:邹洲 che:车 cheng:郑 cheuk:卓 cheung:张章长祥翔昌 chi:志智芝池之 chik:植 chin:钱前展
ching:程清正精 chiu:赵超潮 cho:曹楚 choi:蔡彩才 chow:周 choy:蔡 chu:朱珠 chuen:泉全传存 chuk:竹 chun:秦俊进珍春 chung:钟中忠
fai:辉 fan:范凡 fat:发法 fei:飞 fok:霍 fong:方芳 fook:福 foon:欢 fu:富傅夫 fuk:福 fung:冯丰凤峰风
ha:夏 hang:恒行杏 hau:侯口厚 hei:喜 heung:香乡 hin:轩宪 hing:兴庆 hip:协 ho:何好豪 hoi:海开 hok:学 hon:汉韩 hong:康航 hop:合 hou:豪
huen:萱 hung:洪雄红鸿 hui:许 ip:叶 ka:家嘉加 kai:启佳 kam:金甘锦 kan:简 kat:吉 kau:九球 kee:记 kei:奇基其
keung:强 ki:奇 kin:建坚健 king:景劲敬 kit:杰洁 ko:高 kong:江港刚 koon:官 ku:古顾 kuen:权 kui:居 kuk:谷 kung:龚公工
kwai:葵贵 kwan:关君坤 kwok:郭国 kwong:邝广光 kwun:观官 lai:黎丽礼 lam:林蓝 lap:立 lau:刘柳 law:罗 lee:李利 leung:梁良
li:李 lik:力 lim:廉 lin:连莲 ling:凌灵龄玲 lo:卢罗劳路 loi:来 lok:乐洛骆 long:朗 lui:吕雷 luk:陆六绿 lun:伦麟 lung:龙隆
ma:马 mak:麦 man:文万敏 mei:美 mi:米 ming:明铭 miu:苗妙 mo:武毛慕 mok:莫 mong:旺望 mui:梅 muk:木 mun:满门
nam:南 nang:能 ng:吴伍五 ngai:魏艺 ngan:颜银 ngo:敖 ngok:岳 ning:宁 oi:爱 on:安 or:柯 pak:白百伯 pan:潘 pang:彭鹏
pat:八毕 pei:贝 ping:平萍炳 po:宝保波 pong:邦 poon:潘 pui:贝培 pun:潘 sai:世西 sam:三心 san:新山 sang:生 sau:秀寿
sek:石 seung:上 shan:山 shek:石 sheung:上尚 shing:成城胜盛诚 shiu:邵肖少 shu:树 shui:水 shum:岑沈 shun:信顺 sik:锡 sin:先仙
sing:星升 sit:薛 siu:萧小兆 so:苏 suen:孙 sui:瑞 suk:淑 sum:深森 sun:新 sung:宋崇 sze:施史思 sze:司 to:徒 tai:泰大太 tak:德
tam:谭 tang:邓腾 tat:达 ti:地 tin:天田 ting:丁亭 tim:添 to:杜图 toi:台 tong:唐堂 tsang:曾 tse:谢 tseng:曾 tsim:尖 tsing:青
tso:曹左 tsoi:蔡 tsuen:荃 tsui:徐崔 tuen:屯 tung:东董同通 wah:华 wai:伟威惠卫维慧 wan:温云运环 wang:宏 wing:永荣 wo:和 wong:黄王旺皇
woo:胡 wor:和 wu:胡湖 wun:桓 yan:仁欣恩人 yat:日一逸 yau:邱友有丘 yee:仪怡意义 yeung:杨阳洋 yi:义 yick:益 yik:益 yim:严 yin:贤燕
ying:英应 yip:叶 yiu:姚耀 yu:余于如裕 yue:余宇 yuen:阮元源袁园 yuet:月 yui:锐 yuk:玉育 yum:任 yun:润 yung:容勇
tze:子 on:安 dai:大 dor:多 fa:花 gar:家 hoo:胡 kok:角国 kwok:国 lau:楼 mau:茂 nin:年 shang:生 tau:头 wui:会 yam:任 yeuk:若`
