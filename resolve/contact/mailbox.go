package contact

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// Provider says whose mailboxes a domain holds.
type Provider uint8

// The kinds of providers.
const (
	// Own is a domain of a company or person.
	Own Provider = iota
	// Free is a domain where anybody gets a mailbox.
	Free
	// Disposable is a domain for mailboxes of a few minutes.
	Disposable
)

// String is the kind in words.
func (p Provider) String() string { return [...]string{"own", "free", "disposable"}[p] }

// Mailbox is one e-mail address.
type Mailbox struct {
	// Raw is the address as it stood, without its neighbours in the cell.
	Raw string
	// Local is the part before the @ in lower case, without Tag.
	Local string
	// Tag is what follows a plus in the local part: mail for it goes to the same
	// mailbox with most providers.
	Tag string
	// Domain is in lower case and ASCII (IDNA 2008, UTS 46).
	Domain string
	// Site is the part of Domain that somebody registered: company.com.hk of
	// mail.company.com.hk, by the public suffix list.
	Site string
	// Provider says whether the domain is anybody's.
	Provider Provider
	// Role marks a mailbox of a task, such as info or sales, which every company
	// has.
	Role bool
	// Dummy marks a placeholder: none@none.com, test@test.com, example.org.
	Dummy bool
}

// Address is the normal form: local part without tag, @, domain.
func (m Mailbox) Address() string { return m.Local + "@" + m.Domain }

// Variant is the normal form with the tag, as mail is sent.
func (m Mailbox) Variant() string {
	if m.Tag == "" {
		return m.Address()
	}
	return m.Local + "+" + m.Tag + "@" + m.Domain
}

// Mailboxes reads all e-mail addresses of a cell: with names in front of them, in
// angle brackets, with mailto:, with (at) for @. Text without an address gives
// none.
func Mailboxes(cell string) []Mailbox {
	if len(cell) > MaxText {
		cell = strings.ToValidUTF8(cell[:MaxText], "")
	}
	cell = strings.ToValidUTF8(cell, " ")
	var all []Mailbox
	for _, word := range strings.FieldsFunc(plain(cell), parted) {
		if m, ok := readMailbox(word); ok {
			all = append(all, m)
		}
	}
	return all
}

// plain writes full-width forms and disguises of @ and the dot as they are meant.
func plain(cell string) string {
	text := norm.NFKC.String(cell)
	for _, disguise := range [...][2]string{{" (at) ", "@"}, {" [at] ", "@"}, {"(at)", "@"}, {"[at]", "@"}, {" (dot) ", "."}, {" [dot] ", "."}, {"(dot)", "."}, {"[dot]", "."}, {"。", "."}, {" @ ", "@"}, {"@ ", "@"}, {" @", "@"}} {
		text = strings.ReplaceAll(text, disguise[0], disguise[1])
	}
	return text
}

// parted holds for what stands between addresses, and around them.
func parted(r rune) bool {
	switch r {
	case ',', ';', '/', '?', '|', '<', '>', '(', ')', '[', ']', '"', '、', '，', '；', ':', '\\':
		return true
	}
	return unicode.IsSpace(r) || unicode.IsControl(r)
}

func readMailbox(word string) (Mailbox, bool) {
	word = strings.Trim(word, ".'`*!?-_&= ")
	at := strings.LastIndexByte(word, '@')
	if at <= 0 || at == len(word)-1 || at > 64 || strings.IndexByte(word, '@') != at {
		return Mailbox{}, false
	}
	local, domain := strings.ToLower(word[:at]), word[at+1:]
	for _, r := range local {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("!#$%&'*+-=^_`{}~.", r) {
			return Mailbox{}, false
		}
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimRight(domain, "."))
	if err != nil || !strings.Contains(ascii, ".") || len(ascii) > 253 {
		return Mailbox{}, false
	}
	if tail := ascii[strings.LastIndexByte(ascii, '.')+1:]; len(tail) < 2 || digit(tail[0]) {
		return Mailbox{}, false
	}
	m := Mailbox{Raw: word, Local: local, Domain: ascii}
	if before, tag, ok := strings.Cut(local, "+"); ok && before != "" {
		m.Local, m.Tag = before, tag
	}
	if alias, ok := aliases[ascii]; ok {
		m.Domain = alias
	}
	m.Site, err = publicsuffix.EffectiveTLDPlusOne(m.Domain)
	if err != nil {
		m.Site = m.Domain
	}
	switch lists := providers(); {
	case lists.disposable[m.Site]:
		m.Provider = Disposable
	case lists.free[m.Site] || lists.free[m.Domain]:
		m.Provider = Free
	}
	m.Role = roles[m.Local]
	m.Dummy = dummyMailbox(m)
	return m, true
}

// aliases are second names of the same mailboxes.
var aliases = map[string]string{"googlemail.com": "gmail.com", "ymail.com": "yahoo.com", "rocketmail.com": "yahoo.com", "me.com": "icloud.com", "mac.com": "icloud.com", "vip.qq.com": "qq.com", "foxmail.com": "qq.com", "pm.me": "protonmail.com", "proton.me": "protonmail.com"}

// dummyMailbox reports whether an address was written to fill the field.
func dummyMailbox(m Mailbox) bool {
	name, _, _ := strings.Cut(m.Site, ".")
	switch name {
	case "example", "test", "none", "noemail", "nomail", "na", "email", "domain", "invalid", "localhost", "xxx", "abc", "null":
		return m.Local == name || name == "example" || name == "invalid" || name == "localhost" || name == "none" || name == "noemail" || name == "nomail" || nobody[m.Local]
	}
	return nobody[m.Local]
}

var nobody = map[string]bool{"none": true, "noemail": true, "nomail": true, "no": true, "na": true, "n.a": true, "null": true, "xxx": true, "xx": true, "x": true, "test": true, "unknown": true, "noreply": true, "no-reply": true, "donotreply": true, "email": true}

var roles = map[string]bool{"info": true, "sales": true, "admin": true, "office": true, "contact": true, "mail": true, "service": true, "services": true, "support": true,
	"export": true, "import": true, "shipping": true, "logistics": true, "accounts": true, "account": true, "enquiry": true, "enquiries": true, "inquiry": true, "marketing": true,
	"hr": true, "operations": true, "ops": true, "cs": true, "customs": true, "docs": true, "documents": true, "manager": true, "director": true, "general": true, "hello": true, "trade": true, "purchase": true, "purchasing": true, "webmaster": true, "postmaster": true, "finance": true}

// CompareMailboxes says whether two addresses are one mailbox. A mailbox shared is
// strong, a company's domain shared is weaker, a mail provider shared is nothing.
func CompareMailboxes(a, b Mailbox, usage Usage) Comparison {
	switch {
	case a.Dummy || b.Dummy:
		return verdict(usage, 0, "a placeholder is no mailbox")
	case a.Provider == Disposable || b.Provider == Disposable:
		if a.Local == b.Local && a.Domain == b.Domain {
			return verdict(usage, 0.5, "same mailbox", "of a provider for a few minutes")
		}
		return verdict(usage, 0, "a provider for a few minutes tells nothing")
	case a.Domain == b.Domain && bare(a) == bare(b):
		return sameMailbox(a, b, usage)
	case a.Site == b.Site && a.Provider == Own:
		return sameCompany(a, b, usage)
	case a.Domain == b.Domain:
		if distinct(a.Local) && oneSlip(a.Local, b.Local) {
			return verdict(usage, 0.25, "names differ by one letter", "same mail provider")
		}
		return verdict(usage, 0, "same mail provider, other mailbox")
	case a.Local == b.Local && !a.Role && distinct(a.Local):
		if a.Provider == Own && b.Provider == Own && oneSlip(a.Domain, b.Domain) {
			return verdict(usage, 0.6, "same name", "domains differ by one letter")
		}
		return verdict(usage, 0.3, "same name at two providers")
	case oneSlip(a.Domain, b.Domain) && bare(a) == bare(b):
		return verdict(usage, 0.4, "domains differ by one letter")
	}
	return verdict(usage, 0, "mailboxes differ")
}

// bare is the local part as the provider reads it: dots do not count with Gmail.
func bare(m Mailbox) string {
	if m.Domain == "gmail.com" {
		return strings.ReplaceAll(m.Local, ".", "")
	}
	return m.Local
}

// distinct holds for names that two people hardly choose by chance.
func distinct(local string) bool { return len(local) >= 8 }

func sameMailbox(a, b Mailbox, usage Usage) Comparison {
	switch {
	case a.Local != b.Local:
		return verdict(usage, 0.97, "same mailbox", "dots do not count with this provider")
	case a.Tag != b.Tag:
		return verdict(usage, 0.95, "same mailbox", "other tag behind the plus")
	}
	return verdict(usage, 1, "same mailbox")
}

func sameCompany(a, b Mailbox, usage Usage) Comparison {
	switch {
	case a.Local == b.Local && !a.Role:
		return verdict(usage, 0.8, "same name", "other host of the same company's domain")
	case a.Role && b.Role:
		return verdict(usage, 0.45, "same company's domain", "both are mailboxes of a task")
	}
	return verdict(usage, 0.4, "same company's domain, other mailbox")
}
