package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"rummage/casefile/bag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
)

// verifyAnswer is what rummage verify says.
type verifyAnswer struct {
	OK       bool          `json:"ok"`
	Path     string        `json:"path"`
	Checked  int           `json:"checked"` // files
	Bytes    int64         `json:"bytes"`
	Signer   string        `json:"signer"` // public key of the signature, in hexadecimal digits; "" without one
	Info     []bag.Field   `json:"info"`
	Problems []bag.Problem `json:"problems"`
}

func newVerifyCommand(d *desk) *cobra.Command {
	var keys []string
	c := &cobra.Command{
		Use:   "verify PATH",
		Short: "Whether a case file is as it was made",
		Long: "Reads every byte of a case file, a folder or a zip file, and lists what is not as it was when it was made: files\n" +
			"changed, missing, added or renamed. It needs no store. It ends with 1 when something is wrong.\n\n" +
			"Without a signature that finds accidents, not forgery: whoever changes a file can write manifests that fit. With\n" +
			"--key it must be signed by the owner of that key.",
		Example: "  rummage verify case-7.zip\n  rummage verify case-7.zip --key office.pub.pem --json",
		Args:    exactly("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runVerify(cmd.Context(), d, args[0], keys)
		},
	}
	c.Flags().StringSliceVar(&keys, "key", nil, "`file` with an Ed25519 public key (PEM) that may have signed it; several are several who may")
	return c
}

func runVerify(ctx context.Context, d *desk, path string, files []string) error {
	var keys []ed25519.PublicKey
	for _, file := range files {
		key, err := bag.PublicKey(file)
		if err != nil {
			return exit.With(exit.Usage, err, "openssl pkey -in key.pem -pubout -out key.pub.pem makes one of a private key")
		}
		keys = append(keys, key)
	}
	report, err := bag.Verify(ctx, path, keys...)
	if errors.Is(err, bag.ErrNoBag) || errors.Is(err, fs.ErrNotExist) {
		return exit.With(exit.Usage, err, "")
	}
	if err != nil {
		return err
	}
	answer := verifyAnswer{report.OK(), path, report.Files, report.Bytes, report.Signer, append([]bag.Field{}, report.Info...), report.Problems}
	if err := d.answer(answer); err != nil || answer.OK {
		return err
	}
	return exit.Status(exit.Failed)
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
			grid.Add(a.Path, "all is as it was made")
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
		page.Say("unsigned: that finds accidents, not forgery")
	}
	if len(a.Problems) == 0 {
		return
	}
	page.Rows(a.table())
}
