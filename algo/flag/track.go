package flag

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"rummage/graph"
)

// State is what became of a network since the run before.
type State string

// The states. A network keeps its id as long as one of its track is seen, also after a gap.
const (
	// New: nothing like it was there. It overlaps no network of earlier runs by 0.3 (Jaccard, on ids of records).
	New State = "new"
	// Grown: two members more or exposed twice as much, as a member on average.
	Grown State = "grown"
	// Same: nothing worth a second look.
	Same State = "same"
	// Merged: it took in another network of the last run.
	Merged State = "merged"
	// Split: it came out of a network that goes on under its old id.
	Split State = "split"
	// Returned: it was gone, and is back.
	Returned State = "returned"
	// Gone: the last run had it, this one has not.
	Gone State = "gone"
	// Dormant: gone longer than that.
	Dormant State = "dormant"
)

// Bounds of tracks.
const (
	sameTrack     = 0.3 // Jaccard of two networks of one track, at least
	grownMembers  = 2   // new members
	grownExposure = 0.7 // difference of the logarithm of the members' mean exposure
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
}

// earlier is a network or a track of the last run.
type earlier struct {
	id      graph.ID
	active  bool
	grade   string
	members int
	founded graph.RunID
	last    graph.RunID
	records []graph.ID
	mean    float64 // of the members' exposure; 0 for one that was gone

	taken bool
}

// earlierOf lists what a result can be matched with.
func earlierOf(last *Result) []earlier {
	if last == nil {
		return nil
	}
	var all []earlier
	for i := range last.Networks {
		n := &last.Networks[i]
		all = append(all, earlier{
			id: n.ID, active: true, grade: n.Grade, members: len(n.Members), founded: n.Founded, last: last.Run,
			records: n.Records, mean: n.meanExposure(),
		})
	}
	for i := range last.Gone {
		t := &last.Gone[i]
		if t.State != Merged {
			all = append(all, earlier{id: t.ID, grade: t.Grade, members: t.Members, founded: t.Founded, last: t.Last, records: t.Records})
		}
	}
	return all
}

func (n *Network) meanExposure() float64 {
	return float64(n.Exposure)/float64(max(len(n.Members), 1)) + 1
}

// pairing is how much two networks have in common.
type pairing struct {
	now, before int
	jaccard     float64
}

// follow gives every network its id and state, and returns the tracks that are not seen. Pairs that have most in common are
// matched first, each network once; equal ones in the order of the earlier one's id.
func follow(networks []Network, last *Result, run graph.RunID) []Track {
	before := earlierOf(last)
	matched := make([]int, len(networks))
	for i := range matched {
		matched[i] = -1
	}
	for _, p := range pairings(networks, before) {
		if matched[p.now] < 0 && !before[p.before].taken {
			matched[p.now], before[p.before].taken = p.before, true
		}
	}
	for i := range networks {
		if matched[i] < 0 {
			networks[i].found(run)
		} else {
			networks[i].resume(&before[matched[i]])
		}
	}
	into := make(map[graph.ID]graph.ID)
	for i := range networks {
		networks[i].relate(before, matched[i], into)
	}
	return leftover(before, into)
}

// pairings lists the pairs of one track, closest first.
func pairings(networks []Network, before []earlier) []pairing {
	var all []pairing
	for i := range networks {
		for j := range before {
			common := overlap(networks[i].Records, before[j].records)
			union := len(networks[i].Records) + len(before[j].records) - common
			if jaccard := float64(common) / float64(max(union, 1)); jaccard >= sameTrack {
				all = append(all, pairing{i, j, jaccard})
			}
		}
	}
	slices.SortFunc(all, func(a, b pairing) int {
		return cmp.Or(cmp.Compare(b.jaccard, a.jaccard), strings.Compare(string(before[a.before].id), string(before[b.before].id)),
			a.now-b.now)
	})
	return all
}

// found names a network that nobody has seen before, by what it is made of and the run that saw it first.
func (n *Network) found(run graph.RunID) {
	h := sha256.New()
	fmt.Fprintln(h, run)
	for _, id := range n.Records {
		fmt.Fprintln(h, id)
	}
	n.ID, n.State, n.Founded = graph.ID("n-"+hex.EncodeToString(h.Sum(nil)[:6])), New, run
}

// resume continues a track.
func (n *Network) resume(b *earlier) {
	n.ID, n.Founded, n.State = b.id, b.founded, Same
	joined := len(n.Records) - overlap(n.Records, b.records)
	switch {
	case !b.active:
		n.State = Returned
	case joined >= grownMembers, b.mean > 0 && math.Log(n.meanExposure()/b.mean) >= grownExposure:
		n.State = Grown
	}
}

// relate notes which other networks of the last run a network took in, or came out of: it shares half of the smaller one's
// records with them.
func (n *Network) relate(before []earlier, own int, into map[graph.ID]graph.ID) {
	for j := range before {
		b := &before[j]
		if j == own || !b.active || 2*overlap(n.Records, b.records) < min(len(n.Records), len(b.records)) {
			continue
		}
		switch {
		case !b.taken:
			n.Absorbed, into[b.id] = append(n.Absorbed, b.id), n.ID
			if own >= 0 {
				n.State = Merged
			}
		case own < 0:
			n.From, n.State = append(n.From, b.id), Split
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
			ID: b.id, State: Dormant, Into: into[b.id], Grade: b.grade, Members: b.members, Founded: b.founded, Last: b.last, Records: b.records,
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
