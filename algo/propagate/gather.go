package propagate

// lanesFor returns the width of a group of n vectors: the widths that gather knows.
func lanesFor(n int) int {
	width := 1
	for width < n {
		width *= 2
	}
	return width
}

// gather adds up what the neighbours of a row hold, weighted, in the order of the row. Every width adds each lane by the same
// operations, so that a vector does not feel those beside it.
func gather(row []uint32, weights []float64, s *state, into *[lanes]float64) {
	switch s.width {
	case 1:
		into[0] = gatherOne(row, weights, s.source)
	case 2:
		gatherTwo(row, weights, s.source, (*[2]float64)(into[:]))
	case 4:
		gatherFour(row, weights, s.source, (*[4]float64)(into[:]))
	default:
		gatherEight(row, weights, s.source, into)
	}
}

func gatherOne(row []uint32, weights, source []float64) float64 {
	var sum float64
	if weights == nil {
		for _, v := range row {
			sum += source[v]
		}
		return sum
	}
	for i, w := range weights {
		sum += w * source[row[i]]
	}
	return sum
}

func gatherTwo(row []uint32, weights, source []float64, into *[2]float64) {
	var a, b float64
	for i, v := range row {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		x := (*[2]float64)(source[int(v)*2:])
		a += w * x[0]
		b += w * x[1]
	}
	*into = [2]float64{a, b}
}

func gatherFour(row []uint32, weights, source []float64, into *[4]float64) {
	var a, b, c, d float64
	for i, v := range row {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		x := (*[4]float64)(source[int(v)*4:])
		a += w * x[0]
		b += w * x[1]
		c += w * x[2]
		d += w * x[3]
	}
	*into = [4]float64{a, b, c, d}
}

func gatherEight(row []uint32, weights, source []float64, into *[8]float64) {
	var a, b, c, d, e, f, g, h float64
	for i, v := range row {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		x := (*[8]float64)(source[int(v)*8:])
		a += w * x[0]
		b += w * x[1]
		c += w * x[2]
		d += w * x[3]
		e += w * x[4]
		f += w * x[5]
		g += w * x[6]
		h += w * x[7]
	}
	*into = [8]float64{a, b, c, d, e, f, g, h}
}
