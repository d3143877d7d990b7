package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rummage/casefile"
	"rummage/casefile/bag"
	"rummage/casefile/custody"
	"rummage/casefile/format"
	"rummage/casefile/marking"
	"rummage/casefile/redaction"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/naming"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type exportOptions struct {
	runFlags
	out                      string
	all                      bool
	formats                  []string
	purpose, number, forWhom string
	ceiling, key, made       string
	redact                   []string
	request, below           bool
	originals                bool
	leastK                   int
}

// exportAnswer is what rummage export says of a case file.
type exportAnswer struct {
	Path     string   `json:"path"`
	ID       string   `json:"id"` // of its content; rummage casefiles lists it
	Title    string   `json:"title"`
	Handling string   `json:"handling"` // of all its sources the strictest; "" where none has any
	Formats  []string `json:"formats"`
	Files    int      `json:"files"`
	Nodes    int      `json:"nodes"`
	Edges    int      `json:"edges"`
	Rows     int      `json:"rows"`
	Signed   bool     `json:"signed"`
	Request  string   `json:"request"` // file with the request for a time stamp; "" for none
	// Redacted says what was taken out; null where nothing was.
	Redacted *redaction.Log `json:"redacted"`
}

func newExportCommand(d *desk) *cobra.Command {
	var opts exportOptions
	c := &cobra.Command{
		Use:   "export NETWORK|ID... | export --all --format neo4j-import",
		Short: "A case file: a network or parties, with the rows they stand on, in one folder or zip file",
		Long: "Packs a network of the last run, or parties, into one folder, or one zip file if --out ends in .zip: the parties,\n" +
			"the consignments that two of them stand in with all that stands in these, and what they are linked to; in the\n" +
			"formats of other programs; the rows of files behind every node and edge, cell by cell, and with --originals these\n" +
			"files whole; for a network why it was flagged; and how it was asked for. Whoever gets it checks it with rummage verify,\n" +
			"or any BagIt tool, without a store. It is refused, not trimmed, where a source's handling code is above --ceiling; it\n" +
			"inherits the strictest.\n" +
			"--redact puts pseudonyms in the place of persons or of an id, or leaves values out, everywhere: in graph, texts and names.\n" +
			"Cells of rows that speak of them are withheld, redaction.json says how much was and how well a pseudonym hides, and\n" +
			"nothing is written if any of it is found in the finished pack. Names and numbers are found in other spellings too, not\n" +
			"in any: read the descriptions, or leave them out (--redact field:description). The key of pseudonyms is that of identity numbers.\n" +
			"The store keeps account of what left, for whom and what for: rummage casefiles lists it, and what is stale of it.\n\n" +
			"With --all it writes everything in the store, ended sources too, as what neo4j-admin database import full reads,\n" +
			"and the command that loads it: the fast way to a large store in Neo4j, which replaces the database, whatever is in it.\n" +
			"Run that command in --out, on the machine of the server, while the server is stopped; start the server; then any\n" +
			"command of rummage that writes completes the database by making its constraints and indexes. The bytes of\n" +
			"imported files go into the folder that --evidence names, unless it is empty.",
		Example: "  rummage export n-4f2a1c00aa55 --out case-7.zip --purpose \"inspection of containers\" --recipient \"port office\"\n" +
			"  rummage export n-4f2a1c00aa55 --out case-8.zip --purpose training --recipient academy --redact persons --identity-key-file identity.key\n" +
			"  rummage export --all --format neo4j-import --out files --store cases.db --evidence evidence",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cmp.Or(opts.idle(cmd.Flags().Changed), opts.check(args)); err != nil {
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
	c.Flags().BoolVar(&opts.below, "below-ceiling", false, "read as if there were no source above --ceiling; of a network there must be a run of these sources alone")
	c.Flags().StringVar(&opts.key, "key", "", "`file` with the Ed25519 key (PEM) that signs it; such as openssl genpkey -algorithm ed25519 makes")
	c.Flags().StringArrayVar(&opts.redact, "redact", nil, "who or what is not to leave: persons, the `id` of an entity or a consignment, or field:NAME (repeatable); needs --identity-key-file")
	c.Flags().BoolVar(&opts.originals, "originals", false, "also the files that its rows are from, whole, as they were imported; these hold rows of others too")
	c.Flags().IntVar(&opts.leastK, "least-k", 1, "refuse a redacted case file in which a pseudonym is one of fewer than this `number` that look alike by their ties")
	c.Flags().BoolVar(&opts.request, "timestamp-request", false, "write a request for a time stamp (RFC 3161) beside it, to be sent to an authority; rummage custody --stamp takes the answer")
	c.Flags().StringVar(&opts.made, "made", "", "`moment` that it says it was made at, such as 2027-01-31T09:30:00Z; default: now")
	return c
}

// idle refuses flags that would do nothing here.
func (o *exportOptions) idle(given func(name string) bool) error {
	switch {
	case given("handling"):
		return exit.With(exit.Usage, errors.New("export: --handling is of files that come in: a case file has the strictest code of its sources"),
			"leave it out; --ceiling says what the recipient may have")
	case given("least-k") && len(o.redact) == 0:
		return exit.Usagef("export: --least-k is of pseudonyms, and --redact is not given")
	case archived(o.out):
		return exit.Usagef("export: --out %s: a case file is a folder, or a zip file if the name ends in .zip", o.out)
	}
	return nil
}

// zipped tells the name of a zip file.
func zipped(name string) bool { return strings.EqualFold(filepath.Ext(name), ".zip") }

// archived tells the name of an archive that is no zip file.
func archived(name string) bool {
	return slices.Contains([]string{".tar", ".tgz", ".gz", ".xz", ".zst", ".bz2", ".7z", ".rar"}, strings.ToLower(filepath.Ext(name)))
}

// check sees whether what was asked for fits together.
func (o *exportOptions) check(args []string) error {
	switch {
	case len(args) == 0 && !o.all:
		return exit.With(exit.Usage, errors.New("export: name a network or parties, with --out, --purpose and --recipient"), "rummage networks lists networks; rummage export --help")
	case o.out == "":
		return exit.Usagef("export needs --out")
	case o.all && len(args) > 0:
		return exit.Usagef("export: --all takes no ids, it is the whole store")
	case o.all && !slices.Equal(o.formats, []string{bulkFormat}):
		return exit.Usagef("export: --all has one format: --format %s", bulkFormat)
	case o.all:
		return nil
	case o.originals && len(o.redact) > 0:
		return exit.With(exit.Usage, fmt.Errorf("export: %w", casefile.ErrOriginals), "leave --originals out, or --redact")
	case o.below && o.ceiling == "":
		return exit.Usagef("export: --below-ceiling needs --ceiling")
	case o.below && (len(o.sources) > 0 || o.run != ""):
		return exit.Usagef("export: --below-ceiling chooses the sources; leave --source and --run out")
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
	said, err := d.custody(opts)
	if err != nil {
		return err
	}
	redact, err := d.redactions(opts.redact)
	if err != nil {
		return err
	}
	packing := casefile.Packing{Zip: zipped(opts.out)}
	if opts.key != "" {
		if packing.Key, err = bag.PrivateKey(opts.key); err != nil {
			return exit.With(exit.Usage, err, "openssl genpkey -algorithm ed25519 -out key.pem makes one")
		}
	}
	if opts.below {
		opts.within = belowCeiling(said.Ceiling)
	}
	return d.reading(ctx, change, &opts.scopeFlags, func(a *archive) error {
		answer, err := d.export(ctx, a, args, opts, handOver{formats, said, redact, packing})
		if err != nil {
			return err
		}
		return d.answer(answer)
	})
}

// belowCeiling picks the sources that count and are not above a ceiling, for a scope of these alone.
func belowCeiling(ceiling marking.Code) func(all []graph.Source) ([]string, error) {
	return func(all []graph.Source) ([]string, error) {
		ids, err := notAbove(all, ceiling)
		if err != nil {
			return nil, unpacked(err)
		}
		if len(ids) == 0 {
			return nil, exit.With(exit.Failed, fmt.Errorf("export: %w: every source is above %s", casefile.ErrHandling, ceiling), "name a higher --ceiling if the recipient has the right")
		}
		named := make([]string, 0, len(ids))
		for _, id := range ids {
			named = append(named, string(id))
		}
		return named, nil
	}
}

// notAbove lists the sources that count and are not above a ceiling, which is empty and not nil where all are: nil would be all sources. Those
// whose code nobody knows are left out, and the first of them is the error, marking.ErrCode.
func notAbove(all []graph.Source, ceiling marking.Code) (ids []graph.SourceID, unknown error) {
	ids = []graph.SourceID{}
	for i := range all {
		if all[i].EndedBy != graph.NotEnded {
			continue
		}
		code, err := casefile.Handling(all[i:i+1], marking.Code{})
		switch {
		case err != nil:
			unknown = cmp.Or(unknown, err)
		case !code.Above(ceiling):
			ids = append(ids, all[i].ID)
		}
	}
	return ids, unknown
}

// custody says for whom and what for, as the flags do.
func (d *desk) custody(opts *exportOptions) (*casefile.Custody, error) {
	c := &casefile.Custody{Purpose: opts.purpose, Case: opts.number, Recipient: opts.forWhom, Author: d.set.Author, Made: d.clock().UTC(),
		Tool: "rummage " + d.version().Version}
	var err error
	if c.Ceiling, err = marking.Parse(opts.ceiling); err != nil {
		return nil, exit.With(exit.Usage, err, "")
	}
	if opts.made == "" {
		return c, nil
	}
	if c.Made, err = time.Parse(time.RFC3339, opts.made); err != nil {
		return nil, exit.Usagef("--made: %q is no moment such as 2027-01-31T09:30:00Z", opts.made)
	}
	return c, nil
}

// handOver is how a case file is made.
type handOver struct {
	formats []format.Format
	custody *casefile.Custody
	redact  *redaction.Request // nil for nothing
	packing casefile.Packing
}

// export packs a case file, and notes that it leaves before it does.
func (d *desk) export(ctx context.Context, a *archive, args []string, opts *exportOptions, how handOver) (*exportAnswer, error) {
	if err := a.allowed(how.custody.Ceiling); err != nil {
		return nil, unpacked(err)
	}
	if id := graph.ID(args[0]); isNetwork(id) {
		id, err := a.network(ctx, args[0])
		if err != nil {
			return nil, err
		}
		args = []string{string(id)}
	}
	contents, err := d.contents(ctx, a, args, opts)
	if err != nil {
		return nil, err
	}
	contents.Formats = how.formats
	if opts.originals {
		if contents.Originals, err = a.originals(ctx, contents.Sources); err != nil {
			return nil, err
		}
	}
	if how.custody.Store, err = a.state(ctx, contents.run); err != nil {
		return nil, err
	}
	if err := d.redact(ctx, contents.Contents, &how, opts.leastK); err != nil {
		return nil, err
	}
	entry, err := a.entry(args, opts, contents.Contents, how.custody)
	if err != nil {
		return nil, err
	}
	how.packing.Record = func(packed *casefile.Packed) error {
		entry.ID, entry.Handling, entry.Left = packed.ID, packed.Handling.String(), d.clock()
		run, err := entry.Run()
		if err != nil {
			return err
		}
		return a.store.SaveRun(ctx, run)
	}
	packed, err := casefile.Pack(ctx, opts.out, contents.Contents, how.custody, how.packing)
	if err != nil {
		return nil, unpacked(err)
	}
	answer := &exportAnswer{Path: packed.Path, ID: packed.ID, Title: contents.Title, Handling: packed.Handling.String(), Files: packed.Files, Rows: packed.Rows,
		Nodes: len(contents.Graph.Nodes), Edges: len(contents.Graph.Edges), Signed: how.packing.Key != nil}
	if r := contents.Redaction; r != nil {
		log := r.Log()
		answer.Redacted = &log
	}
	for _, f := range how.formats {
		answer.Formats = append(answer.Formats, f.Name)
	}
	if opts.request {
		if err := custody.WriteRequest(packed.Path, packed.Stamped); err != nil {
			return nil, err
		}
		answer.Request = custody.RequestFile(packed.Path)
	}
	return answer, nil
}

// redactions reads what is to be redacted, before anything is gathered for it; nil for nothing.
func (d *desk) redactions(words []string) (*redaction.Request, error) {
	if len(words) == 0 {
		return nil, nil // nothing, and nothing wrong
	}
	request, err := redaction.Parse(words)
	if err != nil {
		return nil, exit.With(exit.Usage, err, "rummage export --help")
	}
	if _, err := d.identityKey(); err != nil { // here, so that every command asks for the same length
		return nil, err
	}
	if err := redaction.CheckKey([]byte(d.set.IdentityKey)); err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("export: --redact needs --identity-key-file: %w", err), makeKey)
	}
	return request, nil
}

// redact takes out of the contents what is not to leave.
func (d *desk) redact(ctx context.Context, c *casefile.Contents, how *handOver, leastK int) error {
	if how.redact == nil {
		return nil
	}
	known := naming.Knowledge()
	var err error
	if known.Wording, err = casefile.Wording(ctx, c, how.custody); err != nil {
		return unpacked(err)
	}
	if c.Redaction, err = redaction.New([]byte(d.set.IdentityKey), how.redact, c.Graph, known); err != nil {
		return exit.With(exit.Usage, err, "name ids as rummage show has them")
	}
	log := c.Redaction.Log()
	if n := log.Below(leastK); n > 0 {
		return exit.With(exit.Failed, fmt.Errorf("export: %d of %d pseudonyms are one of fewer than %d that look alike: who knows their partners knows who they are",
			n, len(log.Pseudonyms), leastK), "redact their partners too, or accept it with a lower --least-k")
	}
	return nil
}

// makeKey is how one gets a key for pseudonyms.
const makeKey = "head -c 32 /dev/urandom | base64 > identity.key, and keep it apart from the store; then --identity-key-file identity.key"

// unpacked says what to do about a case file that could not be made.
func unpacked(err error) error {
	switch {
	case errors.Is(err, casefile.ErrHandling):
		return exit.With(exit.Failed, err, "leave these sources out with --below-ceiling, or by naming the others with --source; or name a higher --ceiling if the recipient has the right")
	case errors.Is(err, marking.ErrCode):
		return exit.With(exit.Failed, err, `rummage withdraw SOURCE --reason "its handling code", then rummage ingest --handling CODE FILE with a code that is known`)
	case errors.Is(err, casefile.ErrLeft):
		return exit.With(exit.Failed, err, "say purpose, recipient and author without it, and give the case file another name; if it is in a file, leave that format out")
	case errors.Is(err, bag.ErrExists), errors.Is(err, bag.ErrInfo), errors.Is(err, fs.ErrNotExist):
		return exit.With(exit.Usage, err, "")
	}
	return err
}

// manyNodes is how many nodes of a case file are more than somebody looks through.
const manyNodes = 3000

// fewAlike is the k below which export speaks of it.
const fewAlike = 3

// Print says what was written, and how the recipient checks it.
func (a exportAnswer) Print(page *output.Page) {
	page.Rows(a.grid(page))
	if a.Nodes > manyNodes {
		page.Say("%s nodes: a port, an office or a commodity stands in the consignments of everybody; name a network, or parties", output.Count(a.Nodes))
	}
	if r := a.Redacted; r != nil {
		page.Say("redacted: %d %s; the cells of %d %s withheld", len(r.Pseudonyms), plural(len(r.Pseudonyms), "pseudonym"), r.Rows, plural(r.Rows, "row"))
		if n := r.Below(fewAlike); n > 0 {
			page.Say("k, among how many one looks alike by ties and partners, is below %d for %d of %d, and 1 for %d: who knows the partners of one with k 1 knows who it is (--least-k %d refuses that)",
				fewAlike, n, len(r.Pseudonyms), r.Below(2), fewAlike)
		}
		found := 0
		for _, n := range r.Respelled {
			found += n
		}
		if found > 0 {
			page.Say("other spellings of what was redacted were found %d times and replaced (%s); read what is left, or leave a field out with --redact field:NAME",
				found, strings.Join(slices.Sorted(maps.Keys(r.Respelled)), ", "))
		}
	}
	if a.Request != "" {
		page.Say("\nsend %s to a time stamp authority; then rummage custody %s --stamp ANSWER --by NAME", quote(a.Request), quote(a.Path))
	}
	page.Say("\nnext: rummage verify %s", quote(a.Path))
}

func (a *exportAnswer) grid(page *output.Page) output.Grid {
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
	return grid
}
