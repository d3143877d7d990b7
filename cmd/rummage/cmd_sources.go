package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rummage/casefile/marking"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

// sourceRow is one source as the commands show it.
type sourceRow struct {
	ID           graph.SourceID `json:"id"`
	Name         string         `json:"name"`           // with the part of the file, where it was one
	File         string         `json:"file,omitempty"` // in ingest: the path as given
	State        string         `json:"state"`          // in ingest: what became of the file; else counts, withdrawn, replaced, purged or purging
	SHA256       graph.SHA256   `json:"sha256"`
	Size         int64          `json:"size"`
	Part         string         `json:"part,omitempty"`
	Mapping      string         `json:"mapping"`
	Rules        graph.SHA256   `json:"mapping_sha256"`
	Options      string         `json:"options"`
	Dialect      string         `json:"dialect,omitempty"`
	Rows         int64          `json:"rows"`
	Stored       int64          `json:"stored"`
	Quarantined  int64          `json:"quarantined"`
	Mended       int64          `json:"mended,omitempty"` // rows in quarantine that came in again since
	Consignments int64          `json:"consignments"`
	Newest       graph.Date     `json:"newest"`
	Evidence     bool           `json:"evidence"`
	Handling     string         `json:"handling"`
	Grading      string         `json:"grading"`
	Owner        string         `json:"owner"`
	Retention    graph.Date     `json:"retention"`
	ImportedAt   time.Time      `json:"imported_at"`
	Ended        *time.Time     `json:"ended"`
	Reason       string         `json:"reason"`
	ReplacedBy   graph.SourceID `json:"replaced_by"`
	Replaces     []string       `json:"replaces,omitempty"`
	Mends        []string       `json:"mends,omitempty"`   // in ingest: sources whose rows it brought in again
	Repairs      graph.SourceID `json:"repairs,omitempty"` // in ingest: source whose file it is, mended as a whole
	Joined       []joinedRow    `json:"joined,omitempty"`
	Amends       []amendRow     `json:"amends,omitempty"`    // in ingest: sources most of whose consignments it states anew
	Doubts       []doubtRow     `json:"doubts,omitempty"`    // in ingest: what was kept though something is wrong with it
	Signer       string         `json:"signer,omitempty"`    // in ingest: of a case file, the public key of its signature
	SameCase     []string       `json:"same_case,omitempty"` // in ingest: of a case file, sources that are case files of the same case
	unsigned     bool           // in ingest: a case file without a signature
	vouched      bool           // in ingest: --key names Signer
	wanted       marking.Code   // in ingest: --handling
	given        string         // in ingest: the name of the file as given, with the part
}

func sourceRowOf(s *graph.Source) sourceRow {
	row := sourceRow{
		ID: s.ID, Name: s.Title(), State: counting, SHA256: s.SHA256, Size: s.Size, Part: s.Part, Mapping: s.Mapping, Rules: s.Rules, Options: s.Options,
		Rows: s.Rows, Stored: s.Stored, Quarantined: s.Quarantined, Consignments: s.Consignments, Newest: s.Newest,
		Evidence: s.HasEvidence, Handling: s.Handling, Grading: s.Grading, Owner: s.Owner, Retention: s.Retention,
		ImportedAt: s.ImportedAt.UTC(), Reason: s.Reason, ReplacedBy: s.Replaced,
		Joined: joinedRows(s.Joined),
	}
	if s.EndedBy != graph.NotEnded {
		row.State = string(s.EndedBy)
		if s.Unfinished {
			row.State = purging
		}
		ended := s.Ended.UTC()
		row.Ended = &ended
	}
	return row
}

// States of sources that no graph.EndKind names.
const (
	counting = "counts"
	purging  = "purging" // its purge broke off
)

// sourcesAnswer is what rummage sources says.
type sourcesAnswer struct {
	Sources []sourceRow `json:"sources"`
	named   bool
}

type sourcesOptions struct {
	names  []string
	errors bool
	out    string
	limit  int
}

func newSourcesCommand(d *desk) *cobra.Command {
	var opts sourcesOptions
	c := &cobra.Command{
		Use:   "sources [SOURCE...]",
		Short: "What was loaded, with hashes; the rows that were refused",
		Long: "Lists every source ever imported, also those that were withdrawn, replaced or purged since. A source\n" +
			"is named by its id, the start of it from four characters on, its file's name or path, or its SHA-256, or the start\n" +
			"of that from eight on; one that is named is shown with its grading, owner, handling and retention.\n\n" +
			"--errors lists the rows in quarantine that are still to be mended, with file, row, column and reason. --out writes\n" +
			"them to a CSV file, each with its reason in front; mend those of one source there, and ingest that file: it is read\n" +
			"as the rest was. With a mapping of your own, name it again: ingest mend.csv --map FILE. Rows of a second file that\n" +
			"was joined go to a file of their own, mend.NAME.csv, which is named behind the second file when the source is read\n" +
			"again: --with NAME=FILE --with NAME=mend.NAME.csv. A row that came in is listed no longer, and one that was refused\n" +
			"anew under the mended file; when that is withdrawn, its rows stand where they stood. So does a row that was mended\n" +
			"in the whole file, ingested anew.",
		Example: "  rummage sources\n  rummage sources --errors declarations.csv --out mend.csv",
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.names = args
			if opts.errors || opts.out != "" {
				return runErrors(cmd.Context(), d, opts)
			}
			return runSources(cmd.Context(), d, opts)
		},
	}
	c.Flags().BoolVar(&opts.errors, "errors", false, "list the rows in quarantine")
	c.Flags().StringVar(&opts.out, "out", "", "write the rows in quarantine to this `file`")
	c.Flags().IntVar(&opts.limit, "limit", 1000, "most rows in quarantine to list; 0 lists all")
	return c
}

// chosen are the sources named, all if none is.
func chosen(ctx context.Context, store graph.Store, names []string) ([]graph.Source, error) {
	all, err := store.Sources(ctx)
	if err != nil || len(names) == 0 {
		return all, err
	}
	picked := make([]graph.Source, 0, len(names))
	for _, name := range names {
		source, err := pick(all, name)
		if err != nil {
			return nil, err
		}
		picked = append(picked, source)
	}
	return picked, nil
}

func runSources(ctx context.Context, d *desk, opts sourcesOptions) error {
	return d.reading(ctx, look, &scopeFlags{}, func(a *archive) error {
		all, err := chosen(ctx, a.store, opts.names)
		if err != nil {
			return err
		}
		answer := sourcesAnswer{Sources: make([]sourceRow, len(all)), named: len(opts.names) > 0}
		for i := range all {
			row := sourceRowOf(&all[i])
			if row.State == counting && row.Quarantined > 0 {
				open, err := a.rows.Unmended(ctx, row.ID)
				if err != nil {
					return err
				}
				row.Mended = row.Quarantined - open
			}
			answer.Sources[i] = row
		}
		return d.answer(answer)
	})
}

// Print lists the sources by time of import.
func (a sourcesAnswer) Print(page *output.Page) {
	if len(a.Sources) == 0 {
		page.Say("no sources; rummage ingest FILE brings one in")
	}
	grid := output.NewGrid("source", "name", "state", "mapping", "rows>", "stored>", "quarantined>", "mended>", "consignments>", "imported", "sha256")
	for _, s := range a.Sources {
		grid.Add(string(s.ID), s.Name, s.State, s.Mapping, number(page, s.Rows), number(page, s.Stored), number(page, s.Quarantined),
			number(page, s.Mended), number(page, s.Consignments), clockTime(s.ImportedAt), string(s.SHA256))
	}
	page.Rows(grid)
	for _, s := range a.Sources {
		if s.State == purging {
			page.Say("the purge of %s is running or broke off: it is hidden, and not all of it is erased; rummage purge %s", s.Name, quote(string(s.ID)))
		}
	}
	if a.named && page.Format() == output.Table {
		a.particulars(page)
	}
}

// particulars tell of the sources that were asked for by name what the list has no room for.
func (a sourcesAnswer) particulars(page *output.Page) {
	for i := range a.Sources {
		s := &a.Sources[i]
		page.Gap()
		page.Say("%s  %s", s.ID, s.Name)
		grid := output.NewGrid("what", "value")
		retention := s.Retention.String()
		evidence := "kept"
		if !s.Evidence {
			evidence = "not kept"
		}
		ended := ""
		if s.Ended != nil {
			ended = s.State + " on " + clockTime(*s.Ended)
		}
		for _, row := range [][2]string{
			{"grading", s.Grading}, {"owner", s.Owner}, {"handling", s.Handling}, {"retention", retention}, {"copy of the file", evidence},
			{"options", s.Options}, {"mapping SHA-256", string(s.Rules)}, {"ended", ended}, {"reason", s.Reason}, {"replaced by", string(s.ReplacedBy)},
		} {
			if row[1] != "" {
				grid.Add(row[0], row[1])
			}
		}
		for _, j := range s.Joined {
			grid.Add("joined as "+j.Join, fmt.Sprintf("%s, SHA-256 %s", j.Title(), j.SHA256))
		}
		page.Rows(grid)
	}
}
