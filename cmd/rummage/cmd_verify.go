package main

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"io/fs"
	"path/filepath"

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
	Signer   string        `json:"signer"` // public key of the signature, in hexadecimal digits; "" without one
	Info     []bag.Field   `json:"info"`
	Problems []bag.Problem `json:"problems"`

	ID      string          `json:"id"`           // of its content; rummage casefiles lists it where it was made
	Custody []custody.Entry `json:"custody"`      // the log beside it
	Head    string          `json:"custody_head"` // digest of the last line of the log; "" without one
	Stamp   *custody.Stamp  `json:"stamp"`        // the time stamp beside it; null without one
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
			"changed, missing, added or renamed. It needs no store. It ends with 1 when something is wrong.\n\n" +
			"Without a signature that finds accidents, not forgery: whoever changes a file can write manifests that fit. With\n" +
			"--key it must be signed by the owner of that key. That is asked of the case file, not of the lines of its custody log,\n" +
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
	if errors.Is(err, bag.ErrNoBag) || errors.Is(err, fs.ErrNotExist) {
		err = exit.With(exit.Usage, err, "")
	}
	return report, err
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
		Problems: report.Problems, ID: report.ID, Custody: []custody.Entry{}}
	if err := answer.beside(report, roots, len(opts.authorities) > 0); err != nil {
		return err
	}
	answer.OK = len(answer.Problems) == 0
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

// beside checks what lies beside the case file.
func (a *verifyAnswer) beside(report *bag.Report, roots *x509.CertPool, wanted bool) error {
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
			verdict := "all is as it was made"
			if a.Signer == "" {
				verdict += "; " + unsigned
			}
			grid.Add(a.Path, verdict)
		}
		page.Rows(grid)
		return
	}
	for _, f := range a.Info {
		page.Say("%-22s %s", f.Label, f.Value)
	}
	verdict := "all is as it was made"
	if !a.OK {
		verdict = "it is NOT as it was made"
	}
	page.Say("checked: %s files, %s bytes: %s", number(page, int64(a.Checked)), number(page, a.Bytes), verdict)
	switch {
	case a.Signer != "":
		page.Say("signed by the owner of key %s", a.Signer)
	case a.OK:
		page.Say(unsigned)
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
}
