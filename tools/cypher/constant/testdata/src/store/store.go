// Package store holds what the check must pass, and what it must refuse.
package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

const ask = "MATCH (n) RETURN n"

var byRole = texts([]string{"IMPORTER", "EXPORTER"})

var changed = "MATCH (n) RETURN n"

var pairs = []struct{ label, put string }{{"Party", "MERGE (n:Party {id: $id})"}}

func texts(types []string) map[string]string {
	all := map[string]string{}
	for _, t := range types {
		all[t] = fmt.Sprintf("MATCH ()-[r:%s]->() RETURN r", t)
	}
	return all
}

type rule struct {
	make string //cypher:text
}

var rules = rulesOf()

func rulesOf() []rule {
	var all []rule
	for _, label := range []string{"Party", "Place"} {
		all = append(all, ruleOf(label))
	}
	return all
}

func ruleOf(label string) rule { return rule{"CREATE INDEX FOR (n:" + label + ") ON (n.id)"} }

func ruleLater(label string) rule {
	return rule{"CREATE INDEX FOR (n:" + label + ") ON (n.id)"} // want "put together from data"
}

type query struct {
	text   string //cypher:text
	values map[string]any
}

func forLimit(limit int) string {
	if limit > 0 {
		return ask + " LIMIT $limit"
	}
	return ask
}

func forName(name string) string { return "MATCH (n {name: '" + name + "'}) RETURN n" }

func good(ctx context.Context, s *neo4j.Session, role string, some bool) {
	_ = s.Run(ctx, ask, nil)
	_ = s.Run(ctx, ask+" LIMIT 1", nil)
	_ = s.Run(ctx, byRole[role], nil)
	_ = s.Run(ctx, forLimit(3), nil)
	_, _ = neo4j.ExecuteQuery[int](ctx, nil, ask, nil)
	text := ask
	if some {
		text = byRole[role]
	}
	q := query{text, nil}
	q.text = pairs[0].put
	_ = s.Run(ctx, q.text, q.values)
	for _, r := range missing(rules) {
		_ = s.Run(ctx, r.make, nil)
	}
	for _, p := range pairs {
		_ = s.Run(ctx, p.put, nil)
	}
}

func missing(all []rule) []rule { return all[:1] }

func bad(ctx context.Context, s *neo4j.Session, name string, parts []string) {
	_ = s.Run(ctx, name, nil)                           // want "put together from data"
	_ = s.Run(ctx, "MATCH (n:"+name+") RETURN n", nil)  // want "put together from data"
	_ = s.Run(ctx, fmt.Sprintf("RETURN '%s'", name), nil) // want "put together from data"
	_ = s.Run(ctx, forName(name), nil)                  // want "put together from data"
	_ = s.Run(ctx, strings.Join(parts, " "), nil)       // want "put together from data"
	_, _ = neo4j.ExecuteQuery[int](ctx, nil, name, nil) // want "put together from data"
	text := ask
	text += name
	_ = query{text, nil}     // want "put together from data"
	_ = query{text: parts[0]} // want "put together from data"
	changed = name
	_ = s.Run(ctx, changed, nil) // want "put together from data"
	var q query
	q.text = name // want "put together from data"
	_ = q
	handed := ask
	spoil(&handed, name)
	_ = s.Run(ctx, handed, nil) // want "put together from data"
}

func spoil(text *string, name string) { *text += name }
