package main

import (
	"fmt"
	"os"
	"path/filepath"

	"rummage/algo/evaluate"
	"rummage/chart"
	"rummage/cmd/rummage/internal/output"
)

// curveRow is a curve over all worlds.
type curveRow struct {
	Missing string     `json:"missing"`
	Points  []pointRow `json:"points"`
}

// pointRow is what is reached when a share of the records is left.
type pointRow struct {
	Left     output.Score `json:"left"`
	AP       spreadRow    `json:"ap"`
	PAt100   spreadRow    `json:"p_at_100"`
	PageRank spreadRow    `json:"pagerank_ap"`
}

// chancesRow is how well chances held that were taken from the other worlds.
type chancesRow struct {
	ECE   output.Score     `json:"ece"`
	Brier output.Score     `json:"brier"`
	Bins  []reliabilityRow `json:"bins"`
}

// reliabilityRow is a tenth of those whose chance was stated.
type reliabilityRow struct {
	N        int          `json:"n"`
	Stated   output.Score `json:"stated"`
	Observed output.Score `json:"observed"`
}

// timelyRow is how soon rings are told of, over all worlds.
type timelyRow struct {
	By    string    `json:"by"`
	Hit   spreadRow `json:"rings_hit"`
	Told  spreadRow `json:"rings_told"`
	Days  spreadRow `json:"days"`
	Ahead spreadRow `json:"volume_ahead"`
}

// calibratedShare is how far down the list chances are stated: the rest is all but certain, and would make any measure look well.
const calibratedShare = 0.05

func curvesOf(reports []*evaluate.Report) []curveRow {
	all := []curveRow{}
	for k := range reports[0].Curves {
		row := curveRow{Missing: reports[0].Curves[k].Name, Points: []pointRow{}}
		for i, p := range reports[0].Curves[k].Points {
			over := func(of func(p *evaluate.Point) float64) spreadRow {
				figures := make([]float64, len(reports))
				for w, r := range reports {
					figures[w] = of(&r.Curves[k].Points[i])
				}
				return spreadOf(figures)
			}
			row.Points = append(row.Points, pointRow{
				Left: output.Score(p.Left), AP: over(func(p *evaluate.Point) float64 { return p.Leads.AP }),
				PAt100:   over(func(p *evaluate.Point) float64 { return p.Leads.PAt }),
				PageRank: over(func(p *evaluate.Point) float64 { return p.PageRank.AP }),
			})
		}
		all = append(all, row)
	}
	return all
}

func calibrationOf(reports []*evaluate.Report) (*chancesRow, error) {
	if len(reports) < 2 {
		return nil, nil
	}
	worlds := make([]evaluate.Scored, len(reports))
	for i, r := range reports {
		worlds[i] = r.Scored
	}
	r, err := evaluate.Reliable(worlds, calibratedShare)
	if err != nil {
		return nil, err
	}
	row := &chancesRow{ECE: output.Score(r.ECE), Brier: output.Score(r.Brier)}
	for _, b := range r.Bins {
		row.Bins = append(row.Bins, reliabilityRow{b.N, output.Score(b.Predicted), output.Score(b.Observed)})
	}
	return row, nil
}

func timelinessOf(reports []*evaluate.Report) []timelyRow {
	all := []timelyRow{}
	for i, by := range []string{"a finding", "the first 100 leads"} {
		over := func(of func(t *evaluate.Timely, d *evaluate.Delay) float64) spreadRow {
			var figures []float64
			for _, r := range reports {
				if r.Timely != nil {
					figures = append(figures, of(r.Timely, [2]*evaluate.Delay{&r.Timely.Finding, &r.Timely.Lead}[i]))
				}
			}
			return spreadOf(figures)
		}
		if reports[0].Timely == nil {
			return all
		}
		all = append(all, timelyRow{
			By: by, Hit: over(func(t *evaluate.Timely, _ *evaluate.Delay) float64 { return float64(t.Hit) }),
			Told:  over(func(_ *evaluate.Timely, d *evaluate.Delay) float64 { return float64(d.Told) }),
			Days:  over(func(_ *evaluate.Timely, d *evaluate.Delay) float64 { return d.Days }),
			Ahead: over(func(_ *evaluate.Timely, d *evaluate.Delay) float64 { return d.Ahead }),
		})
	}
	return all
}

// printMore shows the tables that only --curves, --nights and several worlds have.
func (a *evaluateAnswer) printMore(page *output.Page) {
	if len(a.Curves) > 0 {
		page.Gap()
		grid := output.NewGrid("missing", "left>", "ap>", "p@100>", "pagerank ap>")
		for _, c := range a.Curves {
			for _, p := range c.Points {
				grid.Add(c.Missing, fmt.Sprintf("%.0f %%", 100*p.Left), p.AP.String(), p.PAt100.String(), p.PageRank.String())
			}
		}
		page.Rows(grid)
	}
	if len(a.Timeliness) > 0 {
		page.Gap()
		grid := output.NewGrid("told of by", "rings with a hit>", "rings told of>", "days from hit>", "trade still ahead>")
		for _, t := range a.Timeliness {
			grid.Add(t.By, t.Hit.String(), t.Told.String(), t.Days.String(), t.Ahead.String())
		}
		page.Rows(grid)
	}
	if a.Calibration != nil {
		page.Gap()
		grid := output.NewGrid("stated chance>", "observed>", "traders>")
		for _, b := range a.Calibration.Bins {
			grid.Add(fmt.Sprintf("%.3f", b.Stated), fmt.Sprintf("%.3f", b.Observed), fmt.Sprint(b.N))
		}
		page.Rows(grid)
		page.Say("chances were taken from the other worlds; they are off by %.3f on the mean (ECE)", a.Calibration.ECE)
	}
}

// draw writes the curves as pictures, and the reliability of stated chances.
func (a *evaluateAnswer) draw(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	for _, c := range a.Curves {
		plot := chart.Plot{
			Title: "How the ranking gets worse as " + c.Missing + " go missing", X: "share of " + c.Missing + " left", Y: "average precision",
			Note: fmt.Sprintf("mean of %d worlds", len(a.Runs)), Linear: true,
		}
		leads, walk := chart.Series{Name: "leads"}, chart.Series{Name: "pagerank", Dashed: true}
		for i := len(c.Points) - 1; i >= 0; i-- {
			p := &c.Points[i]
			leads.Points = append(leads.Points, [2]float64{float64(p.Left), float64(p.AP.Mean)})
			walk.Points = append(walk.Points, [2]float64{float64(p.Left), float64(p.PageRank.Mean)})
		}
		plot.Groups = [][]chart.Series{{leads}, {walk}}
		if err := write(folder, "quality-"+c.Missing+".svg", plot.SVG()); err != nil {
			return err
		}
	}
	if a.Calibration == nil {
		return nil
	}
	plot := chart.Plot{
		Title: "Stated chances, and what was true", X: "stated chance", Y: "share observed", Linear: true,
		Note: fmt.Sprintf("the first 5 %% of %d worlds", len(a.Runs)),
	}
	observed := chart.Series{Name: "observed"}
	for _, b := range a.Calibration.Bins {
		observed.Points = append(observed.Points, [2]float64{float64(b.Stated), float64(b.Observed)})
	}
	plot.Groups = [][]chart.Series{{observed}, {{Name: "if all were right", Dashed: true, Points: [][2]float64{{0, 0}, {1, 1}}}}}
	return write(folder, "quality-chances.svg", plot.SVG())
}

func write(folder, name, text string) error {
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	return nil
}
