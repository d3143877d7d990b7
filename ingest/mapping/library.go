package mapping

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
)

//go:embed library/*.yaml
var shipped embed.FS

// ErrUnknown is returned for the name of no mapping.
var ErrUnknown = errors.New("unknown mapping")

// Library returns the shipped mappings by name. The list is the caller's.
func Library() ([]*Mapping, error) {
	all, err := library()
	return append([]*Mapping(nil), all...), err
}

var library = sync.OnceValues(func() ([]*Mapping, error) {
	entries, err := shipped.ReadDir("library")
	if err != nil {
		return nil, fmt.Errorf("mapping: library: %w", err)
	}
	all := make([]*Mapping, 0, len(entries))
	for _, entry := range entries {
		text, err := shipped.ReadFile(path.Join("library", entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("mapping: library: %w", err)
		}
		m, err := Parse(entry.Name(), text)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
})

// Names lists the shipped mappings by name, in order, without reading them: each lies in a
// file of its name.
func Names() []string {
	entries, err := shipped.ReadDir("library")
	if err != nil {
		// The folder is part of the program.
		panic(err)
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = strings.TrimSuffix(entry.Name(), path.Ext(entry.Name()))
	}
	return names
}

// Find returns the mapping of that name; the error wraps ErrUnknown and lists
// the names there are.
func Find(library []*Mapping, name string) (*Mapping, error) {
	names := make([]string, len(library))
	for i, m := range library {
		if m.Name == name {
			return m, nil
		}
		names[i] = m.Name
	}
	return nil, fmt.Errorf("mapping: %q: %w%s", name, ErrUnknown, suggestion(name, names))
}
