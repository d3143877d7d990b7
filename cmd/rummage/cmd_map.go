package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/ingest"
	"rummage/ingest/draft"
	"rummage/ingest/read"
)

type mapOptions struct {
	file, out, region string
	reading           ingestOptions // what its flags say about how the file is written
}

// mapColumn is what one column was taken for.
type mapColumn struct {
	Number   int      `json:"number"`
	Name     string   `json:"name"`
	Subject  string   `json:"subject"`
	Property string   `json:"property"`
	Sure     float64  `json:"sure"`
	Why      []string `json:"why"`

	taken string // as the table says it
}

// mapAnswer is what rummage map says.
type mapAnswer struct {
	File    string      `json:"file"`
	Part    string      `json:"part"`
	Dialect string      `json:"dialect"`
	Rows    int         `json:"rows"`
	Shape   draft.Shape `json:"shape"`
	Columns []mapColumn `json:"columns"`
	Records []string    `json:"records"` // elements of a tree that could make the rows, as --record takes them
	Open    []string    `json:"open"`    // what a person has to decide
	Mapping string      `json:"mapping"`
	Out     string      `json:"out,omitempty"`
}

func newMapCommand(d *desk) *cobra.Command {
	var opts mapOptions
	c := &cobra.Command{
		Use:   "map FILE",
		Short: "Draft a mapping for a file that none knows",
		Long: "Looks at the names of the columns and at what stands in the first thousand rows, and drafts a mapping: which\n" +
			"column is the importer, the port of loading, the container, the day, and how sure that is. Columns that are not\n" +
			"understood become fields, so that nothing is lost. Finish the draft, try it on a store to throw away, then use it.\n" +
			"With --out it goes to a file and the columns are shown as a table; without, it is printed. Of a tree it is said\n" +
			"which repeated elements could make the rows instead, as --record takes them. What only a person can decide, such as\n" +
			"words for outcomes that no list has, is listed as open, in the draft too. Where a file can be read in several ways\n" +
			"(03/04/2025, 1.200, the word partida), --region names the country whose way counts.",
		Example: "  rummage map strange.csv --out strange.yaml\n  rummage ingest --map strange.yaml strange.csv --store try.db\n" +
			"  rummage map bills.json --record goods --out goods.yaml\n  rummage map entradas.csv --region MX --out entradas.yaml",
		Args: exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.file = args[0]
			return runMap(cmd.Context(), d, opts)
		},
	}
	flags := c.Flags()
	flags.StringVar(&opts.region, "region", "", "`country` whose words, order of day and month, decimal sign and registers count where a file leaves them open, such as PE")
	flags.StringVar(&opts.out, "out", "", "write the draft to this `file`, which must not exist")
	opts.reading.hints(flags)
	return c
}

func runMap(ctx context.Context, d *desk, opts mapOptions) error {
	reading, err := opts.reading.settings(d)
	if err != nil {
		return err
	}
	if opts.out != "" {
		if err := absent(opts.out); err != nil {
			return err
		}
	}
	wanted := ingest.DraftOptions{Part: reading.Part, Hints: reading.Hints, To: opts.out}
	if opts.region != "" {
		if wanted.Region, err = draft.ParseRegion(opts.region); err != nil {
			return exit.With(exit.Usage, fmt.Errorf("--region: %w", err), "rummage map --region PE FILE")
		}
	}
	drafted, err := ingest.Draft(ctx, opts.file, wanted)
	if err != nil {
		return mapError(err, opts.file)
	}
	answer := mapAnswer{
		File: opts.file, Part: reading.Part, Dialect: drafted.Dialect, Rows: drafted.Rows, Shape: drafted.Shape,
		Mapping: drafted.Text, Out: opts.out, Columns: []mapColumn{}, Records: []string{}, Open: append([]string{}, drafted.Open...),
	}
	for _, r := range drafted.Records {
		answer.Records = append(answer.Records, r.Path)
	}
	for i := range drafted.Columns {
		c := &drafted.Columns[i]
		answer.Columns = append(answer.Columns, mapColumn{c.Number, c.Name, string(c.Subject), string(c.Property), c.Sure, append([]string{}, c.Why...), c.Taken()})
	}
	if opts.out != "" {
		if err := os.WriteFile(opts.out, []byte(drafted.Text), 0o644); err != nil { //nolint:gosec // a mapping holds names of columns, no data
			return fmt.Errorf("map: %w", err)
		}
	}
	return d.answer(answer)
}

// mostParts is how many parts of a file are named in commands.
const mostParts = 6

// partCommands is a line of commands that draft a mapping for each part of a file, and then bring it into a store to throw away.
func partCommands(parts []read.Part, file string) string {
	if len(parts) > mostParts {
		return "rummage map --part " + quote(parts[0].String()) + " --out FILE " + quote(file) + ", and so for each; of parts written alike one draft serves all"
	}
	var lines, flags []string
	for i, part := range parts {
		out := draftName(part.String(), i)
		lines = append(lines, fmt.Sprintf("rummage map --part %s --out %s %s", quote(part.String()), out, quote(file)))
		flags = append(flags, "--map "+out)
	}
	return strings.Join(append(lines, "rummage ingest "+strings.Join(flags, " ")+" "+quote(file)+" --store try.db"), " && ")
}

// draftName is the name of the draft for the n-th part of a file.
func draftName(part string, n int) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return -1
	}, strings.ToLower(part[strings.LastIndexAny(part, "/#")+1:]))
	if plain == "" {
		plain = fmt.Sprintf("part-%d", n+1)
	}
	return plain + ".yaml"
}

// mapError adds the next step to what went wrong.
func mapError(err error, file string) error {
	parts := new(ingest.PartsError)
	switch {
	case errors.As(err, &parts):
		return exit.With(exit.Usage, err, partCommands(parts.Parts, file))
	case errors.Is(err, ingest.ErrNoPart):
		return exit.With(exit.Usage, err, "rummage map --part NAME FILE")
	case errors.Is(err, fs.ErrNotExist):
		return exit.With(exit.Failed, fmt.Errorf("map: there is no file %s", file), "check the name of the file")
	case errors.Is(err, read.ErrEmpty), errors.Is(err, ingest.ErrNoRows):
		return exit.With(exit.Failed, fmt.Errorf("map: %s holds nothing to draft a mapping from", file), "check that the whole file was fetched")
	case errors.Is(err, read.ErrNotFile) && isFolder(file):
		return exit.With(exit.Usage, fmt.Errorf("map: %s is a folder; a mapping is drafted for one file", file), "rummage map FILE with one of the files in it")
	case errors.Is(err, read.ErrEncoding):
		return exit.With(exit.Failed, err, "rummage map --encoding NAME FILE; the names are "+encodings())
	}
	return err
}

// isFolder reports the path of a folder.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Print shows the draft, or what its columns were taken for where it went to a file.
func (a mapAnswer) Print(page *output.Page) {
	if a.Out == "" {
		page.Text(a.Mapping)
		return
	}
	grid := output.NewGrid("column>", "name", "taken for", "sure>", "why")
	for _, c := range a.Columns {
		grid.Add(fmt.Sprint(c.Number), c.Name, c.taken, fmt.Sprintf("%.2f", c.Sure), strings.Join(c.Why, "; "))
	}
	page.Rows(grid)
	page.Say("%s; %d rows looked at; rows are %s", a.Dialect, a.Rows, a.Shape)
	for _, path := range a.Records {
		page.Say("%s stands several times in a row; to make each a row of its own: rummage map --record %s --out %s %s", path, quote(path),
			draftName(path[strings.LastIndex(path, ".")+1:], 0), quote(a.File))
	}
	for _, point := range a.Open {
		page.Say("open: %s", point)
	}
	part := ""
	if a.Part != "" {
		part = " --part " + quote(a.Part)
	}
	page.Say("next: look at %s, then rummage ingest --map %s%s %s --store try.db", a.Out, quote(a.Out), part, quote(a.File))
}
