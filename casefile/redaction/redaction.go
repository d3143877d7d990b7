package redaction

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Redaction is what was taken out of one graph.
type Redaction struct {
	request  *Request
	key      []byte
	graph    *subgraph.Graph
	ids      map[graph.ID]graph.ID // pseudonyms of records and of nodes
	secrets  map[string]string     // what is hunted, and what stands for it
	stored   map[string]bool       // those of them that are stored so
	whole    map[string]string     // names that are replaced where they are all of a name: too short to be hunted, or words of the wording
	words    map[string]string     // what is a word of the wording
	replace  *strings.Replacer
	known    Knowledge
	spelled  *spellings // other spellings of the secrets
	withheld map[graph.Origin]bool
	log      Log
}

// New redacts a graph. ErrNoKey, ErrKey, ErrAbsent. The graph is left as it is.
func New(key []byte, request *Request, g *subgraph.Graph, known Knowledge) (*Redaction, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	chosen, err := request.chosen(g, known.Person)
	if err != nil {
		return nil, err
	}
	r := &Redaction{request: request, ids: map[graph.ID]graph.ID{}, secrets: map[string]string{}, stored: map[string]bool{}, whole: map[string]string{},
		words: map[string]string{}, withheld: map[graph.Origin]bool{}, known: known, spelled: newSpellings(newFolder(known.Fold))}
	r.key = r.sum(key, "rummage redaction")
	r.log = Log{Persons: request.Persons, IDs: len(request.IDs), Fields: append([]string{}, request.Fields...), Removed: map[string]int{}, Respelled: map[string]int{},
		Key: hex.EncodeToString(r.sum(r.key, "fingerprint"))[:16]}
	r.show(g, chosen)
	r.learn(g, chosen)
	r.replace = r.replacer()
	r.graph = r.redact(g, chosen)
	r.log.Rows = len(r.withheld)
	r.log.Pseudonyms = anonymity(r.graph, r.pseudonyms(chosen))
	return r, nil
}

func (r *Redaction) sum(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// pseudonym is what stands for a text: twelve hexadecimal digits.
func (r *Redaction) pseudonym(text string) string {
	return hex.EncodeToString(r.sum(r.key, text))[:12]
}

// called is what stands for a name or a value.
func (r *Redaction) called(text string) string { return "redacted-" + r.pseudonym(text) }

// pseudonymID is an id of the same kind.
func (r *Redaction) pseudonymID(id graph.ID) graph.ID {
	return graph.NewID(id.Kind(), "redacted", r.pseudonym(string(id)))
}

func (r *Redaction) pseudonyms(chosen map[graph.ID]bool) []graph.ID {
	var all []graph.ID
	for id := range chosen {
		all = append(all, r.ids[id])
	}
	slices.Sort(all)
	return all
}

// learn notes ids, secrets and rows of all that is to be taken out.
func (r *Redaction) learn(g *subgraph.Graph, chosen map[graph.ID]bool) {
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if !chosen[n.ID] {
			r.fieldsOf(n.Attributes, n.Sources)
			continue
		}
		for _, id := range append([]graph.ID{n.ID}, n.Records...) {
			r.ids[id] = r.pseudonymID(id)
			r.hunt(string(id), string(r.ids[id]))
			r.name(id.Label(), r.called(string(n.ID)))
			r.spellID(id.Label(), r.called(string(n.ID)))
		}
		r.name(n.Label, r.called(string(n.ID)))
		if n.Kind == graph.Party.String() {
			r.spellName(n.Label, r.called(string(n.ID)))
		}
		for _, a := range n.Attributes {
			if !slices.Contains(descriptive, a.Name) {
				r.value(a.Value, r.called(string(n.ID)))
			}
			if a.Name == graph.PropertyName || a.Name == graph.PropertyAlias {
				r.spellName(a.Value, r.called(string(n.ID)))
			}
		}
		r.withhold(n.Sources)
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		if chosen[e.From] || chosen[e.To] {
			r.withhold(e.Sources)
		}
		r.fieldsOf(e.Attributes, e.Sources)
	}
}

// fieldsOf notes the values of fields that are to be taken out.
func (r *Redaction) fieldsOf(all []subgraph.Attribute, rows []graph.Origin) {
	for _, a := range all {
		if slices.Contains(r.request.Fields, a.Name) {
			r.value(a.Value, r.called(a.Value))
			r.withhold(rows)
		}
	}
}

func (r *Redaction) withhold(rows []graph.Origin) {
	for _, o := range rows {
		r.withheld[o] = true
	}
}

// name hunts a name. One that is too short for that, or a word of the wording, is replaced where it is all of a name.
func (r *Redaction) name(text, instead string) {
	switch r.value(text, instead); {
	case !hunted(text) && strings.ContainsFunc(text, unicode.IsLetter):
		put(r.whole, text, instead)
	case hunted(text) && r.known.Wording.says(text):
		for _, variant := range variants(text) {
			put(r.whole, variant, instead)
		}
	}
}

// value hunts a text as it stands, and in other spellings.
func (r *Redaction) value(text, instead string) {
	if r.hunt(text, instead); hunted(text) {
		r.spell(text, instead)
	}
}

// hunt notes what must not be found, and what stands for it. What is too short, or a date, is only taken out of what is redacted itself; what is a
// word of the wording is hunted as such.
func (r *Redaction) hunt(text, instead string) {
	switch {
	case !hunted(text):
	case r.known.Wording.says(text):
		r.word(text, instead)
	default:
		r.stored[text] = true
		for _, variant := range variants(text) {
			if hunted(variant) {
				put(r.secrets, variant, instead)
			}
		}
	}
}

// variants are a text as it is stored, in capital and in small letters, and in the normal forms of Unicode.
func variants(text string) []string {
	return []string{text, strings.ToUpper(text), strings.ToLower(text), norm.NFC.String(text), norm.NFD.String(text)}
}

// shared stands for a spelling that several of those have who are redacted: which of them is meant is not known.
const shared = "redacted"

// put notes what stands for a spelling.
func put(all map[string]string, spelling, instead string) {
	if other, there := all[spelling]; there && other != instead {
		instead = shared
	}
	all[spelling] = instead
}

// leastWord and leastNumber are how many bytes a text has at least that is hunted: shorter ones stand in longer words and numbers everywhere.
const (
	leastWord   = 4
	leastNumber = 7
)

func hunted(text string) bool {
	if _, err := graph.ParseDate(text); err == nil {
		return false
	}
	least := leastNumber
	if strings.ContainsFunc(text, unicode.IsLetter) {
		least = leastWord
	}
	return len(strings.TrimSpace(text)) >= least
}

// replacer replaces the longest secret first.
func (r *Redaction) replacer() *strings.Replacer {
	var pairs []string
	for _, secret := range longestFirst(maps.Keys(r.secrets)) {
		pairs = append(pairs, secret, r.secrets[secret])
	}
	return strings.NewReplacer(pairs...)
}

func longestFirst(all iter.Seq[string]) []string {
	return slices.SortedFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
}

// Secrets lists all that must not be found in the pack, the longest first.
func (r *Redaction) Secrets() []string {
	return longestFirst(slices.Values(slices.AppendSeq(r.huntedWords(), maps.Keys(r.secrets))))
}

// Text is a text without secrets, that may be a name.
func (r *Redaction) Text(text string) string { return r.nameText(text, "") }

// nameText is a text without secrets that is a name, or may be one: those too short to be hunted are taken out of names alone, since elsewhere KG is
// a unit and HK a country.
func (r *Redaction) nameText(text, of string) string {
	if instead, there := r.whole[text]; there {
		return instead
	}
	return r.text(text, of)
}

// under is a text without secrets that stands under a key, or in a column.
func (r *Redaction) under(key, text, of string) string {
	if named(key) {
		return r.nameText(text, of)
	}
	return r.text(text, of)
}

// named tells whether what stands under a key, or in a column, is a name.
func named(key string) bool {
	key = strings.ToLower(key)
	return strings.HasSuffix(key, "name") || strings.HasSuffix(key, "label") || key == graph.PropertyAlias
}

// text is a text without secrets. Of what kind it is counts those that were found in another spelling; "" does not count.
func (r *Redaction) text(text, of string) string {
	kind, rest := kindOf(r.replace.Replace(r.unworded(text)))
	out, n := r.spelled.replace(rest)
	if n > 0 && of != "" {
		r.log.Respelled[of] += n
	}
	return kind + out
}

// Graph is the graph without them.
func (r *Redaction) Graph() *subgraph.Graph { return r.graph }

// Withholds tells whether the cells of a row must not leave, since it speaks of somebody who is redacted.
func (r *Redaction) Withholds(row graph.Origin) bool { return r.withheld[row] }

// Log says what was taken out.
func (r *Redaction) Log() Log { return r.log }

// Hides tells whether an entity or a record was redacted.
func (r *Redaction) Hides(id graph.ID) bool {
	_, redacted := r.ids[id]
	return redacted
}

// ID is an id as it may be shown: also one that holds a redacted one within.
func (r *Redaction) ID(id graph.ID) graph.ID {
	if pseudonym, redacted := r.ids[id]; redacted {
		return pseudonym
	}
	return graph.ID(r.text(string(id), ""))
}

// redact is the graph with pseudonyms.
func (r *Redaction) redact(g *subgraph.Graph, chosen map[graph.ID]bool) *subgraph.Graph {
	out := &subgraph.Graph{Records: r.records(&g.Records)}
	for i := range g.Nodes {
		n := g.Nodes[i]
		if chosen[n.ID] {
			n.Label = r.called(string(n.ID))
			n.Attributes = r.drop(n.Attributes, func(a subgraph.Attribute) bool {
				return a.Name != subgraph.Outcome || slices.Contains(r.request.Fields, a.Name)
			})
		} else {
			n.Label = r.labelled(&n)
			n.Attributes = r.attributes(n.Attributes)
		}
		n.ID = r.ID(n.ID)
		n.Records = r.list(n.Records)
		out.Nodes = append(out.Nodes, n)
	}
	for i := range g.Edges {
		e := g.Edges[i]
		e.From, e.To, e.Key, e.Attributes = r.ID(e.From), r.ID(e.To), r.text(e.Key, ""), r.attributes(e.Attributes)
		out.Edges = append(out.Edges, e)
	}
	out.Settle()
	return out
}

// labelled is the label of a node that is shown: that of a party is a name.
func (r *Redaction) labelled(n *subgraph.Node) string {
	if n.Kind == graph.Party.String() {
		return r.nameText(n.Label, "label")
	}
	return r.text(n.Label, "label")
}

func (r *Redaction) list(ids []graph.ID) []graph.ID {
	var all []graph.ID
	for _, id := range ids {
		all = append(all, r.ID(id))
	}
	slices.Sort(all)
	return all
}

// drop leaves attributes out, and counts them by name.
func (r *Redaction) drop(all []subgraph.Attribute, out func(subgraph.Attribute) bool) []subgraph.Attribute {
	kept := []subgraph.Attribute{}
	for _, a := range all {
		if out(a) {
			r.log.Removed[a.Name]++
			continue
		}
		kept = append(kept, a)
	}
	return kept
}

// attributes are those of what is not redacted itself.
func (r *Redaction) attributes(all []subgraph.Attribute) []subgraph.Attribute {
	kept := r.drop(all, func(a subgraph.Attribute) bool { return slices.Contains(r.request.Fields, a.Name) })
	for i := range kept {
		kept[i].Value = r.under(kept[i].Name, kept[i].Value, kept[i].Name)
	}
	return kept
}

// records are what rows say: nothing of what is redacted but its pseudonym.
func (r *Redaction) records(all *subgraph.Records) subgraph.Records {
	var out subgraph.Records
	for _, f := range all.Facts {
		if _, redacted := r.ids[f.Entity]; !redacted && !slices.Contains(r.request.Fields, f.Property) {
			f.Entity, f.Value = r.ID(f.Entity), r.under(f.Property, f.Value, "")
			out.Facts = append(out.Facts, f)
		}
	}
	for _, s := range all.Statements {
		if r.Hides(s.Consignment) {
			s.Document, s.Part, s.Fields = "", "", nil
		}
		s.Consignment, s.Document, s.Part, s.Fields = r.ID(s.Consignment), r.text(s.Document, ""), r.text(s.Part, ""), r.fields(s.Fields)
		ties := make([]graph.Tie, 0, len(s.Ties))
		for _, t := range s.Ties {
			ties = append(ties, graph.Tie{Role: t.Role, Entity: r.ID(t.Entity)})
		}
		s.Ties = ties
		out.Statements = append(out.Statements, s)
	}
	for _, l := range all.Links {
		l.From, l.To, l.Key, l.Fields = r.ID(l.From), r.ID(l.To), r.text(l.Key, ""), r.fields(l.Fields)
		out.Links = append(out.Links, l)
	}
	outcomes := all.Outcomes
	if slices.Contains(r.request.Fields, subgraph.Outcome) {
		outcomes = nil
	}
	for _, o := range outcomes {
		if r.Hides(o.Subject) {
			o.Fields = nil
		}
		o.Subject, o.Fields = r.ID(o.Subject), r.fields(o.Fields)
		out.Outcomes = append(out.Outcomes, o)
	}
	settle(&out)
	return out
}

// settle orders records by the ids that are shown: the order in which they came is that of the true ones.
func settle(all *subgraph.Records) {
	slices.SortStableFunc(all.Facts, func(a, b graph.Fact) int { return strings.Compare(string(a.Entity), string(b.Entity)) })
	slices.SortStableFunc(all.Statements, func(a, b graph.Statement) int { return strings.Compare(string(a.Consignment), string(b.Consignment)) })
	slices.SortStableFunc(all.Links, func(a, b graph.Link) int {
		return cmp.Or(strings.Compare(string(a.From), string(b.From)), cmp.Compare(a.Role, b.Role), strings.Compare(string(a.To), string(b.To)))
	})
	slices.SortStableFunc(all.Outcomes, func(a, b graph.Outcome) int { return strings.Compare(string(a.Subject), string(b.Subject)) })
	for i := range all.Statements {
		slices.SortFunc(all.Statements[i].Ties, func(a, b graph.Tie) int {
			return cmp.Or(cmp.Compare(a.Role, b.Role), strings.Compare(string(a.Entity), string(b.Entity)))
		})
	}
}

func (r *Redaction) fields(all []graph.Field) []graph.Field {
	var kept []graph.Field
	for _, f := range all {
		if !slices.Contains(r.request.Fields, f.Name) {
			f.Value = r.under(f.Name, f.Value, "")
			kept = append(kept, f)
		}
	}
	return kept
}
