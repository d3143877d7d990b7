package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rummage/casefile"
	"rummage/casefile/bag"
	"rummage/casefile/format"
	"rummage/casefile/marking"
	"rummage/casefile/story"
	"rummage/casefile/subgraph"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type exportOptions struct {
	runFlags
	out                      string
	all                      bool
	formats                  []string
	purpose, number, forWhom string
	ceiling, key             string
}

// exportAnswer is what rummage export says of a case file.
type exportAnswer struct {
	Path     string   `json:"path"`
	Title    string   `json:"title"`
	Handling string   `json:"handling"` // of all its sources the strictest; "" where none has any
	Formats  []string `json:"formats"`
	Files    int      `json:"files"`
	Nodes    int      `json:"nodes"`
	Edges    int      `json:"edges"`
	Rows     int      `json:"rows"`
	Signed   bool     `json:"signed"`
}

func newExportCommand(d *desk) *cobra.Command {
	var opts exportOptions
	c := &cobra.Command{
		Use:   "export NETWORK|ID... | export --all --format neo4j-import",
		Short: "A case file: a network or parties, with the rows they stand on, in one folder or zip file",
		Long: "Packs a network of the last run, or parties, into one folder, or one zip file if --out ends in .zip: the parties,\n" +
			"the consignments that two of them stand in with all that stands in these, and what they are linked to; in the\n" +
			"formats of other programs; the rows of files behind every node and edge, cell by cell; for a network why it was\n" +
			"flagged; and how it was asked for. Whoever gets it checks it with rummage verify, or any BagIt tool, without a\n" +
			"store. It is refused, not trimmed, where a source's handling code is above --ceiling; it inherits the strictest.\n\n" +
			"With --all it writes everything in the store, ended sources too, as what neo4j-admin database import full reads,\n" +
			"and the command that loads it: the fast way to a large store in Neo4j, which replaces the database, whatever is in it.\n" +
			"Run that command in --out, on the machine of the server, while the server is stopped; start the server; then any\n" +
			"command of rummage that writes completes the database by making its constraints and indexes. The bytes of\n" +
			"imported files go into the folder that --evidence names, unless it is empty.",
		Example: "  rummage export n-4f2a1c00aa55 --out case-7.zip --purpose \"inspection of containers\" --recipient \"port office\"\n" +
			"  rummage export --all --format neo4j-import --out files --store cases.db --evidence evidence",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := opts.check(args); err != nil {
				return err
			}
			if opts.all {
				return runBulk(cmd.Context(), d, opts.out)
			}
			return runExport(cmd.Context(), d, args, &opts)
		},
	}
	opts.add(c)
	c.Flags().StringVar(&opts.out, "out", "", "`path` to write to, at which nothing stands yet; a zip file if it ends in .zip (required)")
	c.Flags().BoolVar(&opts.all, "all", false, "the whole store, for neo4j-admin")
	c.Flags().StringSliceVar(&opts.formats, "format", nil, "formats of the graph: "+strings.Join(format.Names(), ", ")+"; all when not given; with --all "+bulkFormat)
	c.Flags().StringVar(&opts.purpose, "purpose", "", "what the case file is for (required but with --all)")
	c.Flags().StringVar(&opts.number, "case", "", "number of the case")
	c.Flags().StringVar(&opts.forWhom, "recipient", "", "who gets it (required but with --all)")
	c.Flags().StringVar(&opts.ceiling, "ceiling", "", "strictest handling `code` that the recipient may have, such as TLP:AMBER; without it no source forbids anything")
	c.Flags().StringVar(&opts.key, "key", "", "`file` with the Ed25519 key (PEM) that signs it; such as openssl genpkey -algorithm ed25519 makes")
	_ = c.MarkFlagRequired("out")
	return c
}

// check sees whether what was asked for fits together.
func (o *exportOptions) check(args []string) error {
	switch {
	case o.all && len(args) > 0:
		return exit.Usagef("export: --all takes no ids, it is the whole store")
	case o.all && !slices.Equal(o.formats, []string{bulkFormat}):
		return exit.Usagef("export: --all has one format: --format %s", bulkFormat)
	case o.all:
		return nil
	case len(args) == 0:
		return exit.Usagef("export: name a network or parties; rummage networks lists them")
	case o.purpose == "" || o.forWhom == "":
		return exit.With(exit.Usage, fmt.Errorf("export: %w", casefile.ErrCustody), "add --purpose \"...\" --recipient \"...\"; the author is --author")
	case len(args) > 1 && slices.ContainsFunc(args, func(a string) bool { return isNetwork(graph.ID(a)) }):
		return exit.Usagef("export: one network at a time; its members can be named one by one")
	}
	return nil
}

func runExport(ctx context.Context, d *desk, args []string, opts *exportOptions) error {
	formats, err := format.Chosen(opts.formats)
	if err != nil {
		return exit.With(exit.Usage, err, "")
	}
	custody := casefile.Custody{Purpose: opts.purpose, Case: opts.number, Recipient: opts.forWhom, Author: d.set.Author, Made: d.clock().UTC(),
		Tool: "rummage " + d.version().Version}
	if custody.Ceiling, err = marking.Parse(opts.ceiling); err != nil {
		return exit.With(exit.Usage, err, "")
	}
	packing := casefile.Packing{Zip: strings.HasSuffix(opts.out, ".zip")}
	if opts.key != "" {
		if packing.Key, err = bag.PrivateKey(opts.key); err != nil {
			return exit.With(exit.Usage, err, "openssl genpkey -algorithm ed25519 -out key.pem makes one")
		}
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) error {
		contents, err := d.contents(ctx, a, args, opts)
		if err != nil {
			return err
		}
		contents.Formats = formats
		packed, err := casefile.Pack(ctx, opts.out, contents, &custody, packing)
		if err != nil {
			return unpacked(err)
		}
		answer := exportAnswer{Path: packed.Path, Title: contents.Title, Handling: packed.Handling.String(), Files: packed.Files, Rows: packed.Rows,
			Nodes: len(contents.Graph.Nodes), Edges: len(contents.Graph.Edges), Signed: packing.Key != nil}
		for _, f := range formats {
			answer.Formats = append(answer.Formats, f.Name)
		}
		return d.answer(answer)
	})
}

// unpacked says what to do about a case file that could not be made.
func unpacked(err error) error {
	switch {
	case errors.Is(err, casefile.ErrHandling):
		return exit.With(exit.Failed, err, "leave these sources out by naming the others with --source, or name a higher --ceiling if the recipient has the right")
	case errors.Is(err, marking.ErrCode):
		return exit.With(exit.Failed, err, "import that file again with a --handling that is known")
	case errors.Is(err, bag.ErrExists), errors.Is(err, bag.ErrInfo), errors.Is(err, fs.ErrNotExist):
		return exit.With(exit.Usage, err, "")
	}
	return err
}

// contents gathers all that goes into a case file.
func (d *desk) contents(ctx context.Context, a *archive, args []string, opts *exportOptions) (*casefile.Contents, error) {
	c := &casefile.Contents{}
	parties, texts, err := d.asked(ctx, a, args, opts)
	if err != nil {
		return nil, err
	}
	c.Title, c.Texts, c.Story = texts.title, texts.files, texts.story
	step := func(done, total int) { d.meter.Step("gather", int64(done), int64(total)) }
	if c.Graph, err = subgraph.Collect(ctx, a, parties, step); err != nil {
		return nil, err
	}
	rows := c.Graph.Rows()
	seen := map[graph.SourceID]bool{}
	for _, o := range rows {
		if s := a.sources[o.Source]; s != nil && !seen[o.Source] {
			seen[o.Source] = true
			c.Sources = append(c.Sources, *s)
		}
	}
	c.Rows = a.lines(ctx, rows)
	c.Places = positions(c.Graph)
	request, err := a.request(args, opts, parties, texts.run)
	c.Texts = append(c.Texts, casefile.Text{Name: "request.json", Title: "what was asked for, of which scope and run", Content: request})
	return c, err
}

// chosenTexts is what is said of what was asked for.
type chosenTexts struct {
	title string
	files []casefile.Text
	story *story.Story // nil for parties named one by one
	run   *graph.Run
}

// asked finds the parties that were named: the members of a network, with its explanation, or single ones.
func (d *desk) asked(ctx context.Context, a *archive, args []string, opts *exportOptions) ([]graph.ID, *chosenTexts, error) {
	if id := graph.ID(args[0]); isNetwork(id) {
		return d.askedNetwork(ctx, a, id, opts)
	}
	var parties []graph.ID
	for _, arg := range args {
		id, err := a.named(ctx, arg)
		if err != nil {
			return nil, nil, err
		}
		parties = append(parties, id)
	}
	first, err := a.Entity(ctx, parties[0])
	if err != nil {
		return nil, nil, err
	}
	title := first.Name()
	if len(parties) > 1 {
		title += fmt.Sprintf(" and %d more", len(parties)-1)
	}
	return parties, &chosenTexts{title: title}, nil
}

func (d *desk) askedNetwork(ctx context.Context, a *archive, id graph.ID, opts *exportOptions) ([]graph.ID, *chosenTexts, error) {
	result, run, err := a.chosen(ctx, &opts.runFlags)
	if err != nil {
		return nil, nil, err
	}
	n, err := networkOf(result, id)
	if err != nil {
		return nil, nil, err
	}
	x, since, err := d.explanation(ctx, a, explainOptions{runFlags: opts.runFlags, id: id, rows: 5})
	if err != nil {
		return nil, nil, err
	}
	a.nameRecords(x)
	network, err := indented(n)
	if err != nil {
		return nil, nil, err
	}
	why, err := indented(explainAnswer{x, since})
	if err != nil {
		return nil, nil, err
	}
	var parties []graph.ID
	for i := range n.Members {
		parties = append(parties, n.Members[i].ID)
	}
	return parties, &chosenTexts{title: "network " + string(id), run: run, story: storyOf(n, explainAnswer{x, since}), files: []casefile.Text{
		{Name: "network.json", Title: "the network: members, roles, counts, life", Content: network},
		{Name: "explanation.json", Title: "why it was flagged, and what would clear it", Content: why},
	}}, nil
}

func indented(value any) ([]byte, error) {
	line, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = json.Indent(&text, line, "", " ")
	text.WriteByte('\n')
	return text.Bytes(), err
}

// requestScope is the scope of a case file: sources, the last day, and the moment whose knowledge counts.
type requestScope struct {
	Sources []graph.SourceID `json:"sources"`
	Until   graph.Date       `json:"until"`
	KnownOn time.Time        `json:"known_on"`
}

// request is how a case file was asked for, so that it can be made again.
func (a *archive) request(args []string, opts *exportOptions, parties []graph.ID, run *graph.Run) ([]byte, error) {
	scope := a.Scope()
	said := struct {
		Asked    []string        `json:"asked"`
		Formats  []string        `json:"formats"`
		Ceiling  string          `json:"ceiling"`
		Parties  []graph.ID      `json:"parties"`
		Scope    requestScope    `json:"scope"`
		Run      graph.RunID     `json:"run,omitempty"`
		Settings json.RawMessage `json:"settings,omitempty"`
		Seed     uint64          `json:"seed,omitempty"`
		Tool     string          `json:"run_by,omitempty"`
	}{Asked: args, Formats: append([]string{}, opts.formats...), Ceiling: opts.ceiling, Parties: parties,
		Scope: requestScope{scope.Sources, scope.Until, scope.KnownOn}}
	if run != nil {
		said.Run, said.Settings, said.Seed, said.Tool = run.ID, run.Settings, run.Seed, run.Tool
	}
	return indented(said)
}

// lines yields rows as rummage why shows them, one JSON object each.
func (a *archive) lines(ctx context.Context, rows []graph.Origin) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for _, o := range rows {
			shown, err := a.record(ctx, claim{origins: []graph.Origin{o}})
			var line []byte
			if err == nil {
				line, err = json.Marshal(struct {
					Source graph.SourceID `json:"source_id"`
					Row    int64          `json:"row"`
					Note   string         `json:"note"` // why its cells are not here; "" where they are
					Record any            `json:"record"`
				}{o.Source, o.Row, shown.Note, shown.Record})
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// Print says what was written, and how the recipient checks it.
func (a exportAnswer) Print(page *output.Page) {
	grid := output.NewGrid("case file", "handling", "files>", "nodes>", "edges>", "rows>", "signed")
	handling := a.Handling
	if handling == "" {
		handling = "none"
	}
	signed := "no"
	if a.Signed {
		signed = "yes"
	}
	grid.Add(a.Path, handling, number(page, int64(a.Files)), number(page, int64(a.Nodes)), number(page, int64(a.Edges)), number(page, int64(a.Rows)), signed)
	page.Rows(grid)
	page.Say("\nnext: rummage verify %s", quote(a.Path))
}
