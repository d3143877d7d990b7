package flag

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rummage/algo/finding"
	"rummage/graph"
)

// Life is what a network carries from run to run beside its id.
type Life struct {
	// Case is the id of the network that the case began with: its own, or that of the former one of which it is found to be the
	// continuation under other names, or of the network that it split from.
	Case graph.ID `json:"case"`

	// Since is the last day of the data in which it was first flagged.
	Since graph.Date `json:"since"`

	// Former is the network that it continues under other party ids; nil for one that does not.
	Former *Former `json:"former"`

	// Inherited is the last word of a person on the network that it split from, at that time; nil where there was none.
	Inherited *Ruling `json:"inherited"`

	// Told is the network as it was when it was last told as news, or as the person saw it who last decided about it: what
	// material change is measured from, so that slow growth adds up. Nil in runs made before there was any.
	Told *Figures `json:"told"`
}

// Figures are what material change is measured by.
type Figures struct {
	Run       graph.RunID `json:"run"` // the run that had them
	Grade     string      `json:"grade"`
	Members   int         `json:"members"`
	Inspected int         `json:"inspected"` // consignments between members
	Hits      int         `json:"hits"`      // among them
	Q         Number      `json:"q"`         // of its best finding
	Exposure  Number      `json:"exposure"`  // mean of its members'
	Records   []graph.ID  `json:"records"`   // ids of the records of its members that are in scope
}

// Rule names a reason to tell a network as news.
type Rule string

// The rules of material change. A network that meets none stays quiet, whatever its state.
const (
	// RuleNew: first flagged.
	RuleNew Rule = "new"
	// RuleFormer: found to continue a former network under other names.
	RuleFormer Rule = "former"
	// RuleReturned: flagged again after it was gone, unless it was cleared.
	RuleReturned Rule = "returned"
	// RuleMerged: it took in another network.
	RuleMerged Rule = "merged"
	// RuleSplit: it came out of another network, unless that one was cleared.
	RuleSplit Rule = "split"
	// RuleMember: a party joined that has a hit of its own or is listed.
	RuleMember Rule = "member"
	// RuleHits: more hits on consignments between members.
	RuleHits Rule = "hits"
	// RuleGrade: grade B before, grade A now.
	RuleGrade Rule = "grade"
	// RuleQ: the q of its best finding fell to a tenth or less.
	RuleQ Rule = "q"
	// RuleMembers: a quarter more members, and two at least.
	RuleMembers Rule = "members"
	// RuleExposure: its members are twice as exposed on average.
	RuleExposure Rule = "exposure"
)

// Bounds of material change.
const (
	morePercent = 25
	moreMembers = 2
	qFactor     = 10
)

// Alert is a reason to tell a network as news: a rule and what met it.
type Alert struct {
	Rule Rule   `json:"rule"`
	Text string `json:"text"`
}

// Alerting says whether the network is news: something material changed since it was last told, or decided about.
func (n *Network) Alerting() bool { return len(n.Alerts) > 0 }

// inside counts the inspected consignments between the nodes, and the hits among them.
func (a *Analysis) inside(nodes []uint32) (inspected, hits int) {
	c := &a.Trade.Consignments
	for _, v := range nodes {
		for _, i := range a.imports.Of(v) {
			if c.Exporter[i] == finding.None || !contains(nodes, c.Exporter[i]) {
				continue
			}
			if c.Inspected[i] {
				inspected++
			}
			if c.Hit[i] {
				hits++
			}
		}
	}
	return inspected, hits
}

// figures are those of the network now.
func (n *Network) figures(run graph.RunID) Figures {
	return Figures{
		Run: run, Grade: n.Grade, Members: len(n.Members), Inspected: n.Inspected, Hits: n.Hits, Q: n.Q,
		Exposure: Number(n.meanExposure()), Records: n.Records,
	}
}

// alert says what is news about the network, and from what the next run will measure. Members have their names by now.
func (n *Network) alert(run graph.RunID) {
	now := n.figures(run)
	n.Alerts = append(n.stateAlerts(), n.changes(n.base, &now)...)
	switch {
	case n.Alerting() || n.base == nil:
		n.Told = &now
	default:
		n.Told = n.base
	}
	if n.State != Same {
		return
	}
	for _, one := range n.Alerts { // what grew by one member a night
		if one.Rule == RuleMembers || one.Rule == RuleMember {
			n.State, n.Change = Grown, one.Text
			return
		}
	}
}

// stateAlerts are those that follow from what became of it since the last run.
func (n *Network) stateAlerts() []Alert {
	alerts := []Alert{}
	say := func(rule Rule, text string) { alerts = append(alerts, Alert{rule, text}) }
	switch n.State {
	case New:
		say(RuleNew, "first flagged")
	case Returned:
		if !n.cleared {
			say(RuleReturned, "flagged again after it was gone")
		}
	case Merged:
		say(RuleMerged, n.Change)
	case Split:
		if !n.cleared {
			say(RuleSplit, n.Change)
		}
	}
	if n.found && n.Former != nil {
		say(RuleFormer, n.Former.text())
	}
	return alerts
}

// changes lists what is materially other than it was; nothing where nothing is known of before.
func (n *Network) changes(was, now *Figures) []Alert {
	var alerts []Alert
	if was == nil {
		return nil
	}
	say := func(rule Rule, format string, args ...any) {
		alerts = append(alerts, Alert{rule, fmt.Sprintf(format, args...)})
	}
	if joined := n.joinedWithHits(was.Records); len(joined) > 0 {
		say(RuleMember, "joined with hits of its own: %s", strings.Join(joined, "; "))
	}
	if now.Hits > was.Hits {
		say(RuleHits, "%s between members, %d before", counted(now.Hits, "hit"), was.Hits)
	}
	if was.Grade == finding.GradeB.String() && now.Grade == finding.GradeA.String() {
		say(RuleGrade, "grade A, B before")
	}
	if was.Q > 0 && now.Q*qFactor <= was.Q {
		say(RuleQ, "q %.2g, %.2g before", float64(now.Q), float64(was.Q))
	}
	if more := now.Members - was.Members; more >= moreMembers && 100*more >= morePercent*was.Members {
		say(RuleMembers, "%d members, %d before", now.Members, was.Members)
	}
	if times := float64(now.Exposure) / max(float64(was.Exposure), math.SmallestNonzeroFloat64); was.Exposure > 0 && math.Log(times) >= grownExposure {
		say(RuleExposure, "%.2g times as exposed as before", times)
	}
	return alerts
}

// mostNamed is how many members an alert names.
const mostNamed = 3

// joinedWithHits names the members that have hits of their own or are listed, and none of whose records was there before.
func (n *Network) joinedWithHits(before []graph.ID) []string {
	var joined []string
	more := 0
	for i, records := range n.groups {
		m := &n.Members[i]
		switch {
		case m.Hits == 0 && !m.Listed || overlap(records, before) > 0:
		case len(joined) == mostNamed:
			more++
		default:
			joined = append(joined, m.Name)
		}
	}
	if more > 0 {
		joined = append(joined, fmt.Sprintf("%d more", more))
	}
	return joined
}

// shown leaves out of what was told the records that no source in scope names any more.
func (a *Analysis) shown(told *Figures, identity *graph.Identity) *Figures {
	if told == nil {
		return nil
	}
	kept := *told
	kept.Records = slices.DeleteFunc(append([]graph.ID{}, told.Records...), func(id graph.ID) bool {
		_, shown := a.View.Node(identity.Cluster(id))
		return !shown
	})
	return &kept
}
