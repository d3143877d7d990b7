package flag

import (
	"fmt"
	"slices"

	"rummage/algo/finding"
)

// Reason is one cause of a flag in plain words. The same cause has the same code and wording in every explanation.
type Reason struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// mostReasons is how many reasons an explanation gives; whoever needs more reads the explanation.
const mostReasons = 5

// reasons are all that there are, the most telling first.
var reasons = []Reason{
	{"hits-inside", "more hits between its members than chance explains"},
	{"beyond-offenders", "more members were hit than repeat offenders explain"},
	{"own-hits", "hits on consignments of its own"},
	{"listed", "listed, or found in breach itself"},
	{"service-record", "more hits in its hands than in those of its peers"},
	{"known-scheme", "the records look like a known scheme"},
	{"shared-identifier", "an address, telephone, director or other identifier that few others have ties it together"},
	{"closed-circle", "its members deal with each other in a closed circle"},
	{"captive-service", "somebody serves its members and hardly anyone else"},
	{"one-exporter", "one exporter supplies all of it"},
	{"near-by-identifier", "it shares identifiers with those that were hit"},
	{"near-by-trade", "it deals with those that were hit"},
	{"near-by-service", "it uses the same forwarders, ports or other go-betweens as those that were hit"},
}

// Reasons lists the codes with their words.
func Reasons() []Reason { return slices.Clone(reasons) }

// because picks reasons by their codes, the most telling first, and no more than there is room for.
func because(codes map[string]bool) []Reason {
	given := []Reason{}
	for _, r := range reasons {
		if codes[r.Code] && len(given) < mostReasons {
			given = append(given, r)
		}
	}
	return given
}

// reasonsOfNetwork are the causes of a network's flag.
func (a *Analysis) reasonsOfNetwork(n *Network, f *FindingRow) []Reason {
	codes := map[string]bool{"known-scheme": len(n.Schemes) > 0}
	if f != nil {
		codes["hits-inside"] = true
		codes["beyond-offenders"] = f.Grade == finding.GradeA.String()
		codes["closed-circle"] = f.Loops > 0
	}
	for _, s := range n.Shared {
		codes["shared-identifier"] = codes["shared-identifier"] || s.Users <= a.Settings.RareUsers
	}
	for _, s := range n.Facilitators {
		codes["captive-service"] = codes["captive-service"] || !s.Service && s.Captive
	}
	exporters := 0
	for i := range n.Members {
		if n.Members[i].Trades == "exporter" {
			exporters++
		}
	}
	codes["one-exporter"] = exporters == 1
	return because(codes)
}

// reasonsOfLead are the causes of a party's score: what was found of itself, and the ties over which exposure arrives.
func reasonsOfLead(x *Explanation, hits int, listed bool) []Reason {
	const telling = 0.05 // of an exposure, at least
	codes := map[string]bool{"own-hits": hits > 0, "listed": listed}
	for i := range x.Services {
		codes["service-record"] = codes["service-record"] || x.Services[i].Above
	}
	for _, t := range x.Ties {
		switch {
		case t.Share < telling || t.Tie == "itself" || x.Exposure <= 1:
		case t.Tie == "identifier":
			codes["near-by-identifier"] = true
		case t.Tie == "partner":
			codes["near-by-trade"] = true
		default:
			codes["near-by-service"] = true
		}
	}
	return because(codes)
}

// BaseRate is what was found of all that was inspected in scope, which every figure is to be read beside.
type BaseRate struct {
	Inspected int    `json:"inspected"`
	Hits      int    `json:"hits"`
	Rate      Number `json:"rate"`
	Text      string `json:"text"`
}

func (a *Analysis) baseRate() BaseRate {
	b := BaseRate{Text: "nothing in scope was inspected"}
	if b.Inspected, b.Hits = a.View.Count(); b.Inspected > 0 {
		b.Rate = Number(float64(b.Hits) / float64(b.Inspected))
		b.Text = fmt.Sprintf("of all %s in scope %.2g %% were hits", counted(b.Inspected, "inspected consignment"), 100*float64(b.Rate))
	}
	return b
}

// Missing is an inspection that was not made, and what its result would do to the finding.
type Missing struct {
	Importer     string `json:"importer"`
	Exporter     string `json:"exporter"`
	Consignments int    `json:"consignments"` // of the two that nobody inspected
	QIfHit       Number `json:"q_if_hit"`
	QIfClear     Number `json:"q_if_clear"`
	Text         string `json:"text"`
}

// missing tells which inspections inside a finding would move it most, that one first.
func (t *teller) missing(one *finding.Finding) ([]Missing, error) {
	all, err := t.a.Findings.Suppose(t.a.Trial, one)
	if err != nil {
		return nil, err
	}
	out := []Missing{}
	for i := range all {
		s := &all[i]
		ids := t.a.View.IDs
		m := Missing{
			Importer: string(ids[s.Importer]), Exporter: string(ids[s.Exporter]), Consignments: s.Consignments,
			QIfHit: Number(strictest(&s.Hit)), QIfClear: Number(strictest(&s.Clear)),
		}
		m.Text = fmt.Sprintf("inspect one of %s of %s from %s that nobody looked at: %s is %.2g now, %.2g after a hit, %.2g if it is clear",
			counted(s.Consignments, "consignment"), t.names.of(ids[s.Importer]), t.names.of(ids[s.Exporter]),
			strictestSaid(one), strictest(one), float64(m.QIfHit), float64(m.QIfClear))
		out = append(out, m)
	}
	return out, nil
}

// strictest is the q that a finding of its grade must pass: of grade A the larger of both.
func strictest(f *finding.Finding) float64 {
	if f.Grade == finding.GradeA {
		return max(f.Q[finding.ShuffleConsignments], f.Q[finding.ShuffleImporters])
	}
	return f.Q[finding.ShuffleConsignments]
}

// strictestSaid names that q.
func strictestSaid(f *finding.Finding) string {
	if f.Grade == finding.GradeA {
		return "the greater of its two q"
	}
	return "q"
}
