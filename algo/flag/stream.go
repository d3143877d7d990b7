package flag

import (
	"math"
	"slices"

	"rummage/algo/stat"
	"rummage/graph"
)

// Stream is the place of a standing run among all before it. Who tests every night finds something by chance in the end, so a finding
// that was not told before must pass a level that falls as evidence is looked at again and again.
//
// Nights share nearly all that they test, so it is not the nights that count but looks: one begins when there are twice the inspected
// consignments that there were when the last began. Its level is LOND's, by the findings told in earlier looks.
type Stream struct {
	Look      int    `json:"look"`      // counted from 1
	Inspected int    `json:"inspected"` // consignments, when the look began
	Before    int    `json:"before"`    // findings told in earlier looks
	Told      int    `json:"told"`      // findings told so far, this run's included
	Level     Number `json:"level"`     // share of false ones that findings not told before may have in this look
	Spent     Number `json:"spent"`     // the levels of all looks so far, as they would be had nothing been told
	Withheld  int    `json:"withheld"`  // findings that pass the share the settings allow, and not this level
}

// mostDraws bounds how many shuffles a low level may ask for.
const mostDraws = 5000

// streamOf is what the last standing run leaves to this one: its place in the stream, and the groups that it told.
func streamOf(earlier []graph.Run) (*Stream, [][]graph.ID, error) {
	for _, run := range slices.Backward(earlier) {
		if run.Kind != Kind {
			continue
		}
		r, err := ReadResult(&run)
		if err != nil {
			return nil, nil, err
		}
		told := make([][]graph.ID, len(r.Findings))
		for i := range r.Findings {
			told[i] = r.Findings[i].Group
		}
		s := r.Stream
		if s == nil {
			s = &Stream{Told: len(told)} // a run of before there were looks
		}
		return s, told, nil
	}
	return &Stream{}, nil, nil
}

// begin goes on with the stream: it says which look this is, and its level. Without an inspection there is nothing to look at.
func (s *Stream) begin(inspected int, share float64) {
	if inspected > 0 && (s.Look == 0 || inspected >= 2*s.Inspected) {
		s.Look, s.Inspected, s.Before = s.Look+1, inspected, s.Told
		s.Spent += Number(stat.LOND(s.Look, 0, share))
	}
	s.Level, s.Withheld = Number(stat.LOND(max(s.Look, 1), s.Before, share)), 0
}

// Draws are enough shuffles for one finding to pass the level. Whoever analyses a run of the stream again needs as many, or finds other
// thresholds.
func (s *Stream) Draws(least int) int {
	if s == nil {
		return least
	}
	return max(least, min(mostDraws, int(math.Ceil(1/float64(s.Level)))))
}

// withhold takes the findings away that the level does not let pass. What was told stays told: a group that shares half of its members,
// or of the other's, with one of the last run's.
func (a *Analysis) withhold(s *Stream, told [][]graph.ID) {
	kept := a.Findings.List[:0]
	for _, one := range a.Findings.List {
		ids := make([]graph.ID, len(one.Members))
		for i, v := range one.Members {
			ids[i] = a.View.IDs[v]
		}
		known := slices.ContainsFunc(told, func(group []graph.ID) bool { return halved(ids, group) })
		switch {
		case known:
		case strictest(&one) <= float64(s.Level):
			s.Told++
		default:
			s.Withheld++
			continue
		}
		kept = append(kept, one)
	}
	a.Findings.List = kept
}
