package propagate

import (
	"context"
	"math"

	"rummage/algo/csr/memory"
)

// descent is the memory of a solution by conjugate gradients: vectors of width numbers a node, node by node. Lanes beyond those in
// use hold zeros.
type descent struct {
	s       *system
	goal    goal
	width   int
	right   []float64
	y       []float64
	rest    []float64 // what the equation is off by at y
	way     []float64 // the direction of the next step
	image   []float64
	product tally
	square  tally
	size    tally
	lanes   []journey
	report  func(step int)
	sweeps  int
}

// journey is how far one lane is. It depends on nothing of the others.
type journey struct {
	phase    phase
	rest     float64 // rest·inverse·rest
	residual float64
	steps    int
	checked  float64 // the residual when last measured afresh
	omega    float64
}

type phase uint8

const (
	descending phase = iota // by conjugate gradients
	resting                 // small enough by the recurrence; to be measured afresh
	iterating               // by the semi-iteration
	arrived
)

// conjugate solves a system that is symmetric and positive definite, by the method of conjugate gradients (Hestenes and Stiefel 1952)
// with the diagonal as its preconditioner. It adapts to the spectrum: at a given residual it needs no more sweeps than the
// Chebyshev semi-iteration (Golub and Varga 1961), far fewer where most eigenvalues lie close together, as in graphs with hubs.
//
// Its inner products fail where weights differ by so much that one part of a graph hides behind another. A lane whose residual,
// measured afresh, does not come down in the number of sweeps that the semi-iteration is sure to need goes on by that, which has none.
//
// Cost a sweep O(m) and 13 numbers a node and lane; memory 40 bytes a node and lane. right is laid out node by node and overwritten by
// nobody.
func (s *system) conjugate(ctx context.Context, right []float64, count int, g goal, report func(step int)) ([]solved, error) {
	width := lanesFor(count)
	n := s.order * width
	d := &descent{s: s, goal: g, width: width, right: right, y: memory.Make[float64](n), rest: memory.Make[float64](n), way: memory.Make[float64](n),
		image: memory.Make[float64](n), product: s.newTally(width), square: s.newTally(width), size: s.newTally(width), lanes: make([]journey, count), report: report}
	copy(d.rest, right)
	if err := d.run(ctx); err != nil {
		return nil, err
	}
	answers := make([]solved, count)
	for j := range answers {
		l := &d.lanes[j]
		answers[j] = solved{lane(d.y, width, j), l.residual, l.steps, l.residual <= g.tolerance || (l.residual < stallBelow && l.steps < g.steps)}
	}
	return answers, nil
}

func (d *descent) run(ctx context.Context) error {
	if err := d.start(ctx); err != nil {
		return err
	}
	for d.any(descending) {
		if err := d.descend(ctx); err != nil {
			return err
		}
		if !d.any(descending) {
			if err := d.check(ctx); err != nil {
				return err
			}
		}
	}
	if !d.any(iterating) {
		return nil
	}
	return d.iterate(ctx)
}

func (d *descent) any(p phase) bool {
	for j := range d.lanes {
		if d.lanes[j].phase == p {
			return true
		}
	}
	return false
}

// start takes the lanes that descend to their first direction.
func (d *descent) start(ctx context.Context) error {
	if err := d.move(ctx, &[lanes]float64{}); err != nil {
		return err
	}
	var turn [lanes]float64
	for j := range d.lanes {
		if l := &d.lanes[j]; l.phase == descending {
			l.rest, l.residual = d.square.sum(j), d.s.residual(d.size, j)
			if l.residual <= d.goal.tolerance || d.goal.steps <= 1 {
				l.phase = resting
			}
		}
	}
	if err := d.turn(ctx, &turn); err != nil {
		return err
	}
	if !d.any(descending) {
		return d.check(ctx)
	}
	return nil
}

// descend is one step of all lanes under way.
func (d *descent) descend(ctx context.Context) error {
	if err := d.s.apply(ctx, d.width, d.way, d.image, d.product); err != nil {
		return err
	}
	var length, turn [lanes]float64
	for j := range d.lanes {
		if l := &d.lanes[j]; l.phase == descending {
			if curve := d.product.sum(j); curve > 0 {
				length[j] = l.rest / curve
			}
			l.steps++
		}
	}
	if err := d.move(ctx, &length); err != nil {
		return err
	}
	enough := d.s.expected(d.goal.tolerance)
	for j := range d.lanes {
		l := &d.lanes[j]
		if l.phase != descending {
			continue
		}
		rest := d.square.sum(j)
		if l.rest > 0 {
			turn[j] = rest / l.rest
		}
		l.rest, l.residual = rest, d.s.residual(d.size, j)
		if l.residual <= d.goal.tolerance || l.steps >= enough+enough/2 || l.steps >= d.goal.steps-1 || length[j] == 0 {
			l.phase = resting
		}
	}
	d.tell()
	return d.turn(ctx, &turn)
}

func (d *descent) tell() {
	d.sweeps++
	d.report(d.sweeps)
}

// move goes the given lengths along the way.
func (d *descent) move(ctx context.Context, length *[lanes]float64) error {
	return d.s.each(ctx, func(b int, lo, hi uint32) {
		square, size := d.square.of(b), d.size.of(b)
		clear(square)
		clear(size)
		if d.width == 1 {
			square[0], size[0] = d.moveOne(lo, hi, length[0])
			return
		}
		width, plain := d.width, d.s.norm == nil && !d.s.worst
		for u := lo; u < hi; u++ {
			at, inverse := int(u)*width, d.s.inverse[u]
			y, rest := d.y[at:at+width], d.rest[at : at+width][:width]
			way, image := d.way[at : at+width][:len(y)], d.image[at : at+width][:len(y)]
			length, square, size := length[:len(y)], square[:len(y)], size[:len(y)]
			for j := range y {
				y[j] += float64(length[j] * way[j])
				r := rest[j] - float64(length[j]*image[j])
				rest[j] = r
				square[j] += float64(float64(r*r) * inverse)
			}
			if plain {
				for j, r := range rest {
					size[j] += math.Abs(r)
				}
				continue
			}
			for j, r := range rest {
				d.s.measure(&size[j], u, r)
			}
		}
	})
}

// moveOne is move for a single vector, by the same operations.
func (d *descent) moveOne(lo, hi uint32, length float64) (square, size float64) {
	y, rest := d.y[lo:hi], d.rest[lo:hi]
	rest = rest[:len(y)]
	way, image, inverse := d.way[lo:hi][:len(y)], d.image[lo:hi][:len(y)], d.s.inverse[lo:hi][:len(y)]
	for i := range y {
		y[i] += float64(length * way[i])
		r := rest[i] - float64(length*image[i])
		rest[i] = r
		square += float64(float64(r*r) * inverse[i])
	}
	if d.s.norm == nil && !d.s.worst {
		for _, r := range rest {
			size += math.Abs(r)
		}
		return square, size
	}
	for i, r := range rest {
		d.s.measure(&size, lo+uint32(i), r)
	}
	return square, size
}

// turn makes the next direction of what is left and the direction before.
func (d *descent) turn(ctx context.Context, turn *[lanes]float64) error {
	return d.s.each(ctx, func(_ int, lo, hi uint32) {
		width := d.width
		if width == 1 {
			way := d.way[lo:hi]
			rest, inverse, by := d.rest[lo:hi][:len(way)], d.s.inverse[lo:hi][:len(way)], turn[0]
			for i, x := range way {
				way[i] = float64(rest[i]*inverse[i]) + float64(by*x)
			}
			return
		}
		for u := lo; u < hi; u++ {
			at, inverse := int(u)*width, d.s.inverse[u]
			rest, way := d.rest[at:at+width], d.way[at:at+width]
			for j := range rest {
				way[j] = float64(rest[j]*inverse) + float64(turn[j]*way[j])
			}
		}
	})
}

// check measures the residuals of resting lanes afresh. Those that are not small enough go on from there.
func (d *descent) check(ctx context.Context) error {
	if err := d.refresh(ctx); err != nil {
		return err
	}
	var again bool
	for j := range d.lanes {
		l := &d.lanes[j]
		if l.phase != resting {
			continue
		}
		l.steps++
		before := l.checked
		l.residual, l.rest = d.s.residual(d.size, j), d.square.sum(j)
		l.checked = l.residual
		enough := d.s.expected(d.goal.tolerance)
		switch {
		case l.residual <= d.goal.tolerance || l.steps >= d.goal.steps:
			l.phase = arrived
		case before > 0 && l.residual < stallBelow && l.residual > before/2:
			l.phase = arrived
		case l.steps >= enough || before > 0 && l.residual > before/2:
			l.phase = iterating
		default:
			l.phase, again = descending, true
		}
	}
	d.tell()
	if !again {
		return nil
	}
	return d.turn(ctx, &[lanes]float64{})
}

// refresh computes what the equation is off by at y, and its measures.
func (d *descent) refresh(ctx context.Context) error {
	if err := d.s.apply(ctx, d.width, d.y, d.image, d.product); err != nil {
		return err
	}
	return d.s.each(ctx, func(b int, lo, hi uint32) {
		square, size := d.square.of(b), d.size.of(b)
		clear(square)
		clear(size)
		for u := lo; u < hi; u++ {
			at, inverse := int(u)*d.width, d.s.inverse[u]
			for j := range d.width {
				r := d.right[at+j] - d.image[at+j]
				d.rest[at+j] = r
				square[j] += float64(float64(r*r) * inverse)
				d.s.measure(&size[j], u, r)
			}
		}
	})
}

// iterate takes the lanes that conjugate gradients failed on further by the semi-iteration. The vectors of the way hold the
// iterate before.
func (d *descent) iterate(ctx context.Context) error {
	rho, enough := d.s.rate, d.s.expected(d.goal.tolerance)
	for step := 1; ; step++ {
		if err := d.refresh(ctx); err != nil {
			return err
		}
		open := false
		for j := range d.lanes {
			l := &d.lanes[j]
			if l.phase != iterating {
				continue
			}
			l.steps++
			l.residual = d.s.residual(d.size, j)
			if l.residual <= d.goal.tolerance || l.steps >= d.goal.steps || (l.residual < stallBelow && step >= 2*enough) {
				l.phase = arrived
				continue
			}
			open = true
			switch step {
			case 1:
				l.omega = 1
			case 2:
				l.omega = 2 / (2 - rho*rho)
			default:
				l.omega = 1 / (1 - rho*rho*l.omega/4)
			}
		}
		d.tell()
		if !open {
			return nil
		}
		if err := d.step(ctx); err != nil {
			return err
		}
	}
}

// step is one step of the semi-iteration.
func (d *descent) step(ctx context.Context) error {
	return d.s.each(ctx, func(_ int, lo, hi uint32) {
		for u := lo; u < hi; u++ {
			at, inverse := int(u)*d.width, d.s.inverse[u]
			for j := range d.lanes {
				l := &d.lanes[j]
				if l.phase != iterating {
					continue
				}
				now := d.y[at+j]
				next := now + float64(d.rest[at+j]*inverse)
				if l.omega != 1 {
					before := d.way[at+j]
					next = before + float64(l.omega*(next-before))
				}
				d.y[at+j], d.way[at+j] = next, now
			}
		}
	})
}
