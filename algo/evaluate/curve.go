package evaluate

import (
	"fmt"

	"rummage/algo/flag"
)

// Point is what leads, and plain PageRank beside them, reach when a share of one kind of record is left.
type Point struct {
	Left            float64
	Leads, PageRank Measures
}

// Curve is how a ranking gets worse as records of one kind go missing.
type Curve struct {
	Name   string
	Points []Point // from all to the least
}

// Names of the curves.
const (
	CurveTies        = "ties"
	CurveInspections = "inspections"
	CurveIdentifiers = "identifiers"
)

// Curves lists them, with the shares that are left at each point.
func Curves() []Curve {
	left := func(name string, shares ...float64) Curve {
		c := Curve{Name: name}
		for _, s := range shares {
			c.Points = append(c.Points, Point{Left: s})
		}
		return c
	}
	return []Curve{
		left(CurveTies, 1, 0.9, 0.8, 0.6),
		left(CurveInspections, 1, 0.6, 0.4, 0.2),
		left(CurveIdentifiers, 1, 0.75, 0.5, 0),
	}
}

// curves analyses the world again at every point. The evaluation set stays that of the whole world.
func (b *bench) curves(whole *Report) ([]Curve, error) {
	all := Curves()
	for k := range all {
		for i := range all[k].Points {
			p := &all[k].Points[i]
			if p.Left == 1 {
				p.Leads, p.PageRank = whole.Of(Leads), whole.Of(PageRank)
				continue
			}
			loss := Loss{Seed: b.opts.Seed}
			switch all[k].Name {
			case CurveTies:
				loss.Ties = 1 - p.Left
			case CurveInspections:
				loss.Inspections = 1 - p.Left
			default:
				loss.Identifiers = 1 - p.Left
			}
			if err := b.point(p, loss); err != nil {
				return nil, fmt.Errorf("evaluate: %g of %s left: %w", p.Left, all[k].Name, err)
			}
			if b.opts.Progress != nil {
				b.opts.Progress(StageCurves, k*len(all[k].Points)+i+1, len(all)*len(all[k].Points))
			}
		}
	}
	return all, nil
}

// StageCurves is the stage that Progress reports while records are taken away.
const StageCurves = "curves"

func (b *bench) point(p *Point, loss Loss) error {
	a, err := b.under(loss)
	if err != nil {
		return err
	}
	if p.Leads, err = b.measure(b.scoresOf(a)); err != nil {
		return err
	}
	rest := *b
	rest.a = a
	walk, err := mass(rest.expose(plainWeights(), flag.PlainSeeds))
	if err != nil {
		return err
	}
	p.PageRank, err = b.measure(b.each(func(v uint32) float64 {
		if there, ok := a.View.Node(b.a.View.IDs[v]); ok {
			return walk[there]
		}
		return 0
	}))
	return err
}
