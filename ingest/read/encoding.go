package read

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/transform"
)

// An Encoding is the name of a character encoding.
type Encoding string

// Encodings that can be read. Detect recognises the first three, and the others where a text
// is plainly in one; Latin1 is taken for Windows1252, which has its letters.
const (
	UTF8        Encoding = "utf-8"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	GB18030     Encoding = "gb18030" // includes GBK and GB2312
	Big5        Encoding = "big5"    // includes the Hong Kong characters (HKSCS)
	ShiftJIS    Encoding = "shift_jis"
	EUCKR       Encoding = "euc-kr" // includes code page 949
	Windows1252 Encoding = "windows-1252"
	Latin1      Encoding = "latin1"
	Windows1250 Encoding = "windows-1250" // central Europe
	Windows1251 Encoding = "windows-1251" // Cyrillic
	Windows1253 Encoding = "windows-1253" // Greek
	Windows1254 Encoding = "windows-1254" // Turkish
	Windows1255 Encoding = "windows-1255" // Hebrew
	Windows1256 Encoding = "windows-1256" // Arabic
	Windows1257 Encoding = "windows-1257" // Baltic
	Windows1258 Encoding = "windows-1258" // Vietnamese
	Windows874  Encoding = "windows-874"  // Thai, with TIS-620
	CP866       Encoding = "cp866"        // Cyrillic, of DOS
)

// Encodings lists the encodings that can be read, in the order above.
func Encodings() []Encoding {
	return []Encoding{UTF8, UTF16LE, UTF16BE, GB18030, Big5, ShiftJIS, EUCKR, Windows1252, Latin1, Windows1250, Windows1251, Windows1253, Windows1254,
		Windows1255, Windows1256, Windows1257, Windows1258, Windows874, CP866}
}

// ParseEncoding returns the encoding of a name; common other names are known,
// letter case, spaces, '-' and '_' do not count. ErrEncoding lists the choices.
func ParseEncoding(name string) (Encoding, error) {
	key := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
	switch key {
	case "utf8", "ascii", "usascii", "utf8bom", "utf8sig":
		return UTF8, nil
	case "utf16le":
		return UTF16LE, nil
	case "utf16be":
		return UTF16BE, nil
	case "gb18030", "gbk", "gb2312", "cp936", "euccn":
		return GB18030, nil
	case "big5", "big5hkscs", "cp950":
		return Big5, nil
	case "shiftjis", "sjis", "cp932", "windows31j", "mskanji":
		return ShiftJIS, nil
	case "euckr", "cp949", "uhc", "ksc5601":
		return EUCKR, nil
	case "windows1252", "cp1252", "ansi":
		return Windows1252, nil
	case "latin1", "iso88591":
		return Latin1, nil
	case "windows1250", "cp1250":
		return Windows1250, nil
	case "windows1251", "cp1251":
		return Windows1251, nil
	case "windows1253", "cp1253":
		return Windows1253, nil
	case "windows1254", "cp1254", "iso88599", "latin5":
		return Windows1254, nil
	case "windows1255", "cp1255":
		return Windows1255, nil
	case "windows1256", "cp1256":
		return Windows1256, nil
	case "windows1257", "cp1257":
		return Windows1257, nil
	case "windows1258", "cp1258":
		return Windows1258, nil
	case "windows874", "cp874", "tis620", "iso885911":
		return Windows874, nil
	case "cp866", "ibm866":
		return CP866, nil
	}
	known := make([]string, 0, len(Encodings()))
	for _, e := range Encodings() {
		known = append(known, string(e))
	}
	return "", fmt.Errorf("%w: %q; known are %s", ErrEncoding, name, strings.Join(known, ", "))
}

// legacy returns the table of an encoding that is a superset of ASCII, byte for
// byte, other than UTF-8; nil for the Unicode forms.
func (e Encoding) legacy() encoding.Encoding {
	switch e {
	case GB18030:
		return simplifiedchinese.GB18030
	case Big5:
		return traditionalchinese.Big5
	case ShiftJIS:
		return japanese.ShiftJIS
	case EUCKR:
		return korean.EUCKR
	case Windows1252:
		return charmap.Windows1252
	case Latin1:
		return charmap.ISO8859_1
	case Windows1250:
		return charmap.Windows1250
	case Windows1251:
		return charmap.Windows1251
	case Windows1253:
		return charmap.Windows1253
	case Windows1254:
		return charmap.Windows1254
	case Windows1255:
		return charmap.Windows1255
	case Windows1256:
		return charmap.Windows1256
	case Windows1257:
		return charmap.Windows1257
	case Windows1258:
		return charmap.Windows1258
	case Windows874:
		return charmap.Windows874
	case CP866:
		return charmap.CodePage866
	}
	return nil
}

// unit is the number of bytes of the smallest character.
func (e Encoding) unit() int {
	if e == UTF16LE || e == UTF16BE {
		return 2
	}
	return 1
}

// mark returns the byte order mark that may precede text of an encoding.
func (e Encoding) mark() []byte {
	switch e {
	case UTF8:
		return []byte{0xEF, 0xBB, 0xBF}
	case UTF16LE:
		return []byte{0xFF, 0xFE}
	case UTF16BE:
		return []byte{0xFE, 0xFF}
	}
	return nil
}

// A decoder turns bytes of one encoding into UTF-8. Lines are decoded one at a
// time, never chunks, so that byte offsets before decoding stay exact: in every
// encoding here the bytes of a line break stand for nothing else.
type decoder struct {
	encoding Encoding
	table    transform.Transformer
}

func newDecoder(e Encoding) *decoder {
	d := &decoder{encoding: e}
	if table := e.legacy(); table != nil {
		d.table = table.NewDecoder().Transformer
	}
	return d
}

// decode appends src as UTF-8. A character that cannot be decoded, or that was
// lost in an earlier conversion, becomes U+FFFD.
func (d *decoder) decode(dst, src []byte) []byte {
	switch {
	case d.encoding == UTF16LE:
		return decodeUTF16(dst, src, 0, 1)
	case d.encoding == UTF16BE:
		return decodeUTF16(dst, src, 1, 0)
	case d.table == nil:
		return append(dst, src...)
	}
	d.table.Reset()
	for {
		if cap(dst)-len(dst) < len(src)+utf8.UTFMax {
			dst = append(dst, make([]byte, 2*len(src)+utf8.UTFMax)...)[:len(dst)]
		}
		n, used, err := d.table.Transform(dst[len(dst):cap(dst)], src, true)
		dst = dst[:len(dst)+n]
		src = src[used:]
		if !errors.Is(err, transform.ErrShortDst) {
			if len(src) > 0 {
				dst = append(dst, replacement...)
			}
			return dst
		}
	}
}

func decodeUTF16(dst, src []byte, low, high int) []byte {
	for len(src) >= 2 {
		r := rune(src[low]) | rune(src[high])<<8
		src = src[2:]
		switch {
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
			continue
		case utf16.IsSurrogate(r):
			var second rune = -1
			if len(src) >= 2 {
				second = rune(src[low]) | rune(src[high])<<8
			}
			r = utf16.DecodeRune(r, second)
			if r != utf8.RuneError {
				src = src[2:]
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	if len(src) == 1 {
		dst = utf8.AppendRune(dst, utf8.RuneError)
	}
	return dst
}

var replacement = []byte("\uFFFD")

// flaw returns the index of the first character that is not text, -1 for none.
// In UTF-8 a U+FFFD that stands in the file is text like any other.
func (d *decoder) flaw(text []byte) int {
	if d.encoding != UTF8 {
		return bytes.Index(text, replacement)
	}
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func ascii(text []byte) bool {
	for len(text) >= 8 {
		if (uint64(text[0])|uint64(text[1])|uint64(text[2])|uint64(text[3])|
			uint64(text[4])|uint64(text[5])|uint64(text[6])|uint64(text[7]))&0x80 != 0 {
			return false
		}
		text = text[8:]
	}
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
