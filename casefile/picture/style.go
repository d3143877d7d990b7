package picture

import (
	_ "embed" // style.json
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

//go:embed style.json
var styleText []byte

// Style says how everything looks: each kind has a shape and a colour, so that it can be told apart on paper without colours too.
// Colours are those of Okabe and Ito (2008), which people tell apart who see red and green alike.
type Style struct {
	Kinds []KindStyle `json:"kinds"`
	Links []LinkStyle `json:"links"` // the first one that has the kind of a link, else the last
	Roles []RoleStyle `json:"roles"`
	// Shapes are polygons around the origin, in parts of the radius; one without corners is a circle.
	Shapes map[string][][2]float64 `json:"shapes"`
	Hit    MarkStyle               `json:"hit"`
	Listed MarkStyle               `json:"listed"`
	Chosen MarkStyle               `json:"chosen"`
}

// KindStyle is how a kind of node looks. Size is half its width.
type KindStyle struct {
	Kind  string  `json:"kind"`
	Name  string  `json:"name"`
	Shape string  `json:"shape"`
	Fill  string  `json:"fill"`
	Size  float64 `json:"size"`
}

// LinkStyle is how a link looks. Dash is the length of its dashes; 0 is an unbroken line.
type LinkStyle struct {
	Name   string   `json:"name"`
	Kinds  []string `json:"kinds"`
	Colour string   `json:"colour"`
	Dash   float64  `json:"dash"`
	Arrow  bool     `json:"arrow"`
}

// RoleStyle is the letter of a role.
type RoleStyle struct {
	Role   string `json:"role"`
	Letter string `json:"letter"`
}

// MarkStyle is how something that is said of a node looks.
type MarkStyle struct {
	Name   string `json:"name"`
	Colour string `json:"colour"`
}

// Styles returns the one table, which case file, report, viewer and screen share.
var Styles = sync.OnceValue(func() *Style {
	s := &Style{}
	if err := json.Unmarshal(styleText, s); err != nil {
		panic(fmt.Sprintf("picture: style.json: %v", err))
	}
	return s
})

// kind returns how a kind looks; one that the table lacks looks like an identifier.
func (s *Style) kind(name string) *KindStyle {
	at := slices.IndexFunc(s.Kinds, func(k KindStyle) bool { return k.Kind == name })
	if at < 0 {
		at = len(s.Kinds) - 1
	}
	return &s.Kinds[at]
}

// Link returns the place of the style of a link in Links.
func (s *Style) Link(l *Link) int {
	for i := range s.Links {
		if slices.ContainsFunc(l.Kinds, func(k string) bool { return slices.Contains(s.Links[i].Kinds, k) }) {
			return i
		}
	}
	return len(s.Links) - 1
}

func (s *Style) letter(role string) string {
	for _, r := range s.Roles {
		if r.Role == role {
			return r.Letter
		}
	}
	return ""
}
