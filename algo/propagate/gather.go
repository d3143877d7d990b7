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
func gather(row []uint32, weights []float64, width int, source []float64, into *[lanes]float64) {
	switch width {
	case 1:
		into[0] = gatherOne(row, weights, source)
	case 2:
		gatherTwo(row, weights, source, (*[2]float64)(into[:]))
	case 4:
		gatherFour(row, weights, source, (*[4]float64)(into[:]))
	default:
		gatherEight(row, weights, source, into)
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
	weights = weights[:len(row)]
	for i, v := range row {
		sum += float64(weights[i] * source[v])
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
		a += float64(w * x[0])
		b += float64(w * x[1])
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
		a += float64(w * x[0])
		b += float64(w * x[1])
		c += float64(w * x[2])
		d += float64(w * x[3])
	}
	*into = [4]float64{a, b, c, d}
}

// gatherEight takes half a line at a time where there are weights: with all eight sums and products, the registers do not suffice.
func gatherEight(row []uint32, weights, source []float64, into *[8]float64) {
	var a, b, c, d, e, f, g, h float64
	if weights == nil {
		for _, v := range row {
			at := int(v) * 8
			x := (*[8]float64)(source[at : at+8])
			a += x[0]
			b += x[1]
			c += x[2]
			d += x[3]
			e += x[4]
			f += x[5]
			g += x[6]
			h += x[7]
		}
		*into = [8]float64{a, b, c, d, e, f, g, h}
		return
	}
	weights = weights[:len(row)]
	for i, v := range row {
		at, w := int(v)*8, weights[i]
		x := (*[8]float64)(source[at : at+8])
		a += float64(w * x[0])
		b += float64(w * x[1])
		c += float64(w * x[2])
		d += float64(w * x[3])
		e += float64(w * x[4])
		f += float64(w * x[5])
		g += float64(w * x[6])
		h += float64(w * x[7])
	}
	*into = [8]float64{a, b, c, d, e, f, g, h}
}
