package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"path/filepath"
	"strings"

	"rummage/casefile/bag"
	"rummage/casefile/redaction"
	"rummage/casefile/report"
	"rummage/casefile/row"
	"rummage/casefile/story"
	"rummage/graph"
)

// ErrLeft is returned for a pack in which something was found that was to be redacted.
var ErrLeft = errors.New("something that was to be redacted is still there")

// withheldNote stands with a row whose cells were withheld.
const withheldNote = "its cells are withheld: it speaks of somebody or something that was redacted"

// redacted is what is packed, without what was redacted. Texts that are no JSON have it replaced in the plain.
func (c *Contents) redacted() (*Contents, error) {
	r := c.Redaction
	if r == nil {
		return c, nil
	}
	out := *c
	out.Graph, out.Title = r.Graph(), r.Text(c.Title)
	out.Sources, out.Texts, out.Cases = nil, nil, map[graph.SourceID]json.RawMessage{}
	for _, s := range c.Sources {
		s.Name, s.Part, s.Owner, s.Options = r.Text(s.Name), r.Text(s.Part), r.Text(s.Owner), r.Text(s.Options)
		s.Joined = append([]graph.Joined{}, s.Joined...)
		for i := range s.Joined {
			s.Joined[i].Name, s.Joined[i].Part = r.Text(s.Joined[i].Name), r.Text(s.Joined[i].Part)
		}
		out.Sources = append(out.Sources, s)
	}
	for id, said := range c.Cases {
		text, err := r.JSON(said)
		if err != nil {
			return nil, err
		}
		out.Cases[id] = text
	}
	var err error
	for _, t := range c.Texts {
		if path.Ext(t.Name) == ".json" {
			if t.Content, err = r.JSON(t.Content); err == nil {
				t.Content = redaction.Ordered(t.Content)
			}
		} else {
			t.Content = []byte(r.Text(string(t.Content)))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
		t.Title = r.Text(t.Title)
		out.Texts = append(out.Texts, t)
	}
	if c.Story != nil {
		if out.Story, err = redactedStory(c.Story, r); err != nil {
			return nil, err
		}
	}
	out.Places = map[graph.ID][2]float64{}
	for id, place := range c.Places {
		if !r.Hides(id) {
			out.Places[r.ID(id)] = place
		}
	}
	out.Rows = redactedRows(c.Rows, r)
	return &out, nil
}

// redactedStory is a story that names nobody who was redacted.
func redactedStory(told *story.Story, r *redaction.Redaction) (*story.Story, error) {
	text, err := json.Marshal(told)
	if err != nil {
		return nil, err
	}
	if text, err = r.JSON(text); err != nil {
		return nil, err
	}
	out := &story.Story{}
	return out, json.Unmarshal(redaction.Ordered(text), out)
}

// redactedRows are rows that say nothing of what was redacted: cells of those that speak of it are withheld.
func redactedRows(rows iter.Seq2[json.RawMessage, error], r *redaction.Redaction) iter.Seq2[json.RawMessage, error] {
	says := r.Graph().Records.Says()
	return func(yield func(json.RawMessage, error) bool) {
		for text, err := range rows {
			if err == nil {
				text, err = redactedRow(text, r, says)
			}
			if !yield(text, err) || err != nil {
				return
			}
		}
	}
}

func redactedRow(text json.RawMessage, r *redaction.Redaction, says map[graph.Origin]*row.Says) (json.RawMessage, error) {
	line, err := row.Parse(text)
	if err != nil {
		return nil, err
	}
	origin := graph.Origin{Source: line.Source, Row: line.Row}
	line.Says = row.Says{}
	if said := says[origin]; said != nil {
		line.Says = *said
	}
	if r.Withholds(origin) {
		line.Note = withheldNote
		if line.Record, err = line.Bare(); err != nil {
			return nil, err
		}
	}
	if line.Record, err = r.Cells(line.Record); err != nil {
		return nil, err
	}
	line.Note = r.Text(line.Note)
	return json.Marshal(line)
}

// redactionFile says what was redacted. It is written when the rows are, since it counts what was found in them.
const redactionFile, redactionTitle = "redaction.json", "what was redacted, and how well it is hidden"

// redacted writes the log of a redaction.
func (p *packer) redacted(r *redaction.Redaction) error {
	if r == nil {
		return nil
	}
	return p.file(redactionFile, func(to io.Writer) error {
		log, err := json.MarshalIndent(r.Log(), "", " ")
		if err != nil {
			return err
		}
		_, err = to.Write(append(log, '\n'))
		return err
	})
}

// hunt looks through all that is about to leave for what was redacted: names and bytes of files, and the name of the whole.
func (c *Contents) hunt(w *bag.Writer, target string, said *Custody) error {
	if c.Redaction == nil {
		return nil
	}
	hunter := redaction.NewHunter(c.Redaction.Secrets())
	base := strings.TrimSuffix(filepath.Base(target), ".zip")
	if found := hunter.Name(base); found != "" {
		return fmt.Errorf("%w: in the name of the case file, as %s", ErrLeft, found)
	}
	if c.Redaction.Holds(base, true) || c.Redaction.Text(base) != base {
		return fmt.Errorf("%w: in the name of the case file, as another spelling", ErrLeft)
	}
	for _, text := range []string{said.Purpose, said.Case, said.Recipient} {
		if c.Redaction.Names(text) {
			return fmt.Errorf("%w: in what is said of the case file", ErrLeft)
		}
	}
	return w.Each(func(name string, content io.Reader) error {
		if found := hunter.Name(name); found != "" {
			return fmt.Errorf("%w: in the name of a file, as %s", ErrLeft, found)
		}
		found, err := c.leftIn(hunter, name, content)
		if err == nil && found != "" {
			err = fmt.Errorf("%w: in %s, as %s", ErrLeft, name, found)
		}
		return err
	})
}

// leftIn looks into a file, and returns as what it found something, "" for nothing. It is read piece by piece but for a PDF, whose pages are
// unpacked and read line by line.
func (c *Contents) leftIn(hunter *redaction.Hunter, name string, content io.Reader) (found string, err error) {
	if path.Ext(name) == ".pdf" {
		whole, err := io.ReadAll(content)
		if err != nil {
			return "", err
		}
		for _, line := range report.Texts(whole) {
			if hunter.Name(line) != "" || c.Redaction.Holds(line, false) {
				return "a line of a page", nil
			}
		}
		content = bytes.NewReader(whole)
	}
	look := c.Redaction.Look(name)
	if !redaction.Zipped(name) { // which is not read from one end to the other
		content = io.TeeReader(content, look)
	}
	found, err = hunter.File(name, content)
	if err == nil && found == "" && look.Found() {
		found = "another spelling"
	}
	return found, err
}
