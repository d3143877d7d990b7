package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/flag"
	"rummage/algo/view"
	"rummage/graph"
)

// StageNights is the stage that Progress reports while the world is looked at as it was in earlier nights.
const StageNights = "nights"

// Timely is how soon rings are pointed at. Nights are days at equal distances, the last one the last of the world; on each, everything is analysed that
// was declared and found by then. A ring with no hit at all is in no figure.
type Timely struct {
	Nights int
	Apart  float64 // days from one to the next: nothing is told sooner

	Hit int // rings with a hit

	Finding, Lead Delay
}

// Delay is of one way to be pointed at: a finding of any grade with two members of the ring, or a member without a hit of its own among the
// first 100 leads.
type Delay struct {
	Told  int     // rings told of
	Days  float64 // from the first hit to the night, the median of those told of; NaN where none is
	Ahead float64 // share of what the ring's members declared between them that was yet to come, the mean of those told of
}

// past is what a ring did.
type past struct {
	hit    graph.Date
	inside []graph.Date // days of consignments between two members
	told   [2]graph.Date
}

// Timeliness analyses the world as it was in each of some nights. Cost: an analysis, with findings, for each.
func Timeliness(ctx context.Context, source view.Source, truth Truth, opts flag.Options, nights int) (*Timely, error) {
	identity := source.Identity()
	ring := map[graph.ID]int{}
	for k, members := range truth.Rings {
		for _, id := range members {
			ring[identity.Cluster(id)] = k
		}
	}
	rings := make([]past, len(truth.Rings))
	first, last, err := pasts(ctx, source, ring, rings)
	if err != nil {
		return nil, err
	}
	t := &Timely{Nights: nights, Apart: float64(last-first) / float64(nights)}
	progress := opts.Progress
	opts.Progress, opts.Cache.Dir = nil, ""
	for k := 1; k <= nights; k++ {
		night := first + graph.Date(math.Round(float64(k)*t.Apart))
		a, err := flag.Analyse(ctx, Without(source, Loss{Until: night}), opts)
		if err != nil {
			return nil, fmt.Errorf("evaluate: night %d: %w", k, err)
		}
		tell(a, ring, rings, night)
		if progress != nil {
			progress(StageNights, k, nights)
		}
	}
	for i, delay := range []*Delay{&t.Finding, &t.Lead} {
		*delay = delayOf(rings, i)
	}
	for i := range rings {
		if rings[i].hit != graph.NoDate {
			t.Hit++
		}
	}
	return t, nil
}

// pasts reads what every ring did, and from when to when anything was declared.
func pasts(ctx context.Context, source view.Source, ring map[graph.ID]int, rings []past) (from, to graph.Date, err error) {
	importing, exporting := view.Sides()
	identity := source.Identity()
	for c, err := range source.Consignments(ctx, graph.Want{Properties: []string{}, Fields: []string{}}) {
		if err != nil {
			return 0, 0, err
		}
		day, ties := c.Date(), c.Ties()
		if day != graph.NoDate && (from == graph.NoDate || day < from) {
			from = day
		}
		to = max(to, day)
		var of []int
		for _, roles := range [2][]graph.Role{importing, exporting} {
			if id, ok := first(ties, roles); ok {
				if k, ok := ring[identity.Cluster(id)]; ok {
					of = append(of, k)
				}
			}
		}
		if len(of) == 2 && of[0] == of[1] {
			rings[of[0]].inside = append(rings[of[0]].inside, day)
		}
		for _, o := range c.Outcomes {
			if o.Result != graph.Hit {
				continue
			}
			for _, k := range of {
				if rings[k].hit == graph.NoDate || o.Date < rings[k].hit {
					rings[k].hit = o.Date
				}
			}
		}
	}
	return from, to, nil
}

// tell notes the night for every ring that is pointed at for the first time.
func tell(a *flag.Analysis, ring map[graph.ID]int, rings []past, night graph.Date) {
	note := func(k, how int) {
		if rings[k].told[how] == graph.NoDate {
			rings[k].told[how] = night
		}
	}
	for i := range a.Findings.List {
		count := map[int]int{}
		for _, v := range a.Findings.List[i].Members {
			if k, ok := ring[a.View.IDs[v]]; ok {
				if count[k]++; count[k] == 2 {
					note(k, 0)
				}
			}
		}
	}
	leads, _ := a.Leads()
	for _, lead := range leads[:min(len(leads), top)] {
		if k, ok := ring[lead.ID]; ok {
			note(k, 1)
		}
	}
}

func delayOf(rings []past, how int) Delay {
	d := Delay{Days: math.NaN(), Ahead: math.NaN()}
	var days []float64
	var ahead []float64
	for _, r := range rings {
		if r.hit == graph.NoDate || r.told[how] == graph.NoDate {
			continue
		}
		days = append(days, float64(r.told[how]-r.hit))
		later := 0
		for _, day := range r.inside {
			if day > r.told[how] {
				later++
			}
		}
		ahead = append(ahead, share(later, len(r.inside)))
	}
	if d.Told = len(days); d.Told > 0 {
		slices.Sort(days)
		d.Days, d.Ahead = days[(len(days)-1)/2], NewSpread(ahead).Mean
	}
	return d
}
