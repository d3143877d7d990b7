package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"rummage/casefile/bag"
	"rummage/casefile/custody"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
)

type custodyOptions struct {
	path          string
	add           string
	by, to, note  string
	key, stamp    string
	authorityList []string
}

// custodyAnswer is what rummage custody says.
type custodyAnswer struct {
	Path    string          `json:"path"`
	ID      string          `json:"id"` // of the case file
	Entries []custody.Entry `json:"entries"`
	Head    string          `json:"head"`  // digest of the last line; "" for an empty log
	Stamp   *custody.Stamp  `json:"stamp"` // that was attached; null where none was
}

func newCustodyCommand(d *desk) *cobra.Command {
	var opts custodyOptions
	c := &cobra.Command{
		Use:   "custody PATH",
		Short: "Who had a case file: the log beside it, and one more entry; a time stamp attached",
		Long: "Shows the custody log of a case file, which lies beside it (PATH.custody.jsonl) so that its own bytes stay as they\n" +
			"are, or adds an entry to it: --add " + acts() + ".\n" +
			"Each entry has the digest of the one before, and a signature if --key names a key. Nothing can be changed or taken\n" +
			"out between two entries unseen; note the digest of the last one when you hand over, which shows whether some were\n" +
			"cut off. The case file is verified first.\n\n" +
			"--stamp takes the answer of a time stamp authority (RFC 3161) to the request of rummage export --timestamp-request,\n" +
			"checks that it is of this case file, and puts it beside (PATH.tsr), where rummage verify finds it.",
		Example: "  rummage custody case-7.zip\n  rummage custody case-7.zip --add received --by \"port office\" --key office.pem\n" +
			"  rummage custody case-7.zip --stamp answer.tsr --authority tsa.pem --by \"port office\"",
		Args: exactly("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.path = args[0]
			return runCustody(cmd.Context(), d, opts)
		},
	}
	c.Flags().StringVar(&opts.add, "add", "", "`act` to note: "+acts())
	c.Flags().StringVar(&opts.by, "by", "", "who did it; default: --author")
	c.Flags().StringVar(&opts.to, "to", "", "who has it from then on (required with handed-over)")
	c.Flags().StringVar(&opts.note, "note", "", "a sentence")
	c.Flags().StringVar(&opts.key, "key", "", "`file` with the Ed25519 key (PEM) that signs the entry")
	c.Flags().StringVar(&opts.stamp, "stamp", "", "`file` with the answer of a time stamp authority")
	c.Flags().StringSliceVar(&opts.authorityList, "authority", nil, "`file` with the certificate (PEM) of a time stamp authority that is trusted")
	c.MarkFlagsMutuallyExclusive("add", "stamp")
	return c
}

func acts() string {
	var all []string
	for _, act := range custody.Acts() {
		all = append(all, string(act))
	}
	return strings.Join(all, ", ")
}

func runCustody(ctx context.Context, d *desk, opts custodyOptions) error {
	report, err := verified(ctx, opts.path)
	if err != nil {
		return err
	}
	if !report.OK() {
		return exit.With(exit.Failed, fmt.Errorf("custody: %s: %w", opts.path, bag.ErrDamaged), "rummage verify "+quote(opts.path)+" lists what is wrong")
	}
	answer := custodyAnswer{Path: opts.path, ID: report.ID, Entries: []custody.Entry{}}
	said := custody.Said{Act: custody.Act(opts.add), By: opts.by, To: opts.to, Note: opts.note, At: d.clock()}
	if said.By == "" {
		said.By = d.set.Author
	}
	if opts.key != "" {
		if said.Key, err = bag.PrivateKey(opts.key); err != nil {
			return exit.With(exit.Usage, err, "openssl genpkey -algorithm ed25519 -out key.pem makes one")
		}
	}
	if opts.stamp != "" {
		answer.Stamp, err = attach(ctx, &opts, report, said)
	} else if opts.add != "" {
		_, err = custody.Append(ctx, opts.path, report.ID, said)
	}
	if errors.Is(err, custody.ErrEntry) {
		return exit.With(exit.Usage, err, "rummage custody --help")
	}
	var entries []custody.Entry
	if err == nil {
		entries, err = custody.Read(opts.path, report.ID)
	}
	switch {
	case errors.Is(err, custody.ErrBroken):
		return exit.With(exit.Failed, err, "ask whoever handed the case file over for another copy of its log, and compare the digest that they noted")
	case errors.Is(err, fs.ErrPermission):
		return exit.With(exit.Failed, err, "the log lies beside the case file: copy both into a folder that you may write to")
	case err != nil:
		return err
	}
	answer.Entries, answer.Head = append(answer.Entries, entries...), custody.Head(entries)
	return d.answer(answer)
}

// attach puts the answer of an authority beside the case file, and says so in the entry.
func attach(ctx context.Context, opts *custodyOptions, report *bag.Report, said custody.Said) (*custody.Stamp, error) {
	roots, err := authorities(opts.authorityList)
	if err != nil {
		return nil, err
	}
	answer := custody.Answer{Roots: roots}
	if answer.Bytes, err = os.ReadFile(opts.stamp); err != nil {
		return nil, exit.With(exit.Usage, err, "")
	}
	_, answer.Content = report.Stamped()
	stamp, err := custody.Attach(ctx, opts.path, report.ID, answer, said)
	if errors.Is(err, custody.ErrAuthority) {
		return nil, exit.With(exit.Failed, err, "--authority must name the certificate of the authority that gave the answer, or of one above it; without --authority that is not asked")
	}
	if errors.Is(err, custody.ErrStamp) {
		return nil, exit.With(exit.Failed, err, "the answer must be to the request beside it, which rummage export --timestamp-request wrote")
	}
	return stamp, err
}

// Print shows the log.
func (a custodyAnswer) Print(page *output.Page) {
	page.Rows(custodyGrid(a.Entries))
	if a.Stamp != nil {
		page.Say("time stamp of %s by %s", clockTime(a.Stamp.Time), a.Stamp.Authority)
	}
	if a.Head != "" {
		page.Say("digest of the last entry: %s", a.Head)
	}
}

func custodyGrid(entries []custody.Entry) output.Grid {
	grid := output.NewGrid("entry>", "act", "by", "to", "at", "note", "signed by")
	for i := range entries {
		e := &entries[i]
		grid.Add(fmt.Sprint(e.Seq), string(e.Act), e.By, e.To, clockTime(e.At), e.Note, e.Key)
	}
	return grid
}
