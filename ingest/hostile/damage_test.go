package hostile

import (
	"math/rand/v2"
)

// harmed is a trial of each format, with something done to a sound file.
func harmed(harm func(r *rand.Rand, content []byte) []byte) []trial {
	var all []trial
	for _, k := range kinds() {
		all = append(all, trial{name: k.name, file: k.file, make: func(r *rand.Rand) []byte { return harm(r, k.write(sound())) }})
	}
	return all
}

// truncated files break off somewhere.
func truncated() []trial {
	return harmed(func(r *rand.Rand, content []byte) []byte { return content[:1+r.IntN(len(content)-1)] })
}

// flipped files have a few bits that are not what they were.
func flipped() []trial {
	return harmed(func(r *rand.Rand, content []byte) []byte {
		for range 3 {
			content[r.IntN(len(content))] ^= 1 << r.IntN(8)
		}
		return content
	})
}

// overwritten files have a stretch of noise in them.
func overwritten() []trial {
	return harmed(func(r *rand.Rand, content []byte) []byte {
		at := r.IntN(len(content))
		for i := range content[at:min(at+64, len(content))] {
			content[at+i] = byte(r.Uint32())
		}
		return content
	})
}

// nuls are files with bytes of zero in them.
func nuls() []trial {
	return harmed(func(r *rand.Rand, content []byte) []byte {
		for range 3 {
			at := len(content)/4 + r.IntN(len(content)*3/4)
			content = append(content[:at:at], append([]byte{0}, content[at:]...)...)
		}
		return content
	})
}
