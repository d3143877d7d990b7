package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"rummage/algo/boost"
	"rummage/algo/csr"
	"rummage/algo/flag"
	"rummage/algo/propagate"
	"rummage/algo/stat"
)

// ErrLabels is wrapped by every complaint about a labelled graph that nothing can be tried on.
var ErrLabels = errors.New("evaluate: labelled graph")

// Labelled is a graph of which it is known who is bad.
type Labelled struct {
	Nodes int
	Arcs  []Arc
	Truth []bool // of each node
}

// Arc is one event between two nodes. Time counts in days, or whatever the file counts in.
type Arc struct {
	From, To uint32
	Time     float64
}

// LabelOptions say how a labelled graph is tried.
type LabelOptions struct {
	Known  float64 // share of the bad nodes that the methods are told
	Splits int     // times that share is drawn
	Seed   uint64
	Window float64 // of a burst, in the file's unit of time
	Folds  int     // parts for fitting the weights of evidence
	Often  float64 // weight of a tie of two nodes that met more than once, beside 1 of those that met once
	// Damping of walks.
	Damping float64
	Threads int
}

// DefaultLabels are half of the bad nodes known, ten times drawn.
func DefaultLabels() LabelOptions {
	return LabelOptions{Known: 0.5, Splits: 10, Seed: 1, Window: 10, Folds: 5, Often: 5, Damping: 0.85}
}

// Names of the methods that a labelled graph is tried with.
const (
	LabelEvidence = "links and behaviour"
	LabelRatio    = "exposure"
	LabelWalk     = "pagerank"
	LabelShape    = "behaviour only"
	LabelHop      = "one hop"
	LabelDegree   = "degree"
)

// LabelMethods lists them, ours first.
func LabelMethods() []string {
	return []string{LabelEvidence, LabelRatio, LabelWalk, LabelShape, LabelHop, LabelDegree}
}

// Split is what each method reached on one draw, in the order of LabelMethods: on all nodes but the known ones.
type Split struct {
	Known, Hidden, Others int
	AUC, AP               []float64
}

// TryLabels hides a part of the labels, ranks all nodes that are not known by what is left of them, and compares with those hidden.
//
// What is hidden plays no part in any score: features see the known nodes alone, and where weights of evidence are fitted, every node
// that is not known counts as good, bad ones among them. The node that is scored was not in the rows that its model was fitted to.
//
// Cost: for each split, 2 walks for each fold and for all, and a model a fold.
func TryLabels(ctx context.Context, g *Labelled, opts LabelOptions, progress func(done, total int)) ([]Split, error) {
	s, err := newLabelStudy(ctx, g, opts)
	if err != nil {
		return nil, err
	}
	var all []Split
	for k := range opts.Splits {
		split, err := s.split(ctx, uint64(k))
		if err != nil {
			return nil, fmt.Errorf("%w: split %d: %w", ErrLabels, k+1, err)
		}
		all = append(all, split)
		if progress != nil {
			progress(k+1, opts.Splits)
		}
	}
	return all, nil
}

// labelStudy is a labelled graph, laid out.
type labelStudy struct {
	g       *Labelled
	opts    LabelOptions
	ties    ties
	plain   *csr.Graph // every tie alike
	steady  *csr.Graph // ties of nodes that met more than once weigh more
	shape   [][]float64
	degrees []float64
}

func newLabelStudy(ctx context.Context, g *Labelled, opts LabelOptions) (*labelStudy, error) {
	bad := 0
	for _, yes := range g.Truth {
		if yes {
			bad++
		}
	}
	switch {
	case len(g.Truth) != g.Nodes:
		return nil, fmt.Errorf("%w: %d labels for %d nodes", ErrLabels, len(g.Truth), g.Nodes)
	case !(opts.Known > 0 && opts.Known < 1) || opts.Splits < 1 || opts.Folds < 2 || !(opts.Window > 0) || !(opts.Often > 0):
		return nil, fmt.Errorf("%w: known %g, %d splits, %d folds, window %g, often %g", ErrLabels, opts.Known, opts.Splits, opts.Folds, opts.Window, opts.Often)
	case bad < 2*opts.Folds || bad > g.Nodes-2*opts.Folds:
		return nil, fmt.Errorf("%w: %d bad of %d nodes: want %d at least of either kind", ErrLabels, bad, g.Nodes, 2*opts.Folds)
	}
	s := &labelStudy{g: g, opts: opts, ties: newTies(g)}
	var err error
	if s.plain, err = s.ties.graph(ctx, opts.Threads, 1); err != nil {
		return nil, err
	}
	if s.steady, err = s.ties.graph(ctx, opts.Threads, opts.Often); err != nil {
		return nil, err
	}
	s.shape = s.ties.shape(opts.Window)
	s.degrees = make([]float64, g.Nodes)
	for v := range s.degrees {
		s.degrees[v] = float64(s.plain.Degree(uint32(v)))
	}
	return s, nil
}

// split draws the known nodes and tries every method.
func (s *labelStudy) split(ctx context.Context, draw uint64) (Split, error) {
	random := rand.New(rand.NewPCG(s.opts.Seed, draw))
	known, fold := s.draw(random)
	var out Split
	for v, is := range known {
		switch {
		case is:
			out.Known++
		case s.g.Truth[v]:
			out.Hidden++
		default:
			out.Others++
		}
	}
	told, err := s.told(ctx, known)
	if err != nil {
		return out, err
	}
	evidence, err := s.fitted(ctx, known, fold, told, true)
	if err != nil {
		return out, err
	}
	shape, err := s.fitted(ctx, known, fold, told, false)
	if err != nil {
		return out, err
	}
	scores := map[string][]float64{
		LabelEvidence: evidence, LabelRatio: told.columns[0], LabelWalk: told.walk, LabelShape: shape,
		LabelHop: told.columns[2], LabelDegree: s.degrees,
	}
	for _, name := range LabelMethods() {
		auc, ap, err := s.judge(scores[name], known)
		if err != nil {
			return out, err
		}
		out.AUC, out.AP = append(out.AUC, auc), append(out.AP, ap)
	}
	return out, nil
}

// draw says who is known, and deals all nodes into folds, known ones and others alike.
func (s *labelStudy) draw(random *rand.Rand) (known []bool, fold []int) {
	known, fold = make([]bool, s.g.Nodes), make([]int, s.g.Nodes)
	var bad, rest []int
	for v, yes := range s.g.Truth {
		if yes {
			bad = append(bad, v)
		}
	}
	random.Shuffle(len(bad), func(i, j int) { bad[i], bad[j] = bad[j], bad[i] })
	bad = bad[:int(math.Round(s.opts.Known*float64(len(bad))))]
	for i, v := range bad {
		known[v], fold[v] = true, i%s.opts.Folds
	}
	for v := range known {
		if !known[v] {
			rest = append(rest, v)
		}
	}
	random.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	for i, v := range rest {
		fold[v] = i % s.opts.Folds
	}
	return known, fold
}

// tale is what the known nodes tell of all.
type tale struct {
	columns [][]float64
	walk    []float64 // plain PageRank from them
}

// told computes what some known nodes tell: exposure, and how many of them are near.
func (s *labelStudy) told(ctx context.Context, known []bool) (*tale, error) {
	seeds := make([]float64, s.g.Nodes)
	for v, is := range known {
		if is {
			seeds[v] = 1
		}
	}
	options := propagate.Options{Damping: s.opts.Damping, Threads: s.opts.Threads}
	plain, err := flag.Expose(ctx, s.plain, seeds, options)
	if err != nil {
		return nil, err
	}
	walk, err := mass(plain, nil)
	if err != nil {
		return nil, err
	}
	steady, err := flag.Expose(ctx, s.steady, seeds, options)
	if err != nil {
		return nil, err
	}
	t := &tale{walk: walk, columns: [][]float64{plain.Ratio, steady.Ratio}}
	t.columns = append(t.columns, s.ties.near(known, s.opts.Window)...)
	return t, nil
}

// fitted weighs the evidence: folds of known nodes against folds of the others. A fold's rows see the known nodes of other folds only, as a
// node that is not known does; whoever is in a fold is scored by a model that was fitted without it, from all known nodes.
func (s *labelStudy) fitted(ctx context.Context, known []bool, fold []int, told *tale, linked bool) ([]float64, error) {
	width := len(s.shape)
	if linked {
		width += len(told.columns)
	}
	columns := make([][]float64, width)
	copy(columns, s.shape)
	for c := len(s.shape); c < width; c++ {
		columns[c] = make([]float64, s.g.Nodes)
	}
	for f := range s.opts.Folds {
		if !linked {
			break
		}
		others := make([]bool, len(known))
		for v, is := range known {
			others[v] = is && fold[v] != f
		}
		part, err := s.told(ctx, others)
		if err != nil {
			return nil, err
		}
		for v := range known {
			if fold[v] != f {
				continue
			}
			for c := range part.columns {
				columns[len(s.shape)+c][v] = part.columns[c][v]
			}
		}
	}
	score := make([]float64, s.g.Nodes)
	row := make([]float64, width)
	for f := range s.opts.Folds {
		model, err := s.fit(columns, known, fold, f)
		if err != nil {
			return nil, err
		}
		for v := range score {
			if fold[v] != f {
				continue
			}
			for c := range row {
				if c < len(s.shape) {
					row[c] = s.shape[c][v]
				} else {
					row[c] = told.columns[c-len(s.shape)][v]
				}
			}
			score[v] = model.Score(row)
		}
	}
	return score, nil
}

// fit fits a model to all folds but one.
func (s *labelStudy) fit(columns [][]float64, known []bool, fold []int, without int) (*boost.Model, error) {
	var rows []int
	for v := range known {
		if fold[v] != without {
			rows = append(rows, v)
		}
	}
	labels := make([]bool, len(rows))
	part := make([][]float64, len(columns))
	for c := range part {
		part[c] = make([]float64, len(rows))
	}
	for i, v := range rows {
		labels[i] = known[v]
		for c := range part {
			part[c][i] = columns[c][v]
		}
	}
	return boost.Fit(part, labels, nil, boost.Default())
}

// judge compares with the truth of all nodes that are not known.
func (s *labelStudy) judge(score []float64, known []bool) (auc, ap float64, err error) {
	var scores []float64
	var truth []bool
	for v, is := range known {
		if !is {
			scores, truth = append(scores, score[v]), append(truth, s.g.Truth[v])
		}
	}
	ranking, err := stat.NewRanking(scores, truth)
	if err != nil {
		return 0, 0, err
	}
	return ranking.AUC(), ranking.AveragePrecision(), nil
}
