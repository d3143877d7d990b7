package ingest

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"rummage/casefile/bag"
	"rummage/casefile/custody"
	"rummage/casefile/marking"
	"rummage/casefile/row"
	"rummage/graph"
	"rummage/ingest/mapping"
)

// CaseMapping is what stands as the mapping of a source that is a case file of another office.
const CaseMapping = mapping.Reserved

// ErrCase is returned for a case file that is sound but carries no rows that can be taken in.
var ErrCase = errors.New("the case file holds no rows that can be taken in")

const (
	caseRows    = "evidence/rows.jsonl"
	caseSources = "evidence/sources.json"
	caseCustody = "custody.json"
	// caseRules stands for the rules by which lines of a case file are read: one more where they change what is read.
	caseRules = "rummage case file, rows 1"
	// mostLine bounds a line of rows, in bytes.
	mostLine = 64 << 20
)

// Case is what a case file said of itself when it came in, and who sealed it.
type Case struct {
	ID     string `json:"id"`     // of its content, see bag.Report
	Signer string `json:"signer"` // public key of the signature, in hexadecimal digits; "" where it is unsigned
	// Info is what bag-info.txt says: recipient, purpose, author, handling code.
	Info []bag.Field `json:"info"`
	// Sources are the files that its rows are from, as it lists them: with their hashes, and those that lay in case files before it.
	Sources json.RawMessage `json:"sources"`
	// Made is how it came to be, as it says itself, and Custody the log that lay beside it when it came in.
	Made    json.RawMessage `json:"made,omitempty"`
	Custody []custody.Entry `json:"custody,omitempty"`
}

// caseSpec is what a source keeps of a case file, in the place of a dialect.
type caseSpec struct {
	Format string `json:"format"`
	Case   Case   `json:"case"`
}

// CaseOf returns what the case file said of itself that a source is, nil for a source of another kind.
func CaseOf(source *graph.Source) (*Case, error) {
	if source.Mapping != CaseMapping {
		return nil, nil // no case file, and nothing wrong
	}
	var spec caseSpec
	if err := json.Unmarshal(source.Dialect, &spec); err != nil {
		return nil, fmt.Errorf("ingest: %s: %w", source.ID, err)
	}
	return &spec.Case, nil
}

// courier brings one case file in.
type courier struct {
	run  *run
	path string // as given
	name string // of the folder or zip file, without the folders above
	bag  *bag.Bag
	zip  *io.SectionReader // that was verified, or packed of a folder that was; what is kept as evidence
	sha  graph.SHA256      // of it
	made string            // the temporary file that it was packed into, "" for none
	same []graph.SourceID  // that count and are case files of the same case by the same office
}

// caseFile imports a case file, a folder or a zip file.
func (r *run) caseFile(ctx context.Context, path string) []File {
	f := File{File: path}
	c := &courier{run: r, path: path}
	var source graph.Source
	whole, err := filepath.Abs(path) // "." is no name
	if err == nil {
		c.name = filepath.Base(whole)
		err = c.open(ctx)
	}
	if err == nil {
		source, err = c.bring(ctx)
	}
	r.became(ctx, &f, source, errors.Join(err, c.close()))
	if info := c.bag; info != nil && f.Err == nil {
		f.Dialect = CaseMapping
		f.Signer, f.Unsigned = info.Report.Signer, info.Report.Signer == ""
		if f.State == Imported {
			f.SameCase = c.same
		}
	}
	return []File{f}
}

// open verifies the case file, and packs one that is a folder, since what is kept of it as evidence is one file.
func (c *courier) open(ctx context.Context) error {
	opened, err := bag.Open(ctx, c.path, c.run.options.CaseKeys...)
	if err != nil {
		return err
	}
	c.bag = opened
	zip, sum := opened.Zip()
	if zip == nil {
		if err := c.pack(ctx, opened); err != nil {
			return err
		}
		zip, sum = c.bag.Zip()
	}
	c.zip, c.sha = zip, graph.SHA256(hex.EncodeToString(sum[:]))
	c.tell(StageHash, zip.Size(), 0)
	return nil
}

func (c *courier) pack(ctx context.Context, folder *bag.Bag) error {
	file, err := os.CreateTemp("", "rummage-case-*.zip")
	if err != nil {
		return err
	}
	c.made = file.Name()
	packed, err := folder.Pack(ctx, file, c.name)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	c.bag = packed
	return folder.Close()
}

func (c *courier) close() error {
	var err error
	if c.bag != nil {
		err = c.bag.Close()
	}
	if c.made != "" {
		err = errors.Join(err, os.Remove(c.made))
	}
	return err
}

// bring stores the rows as one source.
func (c *courier) bring(ctx context.Context) (graph.Source, error) {
	spec, err := c.spec()
	if err != nil {
		return graph.Source{}, err
	}
	if gone, out := c.run.takenOut(&spec, c.path); out {
		return gone, errWithdrawn
	}
	if err := c.twin(ctx, spec.SHA256); err != nil {
		return graph.Source{}, err
	}
	return c.run.source(ctx, spec, func(into graph.Import) error {
		if !c.run.options.NoEvidence {
			if err := ofKeeping(into.Keep(ctx, c.sha, c.stream(ctx))); err != nil {
				return err
			}
		}
		return c.rows(ctx, into)
	})
}

// twin returns graph.AlreadyImportedError where the store holds the same case file under other bytes: once as a zip file, and once as the
// folder in it under another name. Its rows would count as a second witness. Those of other
// case files of the same case are noted.
func (c *courier) twin(ctx context.Context, sha graph.SHA256) error {
	sources, err := c.run.store.Sources(ctx)
	if err != nil {
		return ofStore(err)
	}
	own := Case{Info: c.bag.Report.Info}
	for i := range sources {
		s := &sources[i]
		if s.EndedBy != graph.NotEnded || s.SHA256 == sha {
			continue
		}
		said, err := CaseOf(s)
		if err != nil {
			return err
		}
		if said != nil && said.ID == c.bag.Report.ID {
			return &graph.AlreadyImportedError{Source: *s}
		}
		if said != nil && own.about() != "" && said.about() == own.about() {
			c.same = append(c.same, s.ID)
		}
	}
	return nil
}

// about is the case as the office that made the case file calls it: the office, and the number, else the title; "" where it says neither.
func (c *Case) about() string {
	name := cmp.Or(c.Said("Case-Number"), c.Said("External-Description"))
	if name == "" {
		return ""
	}
	return c.Said("Author") + "\n" + name
}

func (c *courier) spec() (graph.SourceSpec, error) {
	o := c.run.options
	said := Case{ID: c.bag.Report.ID, Signer: c.bag.Report.Signer, Info: c.bag.Report.Info}
	var err error
	if said.Sources, err = c.read(caseSources); err != nil {
		return graph.SourceSpec{}, err
	}
	if said.Made, err = c.read(caseCustody); err != nil {
		return graph.SourceSpec{}, err
	}
	if said.Custody, err = custody.Read(c.path, said.ID); err != nil {
		return graph.SourceSpec{}, err
	}
	handling, err := said.handling(o.Handling)
	if err != nil {
		return graph.SourceSpec{}, err
	}
	text, err := json.Marshal(caseSpec{CaseMapping, said})
	if err != nil {
		return graph.SourceSpec{}, err
	}
	rules := sha256.Sum256([]byte(caseRules))
	spec := graph.SourceSpec{
		Name: c.name, SHA256: c.sha, Size: c.zip.Size(), Mapping: CaseMapping, Rules: graph.SHA256(hex.EncodeToString(rules[:])),
		Dialect: text, Handling: handling, Grading: o.Grading, Owner: o.Owner, Retention: o.Retention, ImportedAt: o.Now().UTC().Truncate(microsecond),
	}
	if spec.Owner == "" {
		spec.Owner = said.Said("Author")
	}
	return spec, nil
}

// Said returns what bag-info.txt says under a label, "" where it says nothing.
func (c *Case) Said(label string) string {
	for _, f := range c.Info {
		if f.Label == label {
			return f.Value
		}
	}
	return ""
}

// handling is the code of the case file, or the one that was given where that is stricter: who receives a case file cannot open it up.
func (c *Case) handling(given string) (string, error) {
	own, err := marking.Parse(c.Said("Handling"))
	if err != nil {
		return "", err
	}
	wanted, err := marking.Parse(given)
	if err != nil {
		return "", err
	}
	return marking.Strictest(own, wanted).String(), nil
}

// read reads a JSON file of the case file.
func (c *courier) read(name string) (json.RawMessage, error) {
	file, err := c.bag.File(name)
	if err != nil {
		return nil, lacking(err)
	}
	content, err := io.ReadAll(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, content); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrCase, name, err)
	}
	return compact.Bytes(), nil
}

// lacking makes of an error that a file is not there the one of a case file that cannot be taken in.
func lacking(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrCase, err)
	}
	return err
}

// rows appends the rows of the case file, of which each line is one.
func (c *courier) rows(ctx context.Context, into graph.Import) error {
	start, err := c.bag.Offset(caseRows)
	if err != nil {
		return lacking(err)
	}
	file, err := c.bag.File(caseRows)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<16)
	at, number, said := start, int64(0), false
	for {
		line, err := limited(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) == 0 {
			break
		}
		number++
		text := bytes.TrimSuffix(line, []byte("\n"))
		record := graph.Row{Number: number, Offset: at, Length: int64(len(text))}
		parsed, err := row.Parse(text)
		if err == nil {
			err = parsed.Says.Records(&record)
		}
		if err != nil {
			return fmt.Errorf("%s: line %d: %w", caseRows, number, err)
		}
		said = said || len(record.Facts)+len(record.Statements)+len(record.Links)+len(record.Outcomes) > 0
		if err := into.Append(ctx, &record); err != nil {
			return ofStore(err)
		}
		at += int64(len(line))
		c.tell(StageRows, at-start, number)
	}
	if !said {
		return fmt.Errorf("%w: its lines say nothing; it was made by an earlier version", ErrCase)
	}
	return nil
}

// limited reads a line with its end; one that is too long is an error.
func limited(from *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		piece, err := from.ReadSlice('\n')
		line = append(line, piece...)
		switch {
		case len(line) > mostLine:
			return nil, fmt.Errorf("%w: a line is longer than %d bytes", row.ErrLine, mostLine)
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

// stream is the zip file, to be kept.
func (c *courier) stream(ctx context.Context) *meter {
	return &meter{ctx: ctx, from: c.zip, total: c.zip.Size(), tell: func(done int64) { c.tell(StageKeep, done, 0) }}
}

func (c *courier) tell(stage Stage, done, rows int64) {
	if c.run.options.Progress != nil {
		c.run.options.Progress(Progress{File: c.path, Stage: stage, Done: done, Total: c.zip.Size(), Rows: rows})
	}
}

// cited fills in a row of a case file as the office that made it cites it: with the name, the hash and the row of the original.
func (e *Explainer) cited(ctx context.Context, record *row.Record, source *graph.Source) error {
	if e.file == nil || e.at != source.SHA256 {
		if err := e.Close(); err != nil {
			return err
		}
		file, err := e.reader.Evidence(ctx, source.SHA256)
		if err != nil {
			return err
		}
		e.file, e.at = file, source.SHA256
	}
	text := make([]byte, record.Bytes[1]-record.Bytes[0])
	if _, err := e.file.ReadAt(text, record.Bytes[0]); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	line, err := row.Parse(text)
	if err != nil {
		return err
	}
	var original row.Record
	if err := json.Unmarshal(line.Record, &original); err != nil {
		return fmt.Errorf("%w: %w", row.ErrLine, err)
	}
	record.Cited = &row.Citation{Source: original.Source, ID: line.Source, SHA256: original.SHA256, Mapping: original.Mapping, Row: line.Row,
		Bytes: original.Bytes, Note: line.Note, Cited: original.Cited}
	record.Columns = original.Columns
	return nil
}

// isCase tells a case file: a folder, or a zip file whatever it is called.
func isCase(path string) bool {
	stat, err := os.Stat(path)
	return err == nil && (stat.IsDir() || stat.Mode().IsRegular()) && bag.Is(path)
}
