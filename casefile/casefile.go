package casefile

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"rummage/casefile/bag"
	"rummage/casefile/format"
	"rummage/casefile/marking"
	"rummage/casefile/redaction"
	"rummage/casefile/story"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

var (
	// ErrHandling is returned for a source whose handling code is stricter than what the recipient may have. Nothing is left out of a case
	// file for that: without the source, it would be another case.
	ErrHandling = errors.New("the handling code of a source forbids it")
	// ErrCustody is returned when it is not said for whom and what for a case file is made.
	ErrCustody = errors.New("a case file names its purpose, its recipient and its author")
)

// Custody says for whom a case file is made, by whom, and what for.
type Custody struct {
	Purpose   string
	Case      string // number of the case; "" for none
	Recipient string
	Author    string
	// Ceiling is the strictest handling code that the recipient may have; the zero Code sets no limit.
	Ceiling marking.Code
	Made    time.Time
	Tool    string // name and version of the program
	// Store is the state of the store that it was made from.
	Store StoreState
}

// StoreState says what of a store went into a case file.
type StoreState struct {
	Sources int          `json:"sources"` // that counted
	Scope   graph.SHA256 `json:"scope"`   // fingerprint of the scope
	Until   graph.Date   `json:"until"`
	KnownOn time.Time    `json:"known_on,omitzero"`
	Decided int64        `json:"decided"`       // number of the last decision
	Run     graph.RunID  `json:"run,omitempty"` // of a network
}

// Contents are what is packed.
type Contents struct {
	Title   string // of the network, or of what was asked for
	Graph   *subgraph.Graph
	Formats []format.Format
	// Sources are all that a row of the graph is from, in the order in which they are to be listed.
	Sources []graph.Source
	// Behind are further sources that went into what is said: into a score, a group, a person's word. They are bound by handling codes as
	// the others are, and not listed.
	Behind []graph.Source
	// Seen are all other sources of the scope. Nothing that they say is in the case file, and yet days and counts of the scope are from them
	// too: they are held against the ceiling, and not inherited from.
	Seen []graph.Source
	// Cases are, of sources that were case files of other offices, what these said of themselves.
	Cases map[graph.SourceID]json.RawMessage
	// Rows yields the rows that the graph stands on, each as JSON on one line, in order.
	Rows iter.Seq2[json.RawMessage, error]
	// Originals are the files that the rows are from, each once; nil leaves them out.
	Originals []Original
	// Texts are further files by name, such as the explanation and the request.
	Texts []Text
	// Story is why its parties were chosen; nil for those that a person named.
	Story *story.Story
	// Places are where nodes lie on the earth, degrees east and north, as far as that is known.
	Places map[graph.ID][2]float64
	// Redaction is what of the graph is not to leave; nil for nothing.
	Redaction *redaction.Redaction
}

// Text is a file that was written elsewhere.
type Text struct {
	Name, Title string
	Content     []byte
}

// Packing says how the bag is made.
type Packing struct {
	Key ed25519.PrivateKey // nil leaves it unsigned
	Zip bool
	// Record is called with what was packed when it is whole and does not have its place yet; its error takes it back. Nil records nothing.
	Record func(packed *Packed) error
}

// Packed is what came of it.
type Packed struct {
	Path     string
	ID       string       // of its content, see bag.Report
	Stamped  []byte       // what a time stamp is asked of
	Handling marking.Code // inherited: the strictest of all sources
	Files    int
	Rows     int
}

// Pack writes a case file to a path at which nothing stands yet: whole, or not at all. The same contents, custody and packing give the same
// bytes. Errors: ErrCustody, ErrHandling, ErrOriginals, ErrLeft, marking.ErrCode for a source with a code that nobody knows, those of package bag, and that of Rows.
func Pack(ctx context.Context, target string, c *Contents, custody *Custody, how Packing) (*Packed, error) {
	if strings.TrimSpace(custody.Purpose) == "" || strings.TrimSpace(custody.Recipient) == "" || strings.TrimSpace(custody.Author) == "" {
		return nil, fmt.Errorf("casefile: %w", ErrCustody)
	}
	handling, err := Handling(slices.Concat(c.Sources, c.Behind), marking.Code{})
	if err == nil && custody.Ceiling != (marking.Code{}) { // of all at once, so that a refusal names all
		_, err = Handling(slices.Concat(c.Sources, c.Behind, c.Seen), custody.Ceiling)
	}
	if err != nil {
		return nil, err
	}
	if c.Redaction != nil && len(c.Originals) > 0 {
		return nil, fmt.Errorf("casefile: %w", ErrOriginals)
	}
	if c, err = c.redacted(); err != nil {
		return nil, fmt.Errorf("casefile: %w", err)
	}
	p := &packer{ctx: ctx, packed: &Packed{Path: target, Handling: handling}}
	w, err := bag.Create(target, bag.Options{Info: custody.info(c.Title, handling), Key: how.Key, Zip: how.Zip, Before: func(id string) error {
		p.packed.ID = id
		if err := c.hunt(p.bag, target, custody); err != nil || how.Record == nil {
			return err
		}
		return how.Record(p.packed)
	}})
	if err != nil {
		return nil, fmt.Errorf("casefile: %w", err)
	}
	p.bag = w
	p.open = w.File
	if err := p.all(c, custody); err != nil {
		return nil, fmt.Errorf("casefile: %w", errors.Join(err, w.Abandon()))
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("casefile: %w", err)
	}
	p.packed.Stamped = w.Stamped()
	return p.packed, nil
}

// mostNamed is how many sources a refusal names; of more it says how many more there are.
const mostNamed = 20

// Handling returns the strictest code of all sources. ErrHandling if one is above the ceiling, naming all that are, or how many, and the first
// of them; marking.ErrCode.
func Handling(sources []graph.Source, ceiling marking.Code) (marking.Code, error) {
	var most marking.Code
	var above []string
	for i := range sources {
		code, err := marking.Parse(sources[i].Handling)
		if err != nil {
			return most, fmt.Errorf("casefile: source %s, %s: %w", sources[i].ID, sources[i].Title(), err)
		}
		if ceiling != (marking.Code{}) && code.Above(ceiling) {
			above = append(above, fmt.Sprintf("%s, %s, has %s", sources[i].ID, sources[i].Title(), code))
		}
		most = marking.Strictest(most, code)
	}
	if n := len(above); n > mostNamed {
		above = append(above[:mostNamed], fmt.Sprintf("and %d more, %d in all", n-mostNamed, n))
	}
	if len(above) > 0 {
		return most, fmt.Errorf("casefile: %w: the recipient may have %s at most: %s", ErrHandling, ceiling, strings.Join(above, "; "))
	}
	return most, nil
}

// info is what bag-info.txt says; labels that RFC 8493 has no word for are ours.
func (c *Custody) info(title string, handling marking.Code) []bag.Field {
	var fields []bag.Field
	for _, f := range []bag.Field{
		{Label: "Bagging-Date", Value: c.Made.UTC().Format(time.DateOnly)},
		{Label: "Bag-Software-Agent", Value: c.Tool},
		{Label: "External-Description", Value: title},
		{Label: "Handling", Value: handling.String()},
		{Label: "Purpose", Value: c.Purpose},
		{Label: "Case-Number", Value: c.Case},
		{Label: "Recipient", Value: c.Recipient},
		{Label: "Author", Value: c.Author},
	} {
		if f.Value = strings.TrimSpace(f.Value); f.Value != "" {
			fields = append(fields, f)
		}
	}
	return fields
}

// first writes the first entry of the custody of the case file; those that follow stand beside it, see package custody. What of it came
// from other offices has its custody so far in evidence/sources.json.
func (c *Custody) first(to io.Writer, handling marking.Code) error {
	text, err := json.MarshalIndent(struct {
		Handling  string     `json:"handling"`
		Act       string     `json:"act"`
		By        string     `json:"by"`
		To        string     `json:"to"`
		At        time.Time  `json:"at"`
		Purpose   string     `json:"purpose"`
		Case      string     `json:"case"`
		Ceiling   string     `json:"ceiling"`
		Tool      string     `json:"tool"`
		FromStore StoreState `json:"from_store"`
	}{handling.String(), "made", c.Author, c.Recipient, c.Made.UTC(), c.Purpose, c.Case, c.Ceiling.String(), c.Tool, c.Store}, "", " ")
	if err != nil {
		return err
	}
	_, err = to.Write(append(text, '\n'))
	return err
}

// packer writes the files of a bag.
type packer struct {
	ctx    context.Context
	bag    *bag.Writer
	open   func(name string) (io.WriteCloser, error) // begins a file of the payload
	packed *Packed
	shown  []json.RawMessage // rows that the viewer has, up to mostShown
	size   int
}

func (p *packer) all(c *Contents, custody *Custody) error {
	drawn, end := p.draw(c)
	defer end()
	if err := p.file("README.txt", func(to io.Writer) error { return readme(to, c, custody, p.packed.Handling) }); err != nil {
		return err
	}
	document := &format.Document{Graph: c.Graph, Title: c.Title, Handling: p.packed.Handling, Sources: c.Sources, Purpose: custody.Purpose,
		Recipient: custody.Recipient, Author: custody.Author, Tool: custody.Tool, Made: custody.Made}
	for _, f := range c.Formats {
		for _, file := range f.Files {
			if err := p.file("graph/"+file.Name, func(to io.Writer) error { return file.Write(to, document) }); err != nil {
				return err
			}
		}
	}
	for _, folder := range []string{"graph/", "evidence/"} {
		if err := p.file(folder+marking.File, func(to io.Writer) error { return p.marked(to) }); err != nil {
			return err
		}
	}
	for _, text := range c.Texts {
		if err := p.file(text.Name, func(to io.Writer) error {
			_, err := to.Write(text.Content)
			return err
		}); err != nil {
			return err
		}
	}
	if err := p.file("custody.json", func(to io.Writer) error { return custody.first(to, p.packed.Handling) }); err != nil {
		return err
	}
	if err := p.file("evidence/sources.json", func(to io.Writer) error { return sources(to, c) }); err != nil {
		return err
	}
	if err := p.file("evidence/rows.jsonl", func(to io.Writer) error { return p.rows(to, c.Rows) }); err != nil {
		return err
	}
	if err := p.redacted(c.Redaction); err != nil {
		return err
	}
	for i := range c.Originals {
		if err := p.original(&c.Originals[i]); err != nil {
			return err
		}
	}
	return p.people(c, custody, drawn)
}

func (p *packer) marked(to io.Writer) error {
	_, err := fmt.Fprintf(to, "%s\n\nThis holds for every file in this folder; those of a form that has room for it say so themselves.\n", banner(p.packed.Handling))
	return err
}

// file writes one file of the payload.
func (p *packer) file(name string, write func(to io.Writer) error) error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	f, err := p.open(name)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return fmt.Errorf("%s: %w", name, errors.Join(err, f.Close()))
	}
	p.packed.Files++
	return f.Close()
}

func (p *packer) rows(to io.Writer, all iter.Seq2[json.RawMessage, error]) error {
	for row, err := range all {
		if err == nil {
			err = p.ctx.Err()
		}
		if err != nil {
			return err
		}
		if _, err := to.Write(append(bytes.Clone(row), '\n')); err != nil {
			return err
		}
		p.packed.Rows++
		p.keep(row)
	}
	return nil
}

// sourceLine is a source as a case file lists it.
type sourceLine struct {
	ID         graph.SourceID `json:"id"`
	Name       string         `json:"name"`
	SHA256     graph.SHA256   `json:"sha256"`
	Size       int64          `json:"size"`
	Part       string         `json:"part,omitempty"`
	Mapping    string         `json:"mapping"`
	Rules      graph.SHA256   `json:"rules"`
	Options    string         `json:"options"`
	Joined     []graph.Joined `json:"joined"`
	Handling   string         `json:"handling"`
	Grading    string         `json:"grading"`
	Owner      string         `json:"owner"`
	ImportedAt time.Time      `json:"imported_at"`
	// Case is what the source said of itself that was a case file, with the sources of that; none for others.
	Case json.RawMessage `json:"case,omitempty"`
}

func sources(to io.Writer, c *Contents) error {
	all := c.Sources
	lines := make([]sourceLine, 0, len(all))
	for i := range all {
		s := &all[i]
		lines = append(lines, sourceLine{s.ID, s.Name, s.SHA256, s.Size, s.Part, s.Mapping, s.Rules, s.Options,
			append([]graph.Joined{}, s.Joined...), s.Handling, s.Grading, s.Owner, s.ImportedAt.UTC(), c.Cases[s.ID]})
	}
	text, err := json.MarshalIndent(lines, "", " ")
	if err != nil {
		return err
	}
	_, err = to.Write(append(text, '\n'))
	return err
}
