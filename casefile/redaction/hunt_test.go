package redaction_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/casefile/redaction"
)

func wide(text string, order binary.AppendByteOrder) []byte {
	var all []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		all = order.AppendUint16(all, unit)
	}
	return all
}

// encoders write a text as others do, with something around it.
var encoders = map[string]func(before, text, after string) []byte{
	"plain":     func(b, s, a string) []byte { return []byte(b + s + a) },
	"UTF-16LE":  func(b, s, a string) []byte { return wide(b+s+a, binary.LittleEndian) },
	"UTF-16BE":  func(b, s, a string) []byte { return wide(b+s+a, binary.BigEndian) },
	"base64":    func(b, s, a string) []byte { return []byte(base64.StdEncoding.EncodeToString([]byte(b + s + a))) },
	"base64URL": func(b, s, a string) []byte { return []byte(base64.URLEncoding.EncodeToString([]byte(b + s + a))) },
	"base64 of UTF-16": func(b, s, a string) []byte {
		return []byte(base64.StdEncoding.EncodeToString(wide(b+s+a, binary.LittleEndian)))
	},
	"JSON": func(b, s, a string) []byte { line, _ := json.Marshal(b + s + a); return line },
	"JSON, ASCII": func(b, s, a string) []byte {
		return []byte(strings.ReplaceAll(strconv.QuoteToASCII(b+s+a), `\U000`, `\U000`))
	},
	"percent": func(b, s, a string) []byte { return []byte(b + url.PathEscape(s) + a) },
	"query":   func(b, s, a string) []byte { return []byte(url.QueryEscape(b + s + a)) },
	"XML": func(b, s, a string) []byte {
		var out bytes.Buffer
		_ = xml.EscapeText(&out, []byte(b+s+a))
		return out.Bytes()
	},
}

// TestTheHunterFindsEveryEncoding hides a text in bytes, wherever, in any of the encodings.
func TestTheHunterFindsEveryEncoding(t *testing.T) {
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("abcXYZ 0-9&<é王伟김مح")), 5, 20, 60)
	rapid.Check(t, func(t *rapid.T) {
		secret := letters.Draw(t, "secret")
		around := rapid.StringOfN(rapid.RuneFrom([]rune("qvw,;")), 0, 9, 9)
		for name, encode := range encoders {
			content := encode(around.Draw(t, "before"), secret, around.Draw(t, "after"))
			found, err := redaction.NewHunter([]string{secret, "another one"}).File("x.txt", bytes.NewReader(content))
			require.NoError(t, err)
			require.NotEmpty(t, found, "%s: %q in %q", name, secret, content)
			found, err = redaction.NewHunter([]string{"Nobody Here"}).File("x.txt", bytes.NewReader(content))
			require.NoError(t, err)
			require.Empty(t, found)
		}
	})
}

// TestTheHunterLooksAcrossBlocks hides a text where one block of reading ends.
func TestTheHunterLooksAcrossBlocks(t *testing.T) {
	hunter := redaction.NewHunter([]string{"Kim Min-soo"})
	for off := -12; off <= 1; off++ {
		content := append(bytes.Repeat([]byte{'.'}, 1<<16+off), "Kim Min-soo and more"...)
		found, err := hunter.File("x.csv", bytes.NewReader(content))
		require.NoError(t, err)
		assert.Equal(t, "UTF-8", found, off)
	}
}

// TestTheHunterOpensWorkbooks looks into the members of a packed file, and at their names.
func TestTheHunterOpensWorkbooks(t *testing.T) {
	pack := func(name, text string) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte(strings.Repeat("blank ", 1000) + text))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return out.Bytes()
	}
	hunter := redaction.NewHunter([]string{"Kim Min-soo"})
	for _, hidden := range [][]byte{pack("sheet.xml", "Kim Min-soo"), pack("Kim Min-soo.xml", "")} {
		found, err := hunter.File("x.xlsx", bytes.NewReader(hidden))
		require.NoError(t, err)
		assert.NotEmpty(t, found)
	}
	found, err := hunter.File("x.xlsx", bytes.NewReader(pack("sheet.xml", "nobody")))
	require.NoError(t, err)
	assert.Empty(t, found)
	_, err = hunter.File("x.xlsx", strings.NewReader("no zip file"))
	require.Error(t, err)
	assert.Equal(t, "UTF-8", hunter.Name("Kim Min-soo.csv"))
}
