package name

// code gives a small Latin letter or digit a number below 64.
func code(c byte) uint {
	switch {
	case c >= 'a' && c <= 'z':
		return uint(c - 'a')
	case c >= '0' && c <= '9':
		return 26 + uint(c-'0')
	}
	return 63
}

// maxLetters is how many letters of one word are compared.
const maxLetters = 64

// edits is the number of letters to insert, delete, replace or swap with their
// neighbour to turn one word into another (Damerau-Levenshtein distance in its
// restricted form, optimal string alignment), by Hyyrö's bit-parallel method
// (2003), in one step for each letter of b. Words longer than 64 letters are
// compared by their first 64.
func edits(a, b string) int { return editsOf(a, b) }

// Edits is the number of letters to insert, delete, replace or swap with their
// neighbour to turn one word into another, both in small Latin letters and digits.
// Of words longer than 64 letters the first 64 count.
func Edits(a, b string) int { return edits(a, b) }

// editsBytes is edits for letters in a buffer.
func editsBytes(a []byte, b string) int { return editsOf(a, b) }

func editsOf[A, B string | []byte](a A, b B) int {
	na, nb := min(len(a), maxLetters), min(len(b), maxLetters)
	if na == 0 || nb == 0 {
		return max(na, nb)
	}
	var at [64]uint64
	for i := range na {
		at[code(a[i])] |= 1 << i
	}
	last := uint64(1) << (na - 1)
	plus, minus, zero, before := ^uint64(0), uint64(0), uint64(0), uint64(0)
	n := na
	for i := range nb {
		here := at[code(b[i])]
		turned := ((^zero & here) << 1) & before
		zero = (((here & plus) + plus) ^ plus) | here | minus | turned
		up := minus | ^(zero | plus)
		down := zero & plus
		if up&last != 0 {
			n++
		}
		if down&last != 0 {
			n--
		}
		up = up<<1 | 1
		plus = down<<1 | ^(zero | up)
		minus = up & zero
		before = here
	}
	return n
}

// maxSigns is how many characters of a word in its own script are compared.
const maxSigns = 24

// editsNative is the number of characters to insert, delete or replace between
// two words in their own script.
func editsNative(a, b []rune) int {
	a, b = a[:min(len(a), maxSigns)], b[:min(len(b), maxSigns)]
	var row [maxSigns + 1]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i, r := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range b {
			cost := diagonal
			if r != s {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
