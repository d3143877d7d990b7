// Package typeface holds the letters that a case file is set in, and what room they take: the same on every machine. Three fonts cover the
// scripts of the region; fonts/README.md says which signs, whence, and under which licence.
//
// It must not know what is written, or where.
package typeface

import (
	"bytes"
	_ "embed" // the fonts
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/letters.ttf.zst
var lettersPacked []byte

//go:embed fonts/hangul.ttf.zst
var hangulPacked []byte

//go:embed fonts/han.ttf.zst
var hanPacked []byte

// Face is one font.
type Face struct {
	Name string
	// TTF is the file.
	TTF []byte

	font *sfnt.Font
	em   float64 // units of the font to one of size
	wide map[rune]float64
	has  map[rune]sfnt.GlyphIndex
	lock sync.Mutex
	room sfnt.Buffer
}

// Faces returns the fonts, the first one that has a sign being the one it is set in. They are unpacked when first asked for.
var Faces = sync.OnceValue(func() []*Face {
	return []*Face{unpacked("letters", lettersPacked), unpacked("hangul", hangulPacked), unpacked("han", hanPacked)}
})

func unpacked(name string, packed []byte) *Face {
	d, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(fmt.Sprintf("typeface: %s: %v", name, err))
	}
	defer d.Close()
	text, err := io.ReadAll(d)
	if err != nil {
		panic(fmt.Sprintf("typeface: %s: %v", name, err))
	}
	f, err := sfnt.Parse(text)
	if err != nil {
		panic(fmt.Sprintf("typeface: %s: %v", name, err))
	}
	return &Face{Name: name, TTF: text, font: f, em: float64(f.UnitsPerEm()), wide: map[rune]float64{}, has: map[rune]sfnt.GlyphIndex{}}
}

// glyph returns the sign of a letter and its width in a size of 1; ok is false where the font lacks it.
func (f *Face) glyph(r rune) (at sfnt.GlyphIndex, wide float64, ok bool) {
	f.lock.Lock()
	defer f.lock.Unlock()
	at, known := f.has[r]
	if known {
		return at, f.wide[r], at != 0
	}
	at, err := f.font.GlyphIndex(&f.room, r)
	if err != nil {
		at = 0
	}
	f.has[r] = at
	if at == 0 {
		return 0, 0, false
	}
	advance, err := f.font.GlyphAdvance(&f.room, at, fixed.I(int(f.em)), font.HintingNone)
	if err != nil {
		f.has[r] = 0
		return 0, 0, false
	}
	f.wide[r] = float64(advance) / 64 / f.em
	return at, f.wide[r], true
}

// Outline calls back with the contour of a letter, of a size of 1, y downwards. It does nothing where the font lacks it.
func (f *Face) Outline(r rune, do func(segments sfnt.Segments, scale float64)) {
	at, _, ok := f.glyph(r)
	if !ok {
		return
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	segments, err := f.font.LoadGlyph(&f.room, at, fixed.I(int(f.em)), nil)
	if err == nil {
		do(segments, 1/(64*f.em))
	}
}

// set is a letter with the font that it is set in; nil where none has it.
type set struct {
	face *Face
	wide float64
}

// known are letters that were set before: texts are measured far more often than there are letters.
var known struct {
	sync.RWMutex
	letters map[rune]set
}

// faceOf is the first font that has a letter; nil where none does.
func faceOf(r rune) (*Face, float64) {
	known.RLock()
	s, found := known.letters[r]
	known.RUnlock()
	if found {
		return s.face, s.wide
	}
	for _, f := range Faces() {
		if _, wide, ok := f.glyph(r); ok {
			s = set{f, wide}
			break
		}
	}
	known.Lock()
	defer known.Unlock()
	if known.letters == nil {
		known.letters = map[rune]set{}
	}
	known.letters[r] = s
	return s.face, s.wide
}

// Run is a stretch of letters of one font, in the order in which they stand on paper.
type Run struct {
	Face *Face
	Text string
	Wide float64 // in a size of 1

	letters []rune
}

// missing stands for what no font here has.
const missing = '□'

// Runs sets a line: from the left to the right as it stands on paper, Arabic letters in the forms that they have beside each other, and a
// box for each letter that no font has.
func Runs(text string) []Run {
	var all []Run
	for _, r := range visual(text) {
		face, wide := faceOf(r)
		if face == nil {
			r = missing
			if face, wide = faceOf(r); face == nil {
				continue
			}
		}
		if n := len(all); n == 0 || all[n-1].Face != face {
			all = append(all, Run{Face: face})
		}
		last := &all[len(all)-1]
		last.letters = append(last.letters, r)
		last.Wide += wide
	}
	for i := range all {
		all[i].Text = string(all[i].letters)
	}
	return all
}

// Width is the room of a line.
func Width(text string, size float64) float64 {
	sum := 0.0
	for _, r := range visual(text) {
		face, wide := faceOf(r)
		if face == nil {
			_, wide = faceOf(missing)
		}
		sum += wide
	}
	return float64(sum * size)
}

// longest is how much of a text is looked at. A line of a picture is shorter, and a text of megabytes must not cost seconds.
const longest = 400

// Shown is a text as one line in which everything can be seen, as Visible has it, without blanks around it. What is longer than 400 signs
// ends in an ellipsis.
func Shown(text string) string {
	n := 0
	for at := range text {
		if n++; n > longest {
			return strings.TrimSpace(Visible(text[:at])) + "…"
		}
	}
	return strings.TrimSpace(Visible(text))
}

// Visible is a text in which everything can be seen: white space is a blank, and signs without a form of their own, such as those that turn
// the direction of what follows, stand as their code.
func Visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == utf8Error:
			b.WriteRune(missing)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) || !unicode.IsGraphic(r):
			fmt.Fprintf(&b, "[U+%04X]", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

const utf8Error = '\uFFFD'

// Cut shortens a line to a width, with an ellipsis at its end.
func Cut(text string, wide, size float64) string {
	if Width(text, size) <= wide {
		return text
	}
	letters := []rune(text)
	low, high := 0, len(letters)
	for low < high {
		middle := (low + high + 1) / 2
		if Width(strings.TrimSpace(string(letters[:middle]))+"…", size) <= wide {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return strings.TrimSpace(string(letters[:low])) + "…"
}

// Advance is the room of a letter of this font in a size of 1.
func (f *Face) Advance(r rune) float64 {
	_, wide, _ := f.glyph(r)
	return wide
}
