package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rummage/casefile/bag"
	"rummage/casefile/custody"
	"rummage/casefile/marking"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/ingest"
	"rummage/ingest/folder"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

type ingestOptions struct {
	files      []string
	mappings   []string
	encoding   string
	delimiter  string
	widths     string
	record     string
	part       string
	with       []string
	noEvidence bool
	strict     bool
	grading    string
	owner      string
	retention  string
	keys       []string
	marked     bool // --handling was given
}

// ingestAnswer is what rummage ingest says.
type ingestAnswer struct {
	Sources []sourceRow  `json:"sources"`
	Failed  []failedRow  `json:"failed"`
	Skipped []skippedRow `json:"skipped"`
	brief   bool
	asked   bool     // grading, owner, handling or retention were given
	strange []string // mended files read by rules of their own
	vouched bool     // --key was given
	wanted  marking.Code
}

// amendRow counts consignments that a new source and another state in other words.
type amendRow struct {
	Source   graph.SourceID `json:"source"`
	Name     string         `json:"name"`
	Count    int            `json:"count"`
	Compared int            `json:"compared"` // consignments of the new source that were looked at
}

// doubtRow counts values that are kept though something is wrong with them.
type doubtRow struct {
	What  string `json:"what"` // the register of a number, or the name of a field
	Mark  string `json:"mark"`
	Count int64  `json:"count"`
}

// failedRow is a file of which nothing was stored.
type failedRow struct {
	File    string `json:"file"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// skippedRow is something in a folder that is no file to be read.
type skippedRow struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

func newIngestCommand(d *desk) *cobra.Command {
	var opts ingestOptions
	c := &cobra.Command{
		Use:   "ingest FILE...",
		Short: "Files into the store, each as one source",
		Long: "Reads CSV, TSV and text of fixed width, spreadsheets, Parquet, JSON and XML, messages of UN/EDIFACT and X12, and graph\n" +
			"files, plain, packed with gzip, zstd or xz, or in zip archives, recognises how they are written and which mapping fits their header,\n" +
			"keeps their bytes as evidence, and stores what their rows say. A file is in whole or not at all; so is each file\n" +
			"in an archive, which is a source of its own, and each kind of record of a tree that a mapping knows.\n" +
			"A folder stands for every file below it, a quoted pattern such as 'in/**/*.csv' for the files that match; links,\n" +
			"hidden files and what holds no data by its name (README, *.md, checksums, the truth.json of a simulated world)\n" +
			"are passed over, and named.\n" +
			"Rows that cannot be read or lack what makes them a record are quarantined with column and reason, so\n" +
			"rows read = rows stored + rows quarantined. The same file again changes nothing; the same bytes under\n" +
			"another mapping replace the earlier reading. The store is started if there is none.\n" +
			"A case file of another office (rummage export), a folder or a zip file, is verified first and taken in as one source, with the\n" +
			"handling code that it has at least; its rows go on citing file, row and hash of the originals.\n" +
			"A mapping that joins rows of a second file by a key is given that file by --with NAME=FILE, for all files at once;\n" +
			"of a workbook or an archive --with NAME=FILE#PART names the sheet or the file in it. It is kept as evidence too.\n\n" +
			"Shipped mappings: " + shipped(),
		Example: "  rummage ingest declarations.csv registry.csv inspections.csv\n" +
			"  rummage ingest --map kr-declarations --handling TLP:AMBER --strict train.csv.gz\n" +
			"  rummage ingest inbox 'archive/2026-*/*.csv.xz'\n" +
			"  rummage ingest --map manifests.yaml --part 'manifest*.csv' may.zip\n" +
			"  rummage ingest --map declarations.yaml --with traders=traders.csv --with 'offices=codes.xlsx#Offices' may.csv june.csv\n" +
			"  rummage ingest --map register.yaml --encoding big5 --widths '1-8,9-28,29- bytes' register.txt",
		Args: some("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.files = args
			opts.marked = cmd.Flags().Changed("handling")
			return runIngest(cmd.Context(), d, opts)
		},
	}
	flags := c.Flags()
	flags.StringArrayVar(&opts.mappings, "map", nil, "`mapping`: the name of a shipped one or the path of a YAML file; of several (repeatable) that which knows the columns; default: recognised by the header")
	opts.hints(flags)
	flags.StringArrayVar(&opts.with, "with", nil, "`NAME=FILE`: the second file of a join of the mapping; once for each, and once more for mended rows of it")
	flags.BoolVar(&opts.noEvidence, "no-evidence", false, "keep no copy of the files; rummage why can then name rows but not show them")
	flags.BoolVar(&opts.strict, "strict", false, "end with exit code 4 when rows of these files are quarantined, now or since they were imported")
	flags.StringVar(&opts.grading, "grading", "", "reliability of source, A to F, and information, 1 to 6, such as B2")
	flags.StringVar(&opts.owner, "owner", "", "who answers for the data")
	flags.StringSliceVar(&opts.keys, "key", nil, "`file` with an Ed25519 public key (PEM); then case files must be signed by the owner of one of these")
	flags.StringVar(&opts.retention, "retention", "", "`day` on which keeping the data is to be reviewed")
	return c
}

// hints are the flags that say how files are written, and which parts of them are meant.
func (o *ingestOptions) hints(flags *pflag.FlagSet) {
	flags.StringVar(&o.encoding, "encoding", "", "how text is encoded, such as utf-8, gb18030, big5, shift-jis, euc-kr; default: recognised")
	flags.StringVar(&o.delimiter, "delimiter", "", "what stands between cells, one character or tab; default: recognised")
	flags.StringVar(&o.widths, "widths", "", "first and last character of each `column` of text of fixed width, such as 1-8,9-20,21-; "+
		"with bytes behind it they count bytes; default: recognised")
	flags.StringVar(&o.record, "record", "", "`path` of what makes a row in files of trees or messages; default: recognised")
	flags.StringVar(&o.part, "part", "", "take only files in archives and sheets of workbooks with such a name, a `pattern` in which * stands for anything but /")
}

// bringing shows how far a file has come: bytes tell the share, and rows are counted as the store takes them.
func (d *desk) bringing(p ingest.Progress, name string) {
	counted := ""
	if p.Stage == ingest.StageRows {
		counted = output.Count(int(p.Rows)) + " " + plural(int(p.Rows), "row")
	}
	d.meter.Share(strings.TrimSpace(string(p.Stage)+" "+name), p.Done, p.Total, counted)
}

// shipped lists the mappings that recognise files, a few a line.
func shipped() string {
	const aLine = 6
	var b strings.Builder
	for i, name := range mapping.Names() {
		switch {
		case i > 0 && i%aLine == 0:
			b.WriteString(",\n  ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	return b.String()
}

// settings turns what the flags say into what ingest wants.
func (o *ingestOptions) settings(d *desk) (ingest.Options, error) {
	opts := ingest.Options{
		Hints: read.Hints{Record: o.record}, Part: o.part, NoEvidence: o.noEvidence, Handling: d.set.Handling, Grading: o.grading, Owner: o.owner, Now: d.clock,
		Progress: func(p ingest.Progress) { d.bringing(p, p.File) },
	}
	if _, err := marking.Parse(opts.Handling); err != nil {
		return opts, exit.With(exit.Usage, fmt.Errorf("--handling: %w", err), "")
	}
	var err error
	if o.grading != "" && !isGrading(o.grading) {
		return opts, exit.Usagef("--grading: %q is no letter from A to F with a digit from 1 to 6, such as B2", o.grading)
	}
	if o.retention != "" {
		if opts.Retention, err = graph.ParseDate(o.retention); err != nil {
			return opts, exit.With(exit.Usage, fmt.Errorf("--retention: %q is no day: %w", o.retention, err), "rummage ingest --retention 2030-12-31 FILE")
		}
	}
	if o.encoding != "" {
		if opts.Hints.Encoding, err = read.ParseEncoding(o.encoding); err != nil {
			return opts, exit.With(exit.Usage, fmt.Errorf("--encoding: %w", err), "")
		}
	}
	if opts.Hints.Delimiter = o.delimiter; o.delimiter == "tab" || o.delimiter == `\t` {
		opts.Hints.Delimiter = "\t"
	}
	if len(opts.Hints.Delimiter) > 1 {
		return opts, exit.Usagef("--delimiter: %q is more than one character", o.delimiter)
	}
	if o.widths != "" {
		if o.delimiter != "" {
			return opts, exit.Usagef("--widths, --delimiter: a file has the one or the other")
		}
		if opts.Hints.Widths, err = read.ParseWidths(o.widths); err != nil {
			return opts, exit.With(exit.Usage, fmt.Errorf("--widths: %w", err), "")
		}
	}
	if _, err = path.Match(o.part, ""); err != nil {
		return opts, exit.Usagef("--part: %q is no pattern", o.part)
	}
	if opts.IdentityKey, err = d.identityKey(); err != nil {
		return opts, err
	}
	if opts.CaseKeys, err = publicKeys(o.keys); err != nil {
		return opts, err
	}
	if opts.With, err = with(o.with); err != nil {
		return opts, err
	}
	return opts, o.choose(&opts)
}

// choose sets the mapping that was named, or of several those to be recognised among.
func (o *ingestOptions) choose(opts *ingest.Options) error {
	for _, name := range o.mappings {
		found, err := findMapping(name)
		if err != nil {
			return err
		}
		opts.Library = append(opts.Library, found)
	}
	if len(opts.Library) == 1 {
		opts.Mapping, opts.Library = opts.Library[0], nil
	}
	return nil
}

// findMapping finds a shipped mapping by its name, or reads one from a file.
func findMapping(name string) (*mapping.Mapping, error) {
	library, err := mapping.Library()
	if err != nil {
		return nil, err
	}
	found, err := mapping.Find(library, name)
	if err == nil {
		return found, nil
	}
	if _, statErr := os.Stat(name); statErr != nil && !strings.ContainsAny(name, "./\\") {
		return nil, exit.With(exit.Usage, err, "")
	}
	found, err = mapping.Load(name)
	return found, exit.With(exit.Usage, err, "see docs/mapping.md")
}

func runIngest(ctx context.Context, d *desk, opts ingestOptions) error {
	settings, err := opts.settings(d)
	if err != nil {
		return err
	}
	found, err := opts.find(ctx)
	if err != nil {
		return err
	}
	return d.with(ctx, create, func(store graph.Store) error {
		settings.Named = found.Named
		report, err := ingest.Run(ctx, store, found.Files, settings)
		answer := ingestAnswer{
			Sources: []sourceRow{}, Failed: []failedRow{}, Skipped: []skippedRow{},
			vouched: len(settings.CaseKeys) > 0, wanted: opts.wanted(settings.Handling),
			asked: settings.Grading+settings.Owner+settings.Handling != "" || settings.Retention != graph.NoDate,
		}
		for i := range report.Files {
			if failed := opts.unmarked(&report.Files[i], settings.Handling); failed != nil {
				report.Files[i].State, report.Files[i].Err = ingest.Failed, failed
				err = errors.Join(err, failed)
			}
			answer.add(&report.Files[i])
		}
		if failed := answer.addFound(&found); failed != nil {
			err = errors.Join(err, failed)
		}
		if err := answer.compareMended(ctx, store, &report); err != nil {
			return err
		}
		if len(answer.Sources) == 0 && err != nil {
			return ingestError(err)
		}
		if printed := d.answer(answer); printed != nil {
			return printed
		}
		switch {
		case err != nil:
			return ingestError(err)
		case opts.strict && report.Unresolved() > 0:
			return exit.Status(exit.Quarantined)
		}
		return nil
	})
}

// find lists the files that were meant, and refuses a command with none: a mistyped name must not start a store, nor hold up the
// files that are there.
func (o *ingestOptions) find(ctx context.Context) (folder.Found, error) {
	if slices.Contains(o.files, "-") {
		return folder.Found{}, exit.With(exit.Usage, errors.New("ingest: standard input is not read: a file is kept as evidence and read more than once"),
			"write it to a file first, then rummage ingest FILE")
	}
	found, err := folder.Find(ctx, o.files, bag.Is)
	if err != nil {
		return found, err
	}
	var missing error
	for _, name := range found.Files {
		_, err := os.Stat(name)
		if err == nil {
			return found, nil
		}
		missing = errors.Join(missing, fmt.Errorf("ingest: %w", err))
	}
	for _, f := range found.Failed {
		missing = errors.Join(missing, f.Err)
	}
	if errors.Is(missing, fs.ErrNotExist) && !errors.Is(missing, folder.ErrNone) {
		return found, exit.With(exit.Failed, missing, "check the name of the file")
	}
	return found, ingestError(missing)
}

// encodings lists the names that --encoding takes.
func encodings() string {
	var all []string
	for _, e := range read.Encodings() {
		all = append(all, string(e))
	}
	return strings.Join(all, ", ")
}

// ingestError adds the next step to what went wrong with files.
func ingestError(err error) error {
	for _, a := range []struct {
		is   error
		hint string
	}{
		{ingest.ErrNoPart, "rummage ingest --part NAME FILE with a name that it has, or without --part for all"},
		{folder.ErrNone, "check the name; in a pattern * stands for anything but /, and ** for any folders between"},
		{folder.ErrPattern, "write a [ that belongs to a name as [[]"},
		{mapping.ErrUnrecognised, "rummage ingest --map NAME FILE (for mended rows the mapping that their file was read with), or rummage map FILE --out my.yaml drafts one to finish"},
		{ingest.ErrParts, "rummage ingest --with NAME=FILE#PART names the sheet or the file in it"},
		{ingest.ErrMendedAlone, "rummage ingest --with NAME=FILE --with NAME=MENDED FILE: the second file, then its mended rows"},
		{ingest.ErrSeveral, "one --with NAME=FILE for each join; a second one for mended rows of that file, which rummage sources --errors --out wrote"},
		{mapping.ErrJoin, "rummage ingest --with NAME=FILE for each join of the mapping, and for no other; see Joins in docs/mapping.md"},
		{mapping.ErrColumns, "rummage ingest --map NAME FILE with a mapping that fits, or mend the header"},
		{read.ErrEncoding, "rummage ingest --encoding NAME FILE; the names are " + encodings()},
		{read.ErrTruncated, "fetch the whole file and run the same command again; nothing of it was stored"},
		{ingest.ErrNoRows, "check that the whole file was fetched"},
		{bag.ErrSigner, "name the public key of the office that made it with --key; ask that office for it by another way than the case file came"},
		{custody.ErrBroken, "ask whoever handed the case file over for another copy of its custody log; without the log beside it, it comes in alone"},
		{bag.ErrDamaged, "rummage verify FILE lists all that is wrong with it; ask whoever sent it for another copy"},
		{ingest.ErrCasePart, "rummage ingest FOLDER takes in the whole case file that is named"},
		{ingest.ErrCase, "ask whoever sent it to export it again"},
		{marking.ErrCode, "rummage ingest --handling CODE FILE with a code that is known"},
		{errMarked, `rummage withdraw SOURCE --reason "its handling code", then the same command again`},
		{bag.ErrAnew, "unzip FILE, then rummage ingest the folder in it"},
		{read.ErrEmpty, "check that the whole file was fetched"},
	} {
		if errors.Is(err, a.is) {
			return exit.With(exit.Failed, err, a.hint)
		}
	}
	return err
}

// add puts a file into the answer.
func (a *ingestAnswer) add(f *ingest.File) {
	if f.Err != nil {
		hint := exit.Hint(advise(ingestError(f.Err), "rummage ingest"))
		a.Failed = append(a.Failed, failedRow{File: f.Path(), Message: f.Err.Error(), Hint: hint})
		return
	}
	if f.State == ingest.Blank {
		a.Skipped = append(a.Skipped, skippedRow{File: f.Path(), Reason: "a sheet of one cell, which is no table; --part NAME reads it nevertheless"})
		return
	}
	if f.State == ingest.Withdrawn {
		why := "withdrawn on " + clockTime(f.Source.Ended)
		if f.Source.Reason != "" {
			why += ": " + f.Source.Reason
		}
		a.Skipped = append(a.Skipped, skippedRow{File: f.Path(), Reason: why + "; the name of the file itself brings it in again"})
		return
	}
	row := sourceRowOf(&f.Source)
	row.State, row.File = string(f.State), f.Path()
	row.given = graph.Titled(filepath.Base(f.File), f.Part.String())
	row.Dialect, row.Joined = f.Dialect, metRows(f.Joined)
	row.Mends, row.Repairs, row.Mended = f.Mends, f.Repairs, f.Source.Quarantined-f.Open
	row.unsigned, row.Signer, row.vouched, row.wanted = f.Unsigned, f.Signer, a.vouched, a.wanted
	for _, id := range f.SameCase {
		row.SameCase = append(row.SameCase, string(id))
	}
	for _, a := range f.Amends {
		row.Amends = append(row.Amends, amendRow{Source: a.Source, Name: a.Title, Count: a.Count, Compared: a.Compared})
	}
	for _, doubt := range f.Doubts {
		row.Doubts = append(row.Doubts, doubtRow(doubt))
	}
	for _, id := range f.Earlier {
		row.Replaces = append(row.Replaces, string(id))
	}
	a.Sources = append(a.Sources, row)
}

// addFound puts what was found beside files into the answer, and returns what went wrong.
func (a *ingestAnswer) addFound(found *folder.Found) error {
	for _, s := range found.Skipped {
		a.Skipped = append(a.Skipped, skippedRow{File: s.Path, Reason: s.Why})
	}
	var all error
	for _, f := range found.Failed {
		a.Failed = append(a.Failed, failedRow{File: f.Path, Message: f.Err.Error(), Hint: exit.Hint(ingestError(f.Err))})
		all = errors.Join(all, f.Err)
	}
	return all
}

// compareMended notes mended rows that were read by rules which no other source was read by: they may not be those of the file that
// the rows come from.
func (a *ingestAnswer) compareMended(ctx context.Context, store graph.Store, report *ingest.Report) error {
	var fresh []*graph.Source
	for i := range report.Files {
		if f := &report.Files[i]; f.Mended && f.State == ingest.Imported {
			fresh = append(fresh, &f.Source)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	all, err := store.Sources(ctx)
	if err != nil {
		return err
	}
	for _, s := range fresh {
		alike := slices.ContainsFunc(all, func(o graph.Source) bool { return o.ID != s.ID && o.Rules == s.Rules })
		if !alike {
			a.strange = append(a.strange, s.Title())
		}
	}
	return nil
}

// passedOver names what was skipped.
func (a *ingestAnswer) passedOver(page *output.Page) {
	const most = 10
	for i, s := range a.Skipped {
		if i == most {
			page.Say("and %s more", output.Count(len(a.Skipped)-most))
			break
		}
		page.Say("passed over: %s (%s)", s.File, s.Reason)
	}
}

// Print shows one line a file, then what to do next.
func (a ingestAnswer) Print(page *output.Page) {
	grid := output.NewGrid("file", "state", "mapping", "rows>", "stored>", "quarantined>", "consignments>", "source")
	bad, older, fresh := int64(0), int64(0), false
	for _, s := range a.Sources {
		grid.Add(s.Name, s.State, s.Mapping, number(page, s.Rows), number(page, s.Stored), number(page, s.Quarantined),
			number(page, s.Consignments), string(s.ID))
		if s.State != string(ingest.Already) {
			bad += s.Quarantined - s.Mended
			fresh = true
		} else {
			older += s.Quarantined - s.Mended
		}
	}
	for _, f := range a.Failed {
		grid.Add(f.File, string(ingest.Failed), "", "", "", "", "", "")
	}
	page.Rows(grid)
	a.passedOver(page)
	for i := range a.Sources {
		a.Sources[i].remark(page)
		a.Sources[i].joinRemarks(page)
		if a.asked && a.Sources[i].State == string(ingest.Already) {
			page.Say("its grading, owner, handling and retention stay as they are too; withdraw it and ingest it again to change them")
		}
	}
	for _, name := range a.strange {
		page.Say("%s holds mended rows, but no other source was read by this mapping; if it is not the mapping of the file they come from: "+
			"rummage withdraw %s, then ingest it with --map", name, quote(name))
	}
	if bad > 0 {
		page.Say("%s %s quarantined: rummage sources --errors", output.Count(int(bad)), plural(int(bad), "row"))
	}
	if older > 0 {
		page.Say("%s %s of files that were in already are quarantined still: rummage sources --errors", output.Count(int(older)), plural(int(older), "row"))
	}
	if fresh && len(a.Failed) == 0 && !a.brief {
		page.Say("\nnext: rummage flag")
	}
}
