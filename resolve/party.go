package resolve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/graph"
)

// A Party is what records say of one party, each text as it stood.
type Party struct {
	ID        graph.ID
	Names     []string // the first is the name, the others names and aliases; none where a list holds an address alone
	Addresses []string
	Phones    []string
	Emails    []string
	Countries []string // ISO 3166 codes or names
	Born      []string
	// Listed says that a watch list names it.
	Listed bool
	// Register and Number are what its id was made of, if a register numbers it; empty
	// for a party that is known by its name. Also are those of further records that
	// were judged to be the same.
	Register, Number string
	Also             []Registration
}

// Registration is the number that a register gives a party.
type Registration struct{ Register, Number string }

// Properties of facts that Gather reads beside those of the vocabulary.
const (
	propertyPhone = "phone"
	propertyEmail = "email"
	propertyBorn  = "born"
)

// Properties lists the properties of facts that resolving reads.
func Properties() []string {
	return []string{
		graph.PropertyName, graph.PropertyAlias, graph.PropertyAddress, graph.PropertyCountry, propertyPhone, propertyEmail, propertyBorn,
	}
}

// Gather reads the parties of a scope, by id: their facts, and the addresses,
// phones and mailboxes that links tie to them. What was judged to be one is one. A
// party need not have a name: a list may hold an address and nobody.
func Gather(ctx context.Context, reader graph.Reader) ([]Party, error) {
	g := collection{clusters: reader.Identity(), all: map[graph.ID]*Party{}}
	want := graph.Want{Properties: Properties()}
	places := map[graph.ID]string{}
	for entity, err := range reader.Entities(ctx, want) {
		if err != nil {
			return nil, fmt.Errorf("resolve: gather: %w", err)
		}
		switch entity.ID.Kind() {
		case graph.Party:
			g.of(entity.ID).take(entity)
		case graph.Address:
			if text := placeOf(entity); text != "" {
				places[g.clusters.Cluster(entity.ID)] = text
			}
		}
	}
	for link, err := range reader.Links(ctx, graph.Want{Fields: []string{}}) {
		if err != nil {
			return nil, fmt.Errorf("resolve: gather: %w", err)
		}
		if p := g.all[g.clusters.Cluster(link.From)]; p != nil && link.From.Kind() == graph.Party {
			p.link(link, places[g.clusters.Cluster(link.To)])
		}
	}
	slices.Sort(g.order)
	parties := make([]Party, len(g.order))
	for i, id := range g.order {
		parties[i] = *g.all[id].settled()
	}
	return parties, nil
}

// collection puts records together to parties.
type collection struct {
	clusters *graph.Identity
	all      map[graph.ID]*Party
	order    []graph.ID // of all, as they came
}

// of returns the party that a record belongs to, a new one if there is none yet.
func (g *collection) of(id graph.ID) *Party {
	cluster := g.clusters.Cluster(id)
	p := g.all[cluster]
	if p == nil {
		p = &Party{ID: cluster}
		g.all[cluster] = p
		g.order = append(g.order, cluster)
	}
	return p
}

// take adds the facts of one record, its names before its aliases.
func (p *Party) take(entity *graph.Entity) {
	for i := range entity.Outcomes {
		p.Listed = p.Listed || entity.Outcomes[i].Result == graph.Listed
	}
	named := false
	var aliases []string
	for i := range entity.Facts {
		f := &entity.Facts[i]
		switch f.Property {
		case graph.PropertyName:
			p.Names = append(p.Names, f.Value)
			named = named || graph.NormaliseText(f.Value) == entity.ID.Label()
		case graph.PropertyAlias:
			aliases = append(aliases, f.Value)
		case graph.PropertyAddress:
			p.Addresses = append(p.Addresses, f.Value)
		case graph.PropertyCountry:
			p.Countries = append(p.Countries, f.Value)
		case propertyPhone:
			p.Phones = append(p.Phones, f.Value)
		case propertyEmail:
			p.Emails = append(p.Emails, f.Value)
		case propertyBorn:
			p.Born = append(p.Born, f.Value)
		}
	}
	p.Names = append(p.Names, aliases...)
	if len(p.Names) == 0 {
		return
	}
	id := string(entity.ID)
	i := strings.LastIndexByte(id, '/')
	switch {
	case named || i <= 0:
	case p.Number == "":
		p.Register, p.Number = id[:i], id[i+1:]
	default:
		p.Also = append(p.Also, Registration{id[:i], id[i+1:]})
	}
}

// registrations lists the numbers of all registers that have the party.
func (p *Party) registrations() []Registration {
	if p.Number == "" {
		return p.Also
	}
	return append([]Registration{{p.Register, p.Number}}, p.Also...)
}

// placeOf returns the text of an address whose id is a number, or is cut short; ""
// where the id is the text.
func placeOf(entity *graph.Entity) string {
	for _, property := range []string{graph.PropertyAddress, graph.PropertyName} {
		for _, f := range entity.Facts {
			if f.Property == property && graph.NormaliseText(f.Value) != entity.ID.Label() {
				return f.Value
			}
		}
	}
	return ""
}

// link adds what a link ties to the party; place is the text of an address whose id
// does not tell it.
func (p *Party) link(l *graph.Link, place string) {
	text := l.To.Label()
	switch {
	case l.Role == graph.RegisteredAt && l.To.Kind() == graph.Address:
		p.Addresses = append(p.Addresses, cmp.Or(place, text))
	case l.Role == graph.HasPhone:
		p.Phones = append(p.Phones, text)
	case l.Role == graph.HasEmail:
		p.Emails = append(p.Emails, text)
	}
}

// settled leaves each text once, names in the order in which they came.
func (p *Party) settled() *Party {
	for _, list := range []*[]string{&p.Names, &p.Addresses, &p.Phones, &p.Emails, &p.Countries, &p.Born} {
		if len(*list) < 2 {
			continue
		}
		seen := make(map[string]bool, len(*list))
		*list = slices.DeleteFunc(*list, func(text string) bool {
			known := seen[text]
			seen[text] = true
			return known
		})
	}
	return p
}
