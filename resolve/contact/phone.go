package contact

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

// MaxText is the longest cell, in bytes, that is looked at.
const MaxText = 1024

// Phone is one phone number.
type Phone struct {
	// Raw is the number as it stood, without its neighbours in the cell.
	Raw string
	// E164 is the number in the form of ITU-T E.164 ("+85223456789"), empty if the
	// digits cannot be read as one.
	E164 string
	// Region is the ISO 3166 code of the country in lower case, as far as the
	// number tells it.
	Region string
	// Digits are the digits of the number without its extension, as they stood.
	Digits string
	// Extension is the number behind the switchboard.
	Extension string
	// Valid says that the number follows the numbering plan of its country. One
	// that does not may still be written as E.164.
	Valid bool
	// Fax says that it was marked as a fax; Voice that it was not, or as both.
	Fax, Voice bool
	// Dummy marks a placeholder: 00000000, 12345678.
	Dummy bool
}

// Phones reads all numbers of a cell. Those without a country code are read as of
// the default region, an ISO 3166 code; "" leaves them without E164. Text without
// a number gives none.
func Phones(cell, region string) []Phone {
	if len(cell) > MaxText {
		cell = strings.ToValidUTF8(cell[:MaxText], "")
	}
	region = strings.ToUpper(region)
	var all []Phone
	use := mark{}
	for _, piece := range pieces(strings.Map(western, norm.NFKC.String(cell))) {
		said, text := marks(piece)
		if said != (mark{}) {
			use = said
		}
		before := len(all)
		all = appendPhones(all, text, region)
		for i := before; i < len(all); i++ {
			all[i].Fax = use.fax
			all[i].Voice = use.voice || !use.fax
		}
		if len(all) > before {
			use = mark{} // a mark counts for the number it stands at
		}
	}
	return all
}

// western writes the digits of Arabic, Persian, Devanagari, Bengali, Thai, Lao,
// Burmese and Khmer script as 0 to 9.
func western(r rune) rune {
	for _, zero := range [...]rune{0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xED0, 0x1040, 0x17E0} {
		if r >= zero && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}

// appendPhones reads a piece, which holds a number, or several parted by spaces
// alone.
func appendPhones(all []Phone, piece, region string) []Phone {
	if n := len(all); n > 0 {
		if other, ok := tailOf(all[n-1], piece, region); ok {
			return append(all, other)
		}
	}
	phone, ok := readPhone(piece, region)
	if !ok {
		return all
	}
	if !phone.Valid {
		if several := apart(piece, region); len(several) > 1 {
			return append(all, several...)
		}
	}
	return append(all, phone)
}

// pieces cuts a cell where one number ends and another may begin.
func pieces(cell string) []string {
	var all []string
	start := 0
	cut := func(end, next int) {
		if text := strings.TrimSpace(cell[start:end]); text != "" {
			all = append(all, text)
		}
		start = next
	}
	for i, r := range cell {
		switch r {
		case ';', '|', '\n', '\r', '\t', ',', '、', '，', '；', '/', '&':
			// "Tel/Fax" is one mark, and "+1/212" one number.
			if r == '/' && (betweenLetters(cell, i) || areaCode(cell[start:i])) {
				continue
			}
			cut(i, i+len(string(r)))
		}
	}
	cut(len(cell), len(cell))
	return all
}

func betweenLetters(text string, i int) bool {
	before := strings.TrimRight(text[:i], " .:")
	after := strings.TrimLeft(text[i+1:], " ")
	return before != "" && after != "" && !digit(before[len(before)-1]) && before[len(before)-1] != ')' && !digit(after[0]) && after[0] != '+' && after[0] != '('
}

// areaCode reports whether what stands before a slash is a code and no number.
func areaCode(before string) bool {
	digits := onlyDigits(before)
	return len(digits) > 0 && len(digits) <= 5
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func onlyDigits(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mark is what a cell says of a number's use.
type mark struct{ fax, voice bool }

var faxWords = []string{"facsimile", "telefax", "fax", "传真", "傳真", "팩스", "โทรสาร", "ファックス", "факс"}

var voiceWords = []string{"telephone", "phone", "mobile", "whatsapp", "wechat", "hotline", "office", "direct", "tel", "mob", "cell", "ph", "电话", "電話", "手机", "手機", "전화", "휴대폰", "โทร", "携帯", "тел"}

// marks finds the words for fax and voice in a piece and returns the piece with
// blanks in their place, and words for extensions in the library's form.
func marks(piece string) (mark, string) {
	lower := strings.ToLower(piece)
	if len(lower) != len(piece) {
		piece = lower // some letters change length; offsets must fit
	}
	var found mark
	blank := func(words []string) bool {
		hit := false
		for _, word := range words {
			for {
				at := indexWord(lower, word)
				if at < 0 {
					break
				}
				hit = true
				lower = lower[:at] + strings.Repeat(" ", len(word)) + lower[at+len(word):]
				piece = piece[:at] + strings.Repeat(" ", len(word)) + piece[at+len(word):]
			}
		}
		return hit
	}
	found.fax = blank(faxWords)
	found.voice = blank(voiceWords)
	head := strings.TrimLeft(lower, " .:(")
	for _, letter := range [...]string{"f", "t", "m", "p"} {
		if rest, ok := strings.CutPrefix(head, letter); ok && strings.HasPrefix(strings.TrimLeft(rest, " ."), ":") {
			found.fax = found.fax || letter == "f"
			found.voice = found.voice || letter != "f"
		}
	}
	for _, word := range [...]string{"内线", "內線", "分机", "分機", "转", "轉", "내선", "ต่อ", "доб"} {
		piece = strings.ReplaceAll(piece, word, " ext ")
	}
	return found, strings.Trim(piece, " :.-/")
}

// indexWord finds a word; one of Latin letters must not go on in letters.
func indexWord(text, word string) int {
	from := 0
	for {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return -1
		}
		at += from
		end := at + len(word)
		latin := word[0] < 0x80
		if !latin || (at == 0 || !letter(text[at-1])) && (end == len(text) || !letter(text[end])) {
			return at
		}
		from = at + 1
	}
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// readPhone reads a piece as one number.
func readPhone(piece, region string) (Phone, bool) {
	main, extension := extensionOf(piece)
	digits := onlyDigits(main)
	if len(digits) < 5 {
		return Phone{}, false
	}
	phone := Phone{Raw: piece, Digits: digits, Extension: extension, Dummy: placeholder(digits)}
	text := main
	if rest, ok := strings.CutPrefix(digits, "00"); ok && len(rest) >= 8 && !strings.Contains(main, "+") && region != "" {
		text = "+" + rest
		if placeholder(rest) {
			phone.Dummy = true
		}
	}
	parsed, err := phonenumbers.Parse(text, region)
	if err != nil {
		return phone, true
	}
	if extra := parsed.GetExtension(); extra != "" && phone.Extension == "" {
		phone.Extension = extra
	}
	phone.Valid = phonenumbers.IsValidNumber(parsed)
	phone.E164 = phonenumbers.Format(parsed, phonenumbers.E164)
	phone.Region = strings.ToLower(phonenumbers.GetRegionCodeForNumber(parsed))
	if phone.Region == "" {
		phone.Region = strings.ToLower(phonenumbers.GetRegionCodeForCountryCode(int(parsed.GetCountryCode())))
	}
	if phone.Region == "zz" || phone.Region == "001" { // the library's words for none
		phone.Region = ""
	}
	if placeholder(phonenumbers.GetNationalSignificantNumber(parsed)) {
		phone.Dummy = true
	}
	return phone, true
}

// extensionOf cuts the extension off.
func extensionOf(piece string) (main, extension string) {
	lower := strings.ToLower(piece)
	for _, word := range [...]string{"extension", "extn", "ext", "anexo", "ramal", "x", "#"} {
		at := strings.LastIndex(lower, word)
		if at <= 0 || word == "x" && at > 0 && letter(lower[at-1]) {
			continue
		}
		tail := strings.Trim(piece[at+len(word):], " .:)-")
		if tail == "" || len(tail) > 6 || onlyDigits(tail) != tail || len(onlyDigits(piece[:at])) < 5 {
			continue
		}
		return strings.TrimRight(piece[:at], " .(-"), tail
	}
	return piece, ""
}

// apart reads numbers that only spaces part.
func apart(piece, region string) []Phone {
	var all []Phone
	group := ""
	for _, word := range strings.FieldsFunc(piece, unicode.IsSpace) {
		group = strings.TrimSpace(group + " " + word)
		if len(onlyDigits(group)) < 7 {
			continue
		}
		phone, ok := readPhone(group, region)
		if ok && phone.Valid {
			all = append(all, phone)
			group = ""
		}
	}
	if group != "" {
		return nil
	}
	return all
}

// tailOf reads "23456789/90": the digits behind the slash replace the last of the
// number before it.
func tailOf(last Phone, piece, region string) (Phone, bool) {
	tail := strings.TrimSpace(piece)
	if len(tail) == 0 || len(tail) > 4 || onlyDigits(tail) != tail || len(last.Digits) < 7 || last.E164 == "" {
		return Phone{}, false
	}
	whole := last.E164[:len(last.E164)-len(tail)] + tail
	other, ok := readPhone(whole, region)
	other.Raw, other.Digits = piece, last.Digits[:len(last.Digits)-len(tail)]+tail
	return other, ok
}

// placeholder reports whether a number was made up to fill the field: one digit
// repeated, or digits in a row up from 0 or 1 or down to them.
func placeholder(digits string) bool {
	if len(digits) < 4 {
		return true
	}
	same, up, down, longest := true, true, true, 1
	streak := 1
	for i := 1; i < len(digits); i++ {
		a, b := digits[i-1], digits[i]
		same = same && a == b
		up = up && (b == a+1 || a == '9' && b == '0')
		down = down && (b+1 == a || a == '0' && b == '9')
		if a == b {
			streak++
		} else {
			streak = 1
		}
		longest = max(longest, streak)
	}
	first, last := digits[0], digits[len(digits)-1]
	return same || up && first <= '1' || down && last <= '1' || longest >= 7
}

// ComparePhones says whether two numbers are one line.
func ComparePhones(a, b Phone, usage Usage) Comparison {
	switch {
	case a.Dummy || b.Dummy:
		return verdict(usage, 0, "a placeholder is no number")
	case a.E164 != "" && a.E164 == b.E164:
		return sameLine(a, b, usage)
	case a.E164 == "" || b.E164 == "":
		return withoutCode(a, b, usage)
	}
	x, y := a.E164, b.E164
	switch {
	case len(x) == len(y) && x[:len(x)-2] == y[:len(y)-2] && len(x) > 8:
		return verdict(usage, 0.25, "numbers differ in the last two digits only, as lines of one office may")
	case oneSlip(x, y):
		return verdict(usage, 0.2, "numbers differ by one digit, a slip of the pen or another line")
	}
	return verdict(usage, 0, "numbers differ")
}

func sameLine(a, b Phone, usage Usage) Comparison {
	switch {
	case a.Extension == b.Extension:
		if a.Fax != b.Fax {
			return verdict(usage, 0.95, "same number", "one side calls it a fax")
		}
		return verdict(usage, 1, "same number")
	case a.Extension == "" || b.Extension == "":
		return verdict(usage, 0.85, "same number", "extension known on one side only")
	}
	return verdict(usage, 0.5, "same switchboard", "extensions differ")
}

// withoutCode compares numbers of which one has no country.
func withoutCode(a, b Phone, usage Usage) Comparison {
	x, y := strings.TrimLeft(a.Digits, "0"), strings.TrimLeft(b.Digits, "0")
	if a.E164 != "" {
		x = a.E164[1:]
	}
	if b.E164 != "" {
		y = b.E164[1:]
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	switch {
	case len(x) < 7:
		return verdict(usage, 0, "too few digits to compare")
	case x == y:
		return verdict(usage, 0.8, "same digits", "country not known")
	case strings.HasSuffix(y, x):
		return verdict(usage, 0.7, "one number ends with the other", "country known on one side only")
	}
	return verdict(usage, 0, "numbers differ")
}
