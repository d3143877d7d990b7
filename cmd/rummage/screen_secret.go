package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/ingest/ident"
	"rummage/ingest/read"
	"rummage/resolve"
)

// Numbers that identify persons: a store has them as pseudonyms under the key of the office, so they are looked up as such.

// secretList finds whom lists mean by such numbers.
type secretList struct {
	key   ident.Key
	rules []ident.Rule // of which lists have numbers
	known numberList   // by pseudonym
	list  int          // numbers of lists
	other bool         // every list was read under another key
}

// listedSecrets gathers the pseudonyms of whoever a list in scope names. Their facts are read for it, whatever their properties are called.
func (a *archive) listedSecrets(ctx context.Context, key ident.Key, parties []resolve.Party) (secretList, error) {
	l := secretList{key: key, known: numberList{}}
	under := 0 // sources with such numbers under this key
	others := 0
	for _, s := range a.sources {
		_, fingerprint, keyed := strings.Cut(s.Options, "identity=")
		switch {
		case !keyed || s.EndedBy != graph.NotEnded:
		case strings.HasPrefix(fingerprint, key.Fingerprint()) && key.Given():
			under++
		default:
			others++
		}
	}
	if under+others == 0 {
		return l, nil
	}
	l.other = under == 0
	who := map[graph.ID]listedParty{}
	for i := range parties {
		if p := &parties[i]; p.Listed {
			who[p.ID] = listedParty{p.ID, calledOr(p)}
		}
	}
	rules := map[string]bool{}
	for e, err := range a.Entities(ctx, graph.Want{Fields: []string{}}) {
		if err != nil {
			return l, fmt.Errorf("screen: %w", err)
		}
		listed, ok := who[a.Identity().Cluster(e.ID)]
		if !ok {
			continue
		}
		for pseudonym, rule := range secretsOf(e) {
			one := numbered{rule, e.ID, listed}
			if !slices.Contains(l.known[pseudonym], one) {
				l.known[pseudonym] = append(l.known[pseudonym], one)
				l.list++
			}
			rules[rule] = true
		}
	}
	for _, r := range ident.Rules() {
		if rules[r.Name] {
			l.rules = append(l.rules, r)
		}
	}
	return l, nil
}

// secretsOf are the pseudonyms by which a party is known, or that are stated of it, with their rules.
func secretsOf(e *graph.Entity) map[string]string {
	var all map[string]string
	note := func(text string) {
		if rule := secretRule(text); rule != "" {
			if all == nil {
				all = map[string]string{}
			}
			all[ident.AsPseudonym(rule, text)] = rule
		}
	}
	note(e.ID.Label())
	for i := range e.Facts {
		note(e.Facts[i].Value)
	}
	return all
}

// secretRule is the rule of a text that is a pseudonym, "" of any other.
func secretRule(text string) string {
	rule, _, found := strings.Cut(strings.ToLower(strings.TrimSpace(text)), "-")
	if !found || ident.AsPseudonym(rule, text) == "" {
		return ""
	}
	return rule
}

// leastSecret is how many digits the shortest identity number has.
const leastSecret = 6

// among finds the numbers of lists that cells hold, or the pseudonyms of them. What is told of such a number is its pseudonym.
func (l *secretList) among(cells ...string) []spelt {
	if len(l.known) == 0 {
		return nil
	}
	var all []spelt
	for _, cell := range cells {
		for text := range strings.SplitSeq(cell, read.Between) {
			for _, pseudonym := range l.pseudonyms(text) {
				if len(l.known[pseudonym]) > 0 {
					all = append(all, spelt{text: pseudonym, key: pseudonym})
				}
			}
		}
	}
	return all
}

// pseudonyms are those that a text may have: its own, or those of the number that it is by the rules of the lists.
func (l *secretList) pseudonyms(text string) []string {
	if rule := secretRule(text); rule != "" {
		return []string{ident.AsPseudonym(rule, text)}
	}
	digits := 0
	for _, c := range text {
		if c >= '0' && c <= '9' || c >= '０' && c <= '９' {
			digits++
		}
	}
	if !l.key.Given() || digits < leastSecret {
		return nil
	}
	var all []string
	for i := range l.rules {
		if r := l.rules[i].Check(text); r.Mark == ident.Fine {
			all = append(all, l.key.Pseudonym(l.rules[i].Name, r.Value))
		}
	}
	return all
}

// told says whether identity numbers were looked up, "" where no list has any.
func (l *secretList) told() string {
	switch {
	case l.list == 0:
		return ""
	case !l.key.Given():
		return fmt.Sprintf("identity numbers were not looked up: those of lists (%d) are kept as keyed hashes, and no key is set (identity-key-file)", l.list)
	case l.other:
		return fmt.Sprintf("identity numbers were not looked up: those of lists (%d) are kept as hashes under another key than identity-key-file names", l.list)
	}
	return fmt.Sprintf("identity numbers were looked up as keyed hashes, of which lists have %d", l.list)
}
