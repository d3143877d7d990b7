package area

import (
	"cmp"
	"slices"
	"strings"

	"rummage/algo/stat"
)

// A Move is trade that left an area where it was caught and came up in another that
// differs in one dimension: the displacement that follows enforcement. It is a
// question, not a verdict: a carrier that changes its ports does the same.
type Move struct {
	From, To  Area
	Dimension string  // in which they differ
	Traders   int     // that declared in From before, and in To only since
	Left      float64 // probability of so few declarations in From, if its share had not changed
	Came      float64 // of so many in To
}

const (
	caughtHits   = 2    // in the period before, of an area that is left
	movedTail    = 0.01 // of either probability
	movedTraders = 2
)

// elsewhere lists the dimensions that trade is moved in.
var elsewhere = []string{Origin, Departure, Loading, Discharge, Destination, Lane, Office}

// moves looks for trade that left one of the areas of a crossing for another.
func (s *surveying) moves(areas []Area) []Move {
	var left, came []int
	before, now := s.before, s.now
	for k := range areas {
		trend := &areas[k].Trend
		switch {
		case trend.Before.Hits >= caughtHits && s.shrank(trend, before, now) <= movedTail:
			left = append(left, k)
		case s.grew(trend, before, now) <= movedTail:
			came = append(came, k)
		}
	}
	var all []Move
	for _, from := range left {
		earlier := s.tradersOf(&areas[from], 1)
		for _, to := range came {
			dimension := differs(&areas[from], &areas[to])
			if !slices.Contains(elsewhere, dimension) {
				continue
			}
			if n := s.moved(earlier, &areas[to]); n >= movedTraders {
				all = append(all, Move{areas[from], areas[to], dimension, n,
					s.shrank(&areas[from].Trend, before, now), s.grew(&areas[to].Trend, before, now)})
			}
		}
	}
	return all
}

// shrank is the probability that as many of an area's declarations, or more, fall into
// the earlier period if its share of all is the same in both.
func (s *surveying) shrank(t *Trend, before, now int) float64 {
	return stat.AboveOthers(stat.Tally{Trials: before, Hits: t.Declared}, stat.Tally{Trials: now, Hits: t.DeclaredNow})
}

func (s *surveying) grew(t *Trend, before, now int) float64 {
	return stat.AboveOthers(stat.Tally{Trials: now, Hits: t.DeclaredNow}, stat.Tally{Trials: before, Hits: t.Declared})
}

// differs returns the one dimension in which two areas differ, "" if there are more.
func differs(a, b *Area) string {
	found := ""
	for k := range a.Values {
		if a.Values[k] == b.Values[k] {
			continue
		}
		if found != "" {
			return ""
		}
		found = a.Dimensions[k]
	}
	return found
}

// moved counts the traders, of those who declared elsewhere before, that declared in an area
// only in the last period.
func (s *surveying) moved(earlier map[uint32]bool, to *Area) int {
	later, already := s.tradersOf(to, 0), s.tradersOf(to, 1)
	n := 0
	for trader := range later {
		if earlier[trader] && !already[trader] {
			n++
		}
	}
	return n
}

func (s *surveying) tradersOf(a *Area, period int) map[uint32]bool {
	all := map[uint32]bool{}
	for _, i := range a.rows {
		if s.table.trader[i] != 0 && s.period(s.table.Days[i]) == period {
			all[s.table.trader[i]] = true
		}
	}
	return all
}

// compareMoves puts the most traders first, then the surest, then by what they are.
func compareMoves(a, b Move) int {
	return cmp.Or(
		cmp.Compare(b.Traders, a.Traders),
		cmp.Compare(a.Left+a.Came, b.Left+b.Came),
		strings.Compare(strings.Join(a.From.Values, "\x00"), strings.Join(b.From.Values, "\x00")),
		strings.Compare(strings.Join(a.To.Values, "\x00"), strings.Join(b.To.Values, "\x00")),
	)
}
