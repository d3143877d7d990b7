package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"rummage/graph"
)

// MaxText is the greatest size of a mapping in bytes.
const MaxText = 1 << 20

// Mapping is a checked mapping, not yet joined to a file. It is never changed
// and may be used by any number of goroutines.
type Mapping struct {
	Name  string       // lower case, as users name it
	About string       // one line for lists
	Rules graph.SHA256 // of the text

	// What the layout says about how its files are written; "" where the file
	// is to be looked at.
	Encoding  string
	Delimiter string
	Quote     string
	Widths    string // of a file of fixed width, as read.ParseWidths takes them
	Record    string // what makes a row in trees and messages, as read.Hints has it

	sparse bool // files lack columns in which they state nothing

	text         string
	joinText     string
	recognise    recognition
	nulls        []string
	withheld     []columnRef // whose cells are never kept
	date         *dateSpec
	entities     []entitySpec
	lookups      []lookupSpec
	joins        []joinSpec
	consignments []consignmentSpec
	links        []linkSpec
	outcomes     []outcomeSpec
}

// Text returns the YAML text that the mapping was read from.
func (m *Mapping) Text() string { return m.text }

// HasHeader reports whether the first row of its files names the columns.
func (m *Mapping) HasHeader() bool { return m.recognise.columns == 0 }

// Width returns how many columns a file without header has, 0 for files with
// one.
func (m *Mapping) Width() int { return m.recognise.columns }

// Load reads a mapping from a file.
func Load(path string) (*Mapping, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("mapping: load: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(file, MaxText+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("mapping: load: %w", err)
	}
	return Parse(filepath.Base(path), text)
}

// Parse reads and checks a mapping. The error is a *SyntaxError that lists
// every fault with its line; name is what it calls the file.
func Parse(name string, text []byte) (*Mapping, error) { return parseText(name, text, true) }

// parseText is Parse; not whole, the text may make no records.
func parseText(name string, text []byte, whole bool) (*Mapping, error) {
	if len(text) > MaxText {
		return nil, &SyntaxError{Name: name, Problems: []Problem{{1, fmt.Sprintf("more than %d bytes", MaxText)}}}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, &SyntaxError{Name: name, Problems: []Problem{{lineOf(err), err.Error()}}}
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 {
		return nil, &SyntaxError{Name: name, Problems: []Problem{{1, "the file holds no mapping"}}}
	}
	sum := sha256.Sum256(text)
	m := &Mapping{Rules: graph.SHA256(hex.EncodeToString(sum[:])), text: string(text)}
	p := &parser{mapping: m, repeated: map[string]int{}}
	p.top(root.Content[0])
	if whole && len(p.problems) == 0 {
		p.check()
	}
	if err := p.err(name); err != nil {
		return nil, err
	}
	return m, nil
}

// lineOf finds the line in a message of the YAML library.
func lineOf(err error) int {
	line := 1
	if _, scanErr := fmt.Sscanf(err.Error(), "yaml: line %d:", &line); scanErr != nil {
		return 1
	}
	return line
}
