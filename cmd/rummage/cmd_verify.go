package main

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rummage/casefile/bag"
	"rummage/casefile/custody"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
)

// unsigned is what a case file without a signature proves.
const unsigned = "unsigned: that finds accidents, not forgery"

// verifyAnswer is what rummage verify says.
type verifyAnswer struct {
	OK       bool          `json:"ok"`
	Path     string        `json:"path"`
	Checked  int           `json:"checked"` // files
	Bytes    int64         `json:"bytes"`
	Signer   string        `json:"signer"`  // public key of the signature, in hexadecimal digits; "" without one
	Trusted  bool          `json:"trusted"` // Signer is a key that --key names
	Info     []bag.Field   `json:"info"`
	Problems []bag.Problem `json:"problems"`

	ID      string          `json:"id"`           // of its content; rummage casefiles lists it where it was made
	Custody []custody.Entry `json:"custody"`      // the log beside it
	Head    string          `json:"custody_head"` // digest of the last line of the log; "" without one
	Stamp   *custody.Stamp  `json:"stamp"`        // the time stamp beside it; null without one

	whole bool   // nothing is wrong with the case file itself
	next  string // what to do about the problems
}

type verifyOptions struct {
	path              string
	keys, authorities []string
}

func newVerifyCommand(d *desk) *cobra.Command {
	var opts verifyOptions
	c := &cobra.Command{
		Use:   "verify PATH",
		Short: "Whether a case file is as it was made",
		Long: "Reads every byte of a case file, a folder or a zip file, and lists what is not as it was when it was made: files\n" +
			"changed, missing, added or renamed. It needs no store. It ends with 1 when something is wrong, and with 2 where there\n" +
			"is no case file.\n\n" +
			"Without a signature that finds accidents, not forgery: whoever changes a file can write manifests that fit, and sign\n" +
			"them with a key of their own. With --key it must be signed by the owner of that key. That is asked of the case file, not of the lines of its custody log,\n" +
			"which name the keys they are signed by.\n\n" +
			"What lies beside it is checked too: the custody log (PATH.custody.jsonl) and the time stamp (PATH.tsr). A time\n" +
			"stamp is proof by an authority that --authority names, and without that of no more than that somebody made it.",
		Example: "  rummage verify case-7.zip\n  rummage verify case-7.zip --key office.pub.pem --json\n" +
			"  rummage verify case-7.zip --authority tsa.pem",
		Args: exactly("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.path = args[0]
			return runVerify(cmd.Context(), d, opts)
		},
	}
	c.Flags().StringSliceVar(&opts.keys, "key", nil, "`file` with an Ed25519 public key (PEM) that may have signed it; several are several who may")
	c.Flags().StringSliceVar(&opts.authorities, "authority", nil, "`file` with the certificate (PEM) of a time stamp authority that is trusted")
	return c
}

// publicKeys reads the keys that may have signed a case file.
func publicKeys(files []string) ([]ed25519.PublicKey, error) {
	var keys []ed25519.PublicKey
	for _, file := range files {
		key, err := bag.PublicKey(file)
		if err != nil {
			return nil, exit.With(exit.Usage, err, "openssl pkey -in key.pem -pubout -out key.pub.pem makes one of a private key")
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// verified reads every byte of a case file.
func verified(ctx context.Context, path string, keys ...ed25519.PublicKey) (*bag.Report, error) {
	report, err := bag.Verify(ctx, path, keys...)
	switch {
	case errors.Is(err, bag.ErrNoBag):
		hint := "name the folder of a case file, in which bagit.txt lies, or its zip file"
		if within := casesIn(path); len(within) > 0 {
			hint = "name the case file in it: " + strings.Join(within, ", ")
		}
		err = exit.With(exit.Usage, err, hint)
	case errors.Is(err, fs.ErrNotExist):
		err = exit.With(exit.Usage, err, "check the name of the case file")
	case errors.Is(err, fs.ErrPermission):
		err = exit.With(exit.Failed, err, "it cannot be read by you: ask whoever owns it for leave, or for a copy")
	}
	return report, err
}

// mostCases is how many case files in a folder an error names.
const mostCases = 5

// casesIn names the case files that lie in a folder, or in one in it.
func casesIn(folder string) []string {
	var found []string
	for _, pattern := range []string{"*", filepath.Join("*", "*")} {
		names, err := filepath.Glob(filepath.Join(strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`).Replace(folder), pattern))
		if err != nil {
			return nil
		}
		for _, name := range names {
			if len(found) < mostCases && bag.Is(name) {
				found = append(found, quote(name))
			}
		}
	}
	return found
}

func runVerify(ctx context.Context, d *desk, opts verifyOptions) error {
	keys, err := publicKeys(opts.keys)
	if err != nil {
		return err
	}
	roots, err := authorities(opts.authorities)
	if err != nil {
		return err
	}
	report, err := verified(ctx, opts.path, keys...)
	if err != nil {
		return err
	}
	answer := verifyAnswer{Path: opts.path, Checked: report.Files, Bytes: report.Bytes, Signer: report.Signer, Info: append([]bag.Field{}, report.Info...),
		Problems: report.Problems, ID: report.ID, Custody: []custody.Entry{}, Trusted: report.Signer != "" && len(keys) > 0, whole: report.OK()}
	if err := answer.beside(report, roots, len(opts.authorities) > 0); err != nil {
		return err
	}
	answer.OK = len(answer.Problems) == 0
	answer.advise()
	if err := d.answer(answer); err != nil || answer.OK {
		return err
	}
	return exit.Status(exit.Failed)
}

// authorities reads the certificates of authorities that are trusted.
func authorities(files []string) (*x509.CertPool, error) {
	roots, err := custody.Authorities(files)
	if err != nil {
		return nil, exit.With(exit.Usage, err, "name the certificate of the authority, or of the one above it, in PEM")
	}
	return roots, nil
}

// advise says what to do about the problems.
func (a *verifyAnswer) advise() {
	said := func(path, problem string) bool {
		return slices.ContainsFunc(a.Problems, func(p bag.Problem) bool { return p.Path == path && strings.Contains(p.Problem, problem) })
	}
	switch {
	case a.OK:
	case a.whole:
		a.next = "ask whoever handed it over for another copy of what lies beside it, and compare the digest of the log that they noted"
	case said("", bag.ErrAnew.Error()):
		a.next = "unzip it, then rummage verify FOLDER of the folder in it"
	case len(a.Problems) == 1 && a.Signer == "" && said("signature-ed25519.txt", "key"):
		a.next = "ask the office that made it for its public key, by another way than the case file came, and name that with --key"
	default:
		a.next = "do not use it, and ask whoever sent it for another copy"
	}
}

// verdict says what was found of the case file and of who made it.
func (a *verifyAnswer) verdict() (found, signed string) {
	switch {
	case a.OK:
		found = "all is as it was made"
	case a.whole:
		found = "the case file is as it was made, what lies beside it is NOT"
	default:
		found = "it is NOT as it was made"
	}
	switch {
	case a.Trusted:
		signed = "signed by the owner of key " + a.Signer
	case a.Signer != "":
		signed = "signed with key " + a.Signer + ", which nobody told verify to trust: that proves nothing about who made it; name the key of that office with --key"
	case a.whole:
		signed = unsigned
	}
	return found, signed
}

// beside checks what lies beside the case file.
func (a *verifyAnswer) beside(report *bag.Report, roots *x509.CertPool, wanted bool) error {
	if report.ID == "" {
		return nil // nothing of it could be read; a log beside it may be its own
	}
	entries, err := custody.Read(a.Path, report.ID)
	switch {
	case errors.Is(err, custody.ErrBroken):
		a.Problems = append(a.Problems, bag.Problem{Path: filepath.Base(custody.LogFile(a.Path)), Problem: err.Error()})
	case err != nil:
		return err
	}
	a.Custody, a.Head = append(a.Custody, entries...), custody.Head(entries)
	_, content := report.Stamped()
	a.Stamp, err = custody.ReadStamp(a.Path, content, roots)
	name := filepath.Base(custody.StampFile(a.Path))
	switch {
	case errors.Is(err, custody.ErrStamp), errors.Is(err, custody.ErrAuthority):
		a.Problems = append(a.Problems, bag.Problem{Path: name, Problem: err.Error()})
	case err != nil:
		return err
	case a.Stamp == nil && wanted:
		a.Problems = append(a.Problems, bag.Problem{Path: name, Problem: "is missing: a time stamp is wanted, and there is none"})
	}
	return nil
}

// table lists the problems.
func (a verifyAnswer) table() output.Grid {
	grid := output.NewGrid("path", "problem")
	for _, p := range a.Problems {
		grid.Add(p.Path, p.Problem)
	}
	return grid
}

// Print says what was checked, what that is worth, and what is wrong. In a pipe a whole case file is one line that says so.
func (a verifyAnswer) Print(page *output.Page) {
	if page.Format() == output.TSV {
		grid := a.table()
		if a.OK {
			found, signed := a.verdict()
			grid.Add(a.Path, found+"; "+signed)
		}
		page.Rows(grid)
		return
	}
	for _, f := range a.Info {
		page.Say("%-22s %s", f.Label, f.Value)
	}
	found, signed := a.verdict()
	page.Say("checked: %s files, %s bytes: %s", number(page, int64(a.Checked)), number(page, a.Bytes), found)
	if signed != "" {
		page.Say("%s", signed)
	}
	if s := a.Stamp; s != nil {
		by := "nobody checked whom that is: name its certificate with --authority"
		if s.Trusted {
			by = "which is trusted"
		}
		page.Say("time stamp of %s by %s; %s", clockTime(s.Time), s.Authority, by)
	}
	if len(a.Custody) > 0 {
		page.Say("\ncustody, %d %s, up to %s:", len(a.Custody), plural(len(a.Custody), "line"), a.Head)
		page.Rows(custodyGrid(a.Custody))
	}
	if len(a.Problems) == 0 {
		return
	}
	page.Rows(a.table())
	page.Say("\nnext: %s", a.next)
}
