package contact_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/resolve/contact"
)

// line is what a test expects of a phone.
type line struct {
	e164, extension string
	fax, dummy      bool
}

func TestPhonesOfACell(t *testing.T) {
	cases := []struct {
		name, cell, region string
		want               []line
	}{
		{"of the default region", "2345 6789", "hk", []line{{e164: "+85223456789"}}},
		{"with a country code", "+852-2345-6789", "cn", []line{{e164: "+85223456789"}}},
		{"with 00 and a country code", "00852 23456789", "hk", []line{{e164: "+85223456789"}}},
		{"with brackets", "(852) 2345 6789", "hk", []line{{e164: "+85223456789"}}},
		{"full-width digits", "＋８５２ ２３４５ ６７８９", "", []line{{e164: "+85223456789"}}},
		{"two by a slash", "2345 6789 / 2345 6780", "hk", []line{{e164: "+85223456789"}, {e164: "+85223456780"}}},
		{"two that share their beginning", "2345 6789/80", "hk", []line{{e164: "+85223456789"}, {e164: "+85223456780"}}},
		{"two by spaces alone", "23456789 23456780", "hk", []line{{e164: "+85223456789"}, {e164: "+85223456780"}}},
		{"a phone and a fax", "Tel: 2345 6789; Fax: 2345 6780", "hk", []line{{e164: "+85223456789"}, {e164: "+85223456780", fax: true}}},
		{"a fax marked behind", "2345 6789 (fax), 2345 6780", "hk", []line{{e164: "+85223456789", fax: true}, {e164: "+85223456780"}}},
		{"marks in Chinese", "電話：2345 6789 傳真", "hk", []line{{e164: "+85223456789", fax: true}}},
		{"initials", "T: 2345 6789 / F: 2345 6780", "hk", []line{{e164: "+85223456789"}, {e164: "+85223456780", fax: true}}},
		{"an extension", "+1 212 555 2368 ext. 12", "", []line{{e164: "+12125552368", extension: "12"}}},
		{"an extension by x", "212-555-2368 x12", "us", []line{{e164: "+12125552368", extension: "12"}}},
		{"an extension in Chinese", "0755-82345678转801", "cn", []line{{e164: "+8675582345678", extension: "801"}}},
		{"an area code by a slash", "0755/82345678", "cn", []line{{e164: "+8675582345678"}}},
		{"Japan", "03-3211-2345", "jp", []line{{e164: "+81332112345"}}},
		{"Korea", "02-2345-6789", "kr", []line{{e164: "+82223456789"}}},
		{"Viet Nam", "(028) 3822 1234", "vn", []line{{e164: "+842838221234"}}},
		{"Thai words", "โทร 02-234-5678", "th", []line{{e164: "+6622345678"}}},
		{"Arabic digits", "+٩٦٦ ١١ ٤٦٤ ٥٦٧٨", "", []line{{e164: "+966114645678"}}},
		{"no region", "2345 6789", "", []line{{}}},
		{"a placeholder", "00000000", "hk", []line{{dummy: true}}},
		{"digits in a row", "12345678", "hk", []line{{e164: "+85212345678", dummy: true}}},
		{"all nines", "+852 99999999", "", []line{{e164: "+85299999999", dummy: true}}},
		{"no number", "n/a", "hk", nil},
		{"nothing", "", "hk", nil},
		{"a word", "call me", "hk", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := contact.Phones(c.cell, c.region)
			require.Len(t, got, len(c.want), "%+v", got)
			for i, want := range c.want {
				if !want.dummy || want.e164 != "" {
					assert.Equal(t, want.e164, got[i].E164)
				}
				assert.Equal(t, want.extension, got[i].Extension)
				assert.Equal(t, want.fax, got[i].Fax)
				assert.Equal(t, want.dummy, got[i].Dummy)
				assert.NotEmpty(t, got[i].Raw)
			}
		})
	}
}

func TestAMarkForBothIsBoth(t *testing.T) {
	got := contact.Phones("Tel/Fax: +852 2345 6789", "")
	require.Len(t, got, 1)
	assert.True(t, got[0].Fax)
	assert.True(t, got[0].Voice)
	assert.Equal(t, "hk", got[0].Region)
	assert.True(t, got[0].Valid)
}

func TestANumberOutsideThePlanIsKeptAndNotValid(t *testing.T) {
	got := contact.Phones("+852 1", "")
	assert.Empty(t, got, "one digit is no number")
	got = contact.Phones("+852 234567", "")
	require.Len(t, got, 1)
	assert.False(t, got[0].Valid)
	assert.Equal(t, "852234567", got[0].Digits)
	assert.Equal(t, "hk", got[0].Region)
}

func TestNewZealandKeepsItsCode(t *testing.T) {
	got := contact.Phones("+64 9 300 5678", "")
	require.Len(t, got, 1)
	assert.Equal(t, "nz", got[0].Region)
}

// phone reads the one number of a text.
func phone(t *testing.T, text, region string) contact.Phone {
	t.Helper()
	all := contact.Phones(text, region)
	require.Len(t, all, 1, text)
	return all[0]
}

func TestComparePhones(t *testing.T) {
	cases := []struct {
		name, a, b, regionA, regionB string
		low, high                    float64
		reason                       string
	}{
		{"two spellings", "+852 2345 6789", "2345-6789", "", "hk", 1, 1, "same number"},
		{"extension on one side", "+852 2345 6789 ext 5", "23456789", "", "hk", 0.8, 0.9, "extension known on one side only"},
		{"two extensions", "+852 2345 6789 ext 5", "23456789 ext 7", "", "hk", 0.4, 0.6, "extensions differ"},
		{"phone and fax", "Fax +852 2345 6789", "23456789", "", "hk", 0.9, 1, "one side calls it a fax"},
		{"one without country", "+852 2345 6789", "2345 6789", "", "", 0.6, 0.8, "one number ends with the other"},
		{"both without country", "2345 6789", "23456789", "", "", 0.7, 0.9, "same digits"},
		{"the same digits elsewhere", "2345 6789", "2345 6789", "hk", "mo", 0, 0.3, "numbers differ by one digit, a slip of the pen or another line"},
		{"neighbouring lines", "2345 6789", "2345 6712", "hk", "hk", 0.1, 0.3, "numbers differ in the last two digits only, as lines of one office may"},
		{"one digit off", "2345 6789", "2355 6789", "hk", "hk", 0.1, 0.3, "numbers differ by one digit, a slip of the pen or another line"},
		{"two digits swapped", "2345 6789", "2435 6789", "hk", "hk", 0.1, 0.3, "numbers differ by one digit, a slip of the pen or another line"},
		{"others", "2345 6789", "3188 2020", "hk", "hk", 0, 0, "numbers differ"},
		{"placeholders", "00000000", "00000000", "hk", "hk", 0, 0, "a placeholder is no number"},
		{"too few digits", "12 34 55", "12 34 55", "", "", 0, 0, "too few digits to compare"},
		{"without country and others", "2345 6789", "3188 2020", "", "", 0, 0, "numbers differ"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, b := phone(t, c.a, c.regionA), phone(t, c.b, c.regionB)
			got := contact.ComparePhones(a, b, contact.Usage{})
			assert.GreaterOrEqual(t, got.Score, c.low)
			assert.LessOrEqual(t, got.Score, c.high)
			assert.Contains(t, got.Reasons, c.reason)
			assert.Equal(t, got, contact.ComparePhones(b, a, contact.Usage{}), "either way round")
		})
	}
}

func TestAHubsNumberWeighsLittle(t *testing.T) {
	a := phone(t, "2345 6789", "hk")
	hub := contact.ComparePhones(a, a, contact.Usage{Frequency: 300})
	assert.Equal(t, 1.0, hub.Score)
	assert.InDelta(t, 1.0/300, hub.Evidence(), 1e-12)
	assert.Equal(t, 1.0, contact.ComparePhones(a, a, contact.Usage{}).Evidence())
}

func TestEverySpellingOfANumberIsTheNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[2359][0-9]{7}`).Draw(t, "digits")
		gap := rapid.SampledFrom([]string{"", " ", "-", "."}).Draw(t, "gap")
		prefix := rapid.SampledFrom([]string{"", "+852 ", "00852-", "(852) ", "+852-"}).Draw(t, "prefix")
		word := rapid.SampledFrom([]string{"", "Tel: ", "Phone ", "電話 "}).Draw(t, "word")
		got := contact.Phones(word+prefix+digits[:4]+gap+digits[4:], "HK")
		require.Len(t, got, 1)
		if !got[0].Dummy {
			assert.Equal(t, "+852"+digits, got[0].E164)
		}
	})
}

func FuzzPhones(f *testing.F) {
	for _, seed := range []string{"Tel: 2345 6789; Fax: 2345 6780", "+1 212 555 2368 ext. 12", "2345 6789/90", "电话：0755-82345678转801", "((((", "/", "+", "ext 5", "İ:123456"} {
		f.Add(seed, "hk")
	}
	f.Fuzz(func(t *testing.T, cell, region string) {
		all := contact.Phones(cell, region)
		for _, one := range all {
			if one.Digits == "" || len(one.Digits) < 5 {
				t.Fatalf("a number without digits: %+v", one)
			}
			if got := contact.ComparePhones(one, one, contact.Usage{}); got.Score < 0 || got.Score > 1 || len(got.Reasons) == 0 {
				t.Fatalf("score %v of %+v", got, one)
			}
		}
	})
}

func BenchmarkPhones(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		contact.Phones("Tel: +852 2345 6789; Fax: 2345 6780", "HK")
	}
}
