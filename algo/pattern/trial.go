package pattern

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"rummage/algo/csr/crew"
	"rummage/algo/stat"
)

// Testing says how typologies are held against chance. The zero value is usable.
type Testing struct {
	Bounds Bounds
	// Draws is how many times ties are dealt out anew, at most; 999 when 0, none when negative.
	Draws   int
	Seed    uint64
	Threads int // 0 means one per processor; it does not change the answer

	// Level is the share of false patterns that this run may have: see Level. 0.05 when 0.
	Level float64

	// Progress is called with each typology that is begun; nil for none.
	Progress func(id string, done, total int)
}

const (
	usualDraws = 999
	// Share is the share of false patterns accepted over the whole stream of runs.
	Share = 0.05
	// enough is how many draws as striking as the records end the drawing: what is so often
	// met by chance need not be measured finer (Besag and Clifford 1991).
	enough = 10
	batch  = 16
)

// A Result is what the records hold of one typology.
type Result struct {
	Typology *Typology
	// Missing lists what the motif reads and no record has; it was then not looked for.
	Missing []string
	Matches []Match // the strongest first
	Cut     int     // first records whose search was given up at its bound

	Draws    int     // ties were dealt out anew so many times
	Expected float64 // matches a draw
	P        float64 // of as many matches or more; 1 where nothing was drawn
	Q        float64 // among all typologies of the run
}

// Tested says that it could be told from chance.
func (r *Result) Tested() bool { return r.Draws > 0 }

// Test matches typologies and holds each against draws in which the ties it rests on are
// dealt out anew, within strata of equal month, chapter or what else its file names.
//
// P of a typology is the share of draws with as many matches; drawing stops early where ten
// draws have them (Besag and Clifford 1991, sequential Monte Carlo p-values, Biometrika 78).
// Q is P among all typologies that the records could show (Benjamini and Hochberg 1995). Of a
// typology whose Q is within the run's level, a match's own Q says how many of the matches
// as strong as it or stronger chance would bring about, as finding does by shuffles; it opens
// a network if that is within the level too, lowered by the share of typologies that passed
// (Benjamini and Bogomolov 2014, selective inference on multiple families of hypotheses,
// JRSS B 76).
//
// Cost: the draws times the cost of matching; a typology without a match is not drawn.
func Test(ctx context.Context, records *Records, typologies []*Typology, opts Testing) ([]*Result, error) {
	opts.Draws, opts.Level = cmp.Or(opts.Draws, usualDraws), cmp.Or(opts.Level, Share)
	trials := make([]*trial, len(typologies))
	err := crew.Run(ctx, opts.Threads, len(typologies), func(_, i int) { trials[i] = test(records, typologies[i], opts) })
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	var all []*Result
	for i, r := range trials {
		if opts.Progress != nil {
			opts.Progress(r.Typology.ID, i, len(typologies))
		}
		if r.motifs != nil {
			if err := r.draw(ctx, records, opts); err != nil {
				return nil, err
			}
		}
		r.motifs = nil
		all = append(all, r.Result)
	}
	return all, judge(all, opts)
}

// judge fills in the q of typologies and says which matches open networks.
func judge(all []*Result, opts Testing) error {
	var p []float64
	var of []*Result
	for _, r := range all {
		if r.Typology.plans != nil && len(r.Missing) == 0 {
			p, of = append(p, r.P), append(of, r)
		}
	}
	q, err := stat.BenjaminiHochberg(p)
	if err != nil {
		return fmt.Errorf("pattern: %w", err)
	}
	passed := 0
	for i, r := range of {
		if r.Q = q[i]; r.Tested() && r.Q <= opts.Level {
			passed++
		}
	}
	for _, r := range of {
		for i := range r.Matches {
			m := &r.Matches[i]
			m.Opens = r.Tested() && r.Q <= opts.Level && m.Q <= opts.Level*float64(passed)/float64(len(of))
		}
	}
	return nil
}

// trial is one typology on the records.
type trial struct {
	*Result
	motifs []*motif
}

// test looks for one typology.
func test(records *Records, t *Typology, opts Testing) *trial {
	r := &trial{Result: &Result{Typology: t, P: 1, Q: 1}}
	var plans []*plan
	plans, r.Missing = records.able(t)
	if len(plans) == 0 {
		return r
	}
	r.Missing = nil
	dealt := t.dealt()
	for _, p := range plans {
		m := records.prepare(p, dealt, opts.Bounds)
		s := m.search(&board{Records: records}, m.moves)
		for _, g := range s.matches() {
			r.Matches = append(r.Matches, g.match(t))
		}
		r.Cut += m.baseCut + s.cut
		r.motifs = append(r.motifs, m)
	}
	slices.SortStableFunc(r.Matches, compareMatches)
	if len(r.Matches) == 0 || opts.Draws < 0 {
		r.motifs = nil
	}
	return r
}

// compareMatches puts the strongest first, then the earliest, then by records.
func compareMatches(a, b Match) int {
	return cmp.Or(cmp.Compare(b.Strength, a.Strength), cmp.Compare(a.First, b.First), strings.Compare(a.key(), b.key()))
}

func (m *Match) key() string {
	var key strings.Builder
	for _, r := range m.Records {
		if r.Link != nil {
			fmt.Fprint(&key, r.Link.From, " ", r.Link.Role, " ", r.Link.To, "\n")
			continue
		}
		fmt.Fprintln(&key, r.ID)
	}
	return key.String()
}

// gambler draws, and keeps its room from one draw to the next.
type gambler struct {
	board    *board
	searches []*search
}

func (r *trial) gambler(records *Records, d *dealer) *gambler {
	g := &gambler{board: &board{Records: records, hands: d.hands()}}
	for _, m := range r.motifs {
		g.searches = append(g.searches, m.search(g.board, m.moves))
	}
	return g
}

// chance returns how strong the matches of one draw are.
func (g *gambler) chance(d *dealer, seed uint64, draw int) []float64 {
	d.deal(g.board.hands, seed, draw)
	clear(g.board.users)
	var all []float64
	for _, s := range g.searches {
		s.run(func(g *group) { all = append(all, g.plan.strength(g)) })
	}
	return all
}

// draw deals ties out anew until enough is known.
func (r *trial) draw(ctx context.Context, records *Records, opts Testing) error {
	var null []float64
	met := 0
	dealer := records.dealer(r.Typology)
	gamblers := make([]*gambler, crew.Size(opts.Threads, batch))
	for r.Draws < opts.Draws && met < enough {
		strengths := make([][]float64, min(batch, opts.Draws-r.Draws))
		err := crew.Run(ctx, opts.Threads, len(strengths), func(worker, i int) {
			if gamblers[worker] == nil {
				gamblers[worker] = r.gambler(records, dealer)
			}
			strengths[i] = gamblers[worker].chance(dealer, opts.Seed, r.Draws+i)
		})
		if err != nil {
			return fmt.Errorf("pattern: %w", err)
		}
		for i := range strengths {
			if met == enough {
				break // draws beyond the last that counts depend on how many were made together
			}
			r.Draws++
			r.Expected += float64(len(strengths[i]))
			if len(strengths[i]) >= len(r.Matches) {
				met++
			}
			for _, s := range strengths[i] {
				null = append(null, -s)
			}
		}
	}
	return r.calibrate(null, met, opts)
}

// calibrate says what the draws tell.
func (r *Result) calibrate(null []float64, met int, opts Testing) error {
	r.Expected /= float64(r.Draws)
	r.P = float64(met+1) / float64(r.Draws+1)
	if met == enough {
		r.P = float64(met) / float64(r.Draws)
	}
	observed := make([]float64, len(r.Matches))
	for i := range observed {
		observed[i] = -r.Matches[i].Strength
	}
	c, err := stat.Calibrate(observed, null, r.Draws, opts.Level)
	if err != nil {
		return fmt.Errorf("pattern: %w", err)
	}
	for i := range r.Matches {
		r.Matches[i].Q = min(1, c.Q[i])
	}
	return nil
}

// able are the motifs of a typology that the records could show, and what they lack for the
// first of the others.
func (r *Records) able(t *Typology) (plans []*plan, missing []string) {
	for _, p := range t.plans {
		lacks := r.missing(p)
		switch {
		case len(lacks) == 0:
			plans = append(plans, p)
		case missing == nil:
			missing = lacks
		}
	}
	return plans, missing
}

// missing lists what a motif cannot do without and no record has. What must not be found is
// part of it: where no record of a kind is there at all, that one is not means nothing.
func (r *Records) missing(p *plan) []string {
	var all []string
	for _, role := range p.needed {
		if r.consignments.ties[role] == nil {
			all = append(all, role)
		}
	}
	if p.linked && r.links.len() == 0 {
		all = append(all, links)
	}
	for _, f := range p.fixed() {
		if !slices.ContainsFunc(f.texts, func(text string) bool { _, ok := r.known[prefixOf(f.role)+text]; return ok }) {
			all = append(all, f.role+" "+strings.Join(f.texts, " or "))
		}
	}
	for name := range p.attributes {
		if !slices.ContainsFunc(r.consignments.attributes[name], func(v float64) bool { return !math.IsNaN(v) }) {
			all = append(all, name)
		}
	}
	for _, name := range said {
		if p.facts[name] && r.facts[name] == nil {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Level is the share of false matches that the n-th run of a stream may have, counted from 1,
// after so many matches were told by earlier runs: LOND, as nights share nearly all records.
//
// LOND is a rule for single tests. Here each run is a batch, within which Benjamini and
// Hochberg hold; for that the paper has no proof. Without told the levels of all runs add up to
// less than the share, which bounds the false ones whatever depends on what.
func Level(n, told int) float64 { return stat.LOND(n, told, Share) }
