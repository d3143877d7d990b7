package name

import (
	"fmt"
	"slices"
	"strings"

	"rummage/resolve/name/form"
)

// Breakdown is a score with its reasons: how words were put together, what each
// feature contributed, and which limit held. Without a limit,
// Score = 1/(1+exp(-(Bias + sum of Points))).
type Breakdown struct {
	Score  float64
	Kind   Kind // whose weights were used
	Bias   float64
	Parts  []Part
	Limits []Limit
	Pairs  []Pair
	A, B   []string // the words without counterpart
	FormA  string   // the legal form, or nothing
	FormB  string
	Forms  form.Agreement
}

// Part is the contribution of one feature.
type Part struct {
	Feature string
	Text    string  // what the feature is
	Value   float64 // 0 to 1
	Weight  float64
	Points  float64 // Value times Weight, in log-odds
}

// Limit is a rule that holds a score down whatever the parts sum up to.
type Limit struct {
	Most   float64
	Reason string
}

// Pair is words of both names that were put together.
type Pair struct {
	A, B       string
	How        string
	Similarity float64
	Rarity     float64 // what the pair is worth as evidence, before similarity
}

// Explain compares two names as Compare does and tells why the score is what
// it is. Features of value 0 are left out.
func Explain(a, b *Name) Breakdown {
	var m measure
	score, hit := m.compare(a, b)
	w := learned().of(m.kind)
	out := Breakdown{Score: score, Kind: m.kind, Bias: w.bias, Forms: form.Compare(a.form, b.form)}
	if a.form != nil {
		out.FormA = a.form.Name
	}
	if b.form != nil {
		out.FormB = b.form.Name
	}
	for f, v := range m.values {
		if v != 0 {
			out.Parts = append(out.Parts, Part{about[f].name, about[f].text, v, w.of[f], v * w.of[f]})
		}
	}
	for l, c := range ceilings {
		if hit&(1<<l) != 0 {
			out.Limits = append(out.Limits, Limit{c.most, c.reason})
		}
	}
	for _, p := range m.pairs[:m.n] {
		rx, _, _ := sum(m.x[p.i : p.i+p.nx])
		ry, _, _ := sum(m.y[p.j : p.j+p.ny])
		out.Pairs = append(out.Pairs, Pair{shown(m.x[p.i : p.i+p.nx]), shown(m.y[p.j : p.j+p.ny]), hows[p.how], float64(p.sim), float64(rx+ry) / 2})
	}
	out.A, out.B = unpaired(m.x, m.doneX), unpaired(m.y, m.doneY)
	if m.turned {
		out.A, out.B = out.B, out.A
		for i := range out.Pairs {
			out.Pairs[i].A, out.Pairs[i].B = out.Pairs[i].B, out.Pairs[i].A
		}
	}
	slices.SortStableFunc(out.Pairs, func(p, q Pair) int { return strings.Compare(p.A, q.A) })
	return out
}

func unpaired(words []*word, done uint32) []string {
	var out []string
	for i := range words {
		if done&(1<<i) == 0 {
			out = append(out, shown(words[i:i+1]))
		}
	}
	return out
}

// shown writes words as a reader knows them: in their own script if they have
// one, with the spelling that was compared.
func shown(words []*word) string {
	var all []string
	for i := range words {
		s := words[i].text
		if len(words[i].native) > 0 {
			s = string(words[i].native) + " (" + words[i].text + ")"
		}
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

// String writes the breakdown as a table in plain text.
func (b Breakdown) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "score %.3f as %s\n", b.Score, b.Kind)
	for _, l := range b.Limits {
		fmt.Fprintf(&out, "  at most %.2f: %s\n", l.Most, l.Reason)
	}
	for _, p := range b.Pairs {
		fmt.Fprintf(&out, "  %s = %s: %s, similarity %.2f, worth %.2f\n", p.A, p.B, p.How, p.Similarity, p.Rarity)
	}
	for _, side := range []struct {
		name  string
		words []string
	}{{"first", b.A}, {"second", b.B}} {
		if len(side.words) > 0 {
			fmt.Fprintf(&out, "  only in the %s: %s\n", side.name, strings.Join(side.words, ", "))
		}
	}
	if b.FormA != "" || b.FormB != "" {
		fmt.Fprintf(&out, "  legal forms: %s, %s\n", dash(b.FormA), dash(b.FormB))
	}
	fmt.Fprintf(&out, "  %-10s %24.2f\n", "bias", b.Bias)
	for _, p := range b.Parts {
		fmt.Fprintf(&out, "  %-10s %6.3f x %6.2f = %6.2f  %s\n", p.Feature, p.Value, p.Weight, p.Points, p.Text)
	}
	return out.String()
}

func dash(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
