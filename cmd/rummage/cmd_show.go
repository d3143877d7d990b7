package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type showOptions struct {
	scopeFlags
	id graph.ID
}

// rowRef is the first row of a source that states something.
type rowRef struct {
	Source string `json:"source"`
	Row    int64  `json:"row"`
}

// factRow is one value of an entity, or one field of a consignment.
type factRow struct {
	Property string     `json:"property"`
	Value    string     `json:"value"`
	Mark     string     `json:"mark"`
	Date     graph.Date `json:"date"`
	Others   []string   `json:"others,omitempty"` // values that contradict the one shown
	Lines    []string   `json:"lines,omitempty"`  // values of other lines of the same document
	Rows     []rowRef   `json:"rows"`
}

type outcomeRow struct {
	Result  string     `json:"result"`
	Channel string     `json:"channel"`
	Date    graph.Date `json:"date"`
	Fields  []factRow  `json:"fields"`
	Rows    []rowRef   `json:"rows"`
}

type tieRow struct {
	Role  string   `json:"role"`
	ID    graph.ID `json:"id"`
	Name  string   `json:"name"`
	About string   `json:"about"` // what a published table calls it
	Rows  []rowRef `json:"rows"`
}

// paperRow is a document that states something of a consignment now.
type paperRow struct {
	View   string     `json:"view"`
	Kind   string     `json:"kind"` // in words
	Number string     `json:"number"`
	Date   graph.Date `json:"date"`
	Lines  int        `json:"lines"`
	Rows   []rowRef   `json:"rows"`
}

// showAnswer is what rummage show says.
type showAnswer struct {
	ID        graph.ID      `json:"id"`
	Kind      string        `json:"kind"`
	Name      string        `json:"name"`
	Date      graph.Date    `json:"date"`
	Members   []graph.ID    `json:"members"`
	Documents []paperRow    `json:"documents"`
	Facts     []factRow     `json:"facts"`
	About     []aboutRow    `json:"about"`
	Near      []nearRow     `json:"near"`
	Ties      []tieRow      `json:"ties"`
	Outcomes  []outcomeRow  `json:"outcomes"`
	Decisions []decisionRow `json:"decisions"`
	Counts    []count       `json:"counts"`
	History   int           `json:"history"` // superseded statements
}

func newShowCommand(d *desk) *cobra.Command {
	var opts showOptions
	c := &cobra.Command{
		Use:   "show ID",
		Short: "One entity or consignment with everything that is stated of it",
		Long: "Shows an entity with its facts, outcomes, decisions and the counts of its neighbours, or a consignment with\n" +
			"its ties and values. Values that contradict each other are all kept; the one shown is that of the most\n" +
			"trusted document. Each comes with the first row of every source that states it. Goods, ports and countries come with\n" +
			"what published tables say of their codes; a container whose check digit fails with the valid numbers one slip of a\n" +
			"hand away that occur too, a valid one with such broken ones. Instead of an id a number or name will do that is the\n" +
			"whole one of a single thing.",
		Example: "  rummage show party/kr-importer/QLRUBN9\n  rummage show 97061800",
		Args:    exactly("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.id = graph.ID(args[0])
			return runShow(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	return c
}

func runShow(ctx context.Context, d *desk, opts showOptions) error {
	if isNetwork(opts.id) {
		return runNetworks(ctx, d, networksOptions{runFlags: runFlags{scopeFlags: opts.scopeFlags}, id: opts.id})
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		var err error
		if opts.id, err = a.named(ctx, string(opts.id)); err != nil {
			return err
		}
		answer := showAnswer{
			ID: opts.id, Kind: opts.id.Kind().String(), Members: []graph.ID{}, Documents: []paperRow{}, Facts: []factRow{}, About: []aboutRow{}, Near: []nearRow{}, Ties: []tieRow{},
			Outcomes: []outcomeRow{}, Decisions: []decisionRow{}, Counts: []count{},
		}
		if opts.id.Kind() == graph.KindConsignment {
			err = a.showConsignment(ctx, &answer)
		} else {
			err = a.showEntity(ctx, &answer)
		}
		if err != nil {
			return err
		}
		about := answer.Members
		if len(about) == 0 {
			about = []graph.ID{answer.ID}
		}
		if answer.Decisions, err = a.spoken(ctx, about); err != nil {
			return err
		}
		return d.answer(answer)
	})
}

func (a *archive) showEntity(ctx context.Context, answer *showAnswer) error {
	entity, err := a.Entity(ctx, answer.ID)
	if err != nil {
		return err
	}
	answer.ID, answer.Name = entity.ID, entity.Name()
	answer.Members = a.Identity().Members(entity.ID)
	for _, f := range entity.Facts {
		answer.Facts = append(answer.Facts, factRow{Property: f.Property, Value: f.Value, Mark: f.Mark, Date: f.Date, Rows: a.refs(f.Origins)})
	}
	answer.Outcomes, answer.About = a.outcomes(entity.Outcomes), about(entity.ID)
	if answer.Near, err = a.nearby(ctx, entity.ID); err != nil {
		return err
	}
	counts, err := a.Counts(ctx, entity.ID)
	for _, n := range counts {
		answer.Counts = append(answer.Counts, count{Role: n.Role.String(), N: n.Neighbours, Records: n.Records, Incoming: n.Incoming})
	}
	return err
}

func (a *archive) showConsignment(ctx context.Context, answer *showAnswer) error {
	c, err := a.Consignment(ctx, answer.ID)
	if err != nil {
		return err
	}
	answer.Name, answer.Date, answer.History = c.ID.Label(), c.Date(), len(c.History)
	answer.Documents = a.papers(c)
	seen := map[string]bool{}
	for i := range c.Current {
		s := &c.Current[i]
		for _, f := range s.Fields {
			if seen[f.Name] {
				continue
			}
			seen[f.Name] = true
			shown, others := c.Field(f.Name)
			row := factRow{Property: shown.Name, Value: shown.Value, Mark: shown.Mark, Date: s.Date, Rows: a.refs(s.Origins)}
			for _, o := range others {
				row.Others = append(row.Others, o.Value)
			}
			for _, l := range c.Lines(f.Name) {
				row.Lines = append(row.Lines, l.Value)
			}
			answer.Facts = append(answer.Facts, row)
		}
	}
	for _, tie := range c.Ties() {
		entity, err := a.Entity(ctx, tie.Entity)
		if err != nil {
			return fmt.Errorf("%s: %w", tie.Entity, err)
		}
		answer.Ties = append(answer.Ties, tieRow{Role: tie.Role.String(), ID: tie.Entity, Name: entity.Name(), About: gloss(tie.Entity), Rows: a.refs(originsOf(c, tie))})
	}
	answer.Outcomes = a.outcomes(c.Outcomes)
	return nil
}

// papers lists the documents of a consignment, each once with all of its lines.
func (a *archive) papers(c *graph.Consignment) []paperRow {
	var rows []paperRow
	for i := range c.Current {
		s := &c.Current[i]
		one := paperRow{View: s.View.String(), Kind: paper(s), Number: cmp.Or(s.Document, c.ID.Label()), Date: s.Date, Lines: 1, Rows: a.refs(s.Origins)}
		at := slices.IndexFunc(rows, func(r paperRow) bool { return r.View == one.View && r.Number == one.Number })
		if at < 0 {
			rows = append(rows, one)
			continue
		}
		rows[at].Lines++
		rows[at].Rows = append(rows[at].Rows, one.Rows...)
	}
	return rows
}

// text tells a document in a line.
func (r *paperRow) text() string {
	text := r.Kind + " " + r.Number
	if r.Lines > 1 {
		text += fmt.Sprintf(", %d lines", r.Lines)
	}
	return text
}

// originsOf are the rows that state a tie.
func originsOf(c *graph.Consignment, tie graph.Tie) []graph.Origin {
	var origins []graph.Origin
	for i := range c.Current {
		if slices.Contains(c.Current[i].Ties, tie) {
			origins = graph.MergeOrigins(origins, c.Current[i].Origins)
		}
	}
	return origins
}

func (a *archive) refs(origins []graph.Origin) []rowRef {
	refs := make([]rowRef, len(origins))
	for i, o := range origins {
		refs[i] = rowRef{Source: a.nameOf(o.Source), Row: o.Row}
	}
	return refs
}

func (a *archive) outcomes(all []graph.Outcome) []outcomeRow {
	rows := []outcomeRow{}
	for _, o := range all {
		row := outcomeRow{Result: o.Result.String(), Channel: o.Channel.String(), Date: o.Date, Fields: []factRow{}, Rows: a.refs(o.Origins)}
		for _, f := range o.Fields {
			row.Fields = append(row.Fields, factRow{Property: f.Name, Value: f.Value, Mark: f.Mark, Rows: []rowRef{}})
		}
		rows = append(rows, row)
	}
	return rows
}

// rowsText names rows as people read them, those of one file together.
func rowsText(rows []rowRef) string {
	const most = 6
	var b strings.Builder
	for i, r := range rows {
		if i == most {
			b.WriteString(" ...")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		if i == 0 || r.Source != rows[i-1].Source {
			b.WriteString(r.Source)
		}
		fmt.Fprintf(&b, ":%d", r.Row)
	}
	return b.String()
}

// decisionText tells a decision about the thing shown: of a pair the other one is named.
func (a *showAnswer) decisionText(r *decisionRow) string {
	text := string(r.Kind)
	switch {
	case r.Other == "":
	case r.Other == a.ID || slices.Contains(a.Members, r.Other) && !slices.Contains(a.Members, r.Subject):
		text += " " + string(r.Subject)
	case r.Subject != a.ID && slices.Contains(a.Members, r.Other):
		text += " " + string(r.Subject) + " and " + string(r.Other)
	default:
		text += " " + string(r.Other)
	}
	if r.Author != "" {
		text += " by " + r.Author
	}
	if r.Reason != "" {
		text += ": " + r.Reason
	}
	if r.NotFollowed != "" {
		text += " (not followed: " + r.NotFollowed + ")"
	}
	return text
}

// Print shows one table: what is stated, and where.
func (a showAnswer) Print(page *output.Page) {
	page.Say("%s  %s", a.ID, a.Name)
	if len(a.Members) > 1 {
		page.Say("judged to be one: %s", joinIDs(a.Members))
	}
	grid := output.NewGrid("what", "value", "mark", "date", "rows")
	for i := range a.Documents {
		r := &a.Documents[i]
		grid.Add("document", r.text(), "", r.Date.String(), rowsText(r.Rows))
	}
	for _, f := range a.Facts {
		value := strings.Join(append([]string{f.Value}, f.Lines...), "; ")
		if len(f.Others) > 0 {
			value += " (contradicted: " + strings.Join(f.Others, "; ") + ")"
		}
		grid.Add(f.Property, value, f.Mark, f.Date.String(), rowsText(f.Rows))
	}
	for _, r := range a.About {
		grid.Add(r.What, r.Value, "", "", r.Table)
	}
	for i := range a.Near {
		n := &a.Near[i]
		grid.Add(n.what(), n.text(), "", "", rowsText(n.rows()))
	}
	for _, t := range a.Ties {
		value := string(t.ID) + "  " + t.Name
		if t.About != "" {
			value += " (" + t.About + ")"
		}
		grid.Add(t.Role, value, "", a.Date.String(), rowsText(t.Rows))
	}
	for _, o := range a.Outcomes {
		value := o.Result
		for _, f := range o.Fields {
			value += ", " + f.Property + " " + f.Value
		}
		if o.Channel != "" {
			value += " (" + o.Channel + ")"
		}
		grid.Add("outcome", value, "", o.Date.String(), rowsText(o.Rows))
	}
	for _, n := range a.Counts {
		grid.Add("neighbours", fmt.Sprintf("%s %s%s", number(page, n.N), n.Role, arrow(n.Incoming)), "", "", "")
	}
	for _, r := range a.Decisions {
		grid.Add("decision", a.decisionText(&r), "", r.Time.Format("2006-01-02"), "")
	}
	page.Rows(grid)
	if a.History > 0 {
		page.Say("%d earlier %s superseded by amendments", a.History, plural(a.History, "statement"))
	}
}
