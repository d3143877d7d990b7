package propagate

import (
	"context"
	"errors"
	"fmt"
	"math"

	"rummage/algo/csr"
)

// ErrDiverges is returned, before a run, for parameters with which the method has no limit.
var ErrDiverges = errors.New("would not converge")

// Ends are the least and the greatest eigenvalue of a symmetric matrix, as far as Steps of Lanczos's method found them.
type Ends struct {
	Low, High float64
	// Error bounds how far an eigenvalue is from the one that is greater in absolute value.
	Error float64
	Steps int

	lowError, highError float64
}

// Radius is the greatest absolute value of the two.
func (e Ends) Radius() float64 { return max(math.Abs(e.Low), math.Abs(e.High)) }

// Limits of Lanczos's method.
const (
	lanczosSteps     = 600
	lanczosTolerance = 1e-10
	lanczosLook      = 8 // steps before the first look at the eigenvalues found; a quarter more before each next
)

// Spectrum returns the ends of the spectrum of an undirected graph's weights, parallel edges summed, by the method of Lanczos (1950)
// from a start that has a part in every eigenvector. Threads counts goroutines and changes no bit. An empty graph has both ends at 0.
// Cost O(m) a step, a dozen to some hundred steps; memory 24 bytes a node. Errors: ErrOptions for a directed graph, or that of the
// context.
func Spectrum(ctx context.Context, g *csr.Graph, threads int) (Ends, error) {
	if err := undirected(g); err != nil {
		return Ends{}, fmt.Errorf("propagate: spectrum: %w", err)
	}
	s := plainSystem(g, make([]float64, g.Order()), threads)
	s.alike(0, 0, -1)
	ends, err := s.ends(ctx, 1, lanczosTolerance)
	if err != nil {
		return Ends{}, fmt.Errorf("propagate: spectrum: %w", err)
	}
	return ends[0], nil
}

// plainSystem has the nodes and arcs of a graph as they are, and no preconditioner.
func plainSystem(g *csr.Graph, diagonal []float64, threads int) *system {
	s := &system{rows: rows{g: g}, order: g.Order(), threads: threads, diagonal: diagonal}
	s.blocks = s.rows.blocks(blockArcs)
	s.inverse = fill(s.order, func(int) float64 { return 1 })
	return s
}

// lanczos is the memory of the method for several matrices at once.
type lanczos struct {
	s           *system
	width       int
	now, before []float64
	next        []float64
	product     tally
	square      tally
	alpha, beta [lanes][]float64
}

// ends finds the ends of the spectrum of the system's matrices, the greater in absolute value to the given relative tolerance.
func (s *system) ends(ctx context.Context, count int, tolerance float64) ([]Ends, error) {
	width := lanesFor(count)
	n := s.order * width
	z := &lanczos{s: s, width: width, now: make([]float64, n), before: make([]float64, n), next: make([]float64, n),
		product: s.newTally(width), square: s.newTally(width)}
	answers := make([]Ends, count)
	if s.order == 0 {
		return answers, nil
	}
	if err := z.start(ctx); err != nil {
		return nil, err
	}
	most := min(lanczosSteps, 4*s.order+lanczosLook)
	for step, look := 1, lanczosLook; ; step++ {
		if err := z.step(ctx); err != nil {
			return nil, err
		}
		if step < look && step < most {
			continue
		}
		look += look / 4
		done := true
		for j := range answers {
			answers[j] = z.look(j)
			answers[j].Steps = step
			done = done && answers[j].Error <= tolerance*max(answers[j].Radius(), 1e-300)
		}
		if done || step >= most {
			return answers, nil
		}
	}
}

// start lays a vector of length 1 whose entries follow no pattern.
func (z *lanczos) start(ctx context.Context) error {
	err := z.s.each(ctx, func(b int, lo, hi uint32) {
		square := z.square.of(b)
		for u := lo; u < hi; u++ {
			x := scatter(u)
			for j := range z.width {
				z.next[int(u)*z.width+j] = x
				square[j] += x * x
			}
		}
	})
	if err != nil {
		return err
	}
	return z.turn(ctx)
}

// scatter is a number between 0.5 and 1.5 that a node's own stands for (Steele, Lea and Flood 2014).
func scatter(u uint32) float64 {
	x := (uint64(u) + 1) * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return 0.5 + float64((x^x>>31)>>11)/(1<<53)
}

// turn makes the vector found, brought to length 1, the present one. One that is all rounding ends its lane.
func (z *lanczos) turn(ctx context.Context) error {
	var factor [lanes]float64
	for j := range z.width {
		length := math.Sqrt(z.square.sum(j))
		z.beta[j] = append(z.beta[j], length)
		if length > 1e-14*z.scale(j) {
			factor[j] = 1 / length
		}
	}
	z.before, z.now = z.now, z.before
	return z.s.each(ctx, func(_ int, lo, hi uint32) {
		for at := int(lo) * z.width; at < int(hi)*z.width; at += z.width {
			for j := range z.width {
				z.now[at+j] = z.next[at+j] * factor[j]
			}
		}
	})
}

// scale is the greatest number that the matrix of a lane has shown so far.
func (z *lanczos) scale(j int) float64 {
	var scale float64
	for i, a := range z.alpha[j] {
		scale = max(scale, math.Abs(a))
		if i+1 < len(z.beta[j]) {
			scale = max(scale, z.beta[j][i+1])
		}
	}
	return scale
}

func (z *lanczos) step(ctx context.Context) error {
	if err := z.s.apply(ctx, z.width, z.now, z.next, z.product); err != nil {
		return err
	}
	var along, back [lanes]float64
	for j := range z.width {
		along[j], back[j] = z.product.sum(j), z.beta[j][len(z.beta[j])-1]
		if len(z.alpha[j]) == 0 {
			back[j] = 0
		}
		z.alpha[j] = append(z.alpha[j], along[j])
	}
	err := z.s.each(ctx, func(b int, lo, hi uint32) {
		square := z.square.of(b)
		clear(square)
		for at := int(lo) * z.width; at < int(hi)*z.width; at += z.width {
			for j := range z.width {
				x := z.next[at+j] - float64(along[j]*z.now[at+j]) - float64(back[j]*z.before[at+j])
				z.next[at+j] = x
				square[j] += float64(x * x)
			}
		}
	})
	if err != nil {
		return err
	}
	return z.turn(ctx)
}

// look takes the eigenvalues of the tridiagonal matrix of a lane. An eigenvalue of the whole lies within the last beta, times the last
// entry of its vector, of each.
func (z *lanczos) look(j int) Ends {
	alpha, beta := z.alpha[j], z.beta[j][1:]
	n := len(alpha)
	for i, b := range beta {
		if b <= 1e-14*z.scale(j) {
			n = i + 1
			break
		}
	}
	last := 0.0
	if n == len(alpha) && beta[n-1] > 1e-14*z.scale(j) {
		last = beta[n-1]
	}
	values, ends := tridiagonal(alpha[:n], beta[:n-1])
	low, high := 0, 0
	for i, value := range values {
		if value < values[low] {
			low = i
		}
		if value > values[high] {
			high = i
		}
	}
	e := Ends{Low: values[low], High: values[high]}
	e.lowError, e.highError = last*math.Abs(ends[low]), last*math.Abs(ends[high])
	// The other end does not matter where it cannot be the greater.
	if e.Error = e.highError; math.Abs(e.Low) > math.Abs(e.High) {
		e.Error = e.lowError
	}
	if other := min(math.Abs(e.Low), math.Abs(e.High)) + max(e.lowError, e.highError); other > e.Radius() {
		e.Error = max(e.lowError, e.highError)
	}
	return e
}

// tridiagonal returns the eigenvalues of a symmetric tridiagonal matrix, in no order, and the last entry of each one's eigenvector, by
// implicit QL steps that turn a single row (Golub and Welsch 1969). Cost O(n²).
func tridiagonal(diagonal, beside []float64) (values, last []float64) {
	n := len(diagonal)
	d, e := append([]float64(nil), diagonal...), append(append([]float64(nil), beside...), 0)
	row := make([]float64, n)
	row[n-1] = 1
	for l := range n {
		for range 60 {
			m := l
			for ; m < n-1; m++ {
				if math.Abs(e[m]) <= 1e-16*(math.Abs(d[m])+math.Abs(d[m+1])) {
					break
				}
			}
			if m == l {
				break
			}
			chase(d, e, row, l, m)
		}
	}
	return d, row
}

// chase is one implicit QL step on the part of the matrix from l to m.
func chase(d, e, row []float64, l, m int) {
	g := (d[l+1] - d[l]) / (2 * e[l])
	g = d[m] - d[l] + e[l]/(g+math.Copysign(math.Hypot(g, 1), g))
	s, c, p := 1.0, 1.0, 0.0
	for i := m - 1; i >= l; i-- {
		f, b := s*e[i], c*e[i]
		r := math.Hypot(f, g)
		e[i+1] = r
		if r == 0 {
			d[i+1] -= p
			e[m] = 0
			return
		}
		s, c = f/r, g/r
		g = d[i+1] - p
		r = (d[i]-g)*s + 2*c*b
		p = s * r
		d[i+1] = g + p
		g = c*r - b
		row[i+1], row[i] = s*row[i]+c*row[i+1], c*row[i]-s*row[i+1]
	}
	d[l] -= p
	e[l], e[m] = g, 0
}
