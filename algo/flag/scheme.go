package flag

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"rummage/algo/pattern"
	"rummage/graph"
)

// GradeP is the grade of a network that no finding opens, but a typology that is met more often than chance brings about.
const GradeP = "P"

const headingP = "looks like a known scheme"

// Scheme is a place where the records look like a typology, strong enough to open a network.
type Scheme struct {
	Pattern string     `json:"pattern"`
	Version int        `json:"version"`
	Title   string     `json:"title"`
	Q       Number     `json:"q"` // share of false ones among matches as strong
	Records []graph.ID `json:"records"`
	Against []string   `json:"against"` // what would clear it, with what the records say of that

	nodes []uint32 // traders, ascending
}

// Patterns are the typologies of a run, and its place in the stream of runs that look for them.
type Patterns struct {
	Run   int          `json:"run"`   // counted from 1
	Told  int          `json:"told"`  // matches told by runs of the stream so far, this one included
	Level Number       `json:"level"` // share of false ones that this run may have
	Tests []SchemeTest `json:"tests"` // of all that the records could show
}

// SchemeTest is one typology held against chance.
type SchemeTest struct {
	Pattern  string `json:"pattern"`
	Found    int    `json:"found"`
	Expected Number `json:"expected"`
	Draws    int    `json:"draws"`
	P        Number `json:"p"`
	Q        Number `json:"q"`
	Opens    int    `json:"opens"`
}

// stream is what the last standing run that looked for typologies leaves to this one: its place in the stream, and the records of
// what it told, by typology.
func stream(earlier []graph.Run) (before Patterns, told map[string][][]graph.ID, err error) {
	told = map[string][][]graph.ID{}
	for _, run := range slices.Backward(earlier) {
		if run.Kind != Kind {
			continue
		}
		r, err := ReadResult(&run)
		if err != nil {
			return before, nil, err
		}
		if r.Patterns == nil {
			continue
		}
		for i := range r.Networks {
			for _, s := range r.Networks[i].Schemes {
				told[s.Pattern] = append(told[s.Pattern], slices.Sorted(slices.Values(s.Records)))
			}
		}
		return *r.Patterns, told, nil
	}
	return before, told, nil
}

// schemes looks for typologies, where the settings want that.
func (a *Analysis) schemes(ctx context.Context, reader Reader, earlier []graph.Run, opts *Options) (*Patterns, error) {
	if a.Settings.Patterns == 0 {
		return nil, nil
	}
	p, told, err := stream(earlier)
	if err != nil {
		return nil, err
	}
	p.Run++
	p.Level, p.Tests = Number(pattern.Level(p.Run, p.Told)), []SchemeTest{}
	all, err := pattern.Library()
	if err != nil {
		return nil, fmt.Errorf("flag: %w", err)
	}
	report := opts.report(StagePatterns)
	records, err := pattern.Read(ctx, reader, all, pattern.Options{})
	if err != nil {
		return nil, fmt.Errorf("flag: %w", err)
	}
	results, err := pattern.Test(ctx, records, all, pattern.Testing{
		Draws: a.Settings.Patterns, Seed: a.Seed, Threads: opts.Threads, Level: float64(p.Level),
		Progress: func(_ string, done, total int) {
			if report != nil {
				report(done, total)
			}
		},
	})
	if err != nil {
		return nil, fmt.Errorf("flag: %w", err)
	}
	for _, r := range results {
		if r.Typology.Unobservable != "" || len(r.Missing) > 0 {
			continue
		}
		opens, fresh := a.takes(r, told[r.Typology.ID])
		p.Told += fresh
		p.Tests = append(p.Tests, SchemeTest{
			r.Typology.ID, len(r.Matches), Number(r.Expected), r.Draws, Number(r.P), Number(r.Q), opens,
		})
	}
	return &p, nil
}

// takes keeps the matches of a typology that may open a network, and says how many there are, and how many are told for the first
// time. What was told stays told: a match that shares half of its records with one of the last run's is not tested again.
func (a *Analysis) takes(r *pattern.Result, told [][]graph.ID) (opens, fresh int) {
	for i := range r.Matches {
		m := &r.Matches[i]
		known := repeats(m, told)
		if !m.Opens && !known {
			continue
		}
		opens++
		if !known {
			fresh++
		}
		s := Scheme{
			Pattern: r.Typology.ID, Version: r.Typology.Version, Title: r.Typology.Title, Q: Number(m.Q),
			Records: []graph.ID{}, Against: []string{},
		}
		for _, record := range m.Records {
			if record.Link == nil {
				s.Records = append(s.Records, record.ID)
			}
		}
		for k, result := range m.Against {
			s.Against = append(s.Against, pattern.Told(result, r.Typology.Against[k].Says))
		}
		for _, n := range m.Nodes {
			v, ok := a.View.Node(graph.ID(n.Name))
			if ok && !a.Trade.IsService(v) && len(a.imports.Of(v))+len(a.exports.Of(v)) > 0 {
				s.nodes = append(s.nodes, v)
			}
		}
		slices.Sort(s.nodes)
		if s.nodes = slices.Compact(s.nodes); len(s.nodes) > 0 {
			a.found = append(a.found, s)
		}
	}
	return opens, fresh
}

// repeats reports whether a match shares half of the records of one of these, or of its own where those are fewer.
func repeats(m *pattern.Match, told [][]graph.ID) bool {
	var own []graph.ID
	for _, r := range m.Records {
		if r.Link == nil {
			own = append(own, r.ID)
		}
	}
	slices.Sort(own)
	return slices.ContainsFunc(told, func(ids []graph.ID) bool { return halved(own, ids) })
}

// open adds what typologies found to the networks that share half of the smaller one's members, and opens networks from the rest:
// of those that share so much with each other one.
func (a *Analysis) open(networks []Network) []Network {
	findings := len(networks)
	for _, s := range a.found {
		at := slices.IndexFunc(networks, func(n Network) bool { return halved(n.nodes, s.nodes) })
		switch {
		case at >= 0:
			n := &networks[at]
			n.Schemes = append(n.Schemes, s)
			if at >= findings {
				n.nodes = append(n.nodes, s.nodes...)
				slices.Sort(n.nodes)
				n.nodes = slices.Compact(n.nodes)
			}
		case len(s.nodes) > 1:
			networks = append(networks, Network{Grade: GradeP, Heading: headingP, Schemes: []Scheme{s}, nodes: slices.Clone(s.nodes)})
		}
	}
	for i := range networks {
		slices.SortStableFunc(networks[i].Schemes, func(x, y Scheme) int { return cmp.Compare(x.Q, y.Q) })
	}
	return networks
}

// looksLike names the typologies of a network in a few words each.
func (n *Network) looksLike() []string {
	var all []string
	for i := range n.Schemes {
		s := &n.Schemes[i]
		if slices.ContainsFunc(n.Schemes[:i], func(o Scheme) bool { return o.Pattern == s.Pattern }) {
			continue
		}
		places := 0
		for k := range n.Schemes {
			if n.Schemes[k].Pattern == s.Pattern {
				places++
			}
		}
		all = append(all, fmt.Sprintf("looks like %s, in %s (q %.2g)", s.Pattern, counted(places, "place"), float64(s.Q)))
	}
	return all
}
