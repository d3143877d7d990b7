package community

import "math/bits"

const (
	// brief is the length of the rows that a shortlist takes, at most.
	brief = 1 << 8
	// crowd is the number of groups above which the sums to them do not stay in a cache: 2 MiB of them.
	crowd = 1 << 18
	// golden is 2^32 by the golden ratio, which spreads numbers evenly (Knuth, volume 3, section 6.4).
	golden = 0x9E3779B1
)

// shortlist adds up the weights of one brief row by group, where there are so many groups that a tally would wait for memory at each. It
// finds the sum of a group by a hash of its number, in a table that is less than half full that stays in the nearest cache.
type shortlist struct {
	cells []cell
	// groups are those of a row, fetched before any of them is looked up, so that the waits for them overlap.
	groups []uint32
	// sums are by order of meeting.
	sums  []float64
	shift int
}

// cell says where the sum of group key-1 stands; it is empty where key is 0.
type cell struct{ key, at uint32 }

// add adds up a row of weights above zero, lists the groups in met as they are met, and returns how many there are. Each sum is made of the
// same terms in the same order as that of a tally.
func (s *shortlist) add(row []uint32, weights []float64, groups, met []uint32) int {
	if s.cells == nil {
		s.cells, s.groups, s.sums = make([]cell, 4*brief), make([]uint32, brief), make([]float64, brief+1)
	}
	wide := bits.Len(uint(len(row))) + 1
	s.shift = 32 - wide
	cells, own := s.cells[:1<<wide], s.groups[:len(row)]
	clear(cells)
	for i, u := range row {
		own[i] = groups[u]
	}
	sums, mask := s.sums[:len(row)+1], uint32(len(cells)-1)
	met, weights = met[:len(row)+1], weights[:len(row)]
	number := uint32(0)
	for i, c := range own {
		h := c * golden >> s.shift & mask
		key := cells[h].key
		for key != c+1 && key != 0 {
			h = (h + 1) & mask
			key = cells[h].key
		}
		at, isNew := cells[h].at, uint32(0)
		if key == 0 {
			at, isNew = number, 1
		}
		met[number], sums[number] = c, 0
		number += isNew
		cells[h] = cell{c + 1, at}
		sums[at] += weights[i]
	}
	return int(number)
}

// take returns the sum to group c, and leaves none.
func (s *shortlist) take(c uint32) float64 {
	mask := uint32(1)<<(32-s.shift) - 1
	for h := c * golden >> s.shift & mask; s.cells[h].key != 0; h = (h + 1) & mask {
		if s.cells[h].key == c+1 {
			at := s.cells[h].at
			sum := s.sums[at]
			s.sums[at] = 0
			return sum
		}
	}
	return 0
}
