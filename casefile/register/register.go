package register

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Kind is the kind of the runs that are entries.
const Kind = "export"

// ErrEntry is returned for a run that is no entry, or one of a later version.
var ErrEntry = errors.New("no entry of a case file")

// Entry is one case file that left.
type Entry struct {
	ID   string `json:"id"`   // of its content, see bag.Report
	Name string `json:"name"` // of the folder or zip file, without the folders above

	Purpose   string    `json:"purpose"`
	Case      string    `json:"case"`
	Recipient string    `json:"recipient"`
	Author    string    `json:"author"`
	Ceiling   string    `json:"ceiling"`
	Handling  string    `json:"handling"`
	Made      time.Time `json:"made"`
	Tool      string    `json:"tool"`

	Network graph.ID `json:"network"` // that was asked for, "" for parties
	// Scope is the scope as it was asked for, not resolved: sources that came later are in it unless some were named.
	Scope graph.Scope `json:"scope"`
	// Below says that it was asked for from all sources not above Ceiling; those that Scope names are the ones of that day.
	Below    bool  `json:"below_ceiling,omitempty"`
	Decided  int64 `json:"decided"` // Seq of the last decision that it follows
	Redacted bool  `json:"redacted"`

	// Left is when it left by the clock of the office, whatever Made says. Of one that left twice with the same bytes it is the first time.
	Left time.Time `json:"-"`
	Held Held      `json:"-"`
}

// Held is what a case file held.
type Held struct {
	// Parties are the records of those that were asked for, in order, so that the same can be asked for again.
	Parties []graph.ID `json:"parties"`
	// Sources are all that a row of it was from.
	Sources []graph.SourceID `json:"sources"`
	Nodes   []Mark           `json:"nodes"`
	Edges   []Mark           `json:"edges"`
	Rows    int              `json:"rows"`
}

// Mark stands for a node or an edge: 16 hexadecimal digits of a digest of what it is, and as many of all that is said of it.
type Mark string

const digits = 16

func markOf(key, content any) (Mark, error) {
	var text [2]string
	for i, value := range []any{key, content} {
		line, err := json.Marshal(value)
		if err != nil {
			return "", err
		}
		sum := sha256.Sum256(line)
		text[i] = hex.EncodeToString(sum[:])[:digits]
	}
	return Mark(text[0] + text[1]), nil
}

// nodeMark leaves out what a run says of a node: the store does not, and another night it says something else.
func nodeMark(n *subgraph.Node) (Mark, error) {
	said := *n
	said.Scores = nil
	return markOf(n.ID, []any{&said, n.Sources})
}

func (m Mark) key() Mark { return m[:min(len(m), digits)] }

// Hold sums up a graph, as it was before anything in it was redacted.
func Hold(g *subgraph.Graph) (Held, error) {
	held := Held{Parties: []graph.ID{}, Sources: []graph.SourceID{}, Nodes: []Mark{}, Edges: []Mark{}}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		mark, err := nodeMark(n)
		if err != nil {
			return held, fmt.Errorf("register: %w", err)
		}
		held.Nodes = append(held.Nodes, mark)
		if n.Chosen && len(n.Records) == 0 {
			held.Parties = append(held.Parties, n.ID)
		} else if n.Chosen {
			held.Parties = append(held.Parties, n.Records...)
		}
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		mark, err := edgeMark(e)
		if err != nil {
			return held, fmt.Errorf("register: %w", err)
		}
		held.Edges = append(held.Edges, mark)
	}
	rows := g.Rows()
	for _, o := range rows {
		held.Sources = append(held.Sources, o.Source)
	}
	held.Rows = len(rows)
	slices.Sort(held.Parties)
	slices.Sort(held.Sources)
	held.Sources = slices.Compact(held.Sources)
	slices.Sort(held.Nodes)
	slices.Sort(held.Edges)
	return held, nil
}

func edgeMark(e *subgraph.Edge) (Mark, error) {
	return markOf([]any{e.From, e.Kind, e.To, e.Start, e.End, e.Key}, []any{e, e.Sources})
}

// Run is the entry as a store keeps it.
func (e *Entry) Run() (graph.Run, error) {
	settings, err := canonical(e)
	if err != nil {
		return graph.Run{}, fmt.Errorf("register: %w", err)
	}
	held, err := json.Marshal(e.Held)
	if err != nil {
		return graph.Run{}, fmt.Errorf("register: %w", err)
	}
	run := graph.Run{Kind: Kind, Scope: graph.Scope{Sources: []graph.SourceID{}}, Settings: settings, Results: held, Decided: e.Decided,
		Finished: e.Left.UTC().Truncate(time.Microsecond), Tool: e.Tool}
	run.ID = run.NewRunID()
	return run, nil
}

// canonical is JSON with sorted keys.
func canonical(value any) (json.RawMessage, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil {
		return nil, err
	}
	return json.Marshal(keys)
}

// Read reads entries, oldest first. ErrEntry.
func Read(runs []graph.Run) ([]Entry, error) {
	entries := make([]Entry, 0, len(runs))
	for i := range runs {
		var e Entry
		if err := errors.Join(json.Unmarshal(runs[i].Settings, &e), json.Unmarshal(runs[i].Results, &e.Held)); err != nil {
			return nil, fmt.Errorf("register: run %s: %w: %w", runs[i].ID, ErrEntry, err)
		}
		e.Left = runs[i].Finished.UTC()
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(a.Left.Compare(b.Left), a.Made.Compare(b.Made), cmp.Compare(a.ID, b.ID))
	})
	return entries, nil
}
