package casefile

import (
	"bytes"
	"encoding/json"
	"io"

	"rummage/casefile/picture"
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

// people writes what people read: picture, report and viewer, all of the same graph.
func (p *packer) people(c *Contents, custody *Custody) error {
	told := c.Story
	if told == nil {
		told = &story.Story{}
	}
	how := picture.Options{Title: c.Title, Handling: p.packed.Handling.String(), Roles: told.Roles()}
	folded, err := picture.Arrange(p.ctx, picture.Of(c.Graph, how))
	if err != nil {
		return err
	}
	whole, err := picture.Arrange(p.ctx, picture.Whole(c.Graph, how))
	if err != nil {
		return err
	}
	document := report.Compose(&report.Case{Title: c.Title, Handling: how.Handling, Custody: custody.said(), Graph: c.Graph, Sources: c.Sources, Story: told, Picture: folded})
	scene := func(name string, shown *picture.Picture) viewer.Scene {
		return viewer.Scene{Name: name, Note: shown.Said(), Picture: shown}
	}
	seen := &viewer.Case{Title: c.Title, Handling: how.Handling, Custody: custody.said(), Graph: c.Graph, Sources: c.Sources, Story: told, Rows: p.shown,
		Limits: report.Limits(), Places: c.Places, Scenes: []viewer.Scene{scene("consignments as lines", folded), scene("every consignment", whole)}}
	for i, write := range []func(io.Writer) error{
		document.WriteHTML, func(to io.Writer) error { return document.WritePDF(to, custody.Made) },
		func(to io.Writer) error { return viewer.Write(to, seen) }, folded.Sheet().WriteSVG, folded.Sheet().WritePNG,
	} {
		if err := p.file(forPeople[i][0], write); err != nil {
			return err
		}
	}
	return nil
}

// said is the custody as report and viewer print it; what was not said is left out.
func (c *Custody) said() [][2]string {
	var all [][2]string
	for _, line := range [][2]string{
		{"purpose", c.Purpose}, {"case", c.Case}, {"recipient", c.Recipient}, {"author", c.Author},
		{"made", c.Made.UTC().Format("2006-01-02 15:04:05Z")}, {"by", c.Tool},
	} {
		if line[1] != "" {
			all = append(all, line)
		}
	}
	return all
}
