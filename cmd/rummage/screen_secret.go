package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/ingest"
	"rummage/ingest/ident"
	"rummage/ingest/read"
	"rummage/resolve"
)

// Numbers that identify persons: a store has them as pseudonyms under the key of the office, so they are looked up as such.

// secretList finds whom lists mean by such numbers.
type secretList struct {
	key   ident.Key
	rules []ident.Rule // of which lists have numbers under the key
	known numberList   // by pseudonym
	list  int          // numbers of lists under the key
	other int          // those under another key, or one that nobody told
}

// listedSecrets gathers the pseudonyms of whoever a list in scope names. Their facts are read for it, whatever their properties are called.
// Which key a pseudonym was made with is told by the sources that state it.
func (a *archive) listedSecrets(ctx context.Context, key ident.Key, parties []resolve.Party) (secretList, error) {
	l := secretList{key: key, known: numberList{}}
	keyed := false
	for _, s := range a.sources {
		_, under := identityOf(s)
		keyed = keyed || under && s.EndedBy == graph.NotEnded
	}
	if !keyed {
		return l, nil
	}
	who := map[graph.ID]listedParty{}
	for i := range parties {
		if p := &parties[i]; p.Listed {
			who[p.ID] = listedParty{p.ID, calledOr(p)}
		}
	}
	rules := map[string]bool{}
	for e, err := range a.Entities(ctx, graph.Want{Fields: []string{}, Origins: true}) {
		if err != nil {
			return l, fmt.Errorf("screen: %w", err)
		}
		listed, ok := who[a.Identity().Cluster(e.ID)]
		if !ok {
			continue
		}
		for pseudonym, stated := range secretsOf(e) {
			one := numbered{stated.rule, e.ID, listed}
			if slices.Contains(l.known[pseudonym], one) {
				continue
			}
			l.known[pseudonym] = append(l.known[pseudonym], one)
			if !slices.ContainsFunc(stated.by, a.sameKey(key)) {
				l.other++
				continue
			}
			l.list++
			rules[stated.rule] = true
		}
	}
	for _, r := range ident.Rules() {
		if rules[r.Name] {
			l.rules = append(l.rules, r)
		}
	}
	return l, nil
}

// identityOf is the fingerprint of the key that a source was read with. What a case file says was made with the key of whoever sent it,
// which is not told.
func identityOf(s *graph.Source) (fingerprint string, keyed bool) {
	_, fingerprint, keyed = strings.Cut(s.Options, "identity=")
	fingerprint, _, _ = strings.Cut(fingerprint, ",")
	return fingerprint, keyed || s.Mapping == ingest.CaseMapping
}

// sameKey reports sources that were read with a key.
func (a *archive) sameKey(key ident.Key) func(graph.SourceID) bool {
	return func(id graph.SourceID) bool {
		s, known := a.sources[id]
		if !known || !key.Given() {
			return false
		}
		fingerprint, _ := identityOf(s)
		return fingerprint == key.Fingerprint()
	}
}

// secret is a pseudonym of a party: its rule, and the sources that state it.
type secret struct {
	rule string
	by   []graph.SourceID
}

// secretsOf are the pseudonyms by which a party is known, or that are stated of it. Their sources are told where origins were wanted.
func secretsOf(e *graph.Entity) map[string]secret {
	var all map[string]secret
	note := func(text string) (pseudonym string, of secret) {
		rule := secretRule(text)
		if rule == "" {
			return "", of
		}
		if all == nil {
			all = map[string]secret{}
		}
		pseudonym = ident.AsPseudonym(rule, text)
		of = all[pseudonym]
		of.rule = rule
		all[pseudonym] = of
		return pseudonym, of
	}
	if pseudonym, of := note(e.ID.Label()); pseudonym != "" {
		for _, s := range e.Supports {
			of.by = append(of.by, s.Source)
		}
		all[pseudonym] = of
	}
	for i := range e.Facts {
		if pseudonym, of := note(e.Facts[i].Value); pseudonym != "" {
			for _, o := range e.Facts[i].Origins {
				of.by = append(of.by, o.Source)
			}
			all[pseudonym] = of
		}
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

// pseudonyms are those that a text may have: its own, or those of the number that it is by the rules of the lists. One with a wrong check
// digit is kept by lists as it stands, so it is looked up too.
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
		if r := l.rules[i].Check(text); r.Mark == ident.Fine || r.Mark == ident.CheckDigit {
			all = append(all, l.key.Pseudonym(l.rules[i].Name, r.Value))
		}
	}
	return all
}

// told says which identity numbers were looked up, "" where no list has any.
func (l *secretList) told() string {
	switch {
	case l.list+l.other == 0:
		return ""
	case !l.key.Given():
		return fmt.Sprintf("identity numbers were not looked up: those of lists (%d) are kept as keyed hashes, and no key is set (identity-key-file)", l.other)
	case l.list == 0:
		return fmt.Sprintf("identity numbers were not looked up: those of lists (%d) are kept as hashes under another key than identity-key-file names", l.other)
	case l.other > 0:
		return fmt.Sprintf("identity numbers were looked up as keyed hashes, of which lists have %d; not looked up were %d more of lists, kept as hashes under another key",
			l.list, l.other)
	}
	return fmt.Sprintf("identity numbers were looked up as keyed hashes, of which lists have %d", l.list)
}
