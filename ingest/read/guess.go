package read

// Encodings of East Asia are told apart by which of their double bytes a text uses:
// each lays the characters that are written most into one range. What is not plainly
// one of them is left to a person, since a wrong guess garbles names.

const (
	// fewDoubles is how many characters of two bytes a guess takes.
	fewDoubles = 20
	// plainly is the share of them that must lie where common characters do, and
	// apart how far the next encoding must be behind.
	plainly, apart = 0.95, 0.1
	// rarely is the share that texts of other scripts stay below.
	rarely = 0.5
)

// doubles says of an encoding which pairs of bytes are characters, and which of these
// are common.
type doubles struct {
	encoding Encoding
	valid    func(lead, trail byte) bool
	common   func(lead, trail byte) bool
	single   func(c byte) bool // bytes above 0x7F that stand alone
}

func between(c, from, to byte) bool { return c >= from && c <= to }

func noSingle(byte) bool { return false }

// eastern lists them, the first counting where two fit alike: Korean text is Chinese
// text to the bytes, but Chinese text is hardly ever Korean.
var eastern = []doubles{
	{EUCKR, // KS X 1001: syllables in B0 to C8
		func(lead, trail byte) bool { return between(lead, 0xA1, 0xFD) && between(trail, 0xA1, 0xFE) },
		func(lead, _ byte) bool { return between(lead, 0xB0, 0xC8) || lead == 0xA1 || lead == 0xA3 }, noSingle},
	{GB18030, // GB 2312: characters of the first level in B0 to D7, of the second to F7
		func(lead, trail byte) bool {
			return between(lead, 0x81, 0xFE) && between(trail, 0x40, 0xFE) && trail != 0x7F
		},
		func(lead, trail byte) bool {
			return trail >= 0xA1 && (between(lead, 0xB0, 0xD7) || lead == 0xA1 || lead == 0xA3)
		}, noSingle},
	{Big5, // characters of the first level in A4 to C6
		func(lead, trail byte) bool {
			return between(lead, 0x81, 0xFE) && (between(trail, 0x40, 0x7E) || between(trail, 0xA1, 0xFE))
		},
		func(lead, _ byte) bool { return between(lead, 0xA1, 0xC6) }, noSingle},
	{ShiftJIS, // kana in 82 and 83, signs in 81, characters of the first level in 88 to 98
		func(lead, trail byte) bool {
			return (between(lead, 0x81, 0x9F) || between(lead, 0xE0, 0xFC)) && between(trail, 0x40, 0xFC) && trail != 0x7F
		},
		func(lead, _ byte) bool { return between(lead, 0x81, 0x83) || between(lead, 0x88, 0x98) },
		func(c byte) bool { return between(c, 0xA1, 0xDF) }},
}

// tally counts the characters of two bytes in a sample, and the common ones; false where
// the sample is not in the encoding. The last character may be cut off.
func (d *doubles) tally(sample []byte) (all, common int, ok bool) {
	for i := 0; i < len(sample); i++ {
		c := sample[i]
		switch {
		case c < 0x80 || d.single(c):
		case i+1 == len(sample):
		case !d.valid(c, sample[i+1]):
			return 0, 0, false
		default:
			all++
			if d.common(c, sample[i+1]) {
				common++
			}
			i++
		}
	}
	return all, common, true
}

const (
	aWord    = 4  // characters of two bytes in a row that are taken for a word, at least
	fewWords = 10 // how many words tell
)

// spelled reports Korean text that names things in Chinese characters as well: at least half
// of its words are of syllables alone. In Chinese text six characters of ten lie where
// syllables do, so that one word in eight is.
func spelled(sample []byte) bool {
	words, spelt, length, syllables := 0, 0, 0, 0
	end := func() {
		if length >= aWord {
			words++
			if syllables == length {
				spelt++
			}
		}
		length, syllables = 0, 0
	}
	for i := 0; i < len(sample); i++ {
		if sample[i] < 0x80 || i+1 == len(sample) {
			end()
			continue
		}
		length++
		if between(sample[i], 0xB0, 0xC8) {
			syllables++
		}
		i++
	}
	end()
	return words >= fewWords && 2*spelt >= words
}

// guess returns the encoding that a sample, which is not UTF-8, plainly is in; "" where it
// may be several.
func guess(sample []byte) Encoding {
	best, most, second := Encoding(""), 0.0, 0.0
	valid := false
	for i := range eastern {
		d := &eastern[i]
		all, common, ok := d.tally(sample)
		if !ok || all < fewDoubles {
			continue
		}
		valid = true
		share := float64(common) / float64(all)
		if d.encoding == EUCKR && (share >= plainly || share >= rarely && spelled(sample)) {
			return EUCKR
		}
		if share > most {
			best, most, second = d.encoding, share, most
		} else {
			second = max(second, share)
		}
	}
	switch {
	case most >= plainly && most-second >= apart:
		return best
	case !valid || most < rarely:
		return guessPage(sample)
	}
	return ""
}
