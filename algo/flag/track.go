package flag

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"rummage/algo/community"
	"rummage/graph"
)

// State is what became of a network since the run before: the newest earlier run of the standing series, also one whose sources
// have ended since. A run of a narrowed scope is compared with that series, too, and with scoped runs only while there is no other.
type State string

// The states. A network keeps its id as long as one of its track is seen, also after a gap. Networks of one track have 0.3 or more
// of their records in common (Jaccard, on ids of records, so that a decision about identity does not break a track).
const (
	// New: it is of no track that earlier runs know.
	New State = "new"
	// Grown: two members or more joined, whoever left, or its members are twice as exposed on average. Network.Change says which.
	Grown State = "grown"
	// Shrunk: two members or more left, and fewer than two joined.
	Shrunk State = "shrunk"
	// Same: the last run had it, and nothing above happened.
	Same State = "same"
	// Merged: it goes on, and took in another network of the last run; as the state of a track: it was taken in.
	Merged State = "merged"
	// Split: its id is new, and half of it or more came out of a network that goes on under its old id.
	Split State = "split"
	// Returned: it is of a track that the last run had not, but one before had.
	Returned State = "returned"
	// Phoenix: it is of no track, and found to continue a former network under other party ids. Network.Former says why.
	Phoenix State = "phoenix"
	// Gone: the last run had it, this one has not. Only tracks are gone.
	Gone State = "gone"
	// Dormant: the last run had it not either. Only tracks are dormant; they stay so until they return.
	Dormant State = "dormant"
)

// Bounds of tracks.
const (
	sameTrack     = 0.3 // Jaccard of two networks of one track, at least
	grownMembers  = 2   // new members
	shrunkMembers = 2   // members that left
	grownExposure = 0.7 // difference of the logarithm of the members' mean exposure: twice as much
)

// Track is a network of an earlier run that this one has not: kept, so that it has its id again when it comes back.
type Track struct {
	ID      graph.ID    `json:"id"`
	State   State       `json:"state"` // gone, dormant, or merged into another
	Into    graph.ID    `json:"into,omitempty"`
	Grade   string      `json:"grade"`
	Members int         `json:"members"`
	Founded graph.RunID `json:"founded"`
	Last    graph.RunID `json:"last"` // the last run that had it
	Records []graph.ID  `json:"records"`
	Life

	// Cut: some of its records are left out, as only sources that ended name them. The run that had it knows all.
	Cut bool `json:"cut,omitempty"`
}

// now is what a run is to the networks that it follows.
type now struct {
	run   graph.RunID
	until graph.Date
	said  map[graph.ID]*Ruling // by people, so far
	past  *past
}

// follow gives every network its id and state, and returns the tracks that are not seen. Pairs that have most in common are
// matched first, each network once; equal ones in the order of the earlier one's id.
func follow(networks []Network, at now) []Track {
	before := at.past.before
	matched := make([]int, len(networks))
	for i := range matched {
		matched[i] = -1
	}
	meetings := meet(networks, before)
	for _, m := range community.Couple(meetings, sameTrack, nearer(before)) {
		matched[m.Now], before[m.Before].taken = m.Before, true
	}
	for i := range networks {
		if matched[i] < 0 {
			networks[i].foundedBy(&at)
		} else {
			networks[i].resume(&before[matched[i]], &at)
		}
	}
	common := make([][]int, len(networks))
	for i := range common {
		common[i] = make([]int, len(before))
	}
	for _, m := range meetings {
		common[m.Now][m.Before] = int(m.Common)
	}
	into := make(map[graph.ID]graph.ID)
	for i := range networks {
		networks[i].relate(before, matched[i], common[i], into)
		if len(networks[i].From) > 0 {
			networks[i].part(&before[slices.IndexFunc(before, func(b earlier) bool { return b.id == networks[i].From[0] })], &at)
		}
	}
	return leftover(before, into)
}

// meet lists the networks that have records in common.
func meet(networks []Network, before []earlier) []community.Meeting {
	was, is := make([][]graph.ID, len(before)), make([][]graph.ID, len(networks))
	for j := range before {
		was[j] = before[j].records
	}
	for i := range networks {
		is[i] = networks[i].Records
	}
	return community.Meetings(was, is, nil)
}

// nearer puts pairs closest first; those with what scoped runs alone know after all others.
func nearer(before []earlier) func(a, b community.Meeting) int {
	return func(a, b community.Meeting) int {
		if x, y := before[a.Before].apart, before[b.Before].apart; x != y {
			if x {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(b.Jaccard, a.Jaccard), strings.Compare(string(before[a.Before].id), string(before[b.Before].id)),
			a.Now-b.Now)
	}
}

// foundedBy names a network that nobody has seen before, by what it is made of and the run that saw it first.
func (n *Network) foundedBy(at *now) {
	h := sha256.New()
	fmt.Fprintln(h, at.run)
	for _, id := range n.Records {
		fmt.Fprintln(h, id)
	}
	n.ID, n.State, n.Founded = graph.ID("n-"+hex.EncodeToString(h.Sum(nil)[:6])), New, at.run
	n.Life = Life{Case: n.ID, Since: at.until}
}

// part notes of what a network has split: it is of the same case, and what was told or decided about the whole holds for it.
func (n *Network) part(from *earlier, at *now) {
	n.Case, n.Since = from.life.Case, from.life.Since
	n.Inherited = from.ruling(at.said)
	n.base, n.cleared = from.baseline(at.said, at.past.decided), n.Inherited.cleared()
}

// resume continues a track.
func (n *Network) resume(b *earlier, at *now) {
	n.ID, n.Founded, n.State, n.Life = b.id, b.founded, b.resumes, b.life
	if n.Case == "" { // a run of before there were cases
		n.Case = n.ID
	}
	n.base, n.cleared = b.baseline(at.said, at.past.decided), b.ruling(at.said).cleared()
	if !b.active {
		return
	}
	joined, times := n.joined(b.records), n.meanExposure()/max(b.mean, math.SmallestNonzeroFloat64)
	left := min(b.members-(len(n.groups)-joined), len(b.records)-overlap(n.Records, b.records))
	switch {
	case joined >= grownMembers:
		n.State, n.Change = Grown, fmt.Sprintf("%d members joined: %d now, %d before", joined, len(n.Members), b.members)
	case b.mean > 0 && math.Log(times) >= grownExposure:
		n.State, n.Change = Grown, fmt.Sprintf("%.2g times as exposed as in the last run", times)
	case left >= shrunkMembers:
		n.State, n.Change = Shrunk, fmt.Sprintf("%d members left: %d now, %d before", left, len(n.Members), b.members)
	}
}

// joined counts the members none of whose records was there before.
func (n *Network) joined(before []graph.ID) int {
	joined := 0
	for _, records := range n.groups {
		if overlap(records, before) == 0 {
			joined++
		}
	}
	return joined
}

// relate notes which other networks of the last run a network took in, or came out of: it shares half of the smaller one's
// records with them. common says how many records it shares with each.
func (n *Network) relate(before []earlier, own int, common []int, into map[graph.ID]graph.ID) {
	for j := range before {
		b := &before[j]
		if j == own || !b.active || 2*common[j] < min(len(n.Records), len(b.records)) {
			continue
		}
		switch {
		case !b.taken:
			n.Absorbed, into[b.id] = append(n.Absorbed, b.id), n.ID
			if own >= 0 {
				n.State, n.Change = Merged, "took in "+list(n.Absorbed)
			}
		case own < 0:
			n.From, n.State = append(n.From, b.id), Split
			n.Change = "came out of " + list(n.From)
		}
	}
}

// leftover lists the tracks that no network continues, by id.
func leftover(before []earlier, into map[graph.ID]graph.ID) []Track {
	tracks := []Track{}
	for i := range before {
		b := &before[i]
		if b.taken {
			continue
		}
		t := Track{
			ID: b.id, State: Dormant, Into: into[b.id], Grade: b.grade, Members: b.members, Founded: b.founded, Last: b.last,
			Records: b.records, Cut: b.cut, Life: b.life,
		}
		switch {
		case t.Into != "":
			t.State = Merged
		case b.active:
			t.State = Gone
		}
		tracks = append(tracks, t)
	}
	slices.SortFunc(tracks, func(a, b Track) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return tracks
}

func list(ids []graph.ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, ", ")
}
