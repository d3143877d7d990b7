package main

import (
	"fmt"
	"math"
	"path/filepath"

	"rummage/algo/evaluate"
	"rummage/algo/finding"
	"rummage/cmd/rummage/internal/output"
)

// gradeRow is what the findings of one grade hold.
type gradeRow struct {
	Flagged      int          `json:"flagged"`
	NetPrecision output.Score `json:"net_precision"`
	RingsTouched int          `json:"rings_touched"`
	Jaccard      output.Score `json:"jaccard"`
	Useful       output.Score `json:"useful"`
	Strict       output.Score `json:"strict"`
	Benign       int          `json:"benign"`
}

// measures are what the order of one method holds in one world, or on the mean of several.
type measures struct {
	AP           output.Score   `json:"ap"`
	AUC          output.Score   `json:"auc"`
	PAt100       output.Score   `json:"p_at_100"`
	RingsHitAt   output.Score   `json:"rings_hit_at_100"`
	BenignIn     output.Score   `json:"benign_in_top_100"`
	RecallBudget []output.Score `json:"recall_at_budget"`
	HubHarm      output.Score   `json:"hub_harm"`
}

// methodRow is a method in one world.
type methodRow struct {
	Method string `json:"method"`
	Kind   string `json:"kind"`
	measures
}

// stableRow is what is left of the first 100 under one loss.
type stableRow struct {
	Without string       `json:"without"`
	Jaccard output.Score `json:"jaccard"`
}

// evaluateRow is what flag reaches in one world.
type evaluateRow struct {
	World          string       `json:"world"`
	Level          string       `json:"level"`
	Seed           uint64       `json:"seed"`
	Consignments   int          `json:"consignments"`
	Inspected      int          `json:"inspected"`
	Hits           int          `json:"hits"`
	Candidates     int          `json:"candidates"`
	Positives      int          `json:"positives"`
	AP             output.Score `json:"ap"`
	PAt100         output.Score `json:"p_at_100"`
	RingsHitAt100  output.Score `json:"rings_hit_at_100"`
	ServiceIn100   output.Score `json:"service_in_top_100"`
	BenignInTop100 output.Score `json:"benign_in_top_100"`
	Findings       struct {
		A gradeRow `json:"grade_a"`
		B gradeRow `json:"grade_b"`
	} `json:"findings"`
	Shuffles int `json:"shuffles"`
	Nulls    struct {
		Consignment output.Score `json:"consignment"`
		Block       output.Score `json:"block"`
	} `json:"nulls"`
	Baselines struct {
		PPR       output.Score `json:"ppr_ap"`
		V1        output.Score `json:"v1_ap"`
		Structure output.Score `json:"structure_ap"`
	} `json:"baselines"`
	Leak struct {
		Degree output.Score `json:"degree_auc"`
		Volume output.Score `json:"volume_auc"`
	} `json:"leak"`
	Methods   []methodRow `json:"methods"`
	Stability []stableRow `json:"stability"`
}

func measuresOf(m evaluate.Measures) measures {
	out := measures{
		AP: output.Score(m.AP), AUC: output.Score(m.AUC), PAt100: output.Score(m.PAt), RingsHitAt: output.Score(m.Held),
		BenignIn: output.Score(m.Benign), HubHarm: output.Score(m.HubHarm),
	}
	for _, r := range m.Recall {
		out.RecallBudget = append(out.RecallBudget, output.Score(r))
	}
	return out
}

func rowOf(t *trial, r *evaluate.Report, shuffles int) evaluateRow {
	leads := r.Of(evaluate.Leads)
	row := evaluateRow{
		Level: t.level, Seed: t.seed, Consignments: r.Consignments, Inspected: r.Inspected, Hits: r.Hits,
		Candidates: r.Candidates, Positives: r.Positives, AP: output.Score(leads.AP), PAt100: output.Score(leads.PAt),
		RingsHitAt100: output.Score(leads.Held), ServiceIn100: output.Score(r.Service), BenignInTop100: output.Score(leads.Benign),
		Shuffles: shuffles, Methods: []methodRow{}, Stability: []stableRow{},
	}
	grade := func(g evaluate.Grade) gradeRow {
		return gradeRow{
			Flagged: g.Flagged, NetPrecision: output.Score(g.NetPrecision), RingsTouched: g.RingsTouched,
			Jaccard: output.Score(g.Jaccard), Useful: output.Score(g.Useful), Strict: output.Score(g.Strict), Benign: g.Benign,
		}
	}
	row.Findings.A, row.Findings.B = grade(r.GradeA), grade(r.GradeB)
	row.Nulls.Consignment, row.Nulls.Block = output.Score(r.Shuffled[finding.ShuffleConsignments]), output.Score(r.Shuffled[finding.ShuffleImporters])
	row.Baselines.PPR, row.Baselines.V1 = output.Score(r.Of(evaluate.PageRank).AP), output.Score(r.Of(evaluate.FirstStudy).AP)
	row.Baselines.Structure = output.Score(r.Of(evaluate.Structure).AP)
	row.Leak.Degree, row.Leak.Volume = output.Score(r.Of(evaluate.Degree).AUC), output.Score(r.Of(evaluate.Volume).AUC)
	for _, m := range r.Methods {
		row.Methods = append(row.Methods, methodRow{m.Name, m.Kind.String(), measuresOf(m.Measures)})
	}
	for _, s := range r.Stable {
		row.Stability = append(row.Stability, stableRow{s.Name, output.Score(s.Jaccard)})
	}
	return row
}

// values are the columns of the table, in its order.
func (r *evaluateRow) values() []float64 {
	return []float64{
		float64(r.AP), float64(r.PAt100), float64(r.RingsHitAt100), float64(r.ServiceIn100), float64(r.BenignInTop100),
		float64(r.Findings.A.Flagged), float64(r.Findings.A.NetPrecision), float64(r.Findings.A.RingsTouched),
		float64(r.Findings.B.Flagged), float64(r.Findings.B.NetPrecision), float64(r.Findings.B.RingsTouched),
		float64(r.Nulls.Consignment), float64(r.Nulls.Block),
		float64(r.Baselines.PPR), float64(r.Baselines.V1), float64(r.Baselines.Structure),
		float64(r.Leak.Degree), float64(r.Leak.Volume),
	}
}

// spreadRow is a figure over worlds.
type spreadRow struct {
	Mean output.Score `json:"mean"`
	SD   output.Score `json:"sd"`
}

// aheadRow is how far leads are ahead of a method on the same worlds.
type aheadRow struct {
	Mean  output.Score `json:"mean"`
	Low   output.Score `json:"low"`
	High  output.Score `json:"high"`
	Worse output.Score `json:"worse"`
}

// comparedRow is a method over all worlds.
type comparedRow struct {
	Method   string               `json:"method"`
	Kind     string               `json:"kind"`
	About    string               `json:"about"`
	Measures map[string]spreadRow `json:"measures"`
	// Ahead is leads less the method, in average precision.
	Ahead aheadRow `json:"ahead"`
}

// measured are the measures of a method by name, in the order of tables.
var measured = []struct {
	key, head string
	of        func(*measures) output.Score
}{
	{"ap", "ap>", func(m *measures) output.Score { return m.AP }},
	{"p_at_100", "p@100>", func(m *measures) output.Score { return m.PAt100 }},
	{"rings_hit_at_100", "rings@100>", func(m *measures) output.Score { return m.RingsHitAt }},
	{"benign_in_top_100", "benign>", func(m *measures) output.Score { return m.BenignIn }},
	{"recall_at_1_percent", "recall 1%>", func(m *measures) output.Score { return m.RecallBudget[0] }},
	{"recall_at_2_percent", "2%>", func(m *measures) output.Score { return m.RecallBudget[1] }},
	{"recall_at_5_percent", "5%>", func(m *measures) output.Score { return m.RecallBudget[2] }},
	{"recall_at_10_percent", "10%>", func(m *measures) output.Score { return m.RecallBudget[3] }},
	{"hub_harm", "hub harm>", func(m *measures) output.Score { return m.HubHarm }},
	{"auc", "auc>", func(m *measures) output.Score { return m.AUC }},
}

// sideBySide puts the methods of all worlds side by side.
func sideBySide(runs []evaluateRow, seed uint64) []comparedRow {
	all := []comparedRow{}
	for i, m := range evaluate.Methods() {
		at := -1
		for k := range runs[0].Methods {
			if runs[0].Methods[k].Method == m.Name {
				at = k
			}
		}
		if at < 0 {
			continue
		}
		row := comparedRow{Method: m.Name, Kind: m.Kind.String(), About: m.About, Measures: map[string]spreadRow{}}
		for _, one := range measured {
			figures := make([]float64, len(runs))
			for k := range runs {
				figures[k] = float64(one.of(&runs[k].Methods[at].measures))
			}
			row.Measures[one.key] = spreadOf(figures)
		}
		if i > 0 {
			ours, theirs := make([]float64, len(runs)), make([]float64, len(runs))
			for k := range runs {
				ours[k], theirs[k] = float64(runs[k].Methods[0].AP), float64(runs[k].Methods[at].AP)
			}
			row.Ahead = aheadOf(ours, theirs, seed)
		}
		all = append(all, row)
	}
	return all
}

// Print shows a line a world, the means, and the methods side by side.
func (a evaluateAnswer) Print(page *output.Page) {
	grid := output.NewGrid("world", "ap>", "p@100>", "rings@100>", "service>", "benign>", "grade a>", "a net>", "a rings>",
		"rule b>", "b net>", "b rings>", "null>", "block null>", "ppr ap>", "v1 ap>", "structure ap>", "degree auc>", "volume auc>")
	columns := make([][]float64, len((&evaluateRow{}).values()))
	for _, r := range a.Runs {
		values := r.values()
		grid.Add(append([]string{filepath.Base(r.World)}, cells(values)...)...)
		for i, v := range values {
			columns[i] = append(columns[i], v)
		}
	}
	if len(a.Runs) > 1 && page.Format() == output.Table {
		means, deviations := make([]float64, len(columns)), make([]float64, len(columns))
		for i := range columns {
			s := evaluate.NewSpread(columns[i])
			means[i], deviations[i] = s.Mean, s.SD
		}
		grid.Add(append([]string{"mean"}, cells(means)...)...)
		grid.Add(append([]string{"± sd"}, cells(deviations)...)...)
	}
	page.Rows(grid)
	if len(a.Methods) > 1 {
		page.Gap()
		a.printMethods(page)
	}
	if len(a.Stability) > 0 {
		page.Gap()
		grid := output.NewGrid("the first 100 without", "jaccard>", "sd>")
		for _, s := range a.Stability {
			grid.Add(append([]string{s.Without}, cells([]float64{float64(s.Jaccard.Mean), float64(s.Jaccard.SD)})...)...)
		}
		page.Rows(grid)
	}
	a.printMore(page)
	if a.Ratios != "" {
		page.Say("\nratios of every trader: %s", a.Ratios)
	}
}

func (a evaluateAnswer) printMethods(page *output.Page) {
	heads := []string{"method"}
	for _, m := range measured {
		heads = append(heads, m.head)
	}
	grid := output.NewGrid(append(heads, "leads ahead>", "95 % of draws>", "worse>")...)
	for i, row := range a.Methods {
		line := []string{row.Method}
		for _, m := range measured {
			line = append(line, row.Measures[m.key].String())
		}
		ahead := row.Ahead.cells()
		if i == 0 {
			ahead = []string{"", "", ""}
		}
		grid.Add(append(line, ahead...)...)
	}
	page.Rows(grid)
}

func spreadOf(figures []float64) spreadRow {
	s := evaluate.NewSpread(figures)
	return spreadRow{output.Score(s.Mean), output.Score(s.SD)}
}

func aheadOf(ours, theirs []float64, seed uint64) aheadRow {
	d := evaluate.Compare(ours, theirs, seed)
	return aheadRow{output.Score(d.Mean), output.Score(d.Low), output.Score(d.High), output.Score(d.Worse)}
}

// cells spell a difference; blank where nothing is compared.
func (a aheadRow) cells() []string {
	if a.High <= a.Low && a.Mean == 0 || math.IsNaN(float64(a.Low)) {
		return []string{"", "", ""}
	}
	return []string{fmt.Sprintf("%+.3f", a.Mean), fmt.Sprintf("%+.3f to %+.3f", a.Low, a.High), fmt.Sprintf("%.3f", a.Worse)}
}

// String spells a figure with its deviation, to three places.
func (s spreadRow) String() string {
	switch {
	case math.IsNaN(float64(s.Mean)):
		return "-"
	case math.IsNaN(float64(s.SD)):
		return fmt.Sprintf("%.3f", s.Mean)
	}
	return fmt.Sprintf("%.3f ±%.3f", s.Mean, s.SD)
}

// cells spells the values; a number that does not exist, as a null without shuffles, is a dash.
func cells(values []float64) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = "-"
		if !math.IsNaN(v) {
			all[i] = fmt.Sprintf("%.3g", v)
		}
	}
	return all
}
