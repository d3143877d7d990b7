package casefile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"

	"rummage/graph"
)

// ErrOriginals is returned where files as they were imported are to go into a redacted case file: they hold what is not to leave.
var ErrOriginals = errors.New("a redacted case file cannot hold the original files")

// Original is a file that rows of the case file are from, byte for byte as it was imported.
type Original struct {
	SHA256 graph.SHA256
	Name   string // of the file, as sources.json has it
	// Copy writes its bytes. What it writes is held against SHA256.
	Copy func(to io.Writer) error
}

// originalFolder holds the original files, each under its hash, by which sources.json names it.
const originalFolder = "evidence/files/"

var ending = regexp.MustCompile(`(\.[A-Za-z0-9]{1,8}){1,2}$`)

// file is its name in the case file. Of what it was called the ending stays, by which programs know it; the rest may be any text.
func (o *Original) file() string {
	return originalFolder + string(o.SHA256) + ending.FindString(o.Name)
}

func (p *packer) original(o *Original) error {
	return p.file(o.file(), func(to io.Writer) error {
		sum := sha256.New()
		if err := o.Copy(io.MultiWriter(to, sum)); err != nil {
			return err
		}
		if got := graph.SHA256(hex.EncodeToString(sum.Sum(nil))); got != o.SHA256 {
			return fmt.Errorf("%w: its hash is %s", graph.ErrEvidenceMismatch, got)
		}
		return nil
	})
}
