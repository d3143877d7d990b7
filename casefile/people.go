package casefile

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"rummage/casefile/picture"
	"rummage/casefile/redaction"
	"rummage/casefile/report"
	"rummage/casefile/story"
	"rummage/casefile/viewer"
)

// mostShown is how many bytes of rows the viewer holds. Beyond that, it names them; rows.jsonl has them all.
const mostShown = 24 << 20

// forPeople are the files that people read, with their titles.
var forPeople = [][2]string{
	{"report.html", "the case as a report, for a browser and for paper"},
	{"report.pdf", "the same as PDF"},
	{"viewer.html", "the case to look at and to search: picture, map, timeline, tables, and the rows behind each link; opens in a browser, asks no network"},
	{"picture.svg", "the picture of it"},
	{"picture.png", "the same as dots"},
}

// keep keeps a row for the viewer.
func (p *packer) keep(row json.RawMessage) {
	if p.size += len(row); p.size <= mostShown {
		p.shown = append(p.shown, bytes.Clone(row))
	}
}

// told is the story of a case; an empty one where it has none.
func (c *Contents) told() *story.Story {
	if c.Story == nil {
		return &story.Story{}
	}
	return c.Story
}

// drawings are the pictures of a case in the making: with consignments as lines, as dots too, and with all of them as nodes.
type drawings struct {
	folded, whole func() (*picture.Picture, error)
	dots          func() ([]byte, error)
}

// draw begins to arrange the pictures, which takes as long as the files for programs do. The end stops what is not done, and waits for that.
func (p *packer) draw(c *Contents) (d drawings, end func()) {
	ctx, stop := context.WithCancel(p.ctx)
	how := picture.Options{Title: c.Title, Handling: p.packed.Handling.String(), Roles: c.told().Roles()}
	d.folded = later(func() (*picture.Picture, error) { return picture.Arrange(ctx, picture.Of(c.Graph, how)) })
	d.whole = later(func() (*picture.Picture, error) { return picture.Arrange(ctx, picture.Whole(c.Graph, how)) })
	d.dots = later(func() ([]byte, error) {
		folded, err := d.folded()
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = folded.Sheet().WritePNG(&b)
		return b.Bytes(), err
	})
	return d, func() {
		stop()
		_, _ = d.dots()
		_, _ = d.whole()
	}
}

// later begins some work, and returns what waits for it.
func later[T any](work func() (T, error)) func() (T, error) {
	var value T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		value, err = work()
	}()
	return func() (T, error) {
		<-done
		return value, err
	}
}

// people writes what people read: picture, report and viewer, all of the same graph.
func (p *packer) people(c *Contents, custody *Custody, drawn drawings) error {
	folded, err := drawn.folded()
	if err != nil {
		return err
	}
	told, handling, sheet, said := c.told(), p.packed.Handling.String(), folded.Sheet(), custody.said(c.Redaction)
	document := report.Compose(&report.Case{Title: c.Title, Handling: handling, Custody: said, Graph: c.Graph, Sources: c.Sources, Story: told, Picture: sheet})
	for i, write := range []func(io.Writer) error{
		document.WriteHTML,
		func(to io.Writer) error { return document.WritePDF(to, custody.Made) },
		func(to io.Writer) error {
			whole, err := drawn.whole()
			if err != nil {
				return err
			}
			scene := func(name string, shown *picture.Picture) viewer.Scene {
				return viewer.Scene{Name: name, Note: shown.Said(), Picture: shown}
			}
			return viewer.Write(to, &viewer.Case{Title: c.Title, Handling: handling, Custody: said, Graph: c.Graph, Sources: c.Sources, Story: told, Rows: p.shown,
				Limits: report.Limits(), Places: c.Places, Scenes: []viewer.Scene{scene("consignments as lines", folded), scene("every consignment", whole)}})
		},
		sheet.WriteSVG,
		func(to io.Writer) error {
			text, err := drawn.dots()
			if err == nil {
				_, err = to.Write(text)
			}
			return err
		},
	} {
		if err := p.file(forPeople[i][0], write); err != nil {
			return err
		}
	}
	return nil
}

// said is the custody as report and viewer print it, and what was redacted; what was not said is left out.
func (c *Custody) said(r *redaction.Redaction) [][2]string {
	var all [][2]string
	for _, line := range [][2]string{
		{"purpose", c.Purpose}, {"case", c.Case}, {"recipient", c.Recipient}, {"author", c.Author},
		{"made", c.Made.UTC().Format("2006-01-02 15:04:05Z")}, {"by", c.Tool},
	} {
		if line[1] != "" {
			all = append(all, line)
		}
	}
	if r != nil {
		log := r.Log()
		all = append(all, [2]string{"redacted", fmt.Sprintf("%d parties, places, things or consignments; where one stood, redacted-... stands for it, the same everywhere in this case file, "+
			"in ids as redacted/...; values that were taken out: %d; rows whose cells are withheld: %d; redaction.json counts them", len(log.Pseudonyms), log.Values(), log.Rows)})
	}
	return all
}
