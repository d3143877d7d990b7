package resolve

import (
	"cmp"
	"context"
	"hash/fnv"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// hashed is a key as an index holds it. Two keys of one hash are compared in vain,
// which costs a comparison and changes nothing.
type hashed struct {
	sum uint64
	hub bool
}

func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // a hash takes everything
	return h.Sum64()
}

// both is the key of those who share two.
func both(a, b uint64) uint64 {
	if b < a {
		a, b = b, a
	}
	return a*0x9E3779B97F4A7C15 ^ (b + a>>32)
}

// entry says that a subject has a key.
type entry struct {
	sum     uint64
	subject uint32
}

func compareEntries(a, b entry) int {
	return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.subject, b.subject))
}

// index finds the subjects that share a key. A key that more than a crowd share is
// not followed by itself: one of names in the company of another such key, one of
// contacts not at all, as what so many share says nothing.
type index struct {
	crowd   int
	crowded []uint64 // keys, in order
	entries []entry  // in order
	left    []Crowd
}

// Crowd is a key that was not followed, as too many parties share it.
type Crowd struct {
	Key     string
	Parties int
}

// keysOf computes the keys of all subjects.
func keysOf(ctx context.Context, subjects []*Subject, threads int) ([][]hashed, error) {
	all := make([][]hashed, len(subjects))
	err := share(ctx, threads, len(subjects), func(i int) { all[i] = hashes(subjects[i]) })
	return all, err
}

func hashes(s *Subject) []hashed {
	keys := s.keys()
	sums := make([]hashed, len(keys))
	for i, k := range keys {
		sums[i] = hashed{hash(k.text), k.hub}
	}
	return sums
}

// piece is how many subjects a thread takes at once.
const piece = 256

// share calls work for each of n, in no order, on several threads. It returns the
// error of a cancelled context.
func share(ctx context.Context, threads, n int, work func(i int)) error {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	var group errgroup.Group
	group.SetLimit(threads)
	for from := 0; from < n && ctx.Err() == nil; from += piece {
		group.Go(func() error {
			for i := from; i < min(from+piece, n) && ctx.Err() == nil; i++ {
				work(i)
			}
			return nil
		})
	}
	_ = group.Wait() // work returns no error
	return ctx.Err()
}

// newIndex indexes subjects by their keys.
func newIndex(subjects []*Subject, keys [][]hashed, crowd int) *index {
	x := &index{crowd: crowd}
	var first []entry
	for i := range keys {
		for _, k := range keys[i] {
			first = append(first, entry{k.sum, uint32(i)})
		}
	}
	slices.SortFunc(first, compareEntries)
	groups(first, func(group []entry) {
		if len(group) > crowd {
			x.crowded = append(x.crowded, group[0].sum)
		}
	})
	for i := range keys {
		for _, sum := range x.followed(keys[i]) {
			x.entries = append(x.entries, entry{sum, uint32(i)})
		}
	}
	slices.SortFunc(x.entries, compareEntries)
	x.leave(subjects, first)
	return x
}

// groups calls each for the entries of one key after those of another.
func groups(entries []entry, each func(group []entry)) {
	for lo, hi := 0, 0; lo < len(entries); lo = hi {
		for hi = lo + 1; hi < len(entries) && entries[hi].sum == entries[lo].sum; hi++ {
		}
		each(entries[lo:hi])
	}
}

// followed returns the keys by which a subject is looked up: those that no crowd
// shares, and pairs of those of names that one does.
func (x *index) followed(keys []hashed) []uint64 {
	var sums, crowded []uint64
	for _, k := range keys {
		_, found := slices.BinarySearch(x.crowded, k.sum)
		switch {
		case !found:
			sums = append(sums, k.sum)
		case !k.hub:
			crowded = append(crowded, k.sum)
		}
	}
	for i, a := range crowded {
		for _, b := range crowded[:i] {
			sums = append(sums, both(a, b))
		}
	}
	return sums
}

// sharing appends the subjects of a key, none for one that a crowd shares.
func (x *index) sharing(sum uint64, to []uint32) []uint32 {
	at, found := slices.BinarySearchFunc(x.entries, sum, func(e entry, sum uint64) int { return cmp.Compare(e.sum, sum) })
	if !found {
		return to
	}
	end := at
	for end < len(x.entries) && x.entries[end].sum == sum {
		if end++; end-at > x.crowd {
			return to
		}
	}
	for _, e := range x.entries[at:end] {
		to = append(to, e.subject)
	}
	return to
}

// mostCrowds is how many crowds are told.
const mostCrowds = 100

// leave notes the keys of contacts that are not followed, the greatest crowds
// first. The texts are found again by the first subject that has the key.
func (x *index) leave(subjects []*Subject, first []entry) {
	groups(first, func(group []entry) {
		if len(group) <= x.crowd {
			return
		}
		for _, k := range subjects[group[0].subject].keys() {
			if k.hub && hash(k.text) == group[0].sum {
				x.left = append(x.left, Crowd{readable(k.text), len(group)})
			}
		}
	})
	slices.SortFunc(x.left, func(a, b Crowd) int { return cmp.Or(cmp.Compare(b.Parties, a.Parties), cmp.Compare(a.Key, b.Key)) })
	x.left = x.left[:min(len(x.left), mostCrowds)]
}
