package bag

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// Problem is one thing that is not as it was when the bag was made. Path is empty where it concerns the whole.
type Problem struct {
	Path    string `json:"path"`
	Problem string `json:"problem"`
}

// Report is what Verify found.
type Report struct {
	// Info is what bag-info.txt says, the size of the payload as the last field; to be trusted as far as the rest of the report.
	Info []Field `json:"info"`
	// Files and Bytes are how many were read.
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// ID names the bag by its content: the SHA-256 of both tag manifests. A folder and a zip file of the same files have the same.
	ID string `json:"id"`
	// Signer is the public key of a signature that fits, in hexadecimal digits; empty where there is none.
	Signer string `json:"signer,omitempty"`
	// Problems are ordered by path. Without any, all is as it was made.
	Problems []Problem `json:"problems"`

	stamped Field
}

// Stamped returns the file that a time stamp is asked of, with its name: the signature, which covers every byte, else a tag manifest, which
// covers all but the other one.
func (r *Report) Stamped() (name string, content []byte) {
	return r.stamped.Label, []byte(r.stamped.Value)
}

// OK tells whether nothing was found wrong. Of a bag without a signature that rules out accidents, and not forgery: whoever changes a
// file can write manifests that fit.
func (r *Report) OK() bool { return len(r.Problems) == 0 }

// Verify reads every byte of a bag, a folder or a zip file, and says what differs from what it was when it was made: files changed,
// missing, added, renamed, manifests and a signature that do not fit, and of a zip file any byte that packing its files anew would not give.
// If keys are given, it must be signed by one of them.
//
// Errors: ErrNoBag for what never was a bag, and those of the file system and of the context.
func Verify(ctx context.Context, path string, keys ...ed25519.PublicKey) (*Report, error) {
	v, err := verify(ctx, path, keys)
	if err != nil {
		return nil, err
	}
	if err := v.tree.close(); err != nil {
		return nil, fmt.Errorf("bag: %s: %w", path, err)
	}
	return v.report, nil
}

// verify leaves the tree open if there is no error.
func verify(ctx context.Context, path string, keys []ed25519.PublicKey) (*verifier, error) {
	t, err := treeOf(path)
	if err != nil {
		return nil, fmt.Errorf("bag: %s: %w", path, err)
	}
	v := &verifier{tree: t, report: &Report{Problems: []Problem{}}, files: map[string]digests{}, text: map[string][]byte{}, told: map[string]bool{}}
	if a, zipped := t.(*archive); zipped {
		v.archive, v.again = a, a.repack()
	}
	if err := v.run(ctx, keys); err != nil {
		return nil, fmt.Errorf("bag: %s: %w", path, errors.Join(err, t.close()))
	}
	slices.SortFunc(v.report.Problems, func(a, b Problem) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return strings.Compare(a.Problem, b.Problem)
	})
	return v, nil
}

// largestTag bounds what is held of a file that is no payload: manifests of more than a million files.
const largestTag = 256 << 20

// errListed is of a checksum too that is 0: readers of zip files take that for one that was left out.
var errListed = errors.New("its size or its checksum is not the one that the zip file lists")

var errTag = fmt.Errorf("it is larger than the %d MiB that manifests may have", largestTag>>20)

type verifier struct {
	tree   tree
	report *Report
	files  map[string]digests
	text   map[string][]byte // contents of files that are no payload
	told   map[string]bool   // what is there and cannot be read, folders too, of which there is a problem
	// stranger says that a signature fits, by a key that is not among those that are known.
	stranger bool
	// archive and again are of a zip file, and nil for a folder.
	archive *archive
	again   *repacking
}

func (v *verifier) wrong(path, problem string) {
	v.report.Problems = append(v.report.Problems, Problem{path, problem})
}

func (v *verifier) run(ctx context.Context, keys []ed25519.PublicKey) error {
	if v.archive != nil && v.archive.anew {
		v.wrong("", ErrAnew.Error())
		return nil
	}
	if v.archive != nil && v.archive.cut {
		v.report.Problems = append(v.report.Problems, v.archive.faults...)
		return nil
	}
	names, problems, err := v.tree.names()
	if err != nil {
		return err
	}
	v.report.Problems = append(v.report.Problems, problems...)
	for _, p := range problems {
		v.told[p.Path] = true
	}
	if len(problems) == 0 && !slices.ContainsFunc(names, needed) {
		return ErrNoBag
	}
	for _, name := range names {
		if err := v.read(ctx, name); err != nil {
			return err
		}
	}
	data, tags := split(v.files)
	for _, a := range algorithms {
		v.compare(a.payload, data, a)
		v.compare(a.tags, tags, a)
	}
	v.renamed()
	if text, there := v.text[declarationFile]; there && string(text) != declaration {
		v.wrong(declarationFile, "does not say what that of a bag says")
	} else if !there {
		v.lacks(declarationFile)
	}
	v.report.Info = parseInfo(v.text[infoFile])
	v.report.ID = identity(v.tagManifests())
	v.report.stamped = Field{algorithms[0].tags, string(v.text[algorithms[0].tags])}
	if signature, there := v.text[signatureFile]; there {
		v.report.stamped = Field{signatureFile, string(signature)}
	}
	v.signature(keys)
	return v.packed()
}

// needed tells whether a file is one that makes a folder a bag.
func needed(name string) bool {
	return name == declarationFile || apart(name) ||
		slices.ContainsFunc(algorithms, func(a algorithm) bool { return a.payload == name })
}

// read sums up a file. One that cannot be read is a problem.
func (v *verifier) read(ctx context.Context, name string) error {
	file, err := v.tree.open(name)
	if err != nil {
		v.unread(name, err)
		return nil
	}
	defer file.Close()
	sum := newDigester()
	into := io.Writer(sum)
	var text bytes.Buffer
	from := io.Reader(reader{ctx, file})
	if !strings.HasPrefix(name, payload) {
		into, from = io.MultiWriter(sum, &text), io.LimitReader(from, largestTag+1)
	}
	if v.again != nil {
		packed, err := v.again.file(v.archive.files[name])
		if err != nil {
			return err
		}
		into = io.MultiWriter(into, packed)
	}
	_, err = io.Copy(into, from)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil && text.Len() > largestTag:
		err = errTag
	case err == nil && v.archive != nil && !v.archive.lists(name, sum):
		err = errListed
	}
	if err != nil {
		v.unread(name, err)
		return nil
	}
	v.files[name], v.text[name] = sum.digests(), text.Bytes()
	v.report.Files++
	v.report.Bytes += sum.size
	return nil
}

// reader ends with its context.
type reader struct {
	ctx  context.Context
	from io.Reader
}

func (r reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(b)
}

// compare holds a manifest against the files that it should list.
func (v *verifier) compare(manifest string, files map[string]digests, a algorithm) {
	content, there := v.text[manifest]
	if !there {
		v.lacks(manifest)
		return
	}
	said := listed(content)
	fits := true
	for _, name := range slices.Sorted(maps.Keys(said)) {
		d, here := files[name]
		switch {
		case !here:
			v.lacks(name)
			fits = false
		case said[name] != hex.EncodeToString(a.of(d)):
			v.once(name, "was changed, or its line in "+manifest+" was")
			fits = false
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if _, known := said[name]; !known {
			v.once(name, added)
			fits = false
		}
	}
	if fits && !bytes.Equal(content, a.manifest(files)) {
		v.once(manifest, "lists what is there, but is not written as this program writes it: it was changed")
	}
}

const (
	missing = "is missing"
	added   = "was added: no manifest lists it"
)

// once notes a problem that several manifests may show.
func (v *verifier) once(path, problem string) {
	if !slices.Contains(v.report.Problems, Problem{path, problem}) {
		v.wrong(path, problem)
	}
}

// unread notes a file that is there and cannot be read.
func (v *verifier) unread(name string, err error) {
	v.told[name] = true
	v.wrong(name, "cannot be read: "+err.Error())
}

// lacks notes that a file is missing, unless it is told already why it, or the folder that it lies in, cannot be read.
func (v *verifier) lacks(name string) {
	for above := name; above != "."; above = path.Dir(above) {
		if v.told[above] {
			return
		}
	}
	v.once(name, missing)
}

// renamed makes one problem of a file that is missing and one with its bytes that was added.
func (v *verifier) renamed() {
	said := listed(v.text[algorithms[0].payload])
	for i, p := range v.report.Problems {
		if p.Problem != missing {
			continue
		}
		for j, other := range v.report.Problems {
			d, here := v.files[other.Path]
			if other.Problem == added && here && said[p.Path] == hex.EncodeToString(algorithms[0].of(d)) {
				v.report.Problems[i].Problem = "was renamed to " + other.Path
				v.report.Problems[j].Problem = "was called " + p.Path
				break
			}
		}
	}
}

func (v *verifier) tagManifests() [][]byte {
	var manifests [][]byte
	for _, a := range algorithms {
		manifests = append(manifests, v.text[a.tags])
	}
	return manifests
}

// signature checks that there is one where one is wanted, and that it fits.
func (v *verifier) signature(keys []ed25519.PublicKey) {
	content, there := v.text[signatureFile]
	if !there {
		if len(keys) > 0 {
			v.wrong(signatureFile, "is missing: a signature is wanted, and there is none")
		}
		return
	}
	public, sum, ok := parseSignature(content)
	switch {
	case !ok:
		v.wrong(signatureFile, "is not written as this program writes a signature")
	case !ed25519.Verify(public, signed(v.tagManifests()), sum):
		v.wrong(signatureFile, "does not fit: the manifests, the key or the signature were changed")
	case len(keys) > 0 && !slices.ContainsFunc(keys, func(k ed25519.PublicKey) bool { return public.Equal(k) }):
		v.stranger = true
		v.wrong(signatureFile, "is by another key than those that are known: "+hex.EncodeToString(public))
	default:
		v.report.Signer = hex.EncodeToString(public)
	}
}

// packed says where a zip file is not what packing its files gives.
func (v *verifier) packed() error {
	if v.again == nil || !v.report.OK() {
		return nil
	}
	off, err := v.again.end()
	if err == nil && off >= 0 {
		v.wrong("", fmt.Sprintf("byte %d of the zip file is not what packing its files gives: it was changed, or packed by another program", off))
	}
	return err
}
