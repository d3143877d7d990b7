package flag

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"rummage/graph"
)

// Story is the life of a case: of a network, of those that continue it under other names and of those that split from it.
type Story struct {
	Case     graph.ID   `json:"case"`
	Networks []graph.ID `json:"networks"` // of the case, in the order of their first run
	Events   []Event    `json:"events"`   // in the order of time
}

// Event is what a run saw become of a network, or what a person said about it. Nights on which nothing happened are none.
type Event struct {
	Time    time.Time   `json:"time"` // of the end of the run, or of the decision; UTC
	Run     graph.RunID `json:"run"`  // "" for a decision
	Until   graph.Date  `json:"until"`
	Network graph.ID    `json:"network"`

	// What is the state in that run, or the kind of the decision.
	What string `json:"event"`
	Text string `json:"text"`

	Grade     string `json:"grade"`
	Members   int    `json:"members"`
	Inspected int    `json:"inspected"`
	Hits      int    `json:"hits"`
	Q         Number `json:"q"`
	Exposure  Number `json:"exposure"` // sum of what is above 1, as of a network

	Alerts []Alert `json:"alerts"` // why it was news; none where it was not
	Joined []Party `json:"joined"` // since the run before
	Left   []Party `json:"left"`

	Author string `json:"author"` // of a decision
}

// Party is a member with its name at that time.
type Party struct {
	ID   graph.ID `json:"id"`
	Name string   `json:"name"`
}

// chapter is what a story reads of a run.
type chapter struct {
	Run      graph.RunID `json:"run"`
	Until    graph.Date  `json:"until"`
	Networks []Network   `json:"networks"`
	Gone     []Track     `json:"gone"`

	finished time.Time
}

// ReadNetworks lists the ids of the networks that a run flagged, and of those that it knew to be gone. It reads nothing else of the result.
func ReadNetworks(run *graph.Run) ([]graph.ID, error) {
	u, err := leaf(run)
	if err != nil {
		return nil, err
	}
	var all []graph.ID
	for _, list := range [][]unreadNetwork{u.networks, u.gone} {
		for i := range list {
			all = append(all, list[i].id)
		}
	}
	return all, nil
}

// Tell tells the story of a network from runs, oldest first, and decisions in the order of saying. The error wraps graph.ErrNotFound
// where no run knows it.
//
// Cost: of a run's result what is said of the case is read, and the rest passed over.
func Tell(runs []graph.Run, decisions []graph.Decision, id graph.ID) (*Story, error) {
	var order []graph.ID
	cases := make(map[graph.ID]graph.ID)
	leaves := make([]*unread, len(runs))
	for i := range runs {
		var err error
		if leaves[i], err = leaf(&runs[i]); err != nil {
			return nil, err
		}
		for _, one := range leaves[i].networks {
			if _, known := cases[one.id]; !known {
				order = append(order, one.id)
			}
			cases[one.id] = cmp.Or(one.of, one.id)
		}
	}
	if _, known := cases[id]; !known {
		return nil, fmt.Errorf("flag: network %s: %w", id, graph.ErrNotFound)
	}
	s := &Story{Case: root(cases, id), Networks: []graph.ID{}, Events: []Event{}}
	last := make(map[graph.ID]*Network)
	for _, one := range order {
		if root(cases, one) == s.Case {
			s.Networks, last[one] = append(s.Networks, one), nil
		}
	}
	ours := func(id graph.ID) bool {
		_, is := last[id]
		return is
	}
	for _, l := range leaves {
		c, err := l.chapter(ours)
		if err != nil {
			return nil, err
		}
		s.turn(c, last)
	}
	s.hear(decisions)
	slices.SortStableFunc(s.Events, func(a, b Event) int { return a.Time.Compare(b.Time) })
	return s, nil
}

// root follows cases to the network that the last of them began with.
func root(cases map[graph.ID]graph.ID, id graph.ID) graph.ID {
	for range len(cases) {
		next, known := cases[id]
		if !known || next == id {
			break
		}
		id = next
	}
	return id
}

// turn adds what a run saw. last holds the networks of the case as they were last seen.
func (s *Story) turn(c *chapter, last map[graph.ID]*Network) {
	for i := range c.Networks {
		n := &c.Networks[i]
		was, ours := last[n.ID]
		if !ours {
			continue
		}
		if n.State != Same || n.Alerting() {
			s.Events = append(s.Events, eventOf(c, n, was))
		}
		last[n.ID] = n
	}
	for i := range c.Gone {
		t := &c.Gone[i]
		was, ours := last[t.ID]
		if !ours || was == nil || was.State == t.State {
			continue
		}
		e := Event{
			Time: c.finished, Run: c.Run, Until: c.Until, Network: t.ID, What: string(t.State), Grade: t.Grade, Members: t.Members,
			Alerts: []Alert{}, Joined: []Party{}, Left: []Party{},
		}
		if t.Into != "" {
			e.Text = "taken in by " + string(t.Into)
		}
		s.Events = append(s.Events, e)
		seen := *was
		seen.State = t.State
		last[t.ID] = &seen
	}
}

func eventOf(c *chapter, n, was *Network) Event {
	e := Event{
		Time: c.finished, Run: c.Run, Until: c.Until, Network: n.ID, What: string(n.State), Text: n.Change, Grade: n.Grade,
		Members: len(n.Members), Inspected: n.Inspected, Hits: n.Hits, Q: n.Q, Exposure: n.Exposure,
		Alerts: append([]Alert{}, n.Alerts...), Joined: []Party{}, Left: []Party{},
	}
	if was != nil {
		e.Joined, e.Left = missing(n.Members, was.Records), missing(was.Members, n.Records)
	}
	return e
}

// missing lists the members whose ids are not among the records.
func missing(members []Member, records []graph.ID) []Party {
	parties := []Party{}
	for i := range members {
		if _, there := slices.BinarySearch(records, members[i].ID); !there {
			parties = append(parties, Party{members[i].ID, members[i].Name})
		}
	}
	return parties
}

// hear adds what people said.
func (s *Story) hear(decisions []graph.Decision) {
	for i := range decisions {
		d := &decisions[i]
		if slices.Contains(s.Networks, d.Subject) {
			s.Events = append(s.Events, Event{
				Time: d.Time.UTC(), Network: d.Subject, What: string(d.Kind), Text: d.Reason, Author: d.Author,
				Alerts: []Alert{}, Joined: []Party{}, Left: []Party{},
			})
		}
	}
}
