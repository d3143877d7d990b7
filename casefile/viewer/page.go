package viewer

import (
	"encoding/json"

	"rummage/casefile/picture"
	"rummage/casefile/story"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Case is what a viewer shows.
type Case struct {
	Title    string
	Handling string
	Custody  [][2]string
	Graph    *subgraph.Graph
	Sources  []graph.Source
	Story    *story.Story
	// Scenes are pictures of the same graph; the first one is shown first.
	Scenes []Scene
	// Rows are those that the graph stands on, as far as they are to be shown, each as JSON.
	Rows []json.RawMessage
	// Limits are what the case does not say.
	Limits []string
	// Places are where on the earth nodes lie that have a known position: degrees east and north.
	Places map[graph.ID][2]float64
}

// Scene is a picture with the name of its button.
type Scene struct {
	Name    string
	Note    string
	Picture *picture.Picture
}

// The page's data. Its names are known to the scripts.
type (
	pageData struct {
		Title    string                  `json:"title"`
		Handling string                  `json:"handling"`
		Custody  [][2]string             `json:"custody"`
		Style    *picture.Style          `json:"style"`
		Scenes   []pageScene             `json:"scenes"`
		Nodes    []pageNode              `json:"nodes"`
		Edges    []pageEdge              `json:"edges"`
		Rows     []pageRow               `json:"rows"`
		Files    []pageFile              `json:"files"`
		Sources  []pageSource            `json:"sources"`
		Story    *story.Story            `json:"story"`
		Limits   []string                `json:"limits"`
		Places   map[graph.ID][2]float64 `json:"places"`
		Land     [][]int                 `json:"land"`
	}
	pageScene struct {
		Name   string      `json:"name"`
		Note   string      `json:"note"`
		Nodes  []sceneNode `json:"nodes"`
		Links  []sceneLink `json:"links"`
		Labels []label     `json:"labels"`
		Counts []label     `json:"counts"`
	}
	sceneNode struct {
		I      int     `json:"i"` // place in nodes
		X      float64 `json:"x"`
		Y      float64 `json:"y"`
		R      float64 `json:"r"`
		Role   string  `json:"role"`
		Hits   int     `json:"hits"`
		Listed bool    `json:"listed"`
	}
	sceneLink struct {
		F     int        `json:"f"`
		T     int        `json:"t"`
		Style int        `json:"style"`
		Wide  float64    `json:"wide"`
		Kinds []string   `json:"kinds"`
		N     int        `json:"n"`
		Hits  int        `json:"hits"`
		Both  bool       `json:"both"`
		Start graph.Date `json:"start"`
		End   graph.Date `json:"end"`
	}
	label struct {
		N     int      `json:"n"`
		Lines []string `json:"lines"`
		X     float64  `json:"x"`
		Y     float64  `json:"y"`
		W     float64  `json:"w"`
		Far   bool     `json:"far,omitempty"` // a thin line leads to it
	}
	pageNode struct {
		ID         graph.ID    `json:"id"`
		Kind       string      `json:"kind"`
		Label      string      `json:"label"`
		Chosen     bool        `json:"chosen"`
		Role       string      `json:"role"`
		Hit        bool        `json:"hit"`
		Start      graph.Date  `json:"start"`
		End        graph.Date  `json:"end"`
		Records    []graph.ID  `json:"records"`
		Attributes [][3]string `json:"attributes"`
		Rows       []int       `json:"rows"`
	}
	pageEdge struct {
		F          int         `json:"f"`
		T          int         `json:"t"`
		Kind       string      `json:"kind"`
		Start      graph.Date  `json:"start"`
		End        graph.Date  `json:"end"`
		Attributes [][3]string `json:"attributes"`
		Rows       []int       `json:"rows"`
	}
	pageFile struct {
		Name   string `json:"name"`
		SHA256 string `json:"sha256"`
	}
	pageSource struct {
		F        int    `json:"f"` // place in files
		Handling string `json:"handling"`
	}
	// pageRow is a row, with those of second files that go with it, and those of other offices' files that it cites, the nearest first.
	pageRow struct {
		F      int         `json:"f"` // place in files
		Row    int64       `json:"row"`
		Note   string      `json:"note,omitempty"`
		Join   string      `json:"join,omitempty"` // of a row that goes with another: as what
		Bytes  []int64     `json:"bytes,omitempty"`
		Cells  [][2]string `json:"cells,omitempty"`
		Joined []pageRow   `json:"joined,omitempty"`
		More   int         `json:"more,omitempty"` // that go with it and are not listed
		Cites  []pageRow   `json:"cites,omitempty"`
		Bare   bool        `json:"bare,omitempty"` // named only: the viewer does not hold what stands in it
	}
)

// page gathers what the scripts read.
func (c *Case) page() *pageData {
	d := &pageData{Title: c.Title, Handling: c.Handling, Custody: c.Custody, Style: picture.Styles(), Story: c.Story, Limits: c.Limits,
		Places: map[graph.ID][2]float64{}, Land: land(), Rows: []pageRow{}, Files: []pageFile{}, Edges: []pageEdge{}, Sources: []pageSource{}}
	file := d.filing()
	rows := c.rows(d, file)
	roles := c.Story.Roles()
	at := map[graph.ID]int{}
	for i := range c.Graph.Nodes {
		n := &c.Graph.Nodes[i]
		at[n.ID] = i
		hits, _ := n.Outcomes()
		d.Nodes = append(d.Nodes, pageNode{ID: n.ID, Kind: n.Kind, Label: n.Label, Chosen: n.Chosen, Role: roles[n.ID], Hit: hits > 0, Start: n.Start, End: n.End,
			Records: append([]graph.ID{}, n.Records...), Attributes: triples(n.Attributes), Rows: rows(n.Sources)})
		if where, known := c.Places[n.ID]; known {
			d.Places[n.ID] = where
		}
	}
	for i := range c.Graph.Edges {
		e := &c.Graph.Edges[i]
		d.Edges = append(d.Edges, pageEdge{at[e.From], at[e.To], e.Kind, e.Start, e.End, triples(e.Attributes), rows(e.Sources)})
	}
	for i := range c.Sources {
		s := &c.Sources[i]
		d.Sources = append(d.Sources, pageSource{file(s.Title(), s.SHA256), s.Handling})
	}
	for _, s := range c.Scenes {
		d.Scenes = append(d.Scenes, scene(&s, at))
	}
	return d
}

func triples(all []subgraph.Attribute) [][3]string {
	list := make([][3]string, 0, len(all))
	for _, a := range all {
		list = append(list, [3]string{a.Name, a.Value, a.Mark})
	}
	return list
}

func scene(s *Scene, at map[graph.ID]int) pageScene {
	p := s.Picture
	out := pageScene{Name: s.Name, Note: s.Note, Nodes: []sceneNode{}, Links: []sceneLink{}, Labels: labels(p.Labels), Counts: labels(p.Counts)}
	for i := range p.Nodes {
		n := &p.Nodes[i]
		out.Nodes = append(out.Nodes, sceneNode{I: at[n.ID], X: p.Places[i].X, Y: p.Places[i].Y, R: p.Radius(i), Role: n.Role, Hits: n.Hits, Listed: n.Listed})
	}
	for i := range p.Links {
		l := &p.Links[i]
		out.Links = append(out.Links, sceneLink{F: l.From, T: l.To, Style: picture.Styles().Link(l), Wide: l.Wide(),
			Kinds: l.Kinds, N: l.N, Hits: l.Hits, Both: l.Both, Start: l.Start, End: l.End})
	}
	return out
}

func labels(all []picture.Label) []label {
	list := make([]label, 0, len(all))
	for _, l := range all {
		list = append(list, label{l.Node, l.Lines, l.X, l.Y, l.W, l.Far})
	}
	return list
}
