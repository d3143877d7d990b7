package flag

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rummage/algo/finding"
	"rummage/graph"
)

// The kinds of the runs that flag makes.
const (
	// Kind is that of the standing series: runs over everything that counts. Each follows the one before.
	Kind = "flag"
	// ScopedKind is that of runs over a narrowed scope. They stand apart: they take the ids of networks from the standing series, and
	// no standing run follows them, so that a look at one file does not make everything else gone, and new the day after.
	ScopedKind = "flag-scoped"
)

// ErrResult is returned for a stored run whose results are none of flag's.
var ErrResult = errors.New("not the result of a flag run")

// Result is what a run says, with stable names in JSON.
type Result struct {
	Run      graph.RunID `json:"run"`
	Scoped   bool        `json:"scoped"` // apart from the standing series
	Previous graph.RunID `json:"previous,omitempty"`
	Until    graph.Date  `json:"until"`
	KnownOn  *time.Time  `json:"known_on"` // null: now

	Sources      int `json:"sources"`
	Consignments int `json:"consignments"`
	Parties      int `json:"parties"`
	Inspected    int `json:"inspected"` // consignments
	Hits         int `json:"hits"`
	Candidates   int `json:"candidates"` // groups drawn
	Tested       int `json:"tested"`     // of these, with an inspected consignment inside

	// Strata are what outcomes were shuffled within; Bands is how many bands importers fell into by what their strata lead to expect.
	Strata []StratumRow `json:"strata"`
	Bands  int          `json:"bands"`

	// NullFlags is how many findings to expect where there is no network: an upper bound, the sum over both grades.
	NullFlags NullFlags `json:"null_flags"`
	States    States    `json:"states"`

	// Stream is the run's place among all before it; nil for a scoped run, which stands apart.
	Stream *Stream `json:"stream"`

	Findings []FindingRow `json:"findings"`
	Networks []Network    `json:"networks"`
	Gone     []Track      `json:"gone"`
	Leads    []Lead       `json:"leads"`
	Known    []Lead       `json:"known"` // parties hit or listed themselves

	// Behaviour says whether it is part of the score of leads, and why; null where the settings leave it out.
	Behaviour *BehaviourRow `json:"behaviour"`

	// Kappa is the weight that closeness had, and Learned what weights of ties were learned; Learned is null where the settings leave it out or
	// no day splits the outcomes. With the settings of the run they are all that the leads were ranked by.
	Kappa   *Kappa   `json:"kappa"`
	Learned *Learned `json:"learned"`

	// Patterns are the typologies looked for; nil where the settings want none.
	Patterns *Patterns `json:"patterns,omitempty"`

	Services       []Service `json:"services"`        // records of service parties
	ServicesTested int       `json:"services_tested"` // of these
}

// NullFlags are expected false findings, when outcomes are shuffled among consignments, and when each importer's outcomes stay
// together and importers are shuffled.
type NullFlags struct {
	Consignment Number `json:"consignment"`
	Block       Number `json:"block"`

	GradeA *NullFlags `json:"grade_a,omitempty"`
	GradeB *NullFlags `json:"grade_b,omitempty"`
}

// States counts networks by what became of them.
type States struct {
	New      int `json:"new"`
	Grown    int `json:"grown"`
	Shrunk   int `json:"shrunk"`
	Same     int `json:"same"`
	Merged   int `json:"merged"`
	Split    int `json:"split"`
	Returned int `json:"returned"`
	Phoenix  int `json:"phoenix"`
	Gone     int `json:"gone"`

	Alerting int `json:"alerting"` // networks that are news, of whatever state
}

// FindingRow is a finding as a result lists it.
type FindingRow struct {
	Network graph.ID `json:"network"`
	Grade   string   `json:"grade"`
	AlsoB   bool     `json:"also_b"`
	Counts
	PImporters Number     `json:"p_importers"`
	Q          Number     `json:"q"`       // shuffled consignments
	QBlock     Number     `json:"q_block"` // shuffled importers
	Score      Number     `json:"score"`
	Loops      int        `json:"loops"`
	Origin     string     `json:"origin"`
	Group      []graph.ID `json:"group"`
}

// Counts are what was tested of a group: consignments inside it, their importers, and the hits among both.
type Counts struct {
	Members            int    `json:"members"`
	Inspected          int    `json:"inspected"`
	Hits               int    `json:"hits"`
	ImportersInspected int    `json:"importers_inspected"`
	ImportersHit       int    `json:"importers_hit"`
	Expected           Number `json:"expected"` // hits, at the base rate of all inspections
	P                  Number `json:"p"`        // the chance of as many hits
}

// Text tells the counts in a line.
func (c *Counts) Text() string {
	return fmt.Sprintf("%s in %s inside, %.2g expected; %d of %s hit", counted(c.Hits, "hit"),
		counted(c.Inspected, "inspected consignment"), float64(c.Expected), c.ImportersHit, were(c.ImportersInspected, "inspected importer"))
}

// were is a number with its word and verb; the word ends where its plural does.
func were(n int, word string) string {
	if n == 1 {
		return "1 " + word + " was"
	}
	return counted(n, word) + " were"
}

func countsOf(one *finding.Finding) Counts {
	return Counts{
		Members: len(one.Members), Inspected: one.Inspected, Hits: one.Hits,
		ImportersInspected: one.ImportersInspected, ImportersHit: one.ImportersHit, Expected: Number(one.Expected), P: Number(one.P),
	}
}

func (a *Analysis) row(one *finding.Finding) FindingRow {
	row := FindingRow{
		Grade: one.Grade.String(), AlsoB: one.Also, Counts: countsOf(one), PImporters: Number(one.PImporters),
		Q: Number(one.Q[finding.ShuffleConsignments]), QBlock: Number(one.Q[finding.ShuffleImporters]),
		Score: Number(one.Score), Loops: one.Loops, Origin: one.Origin.String(), Group: make([]graph.ID, len(one.Members)),
	}
	for i, v := range one.Members {
		row.Group[i] = a.View.IDs[v]
	}
	return row
}

func nullFlags(f *finding.Result) NullFlags {
	one := func(l *finding.Level) *NullFlags {
		return &NullFlags{Consignment: Number(l.NullFlags[finding.ShuffleConsignments]), Block: Number(l.NullFlags[finding.ShuffleImporters])}
	}
	n := NullFlags{GradeA: one(&f.A), GradeB: one(&f.B)}
	n.Consignment = n.GradeA.Consignment + n.GradeB.Consignment
	n.Block = n.GradeA.Block + n.GradeB.Block
	return n
}

// News counts what is news in a result: networks with alerts, and service parties that are above their peers for the first time.
func (r *Result) News() int {
	news := r.States.Alerting
	for i := range r.Services {
		if r.Services[i].New {
			news++
		}
	}
	return news
}

func (s *States) count(networks []Network, gone []Track) {
	by := map[State]*int{
		New: &s.New, Grown: &s.Grown, Shrunk: &s.Shrunk, Same: &s.Same, Merged: &s.Merged, Split: &s.Split, Returned: &s.Returned, Phoenix: &s.Phoenix,
	}
	for i := range networks {
		*by[networks[i].State]++
		if networks[i].Alerting() {
			s.Alerting++
		}
	}
	for i := range gone {
		if gone[i].State == Gone {
			s.Gone++
		}
	}
}

// ReadResult reads the results of a stored run. The error wraps ErrResult.
func ReadResult(run *graph.Run) (*Result, error) {
	if run.Kind != Kind && run.Kind != ScopedKind {
		return nil, fmt.Errorf("flag: run %s of kind %s: %w", run.ID, run.Kind, ErrResult)
	}
	r := &Result{}
	if err := json.Unmarshal(run.Results, r); err != nil {
		return nil, fmt.Errorf("flag: run %s: %w: %w", run.ID, ErrResult, err)
	}
	if r.Services == nil {
		r.Services = []Service{} // a run of before there was a test of them
	}
	return r, nil
}
