package main

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zip"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/ulikunitz/xz"
)

// pack OUT IN... packs files as the name of OUT says: gz, zst, xz, or zip, which alone takes several, and folders.
func pack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: pack OUT IN...")
	}
	var out bytes.Buffer
	if filepath.Ext(args[0]) == ".zip" {
		w := zip.NewWriter(&out)
		for _, name := range args[1:] {
			ts.Check(filepath.WalkDir(ts.MkAbs(name), func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				content, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				into, err := w.Create(filepath.ToSlash(name + strings.TrimPrefix(path, ts.MkAbs(name))))
				if err == nil {
					_, err = into.Write(content)
				}
				return err
			}))
		}
		ts.Check(w.Close())
	} else {
		ts.Check(squeeze(&out, args[0], ts.ReadFile(args[1])))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
}

// bomb OUT IN packs a file whose last line is repeated until it takes 80 MiB.
func bomb(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bomb OUT IN")
	}
	text := ts.ReadFile(args[1])
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	last := lines[len(lines)-1] + "\n"
	var out, more bytes.Buffer
	ts.Check(squeeze(&out, args[0], text))
	ts.Check(squeeze(&more, args[0], strings.Repeat(last, 1<<20/len(last))))
	for range 80 {
		out.Write(more.Bytes())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
}

// squeeze packs a text as a name says.
func squeeze(out io.Writer, name, text string) error {
	var w io.WriteCloser
	var err error
	switch filepath.Ext(name) {
	case ".zst":
		w, err = zstd.NewWriter(out)
	case ".xz":
		w, err = xz.WriterConfig{DictCap: 1 << 20}.NewWriter(out)
	default:
		w = gzip.NewWriter(out)
	}
	if err != nil {
		return err
	}
	if _, err = io.WriteString(w, text); err != nil {
		return err
	}
	return w.Close()
}
