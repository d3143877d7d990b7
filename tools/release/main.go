// Command release says what the binaries of a release are: a bill of materials beside each (CycloneDX), read from the binary itself, and one
// list of SHA-256 sums of all. It must not know how they were built, and reads no clock, so that the same binaries give the same files.
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// sums is the list of all files, in the form that sha256sum -c reads.
const sums = "SHA256SUMS"

// errDevelopment is returned for a binary whose module has no version to be named by.
var errDevelopment = errors.New("say which commit it is of: -commit")

func main() {
	folder := flag.String("folder", "bin/release", "where the binaries lie")
	commit := flag.String("commit", "", "what they were built from")
	flag.Parse()
	if err := describe(*folder, *commit); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// describe writes the bills of materials of all binaries in a folder, and the list of sums.
func describe(folder, commit string) error {
	if commit == "" {
		return errDevelopment
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() || e.Name() == sums || strings.HasSuffix(e.Name(), ".cdx.json") {
			continue
		}
		if err := bill(filepath.Join(folder, e.Name()), commit); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	return list(os.DirFS(folder), filepath.Join(folder, sums))
}

// bill writes what a binary is made of beside it.
func bill(path, commit string) error {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return err
	}
	content, err := os.Open(path)
	if err != nil {
		return err
	}
	sum, err := sumOf(content)
	if err = errors.Join(err, content.Close()); err != nil {
		return err
	}
	file, err := os.Create(path + ".cdx.json")
	if err != nil {
		return err
	}
	encoder := cdx.NewBOMEncoder(file, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false)
	return errors.Join(encoder.EncodeVersion(bom(info, filepath.Base(path), commit, sum), cdx.SpecVersion1_6), file.Close())
}

// bom is what the binary says of itself: its modules, with the sums that the Go checksum database vouches for, and the standard library.
func bom(info *debug.BuildInfo, name, commit, sum string) *cdx.BOM {
	b := cdx.NewBOM()
	b.SerialNumber = "urn:uuid:" + uuid(sum)
	settings := []cdx.Property{}
	for _, s := range info.Settings {
		if s.Key != "-ldflags" && s.Value != "" {
			settings = append(settings, cdx.Property{Name: "build:" + s.Key, Value: s.Value})
		}
	}
	b.Metadata = &cdx.Metadata{Component: &cdx.Component{
		BOMRef: name, Type: cdx.ComponentTypeApplication, Name: name, Version: commit, PackageURL: "pkg:golang/" + info.Main.Path + "@" + commit,
		Hashes:     &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: sum}},
		Properties: &settings,
	}}
	version := strings.TrimPrefix(info.GoVersion, "go")
	all := []cdx.Component{{BOMRef: "std", Type: cdx.ComponentTypeLibrary, Name: "std", Version: version, PackageURL: "pkg:golang/std@" + version}}
	needs := []string{"std"}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		url := "pkg:golang/" + m.Path + "@" + m.Version
		c := cdx.Component{BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: m.Path, Version: m.Version, PackageURL: url}
		if m.Sum != "" {
			c.Properties = &[]cdx.Property{{Name: "go:sum", Value: m.Sum}}
		}
		all = append(all, c)
		needs = append(needs, url)
	}
	b.Components = &all
	b.Dependencies = &[]cdx.Dependency{{Ref: name, Dependencies: &needs}}
	return b
}

// uuid makes an id of a sum, as of version 8 (RFC 9562), whose bits are whoever's who makes it.
func uuid(sum string) string {
	b := []byte(sum[:32])
	b[12], b[16] = '8', '8'
	return fmt.Sprintf("%s-%s-%s-%s-%s", b[:8], b[8:12], b[12:16], b[16:20], b[20:])
}

func sumOf(content io.Reader) (string, error) {
	h := sha256.New()
	_, err := io.Copy(h, content)
	return hex.EncodeToString(h.Sum(nil)), err
}

// list writes the sums of all files of a folder but itself, ordered by name.
func list(folder fs.FS, to string) error {
	var text strings.Builder
	err := fs.WalkDir(folder, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == sums {
			return err
		}
		content, err := folder.Open(path)
		if err != nil {
			return err
		}
		sum, err := sumOf(content)
		fmt.Fprintf(&text, "%s  %s\n", sum, path)
		return errors.Join(err, content.Close())
	})
	if err != nil {
		return err
	}
	return os.WriteFile(to, []byte(text.String()), 0o644)
}
