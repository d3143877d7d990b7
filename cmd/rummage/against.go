package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/ingest/ident"
)

// What speaks for two parties being one, and against.

// papers are the numbers that are known of a party, by kind: as they stand, by what they are compared by.
type papers map[string]map[string]string

// papersOf takes the numbers out of facts.
func papersOf(facts []graph.Fact) papers {
	p := papers{}
	for i := range facts {
		if kind := numberFacts[facts[i].Property]; kind != "" {
			if p[kind] == nil {
				p[kind] = map[string]string{}
			}
			p[kind][keyOf(facts[i].Value)] = facts[i].Value
		}
	}
	return p
}

// and adds the numbers of another record of the same party.
func (p papers) and(other papers) papers {
	if p == nil {
		return other
	}
	for kind, values := range other {
		if p[kind] == nil {
			p[kind] = map[string]string{}
		}
		maps.Copy(p[kind], values)
	}
	return p
}

// against tells the kinds of which both have numbers, and none in common. Who has two passports has them in one life, so these are
// told and not weighed.
func (p papers) against(other papers) []string {
	var all []string
	for _, kind := range slices.Sorted(maps.Keys(p)) {
		if text := apart(p[kind], other[kind]); text != "" {
			all = append(all, "another "+strings.ReplaceAll(kind, "_", " ")+" (not weighed): "+text)
		}
	}
	return all
}

// apart tells the first values of two sides that have both some and share none.
func apart(a, b map[string]string) string {
	if len(a) == 0 || len(b) == 0 {
		return ""
	}
	for key := range a {
		if _, shared := b[key]; shared {
			return ""
		}
	}
	first := func(values map[string]string) string { return values[slices.Min(slices.Collect(maps.Keys(values)))] }
	return first(a) + " and " + first(b)
}

// countriesOf are countries by their codes, as they stand.
func countriesOf(texts []string) map[string]string {
	all := map[string]string{}
	for _, text := range texts {
		if r := ident.CountryNamed(text); r.Mark == ident.Fine {
			all[r.Value] = text
		}
	}
	return all
}

// contrary tells what speaks against two parties being one: what they would contradict each other in, the reasons that count
// against it, and what is known of both and differs without being weighed.
func contrary(reasons []pairReason, conflicts []string, a, b []string, differ []string) []string {
	all := []string{}
	for _, c := range conflicts {
		all = append(all, "conflict: "+c)
	}
	country := false
	for _, r := range reasons {
		country = country || r.Feature == "country"
		told := len(conflicts) > 0 && (r.Feature == "number" || r.Feature == "born")
		if r.Points < 0 && !told {
			all = append(all, fmt.Sprintf("%s %.1f: %s", r.Feature, float64(r.Points), r.Text))
		}
	}
	if text := apart(countriesOf(a), countriesOf(b)); text != "" && !country {
		all = append(all, "another country (not weighed): "+text)
	}
	return append(all, differ...)
}

// speaksFor joins what speaks for two parties being one.
func speaksFor(reasons []pairReason) string {
	var all []string
	for _, r := range reasons {
		switch {
		case r.Points > 0:
			all = append(all, fmt.Sprintf("%s %+.1f", r.Feature, float64(r.Points)))
		case r.Points == 0:
			all = append(all, r.Feature+": "+r.Text)
		}
	}
	return strings.Join(all, ", ")
}

// differing looks up what papers parties of the store have, each once.
type differing struct {
	a    *archive
	seen map[graph.ID]papers
}

func (d *differing) of(ctx context.Context, id graph.ID) (papers, error) {
	if p, ok := d.seen[id]; ok {
		return p, nil
	}
	e, err := d.a.Entity(ctx, id)
	if err != nil {
		return nil, err
	}
	d.seen[id] = papersOf(e.Facts)
	return d.seen[id], nil
}

// tell fills in what speaks against a pair.
func (d *differing) tell(ctx context.Context, p *pairRow) error {
	a, err := d.of(ctx, p.A.ID)
	if err != nil {
		return err
	}
	b, err := d.of(ctx, p.B.ID)
	if err != nil {
		return err
	}
	p.Against = contrary(p.Reasons, p.Conflicts, p.A.Countries, p.B.Countries, a.against(b))
	return nil
}
