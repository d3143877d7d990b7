package flag

import (
	"slices"

	"rummage/graph"
)

// earlier is a network or a track that earlier runs know.
type earlier struct {
	id      graph.ID
	active  bool  // the last run had it
	resumes State // what a network is that goes on with it, unless it grew or took another in
	grade   string
	members int
	founded graph.RunID
	last    graph.RunID
	records []graph.ID
	mean    float64 // of the members' exposure; 0 for one that the last run had not

	life    Life
	figures *Figures // as the last run had it; nil for one that it had not

	cut    bool // records are missing
	hidden bool // records come from a run that used more than is in scope now
	apart  bool // scoped runs alone know it, so it is matched with what the standing ones leave
	taken  bool
}

// past is what earlier runs leave to the one that follows them.
type past struct {
	last    graph.RunID // the run before; "" for the first
	decided int64       // Seq of the last decision that it knew
	scope   *graph.Scope
	before  []earlier

	services map[string]bool // records of service parties that were told: see Service.key

	place map[graph.ID]int
	out   map[graph.ID]bool // merged into others: their tracks have ended
}

func newPast() *past { return &past{place: make(map[graph.ID]int), out: make(map[graph.ID]bool)} }

// recentScoped is how many of the scoped runs lend their ids to another.
const recentScoped = 16

// recall reads what runs say, given oldest first, to a run in a scope. A standing run follows standing runs alone. A scoped one
// is compared with these, and takes ids from the scoped runs before it too where the standing ones know none.
func recall(runs []graph.Run, scope *graph.Scope, scoped bool) (*past, error) {
	var standing, apart []*graph.Run
	for i := len(runs) - 1; i >= 0; i-- {
		switch {
		case runs[i].Kind == Kind:
			standing = append(standing, &runs[i])
		case runs[i].Kind == ScopedKind && scoped && len(apart) < recentScoped:
			apart = append(apart, &runs[i])
		}
	}
	p := newPast()
	if err := p.read(standing, scope); err != nil {
		return nil, err
	}
	if scoped {
		for i := range p.before {
			p.before[i].resumes = Same
		}
		if err := p.read(apart, scope); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// read takes in one series, newest first. What a standing run says of its tracks holds for all that it followed, so of these no more
// is read than what was cut out of it.
func (p *past) read(runs []*graph.Run, scope *graph.Scope) error {
	followed := make(map[graph.RunID]bool)
	for _, run := range runs {
		if followed[run.ID] && run.Kind == Kind {
			followed[run.Previous] = true
			if !slices.ContainsFunc(p.before, func(b earlier) bool { return b.cut }) {
				continue
			}
		}
		result, err := ReadResult(run)
		if err != nil {
			return err
		}
		followed[run.Previous] = true
		if p.last == "" {
			p.decided, p.scope = run.Decided, &run.Scope
		}
		p.take(result, run.Kind, !scope.Covers(run.Scope.Sources))
	}
	return nil
}

// take adds what a result knows that those after it did not.
func (p *past) take(r *Result, kind string, hidden bool) {
	first := p.last == ""
	if first {
		p.last = r.Run
		p.services = toldServices(r.Services)
	}
	rest := Returned
	if kind == ScopedKind {
		rest = New
	}
	for i := range r.Networks {
		n := &r.Networks[i]
		b := earlier{
			id: n.ID, active: first, resumes: rest, grade: n.Grade, members: len(n.Members), founded: n.Founded, last: r.Run,
			records: n.Records, hidden: hidden, apart: kind == ScopedKind, life: n.Life,
		}
		if first {
			b.resumes, b.mean = Same, n.meanExposure()
			now := n.figures(r.Run)
			b.figures = &now
		}
		p.add(b)
	}
	for i := range r.Gone {
		t := &r.Gone[i]
		if t.State == Merged {
			p.out[t.ID] = true
			continue
		}
		p.add(earlier{
			id: t.ID, resumes: rest, grade: t.Grade, members: t.Members, founded: t.Founded, last: t.Last, records: t.Records,
			cut: t.Cut, hidden: hidden, life: t.Life,
		})
	}
}

// add notes one that is not known yet, or the whole of one that is known in part.
func (p *past) add(b earlier) {
	at, known := p.place[b.id]
	switch {
	case known && p.before[at].cut && !b.cut:
		p.before[at].records, p.before[at].cut, p.before[at].hidden = b.records, false, b.hidden
	case !known && !p.out[b.id]:
		p.place[b.id] = len(p.before)
		p.before = append(p.before, b)
	}
}

// baseline is what material change is measured from: what was told last, or, where a person decided since the last run, what that run
// showed.
func (b *earlier) baseline(said map[graph.ID]*Ruling, decided int64) *Figures {
	if r := said[b.id]; r != nil && r.seq > decided && b.figures != nil {
		return b.figures
	}
	return b.life.Told
}

// ruling is the last word on it.
func (b *earlier) ruling(said map[graph.ID]*Ruling) *Ruling {
	if r := said[b.id]; r != nil {
		return r
	}
	return b.life.Inherited
}

// cut leaves out of the tracks what only runs knew that used more than is in scope: a run holds nothing that its sources do not show.
func (a *Analysis) cut(tracks []Track, before []earlier, identity *graph.Identity) {
	hidden := make(map[graph.ID]bool)
	for i := range before {
		hidden[before[i].id] = before[i].hidden
	}
	for i := range tracks {
		t := &tracks[i]
		t.Told = a.shown(t.Told, identity)
		if !hidden[t.ID] {
			continue
		}
		kept := []graph.ID{}
		for _, record := range t.Records {
			if _, shown := a.View.Node(identity.Cluster(record)); shown {
				kept = append(kept, record)
			}
		}
		t.Cut, t.Records = t.Cut || len(kept) < len(t.Records), kept
	}
}

func (n *Network) meanExposure() float64 {
	return float64(n.Exposure)/float64(max(len(n.Members), 1)) + 1
}
