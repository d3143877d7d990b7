package contact

import (
	"strings"
	"sync"
)

// providers are the domains whose mailboxes tell nothing about who shares the
// domain. The lists are short on purpose: the large providers of the world and of
// Asia and the Pacific, and the best known of those for a few minutes. A domain
// that is missing counts as a company's.
var providers = sync.OnceValue(func() (lists struct{ free, disposable map[string]bool }) {
	set := func(text string) map[string]bool {
		domains := map[string]bool{}
		for _, domain := range strings.Fields(text) {
			domains[domain] = true
		}
		return domains
	}
	lists.free, lists.disposable = set(freeDomains), set(disposableDomains)
	return lists
})

const freeDomains = `
gmail.com yahoo.com hotmail.com outlook.com live.com msn.com icloud.com aol.com protonmail.com gmx.com gmx.net gmx.de mail.com zoho.com yandex.com yandex.ru
mail.ru inbox.ru list.ru bk.ru rambler.ru web.de t-online.de freenet.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it alice.it
tutanota.com fastmail.com hushmail.com comcast.net verizon.net att.net sbcglobal.net cox.net btinternet.com sky.com ntlworld.com talktalk.net
qq.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn 188.com tom.com 21cn.com aliyun.com wo.cn 263.net china.com eyou.com
netvigator.com hkbn.net biznetvigator.com yahoo.com.hk ctimail.com i-cable.com hotmail.com.hk
yahoo.com.tw pchome.com.tw hinet.net seed.net.tw msa.hinet.net
yahoo.co.jp docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com biglobe.ne.jp ocn.ne.jp
naver.com daum.net hanmail.net nate.com kakao.com korea.com
yahoo.com.sg singnet.com.sg starhub.net.sg pacific.net.sg yahoo.com.my streamyx.com tm.net.my yahoo.co.id telkom.net plasa.com yahoo.com.ph yahoo.com.vn vnn.vn fpt.vn
yahoo.co.th hotmail.co.th thaimail.com rediffmail.com yahoo.co.in yahoo.in sify.com indiatimes.com vsnl.com bsnl.in airtelmail.in
bigpond.com optusnet.com.au yahoo.com.au ozemail.com.au xtra.co.nz slingshot.co.nz
hotmail.co.uk yahoo.co.uk live.co.uk hotmail.fr yahoo.fr hotmail.de yahoo.de hotmail.it yahoo.it hotmail.es yahoo.es outlook.es live.cn outlook.jp
uol.com.br bol.com.br terra.com.br yahoo.com.br hotmail.com.br yahoo.com.mx prodigy.net.mx emirates.net.ae eim.ae`

const disposableDomains = `
mailinator.com guerrillamail.com guerrillamail.net guerrillamail.org sharklasers.com grr.la 10minutemail.com 10minutemail.net tempmail.com temp-mail.org temp-mail.io
tempmail.net throwawaymail.com yopmail.com yopmail.fr trashmail.com trashmail.de getnada.com nada.email maildrop.cc mailnesia.com dispostable.com mintemail.com
fakeinbox.com spamgourmet.com mytemp.email mohmal.com emailondeck.com moakt.com tempr.email discard.email mailcatch.com getairmail.com burnermail.io tmail.com
linshiyouxiang.net 24mail.chacuo.net bccto.me minuteinbox.com 1secmail.com 1secmail.net dropmail.me inboxkitten.com spam4.me mailpoof.com tempinbox.com`
