package contact_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/resolve/contact"
)

func TestMailboxesOfACell(t *testing.T) {
	cases := []struct {
		name, cell string
		want       []string
	}{
		{"plain", "Chan.Tai@Example-Trading.COM.HK", []string{"chan.tai@example-trading.com.hk"}},
		{"in brackets with a name", `"Chan, Tai Man" <chan@wingon.com.hk>`, []string{"chan@wingon.com.hk"}},
		{"several", "a.lee@wingon.hk; b.lee@wingon.hk, c.lee@wingon.hk", []string{"a.lee@wingon.hk", "b.lee@wingon.hk", "c.lee@wingon.hk"}},
		{"a link", "mailto:chan@wingon.hk?subject=x", []string{"chan@wingon.hk"}},
		{"full-width", "ｃｈａｎ＠ｗｉｎｇｏｎ．ｈｋ", []string{"chan@wingon.hk"}},
		{"disguised", "chan (at) wingon (dot) hk", []string{"chan@wingon.hk"}},
		{"disguised without spaces", "chan(at)wingon[dot]hk", []string{"chan@wingon.hk"}},
		{"spaces around the sign", "chan @ wingon.hk", []string{"chan@wingon.hk"}},
		{"a domain in Chinese", "陳@例子.香港", []string{"陳@xn--fsqu00a.xn--j6w193g"}},
		{"a domain with an umlaut", "info@Müller-Spedition.de", []string{"info@xn--mller-spedition-zvb.de"}},
		{"a tag", "chan+invoices@gmail.com", []string{"chan@gmail.com"}},
		{"a second name of a provider", "chan@googlemail.com", []string{"chan@gmail.com"}},
		{"a dot at the end", "Mail chan@wingon.hk.", []string{"chan@wingon.hk"}},
		{"no domain", "chan@localhost", nil},
		{"two signs", "chan@@wingon.hk", nil},
		{"an address of a host", "chan@192.168.0.1", nil},
		{"no address", "www.wingon.hk", nil},
		{"nothing", "", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, m := range contact.Mailboxes(c.cell) {
				got = append(got, m.Address())
				assert.NotEmpty(t, m.Raw)
			}
			assert.Equal(t, c.want, got)
		})
	}
}

// mailbox reads the one address of a text.
func mailbox(t *testing.T, text string) contact.Mailbox {
	t.Helper()
	all := contact.Mailboxes(text)
	require.Len(t, all, 1, text)
	return all[0]
}

func TestWhoseDomainItIs(t *testing.T) {
	cases := []struct {
		address  string
		provider contact.Provider
		site     string
		role     bool
		dummy    bool
	}{
		{"chan@mail.wingon.com.hk", contact.Own, "wingon.com.hk", false, false},
		{"info@wingon.com.hk", contact.Own, "wingon.com.hk", true, false},
		{"chan@gmail.com", contact.Free, "gmail.com", false, false},
		{"chan@qq.com", contact.Free, "qq.com", false, false},
		{"chan@netvigator.com", contact.Free, "netvigator.com", false, false},
		{"chan@mailinator.com", contact.Disposable, "mailinator.com", false, false},
		{"none@none.com", contact.Own, "none.com", false, true},
		{"chan@example.com", contact.Own, "example.com", false, true},
		{"noreply@wingon.hk", contact.Own, "wingon.hk", false, true},
		{"test@test.com", contact.Own, "test.com", false, true},
	}
	for _, c := range cases {
		t.Run(c.address, func(t *testing.T) {
			m := mailbox(t, c.address)
			assert.Equal(t, c.provider.String(), m.Provider.String())
			assert.Equal(t, c.site, m.Site)
			assert.Equal(t, c.role, m.Role)
			assert.Equal(t, c.dummy, m.Dummy)
		})
	}
}

func TestCompareMailboxes(t *testing.T) {
	cases := []struct {
		name, a, b string
		low, high  float64
	}{
		{"the same", "Chan@WingOn.hk", "chan@wingon.HK", 1, 1},
		{"another tag", "chan+a@wingon.hk", "chan@wingon.hk", 0.9, 0.99},
		{"dots of Gmail", "chan.tai.man@gmail.com", "chantaiman@gmail.com", 0.9, 0.99},
		{"dots elsewhere", "chan.tai@wingon.hk", "chantai@wingon.hk", 0.3, 0.5},
		{"one company", "chan@wingon.hk", "wong@wingon.hk", 0.3, 0.5},
		{"one company, two tasks", "info@wingon.hk", "sales@wingon.hk", 0.3, 0.5},
		{"one company, two hosts", "chan@mail.wingon.hk", "chan@wingon.hk", 0.7, 0.9},
		{"one free provider", "chan@gmail.com", "wong@gmail.com", 0, 0},
		{"one letter at a free provider", "chantaiman@gmail.com", "chantaimen@gmail.com", 0.1, 0.3},
		{"one name at two providers", "chantaiman88@gmail.com", "chantaiman88@qq.com", 0.2, 0.4},
		{"a short name at two providers", "chan@gmail.com", "chan@qq.com", 0, 0},
		{"one task at two companies", "shipping@wingon.hk", "shipping@others.hk", 0, 0},
		{"domains one letter apart", "chantaiman@wingon.hk", "chantaiman@wingom.hk", 0.5, 0.7},
		{"a task at domains one letter apart", "info@wingonhk.com", "info@wingohk.com", 0.3, 0.5},
		{"a provider for minutes", "abc123@mailinator.com", "def456@mailinator.com", 0, 0},
		{"one mailbox for minutes", "abc123@mailinator.com", "abc123@mailinator.com", 0.4, 0.6},
		{"placeholders", "none@none.com", "none@none.com", 0, 0},
		{"others", "chan@wingon.hk", "wong@others.hk", 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, b := mailbox(t, c.a), mailbox(t, c.b)
			got := contact.CompareMailboxes(a, b, contact.Usage{})
			assert.GreaterOrEqual(t, got.Score, c.low, got.Reasons)
			assert.LessOrEqual(t, got.Score, c.high, got.Reasons)
			assert.NotEmpty(t, got.Reasons)
			assert.Equal(t, got, contact.CompareMailboxes(b, a, contact.Usage{}), "either way round")
		})
	}
}

func TestASharedMailboxIsMoreThanASharedDomain(t *testing.T) {
	one, other := mailbox(t, "chan@wingon.hk"), mailbox(t, "wong@wingon.hk")
	assert.Greater(t, contact.CompareMailboxes(one, one, contact.Usage{}).Score, contact.CompareMailboxes(one, other, contact.Usage{}).Score)
}

func TestTheTagIsKeptApart(t *testing.T) {
	m := mailbox(t, "Chan+Invoices@wingon.hk")
	assert.Equal(t, "chan@wingon.hk", m.Address())
	assert.Equal(t, "chan+invoices@wingon.hk", m.Variant())
	assert.Equal(t, "Chan+Invoices@wingon.hk", m.Raw)
	assert.Equal(t, "chan@wingon.hk", mailbox(t, "chan@wingon.hk").Variant())
}

func TestTheNormalFormIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.StringMatching(`[a-zA-Z][a-zA-Z0-9]{1,10}`).Draw(t, "local")
		domain := rapid.StringMatching(`[a-zA-Z][a-zA-Z0-9]{2,10}\.(com|hk|com\.hk|co\.jp)`).Draw(t, "domain")
		first := contact.Mailboxes(local + "@" + domain)
		require.Len(t, first, 1)
		assert.Equal(t, strings.ToLower(local)+"@", first[0].Address()[:len(local)+1])
		again := contact.Mailboxes(first[0].Variant())
		require.Len(t, again, 1)
		assert.Equal(t, first[0].Address(), again[0].Address())
	})
}

func FuzzMailboxes(f *testing.F) {
	for _, seed := range []string{"chan@wingon.hk", `"A" <a@b.co>; c@d.org`, "陳@例子.香港", "@", "a@", "@b.c", "a@b@c.d", "a+@b.co", "+a@b.co"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		for _, m := range contact.Mailboxes(cell) {
			if m.Local == "" || !strings.Contains(m.Domain, ".") || m.Site == "" {
				t.Fatalf("an address without its parts: %+v", m)
			}
			if got := contact.CompareMailboxes(m, m, contact.Usage{}); got.Score < 0 || got.Score > 1 {
				t.Fatalf("score %v of %+v", got, m)
			}
		}
	})
}

func BenchmarkMailboxes(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		contact.Mailboxes("Chan Tai Man <chan.tai+x@mail.wingon.com.hk>; sales@wingon.com.hk")
	}
}
