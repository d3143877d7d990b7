package pattern

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Typology is a smuggling scheme as a file describes it. See docs/typologies.md for the
// language of motifs.
type Typology struct {
	ID      string `yaml:"typology"`
	Number  int    `yaml:"number"` // its place in the catalogue
	Version int    `yaml:"version"`
	Title   string `yaml:"title"`
	About   string `yaml:"about"`

	// Unobservable says why the records cannot show it, and what they would have to hold;
	// "" for a typology with a motif.
	Unobservable string `yaml:"unobservable"`

	Basis   []string  `yaml:"basis"` // law, standard or publication
	For     []string  `yaml:"for"`
	Against []Against `yaml:"against"`

	Parameters map[string]Parameter `yaml:"parameters"`

	Motif `yaml:",inline"`
	// Also are other shapes of the same scheme, each with names of its own.
	Also []Motif `yaml:"also"`

	Rewire []Rewire `yaml:"rewire"`

	plans []*plan
}

// A Motif is what a typology looks for.
type Motif struct {
	Find     []Clause `yaml:"find"`
	None     []Clause `yaml:"none"`
	Where    []string `yaml:"where"`
	By       []string `yaml:"by"`
	Window   string   `yaml:"window"`
	Having   []string `yaml:"having"`
	Strength string   `yaml:"strength"`
}

// Against is what would clear a match.
type Against struct {
	Says string `yaml:"says"`
	// When is a condition on a match that holds where the records themselves clear it;
	// "" where they cannot tell.
	When string `yaml:"when"`
	// Fixture is the look-alike among the tests that has it.
	Fixture string `yaml:"fixture"`
}

// Parameter is a number that a motif uses.
type Parameter struct {
	Value float64 `yaml:"value"`
	Unit  string  `yaml:"unit"`
	Why   string  `yaml:"why"`
}

// Rewire says which ties are dealt out anew to know what chance brings about: those of a
// role, among the records that are alike in what is named.
type Rewire struct {
	Role   string   `yaml:"role"`
	Within []string `yaml:"within"`
}

// Clause asks for a record, or for a link, that stands in roles to nodes and in time to
// other records.
type Clause struct {
	Name  string
	Link  bool
	Binds []Bind // by role
	Times []Time
	// Where are conditions on the record of a clause under none.
	Where []string
}

// Bind says that a role is filled by a variable's node, or by one of some texts.
type Bind struct {
	Role     string
	Variable string
	Texts    []string
}

// Time says when the record of a clause is, as seen from another.
type Time struct {
	Relation string // after, before (both at least a day), near (either side, or the same day)
	Other    string
	Within   string // days; "" for any number
}

var (
	recordName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	nodeName   = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	fileName   = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

// relations are the keys of a clause that say when its record is.
var relations = []string{"after", "before", "near"}

// UnmarshalYAML reads a clause: {record: NAME, ROLE: VARIABLE or =TEXT|TEXT, after: NAME, within: DAYS}.
func (c *Clause) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: a clause is a map of roles", node.Line)
	}
	within := ""
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i].Value, node.Content[i+1]
		if key == "where" {
			if err := value.Decode(&c.Where); err != nil {
				return err
			}
			continue
		}
		if value.Kind != yaml.ScalarNode {
			return fmt.Errorf("line %d: %s wants one word", value.Line, key)
		}
		text := value.Value
		switch {
		case key == "record" || key == "link":
			if c.Name != "" {
				return fmt.Errorf("line %d: a clause has one name", value.Line)
			}
			c.Name, c.Link = text, key == "link"
		case key == "within":
			within = text
		case slices.Contains(relations, key):
			c.Times = append(c.Times, Time{Relation: key, Other: text})
		case strings.HasPrefix(text, "="):
			c.Binds = append(c.Binds, Bind{Role: key, Texts: strings.Split(text[1:], "|")})
		default:
			c.Binds = append(c.Binds, Bind{Role: key, Variable: text})
		}
	}
	if within != "" && len(c.Times) == 0 {
		return fmt.Errorf("line %d: within says nothing without after, before or near", node.Line)
	}
	for i := range c.Times {
		c.Times[i].Within = within
	}
	slices.SortFunc(c.Binds, func(a, b Bind) int { return strings.Compare(a.Role, b.Role) })
	return nil
}

// Parse reads a typology. The error wraps ErrTypology and says what is wrong where.
func Parse(text []byte) (*Typology, error) {
	t := &Typology{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(t); err != nil {
		return nil, fmt.Errorf("pattern: %w: %w", ErrTypology, err)
	}
	if err := decoder.Decode(&Typology{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("pattern: %s: %w: a file holds one typology", t.ID, ErrTypology)
	}
	if err := t.check(); err != nil {
		return nil, fmt.Errorf("pattern: %s: %w: %w", t.ID, ErrTypology, err)
	}
	if t.Unobservable != "" {
		return t, nil
	}
	for i := range 1 + len(t.Also) {
		motif := &t.Motif
		if i > 0 {
			motif = &t.Also[i-1]
		}
		p, err := t.compile(motif)
		if err != nil {
			return nil, fmt.Errorf("pattern: %s: motif %d: %w: %w", t.ID, i+1, ErrTypology, err)
		}
		t.plans = append(t.plans, p)
	}
	for _, r := range t.Rewire {
		if !slices.ContainsFunc(t.plans, func(p *plan) bool { return p.dealt[r.Role] }) {
			return nil, fmt.Errorf("pattern: %s: %w: rewire: no record stands in role %q", t.ID, ErrTypology, r.Role)
		}
	}
	for i, p := range t.plans {
		if !slices.ContainsFunc(t.Rewire, func(r Rewire) bool { return p.dealt[r.Role] }) {
			return nil, fmt.Errorf("pattern: %s: motif %d: %w: rewire names none of its roles", t.ID, i+1, ErrTypology)
		}
	}
	return t, nil
}

// check looks at what every file must have.
func (t *Typology) check() error {
	switch {
	case !fileName.MatchString(t.ID):
		return fmt.Errorf("typology: %q is no name in small letters", t.ID)
	case t.Version < 1:
		return errors.New("version is 1 or more")
	case t.Title == "" || t.About == "":
		return errors.New("title and about are missing")
	case len(t.Basis) == 0:
		return errors.New("basis is missing: law, standard or publication")
	case t.Unobservable != "" && len(t.Find) > 0:
		return errors.New("what cannot be observed has no motif")
	case t.Unobservable == "" && len(t.Find) == 0:
		return errors.New("find is missing")
	case len(t.For) == 0 || len(t.Against) == 0:
		return errors.New("what speaks for a match and what against it are both wanted")
	}
	for name, p := range t.Parameters {
		if !recordName.MatchString(name) || p.Why == "" {
			return fmt.Errorf("parameter %q wants a name in small letters and a reason", name)
		}
	}
	return nil
}

//go:embed typology/*.yaml
var files embed.FS

// Library returns the shipped typologies, by number.
func Library() ([]*Typology, error) {
	entries, err := files.ReadDir("typology")
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	var all []*Typology
	for _, entry := range entries {
		text, err := files.ReadFile(path.Join("typology", entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("pattern: %w", err)
		}
		t, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("pattern: %s: %w", entry.Name(), err)
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *Typology) int { return a.Number - b.Number })
	return all, nil
}

// Needs lists what records must hold for the typology to be looked for: roles of ties,
// fields, links, and numbers, each as docs/typologies.md names it.
func (t *Typology) Needs() []string {
	var all []string
	for _, p := range t.plans {
		all = append(all, p.needed...)
		all = slices.AppendSeq(all, maps.Keys(p.attributes))
		for _, name := range said {
			if p.facts[name] {
				all = append(all, name)
			}
		}
		if p.linked {
			all = append(all, links)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// links is what a motif with a link needs.
const links = "links of parties"
