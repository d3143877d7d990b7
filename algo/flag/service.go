package flag

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"rummage/algo/finding"
	"rummage/algo/stat"
	"rummage/algo/view"
	"rummage/graph"
)

// Service is the record of a service party in one role against its peers: the funnel test. Exposure says nothing about who serves many,
// since much passes through its hands; what was found on the consignments that it served does.
//
// Its peers are the other service parties that were inspected in that role. Its own record is left out of theirs: a large one would set
// the rate that it is measured by. No size is chosen: a funnel plot (Spiegelhalter 2005) has limits for every number of inspections, and
// that is what makes parties of different size comparable.
//
// A client that offends again and again stands in the record of whoever serves it, innocent or not. So a second test counts clients: each
// once, hit if any of its consignments in these hands was.
type Service struct {
	ID   graph.ID `json:"id"`
	Name string   `json:"name"`
	Role string   `json:"role"` // of ties: declarant, carrier, forwarder

	Inspected        int    `json:"inspected"` // consignments that it served in that role; see view.Record
	Hits             int    `json:"hits"`      // among them
	Rate             Number `json:"rate"`      // hits of inspected
	ClientsInspected int    `json:"clients_inspected"`
	ClientsHit       int    `json:"clients_hit"`

	Peers Peers `json:"peers"`

	// Expected is how many hits the rate of the peers comes to, P the chance of as many hits or more if it has that rate: see
	// stat.AboveOthers. Q is P among everything that was tested in the run, all roles together (Benjamini and Hochberg). PClients and
	// QClients are the same for clients hit among clients inspected. All are nil where nothing was tested.
	Expected *Number `json:"expected"`
	P        *Number `json:"p"`
	Q        *Number `json:"q"`
	PClients *Number `json:"p_clients"`
	QClients *Number `json:"q_clients"`
	Limits   *Limits `json:"limits"`

	// Above says that it has more hits than its peers explain: Q is at most the share of false findings allowed. Its Grade is then A
	// where QClients is, too, else B: a client that offends again and again may be why. Otherwise it is "".
	Above bool   `json:"above"`
	Grade string `json:"grade"`

	// Told says that it is above its peers or was in an earlier run; New, that it is for the first time.
	Told bool `json:"told"`
	New  bool `json:"new"`

	// Untested says why there is no test; "" where there is one.
	Untested string `json:"untested"`

	node uint32
	hits []uint32 // places of consignments
}

// Peers are the other service parties of a role, and their records together. What two of them served counts in both records.
type Peers struct {
	Parties          int `json:"parties"`
	Inspected        int `json:"inspected"`
	Hits             int `json:"hits"`
	ClientsInspected int `json:"clients_inspected"`
	ClientsHit       int `json:"clients_hit"`
}

// Limits are the most hits that a party with as many inspections and the same peers has inside the funnel: beyond one of them are at most
// 2.5 % and 0.1 % of parties that are no different, the upper halves of 95 % and 99.8 %.
type Limits struct {
	Hits95  int `json:"hits_95"`
	Hits998 int `json:"hits_99_8"`
}

// Reasons not to test.
const (
	untestedAlone  = "no peer was inspected in that role"
	untestedListed = "listed: what it served was looked at because of that"
)

// ServiceRoles lists the roles in which service parties have a record.
func ServiceRoles() []string {
	var names []string
	for _, role := range view.ServiceRoles() {
		names = append(names, role.String())
	}
	return names
}

// services tests the record of every service party, and orders them by p, those not tested last, then by id and role.
//
// A listed party is not tested and is nobody's peer, as its hits are those of the list. Two roles on the same consignments are two tests
// that go together, which Benjamini and Hochberg's control of false findings allows.
func (a *Analysis) services() ([]Service, error) {
	list := a.records()
	var places []int
	var p [2][]float64 // of consignments, of clients
	for i := range list {
		if list[i].Untested == "" {
			hits, clients := list[i].test()
			places, p[0], p[1] = append(places, i), append(p[0], hits), append(p[1], clients)
		}
	}
	q, fault := stat.BenjaminiHochberg(p[0])
	qClients, also := stat.BenjaminiHochberg(p[1])
	if err := errors.Join(fault, also); err != nil {
		return nil, fmt.Errorf("flag: service parties: %w", err)
	}
	for at, i := range places {
		list[i].grade(q[at], qClients[at], a.Settings.Q)
	}
	slices.SortFunc(list, func(x, y Service) int {
		return cmp.Or(cmp.Compare(x.rank(), y.rank()), strings.Compare(string(x.ID), string(y.ID)), strings.Compare(x.Role, y.Role))
	})
	return list, nil
}

// records lists the records with their peers, by id.
func (a *Analysis) records() []Service {
	all := make(map[string]Peers) // those who may be somebody's peer, by role
	list := make([]Service, len(a.View.Records))
	for i := range list {
		s := a.record(&a.View.Records[i])
		if a.Trade.IsListed(s.node) {
			s.Untested = untestedListed
		} else {
			all[s.Role] = all[s.Role].with(1, &s)
		}
		list[i] = s
	}
	for i := range list {
		s := &list[i]
		s.Peers = all[s.Role]
		if s.Untested != "" {
			continue
		}
		if s.Peers = s.Peers.with(-1, s); s.Peers.Parties == 0 {
			s.Untested = untestedAlone
		}
	}
	return list
}

// with adds n times a record.
func (p Peers) with(n int, s *Service) Peers {
	return Peers{
		Parties: p.Parties + n, Inspected: p.Inspected + n*s.Inspected, Hits: p.Hits + n*s.Hits,
		ClientsInspected: p.ClientsInspected + n*s.ClientsInspected, ClientsHit: p.ClientsHit + n*s.ClientsHit,
	}
}

func (a *Analysis) record(r *view.Record) Service {
	s := Service{
		ID: a.View.IDs[r.Node], Role: r.Role.String(), Inspected: r.Inspected, Hits: len(r.Hits), ClientsInspected: r.Clients,
		Rate: Number(float64(len(r.Hits)) / float64(r.Inspected)), node: r.Node, hits: r.Hits,
	}
	c := &a.View.Consignments
	var clients []uint32
	for _, place := range r.Hits {
		client := c.Importer[place]
		if client == view.None {
			client = c.Exporter[place]
		}
		if client != view.None {
			clients = append(clients, client)
		}
	}
	slices.Sort(clients)
	s.ClientsHit = len(slices.Compact(clients))
	return s
}

// test fills in what a record has by itself, and returns its chance, by consignments and by clients.
func (s *Service) test() (hits, clients float64) {
	peers := stat.Tally{Trials: s.Peers.Inspected, Hits: s.Peers.Hits}
	hits = stat.AboveOthers(stat.Tally{Trials: s.Inspected, Hits: s.Hits}, peers)
	clients = stat.AboveOthers(stat.Tally{Trials: s.ClientsInspected, Hits: s.ClientsHit},
		stat.Tally{Trials: s.Peers.ClientsInspected, Hits: s.Peers.ClientsHit})
	s.Expected = given(float64(s.Inspected) * float64(s.Peers.Hits) / float64(s.Peers.Inspected))
	s.P, s.PClients = given(hits), given(clients)
	s.Limits = &Limits{Hits95: stat.FunnelLimit(s.Inspected, peers, 0.025), Hits998: stat.FunnelLimit(s.Inspected, peers, 0.001)}
	return hits, clients
}

func given(x float64) *Number {
	n := Number(x)
	return &n
}

// grade fills in what follows from all records together.
func (s *Service) grade(q, qClients, allowed float64) {
	s.Q, s.QClients = given(q), given(qClients)
	switch s.Above = q <= allowed; {
	case s.Above && qClients <= allowed:
		s.Grade = finding.GradeA.String()
	case s.Above:
		s.Grade = finding.GradeB.String()
	}
}

func (s *Service) key() string { return string(s.ID) + " " + s.Role }

// toldServices are the records that were told, by their keys. One that falls below its peers' and rises again is not told twice.
func toldServices(services []Service) map[string]bool {
	told := make(map[string]bool)
	for i := range services {
		if s := &services[i]; s.Told || s.Above {
			told[s.key()] = true
		}
	}
	return told
}

// news marks the records that are above their peers for the first time.
func news(services []Service, told map[string]bool) {
	for i := range services {
		s := &services[i]
		was := told[s.key()]
		s.New = s.Above && !was
		s.Told = s.Above || was
	}
}

func (s *Service) rank() float64 {
	if s.P == nil {
		return math.Inf(1)
	}
	return float64(*s.P)
}

// Text tells the record in a line.
func (s *Service) Text() string {
	text := fmt.Sprintf("as %s %s in %s", s.Role, counted(s.Hits, "hit"), counted(s.Inspected, "inspected consignment"))
	if s.Hits > 0 {
		text += fmt.Sprintf(" (%d of %s hit)", s.ClientsHit, counted(s.ClientsInspected, "client"))
	}
	if s.Untested != "" {
		return text + "; not tested: " + s.Untested
	}
	text += fmt.Sprintf("; %.2g expected by the record of %s (p %.2g, q %.2g; counted by clients: q %.2g): ", float64(*s.Expected),
		counted(s.Peers.Parties, "peer"), float64(*s.P), float64(*s.Q), float64(*s.QClients))
	if !s.Above {
		return text + "no more than its peers explain"
	}
	return text + "above its peers, grade " + s.Grade
}

// ServiceRecord is the record of a service party in one role as an explanation tells it.
type ServiceRecord struct {
	Service
	Evidence []Hit `json:"evidence"` // the first hits
}

// records tells the records of a service party, and what speaks for and against it.
func (t *teller) service(x *Explanation, v uint32) error {
	for i := range t.a.Services {
		s := &t.a.Services[i]
		if s.node != v {
			continue
		}
		record := ServiceRecord{Service: *s, Evidence: []Hit{}}
		record.Name = x.Name
		for _, place := range s.hits[:min(len(s.hits), t.opts.Records)] {
			told, err := t.found(t.a.hitAt(place))
			if err != nil {
				return err
			}
			record.Evidence = append(record.Evidence, told...)
		}
		x.Services = append(x.Services, record)
		if s.Above {
			x.For = append(x.For, "more hits as "+s.Role+" than its peers explain")
		} else if s.Untested == "" {
			x.Against = append(x.Against, "no more hits as "+s.Role+" than its peers explain")
		}
		if s.Grade == finding.GradeB.String() {
			x.Against = append(x.Against, fmt.Sprintf("%d of %s hit as %s, which its peers explain: one that offends again and again may be why",
				s.ClientsHit, counted(s.ClientsInspected, "client"), s.Role))
		}
	}
	return nil
}
