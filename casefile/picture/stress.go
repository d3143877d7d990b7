package picture

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// gauge knows how far apart the nodes of a part should be.
type gauge struct {
	n     int
	pairs []pair
	// links of the part, by place in its nodes.
	links [][2]int
}

// pair is two nodes and their distance in half lengths of a plain link.
type pair struct{ a, b, far uint16 }

// longest is the greatest length of a link, in half lengths of a plain one.
const longest = 12

// gauge measures every two nodes of a part by the shortest way. A link is longer where many leaves stand around one node, and where both its
// ends have many links, since what stands between needs room.
func (s *sketch) gauge(nodes []int) *gauge {
	local := make(map[int]int, len(nodes))
	for i, n := range nodes {
		local[n] = i
	}
	leaves := make([]int, len(nodes))
	for i, n := range nodes {
		for _, m := range s.near[n] {
			if len(s.near[m]) == 1 {
				leaves[i]++
			}
		}
	}
	g := &gauge{n: len(nodes)}
	near, length := make([][]int, len(nodes)), make([][]int, len(nodes))
	for i, n := range nodes {
		for _, m := range s.near[n] {
			j := local[m]
			long := 2 + bits.Len(uint(min(len(s.near[n]), len(s.near[m]))))/2
			if len(s.near[m]) == 1 {
				long = max(long, 2+leaves[i]/4)
			}
			if len(s.near[n]) == 1 {
				long = max(long, 2+leaves[j]/4)
			}
			near[i], length[i] = append(near[i], j), append(length[i], min(long, longest))
			if i < j {
				g.links = append(g.links, [2]int{i, j})
			}
		}
	}
	far := make([]int, len(nodes))
	for i := range nodes {
		distances(near, length, i, far)
		for j := i + 1; j < len(nodes); j++ {
			g.pairs = append(g.pairs, pair{uint16(i), uint16(j), uint16(min(far[j], math.MaxUint16))})
		}
	}
	return g
}

// distances finds the shortest ways from a node to all, with a bucket for each length (Dial 1969).
func distances(near, length [][]int, from int, far []int) {
	for i := range far {
		far[i] = math.MaxInt
	}
	var buckets [longest + 1][]int
	far[from] = 0
	buckets[0] = append(buckets[0], from)
	for at, left := 0, 1; left > 0; at++ {
		slot := at % len(buckets)
		for k := 0; k < len(buckets[slot]); k++ {
			n := buckets[slot][k]
			left--
			if far[n] != at {
				continue // reached by a shorter way meanwhile
			}
			for i, m := range near[n] {
				if d := at + length[n][i]; d < far[m] {
					far[m] = d
					buckets[d%len(buckets)] = append(buckets[d%len(buckets)], m)
					left++
				}
			}
		}
		buckets[slot] = buckets[slot][:0]
	}
}

// sheaf is how many pairs stay together when the order is dealt anew. They were thrown together by chance before the first pass; dealing single
// pairs again costs more than all else, and gains nothing.
const sheaf = 64

// descend moves the two nodes of every pair towards their distance, in an order dealt anew for each pass, by steps that get shorter.
func (g *gauge) descend(ctx context.Context, at []Point) error {
	random := rand.New(rand.NewPCG(20261127, uint64(g.n)))
	side := math.Sqrt(float64(g.n))
	for i := range at {
		at[i] = Point{float64(random.Float64() * side), float64(random.Float64() * side)}
	}
	passes := 60
	if g.n > 300 {
		passes = 30
	}
	far := 1.0
	for _, p := range g.pairs {
		far = max(far, float64(p.far))
	}
	step, falls := float64(far*far), fall(float64(far*far)/0.2, passes-1)
	random.Shuffle(len(g.pairs), func(i, j int) { g.pairs[i], g.pairs[j] = g.pairs[j], g.pairs[i] })
	sheaves := slices.Collect(slices.Chunk(g.pairs, sheaf))
	for range passes {
		if err := ctx.Err(); err != nil {
			return err
		}
		random.Shuffle(len(sheaves), func(i, j int) { sheaves[i], sheaves[j] = sheaves[j], sheaves[i] })
		for _, pairs := range sheaves {
			for _, p := range pairs {
				pull(&at[p.a], &at[p.b], float64(p.far), step)
			}
		}
		step = float64(step * falls)
	}
	return nil
}

// pull moves two points by a step, never past their distance.
func pull(a, b *Point, far, step float64) {
	dx, dy := a.X-b.X, a.Y-b.Y
	long := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	if long < 1e-9 {
		dx, long = 1e-9, 1e-9
	}
	much := float64(min(1, step/float64(far*far))*(long-far)) / (2 * long)
	mx, my := float64(dx*much), float64(dy*much)
	a.X, a.Y, b.X, b.Y = a.X-mx, a.Y-my, b.X+mx, b.Y+my
}

// fall is the factor that brings a step down to a part of it in so many passes. It is found by halving, since no two processors promise the
// same power.
func fall(part float64, passes int) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		middle := (low + high) / 2
		product := 1.0
		for range passes {
			product = float64(product * middle)
		}
		if float64(product*part) > 1 {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
