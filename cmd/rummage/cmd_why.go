package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rummage/algo/flag"
	"rummage/casefile/row"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type whyOptions struct {
	scopeFlags
	words []string
	limit int
	all   bool
}

// whyRecord is one row of a file, with what it says about the thing asked for.
type whyRecord struct {
	Says   string
	Record row.Record
	Note   string
	lines  []string // that Says is joined of
}

// MarshalJSON writes the row with what it says in front.
func (r whyRecord) MarshalJSON() ([]byte, error) {
	row, err := json.Marshal(r.Record)
	if err != nil {
		return nil, err
	}
	front, err := json.Marshal(struct {
		Says string `json:"says"`
		Note string `json:"note"` // "" where the cells are there
	}{r.Says, r.Note})
	if err != nil {
		return nil, err
	}
	return append(append(front[:len(front)-1], ','), row[1:]...), nil
}

// whyAnswer is what rummage why says.
type whyAnswer struct {
	ID      string      `json:"id"`
	Records []whyRecord `json:"records"`
	More    int         `json:"more"` // rows not shown
	full    bool        // a person is shown the cells of every row
}

func newWhyCommand(d *desk) *cobra.Command {
	var opts whyOptions
	c := &cobra.Command{
		Use:   "why ID | why ID ROLE ID | why ID PROPERTY [VALUE]",
		Short: "The rows of files that anything stands on",
		Long: "Ends at file, row number as a spreadsheet shows it, SHA-256 of the file, byte range and the cells as they\n" +
			"stand in the file: for an entity, a consignment, a network, a tie or link (ID ROLE ID), one property of an\n" +
			"entity or one value of a consignment. Of a container it shows too where numbers occur that are one slip of a hand from\n" +
			"its own: valid ones if its check digit fails, broken ones if it does not. Where no copy of the file was kept it says so.\n" +
			"The first ID can be a number or name too, if it is the whole one of a single thing.\n\n" +
			"A person is shown the cells of the first row, and of many others the file, the row and what it says; --all shows\n" +
			"the cells of all. A pipe and --json get the cells of each row up to --limit.",
		Example: "  rummage why party/kr-importer/QLRUBN9\n" +
			"  rummage why consignment/kr-decl/97061800 importer party/kr-importer/QLRUBN9\n" +
			"  rummage why party/ofac/36 name",
		Args: some("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.words = args
			if opts.all && cmd.Flags().Changed("limit") {
				return exit.Usagef("--all shows every row: leave out --limit")
			}
			return runWhy(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	c.Flags().IntVar(&opts.limit, "limit", 20, "most rows to show; 0 shows all")
	c.Flags().BoolVar(&opts.all, "all", false, "show every row with its cells")
	return c
}

// claim is one thing that rows say.
type claim struct {
	says    string
	lines   []string // byRow: what says is joined of
	origins []graph.Origin
}

func runWhy(ctx context.Context, d *desk, opts whyOptions) error {
	if opts.limit < 0 {
		return exit.Usagef("--limit: %d is less than 0", opts.limit)
	}
	if opts.all {
		opts.limit = 0
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		claims, err := d.claims(ctx, a, opts)
		if err != nil {
			return err
		}
		answer := whyAnswer{ID: strings.Join(opts.words, " "), Records: []whyRecord{}, full: opts.all}
		for _, row := range byRow(claims) {
			if opts.limit > 0 && len(answer.Records) == opts.limit {
				answer.More++
				continue
			}
			shown, err := a.record(ctx, row)
			if err != nil {
				return err
			}
			answer.Records = append(answer.Records, shown)
		}
		return d.answer(answer)
	})
}

// record reads the row of a claim again, or notes why it cannot.
func (a *archive) record(ctx context.Context, row claim) (whyRecord, error) {
	record, err := a.rows.Row(ctx, row.origins[0])
	shown := whyRecord{Says: row.says, Record: record, lines: row.lines}
	if note := unshown(err); note != "" {
		shown.Note, err = note+"; compare its SHA-256 with your own", nil
	}
	return shown, err
}

// unshown says why the cells of a row that is there cannot be shown; "" where something else is wrong.
func unshown(err error) string {
	var why *graph.NoEvidenceError
	var file *fs.PathError
	switch {
	case errors.As(err, &why):
		return "the file cannot be shown: " + why.Reason
	case errors.Is(err, graph.ErrNoEvidence):
		return "no copy of the file was kept (--no-evidence)"
	case errors.As(err, &file) && errors.Is(err, fs.ErrPermission):
		return "the file cannot be shown: this account lacks the permission to read " + file.Path
	}
	return ""
}

// byRow puts together what one row says, in the order of the claims.
func byRow(claims []claim) []claim {
	var rows []claim
	place := map[graph.Origin]int{}
	for _, c := range claims {
		for _, o := range c.origins {
			at, seen := place[o]
			if !seen {
				place[o] = len(rows)
				rows = append(rows, claim{says: c.says, lines: []string{c.says}, origins: []graph.Origin{o}})
				continue
			}
			if !slices.Contains(rows[at].lines, c.says) {
				rows[at].lines = append(rows[at].lines, c.says)
				rows[at].says += "; " + c.says
			}
		}
	}
	return rows
}

// claims finds what is said about the thing that the words name.
func (d *desk) claims(ctx context.Context, a *archive, opts whyOptions) ([]claim, error) {
	words := slices.Clone(opts.words)
	if len(words) > 1 || len(split(words[0])) == 1 {
		id, err := a.named(ctx, words[0])
		if err != nil {
			return nil, err
		}
		words[0] = string(id)
	}
	if len(words) == 1 {
		id := graph.ID(words[0])
		if isNetwork(id) {
			return d.networkClaims(ctx, a, id)
		}
		found, err := a.everything(ctx, id, opts.limit)
		if err == nil || !errors.Is(err, graph.ErrNotFound) {
			return found, err
		}
		if words = split(words[0]); len(words) == 1 {
			return nil, err
		}
	}
	if len(words) == 3 {
		if role, err := graph.ParseRole(words[1]); err == nil {
			return a.tieClaims(ctx, graph.ID(words[0]), role, graph.ID(words[2]))
		}
	}
	if len(words) == 3 && graph.ID(words[2]).Kind() != graph.NoKind {
		return nil, unknownRole(words[1], "rummage show "+quote(words[0]))
	}
	value := strings.Join(words[2:], " ")
	return a.valueClaims(ctx, graph.ID(words[0]), words[1], value)
}

// split takes a tie or a property apart that was given as one word: ids may hold blanks, roles and properties do not.
func split(text string) []string {
	for _, role := range graph.Roles() {
		from, to, ok := strings.Cut(text, " "+role.String()+" ")
		if ok && graph.ID(from).Check() == nil && graph.ID(to).Check() == nil {
			return []string{from, role.String(), to}
		}
	}
	if id, property, ok := strings.Cut(text, " "); ok {
		return []string{id, property}
	}
	return []string{text}
}

// everything is what is said about an entity or a consignment: all facts and outcomes, and of the records that hold an
// entity as many as are shown.
func (a *archive) everything(ctx context.Context, id graph.ID, limit int) ([]claim, error) {
	if id.Kind() == graph.KindConsignment {
		return a.consignmentClaims(ctx, id, func(*graph.Statement) bool { return true })
	}
	entity, err := a.Entity(ctx, id)
	if err != nil {
		return nil, err
	}
	var claims []claim
	for _, f := range entity.Facts {
		claims = append(claims, claim{says: factText(f.Property, f.Value, f.Mark), origins: f.Origins})
	}
	for i := range entity.Outcomes {
		claims = append(claims, claim{says: outcomeText(&entity.Outcomes[i]), origins: entity.Outcomes[i].Origins})
	}
	const page = 200
	for offset := 0; limit == 0 || offset <= limit; offset += page {
		found, err := a.Connections(ctx, graph.ConnectionQuery{ID: id, Offset: offset, Limit: page})
		if err != nil {
			return nil, err
		}
		for i := range found {
			claims = append(claims, connectionClaim(&found[i]))
		}
		if len(found) < page {
			break
		}
	}
	near, err := a.nearby(ctx, entity.ID)
	return append(claims, nearClaims(near)...), err
}

func factText(property, value, mark string) string {
	text := property + " = " + value
	if mark != "" {
		text += " (doubtful: " + mark + ")"
	}
	return text
}

func outcomeText(o *graph.Outcome) string {
	text := o.Result.String()
	if o.Date != graph.NoDate {
		text += " on " + o.Date.String()
	}
	if o.Channel.String() != "" {
		text += " (" + o.Channel.String() + ")"
	}
	return text
}

func connectionClaim(c *graph.Connection) claim {
	if c.Link != nil {
		return claim{says: tieText(c.Link.From, c.Link.Role, c.Link.To), origins: c.Origins}
	}
	roles := make([]string, len(c.Roles))
	for i, r := range c.Roles {
		roles[i] = r.String()
	}
	return claim{says: strings.Join(roles, ", ") + " of " + string(c.Consignment), origins: c.Origins}
}

// consignmentClaims are the statements about a consignment that match, and its outcomes.
func (a *archive) consignmentClaims(ctx context.Context, id graph.ID, match func(*graph.Statement) bool) ([]claim, error) {
	c, err := a.Consignment(ctx, id)
	if err != nil {
		return nil, err
	}
	var claims []claim
	add := func(statements []graph.Statement, more string) {
		for i := range statements {
			if s := &statements[i]; match(s) {
				claims = append(claims, claim{says: paper(s) + more, origins: s.Origins})
			}
		}
	}
	add(c.Current, "")
	add(c.History, ", superseded")
	for i := range c.Outcomes {
		claims = append(claims, claim{says: outcomeText(&c.Outcomes[i]), origins: c.Outcomes[i].Origins})
	}
	return claims, nil
}

// tieClaims are the statements that hold a tie, or the links of that role.
func (a *archive) tieClaims(ctx context.Context, from graph.ID, role graph.Role, to graph.ID) ([]claim, error) {
	if to.Kind() == graph.KindConsignment {
		from, to = to, from
	}
	same := func(x, y graph.ID) bool { return a.Identity().Cluster(x) == a.Identity().Cluster(y) }
	var claims []claim
	if from.Kind() == graph.KindConsignment {
		all, err := a.Consignment(ctx, from)
		if err != nil {
			return nil, err
		}
		for i, s := range append(all.Current, all.History...) {
			for _, tie := range s.Ties {
				if tie.Role == role && same(tie.Entity, to) {
					says := paper(&s)
					if i >= len(all.Current) {
						says += ", superseded"
					}
					claims = append(claims, claim{says: says + ": " + tieText(from, role, tie.Entity), origins: s.Origins})
				}
			}
		}
	} else {
		const page = 200
		for offset := 0; ; offset += page {
			found, err := a.Connections(ctx, graph.ConnectionQuery{ID: from, With: to, Offset: offset, Limit: page})
			if err != nil {
				return nil, err
			}
			for i := range found {
				if l := found[i].Link; l != nil && l.Role == role && same(l.From, from) {
					claims = append(claims, connectionClaim(&found[i]))
				}
			}
			if len(found) < page {
				break
			}
		}
	}
	if len(claims) == 0 {
		return nil, exit.With(exit.Failed, fmt.Errorf("nothing states %s: %w", tieText(from, role, to), graph.ErrNotFound), "rummage show "+quote(string(from)))
	}
	return claims, nil
}

// valueClaims are the facts of an entity, or the statements with a field of a consignment, in one property.
func (a *archive) valueClaims(ctx context.Context, id graph.ID, property, value string) ([]claim, error) {
	var claims []claim
	if id.Kind() == graph.KindConsignment {
		c, err := a.Consignment(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, s := range append(c.Current, c.History...) {
			for _, f := range s.Fields {
				if f.Name == property && (value == "" || f.Value == value) {
					claims = append(claims, claim{says: factText(f.Name, f.Value, f.Mark), origins: s.Origins})
				}
			}
		}
	} else {
		entity, err := a.Entity(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, f := range entity.Facts {
			if f.Property == property && (value == "" || f.Value == value) {
				claims = append(claims, claim{says: factText(f.Property, f.Value, f.Mark), origins: f.Origins})
			}
		}
	}
	if len(claims) == 0 {
		return nil, exit.With(exit.Failed, fmt.Errorf("%s: nothing states %s: %w", id, strings.TrimSpace(property+" "+value), graph.ErrNotFound),
			"rummage show "+quote(string(id)))
	}
	return claims, nil
}

// networkClaims are the rows that a network of the last run stands on: the hits its members are exposed to, and the ties.
func (d *desk) networkClaims(ctx context.Context, a *archive, id graph.ID) ([]claim, error) {
	x, _, err := d.explanation(ctx, a, behind(id))
	if err != nil {
		return nil, err
	}
	return exposureClaims(x), nil
}

// behind is how much of an explanation rummage why tells of a network.
func behind(id graph.ID) explainOptions { return explainOptions{id: id, parts: 10, rows: 5} }

// exposureClaims are the rows that the parts of an explanation stand on.
func exposureClaims(x *flag.Explanation) []claim {
	var claims []claim
	for _, p := range x.Parts {
		for _, r := range p.Records {
			says := string(r.Consignment)
			if r.Link != "" {
				says = r.Link
			}
			claims = append(claims, claim{
				says:    "exposure to " + p.Name + ": " + says,
				origins: []graph.Origin{{Source: r.Source, Row: r.Row}},
			})
		}
	}
	return claims
}

// Print shows each row as a small table of columns and cells.
func (a whyAnswer) Print(page *output.Page) {
	if page.Format() == output.TSV {
		page.Rows(a.cells())
		return
	}
	for i := range a.Records {
		if i > 0 && !a.full && len(a.Records) > fewRows {
			page.Gap()
			a.brief(page, i)
			break
		}
		if i > 0 {
			page.Gap()
		}
		a.Records[i].show(page)
	}
	if len(a.Records) == 0 {
		page.Say("nothing states it")
	}
	if a.More > 0 {
		page.Say("\n... and %d more %s (--limit)", a.More, plural(a.More, "row"))
	}
}
