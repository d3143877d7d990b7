package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"rummage/casefile"
	"rummage/cmd/rummage/internal/exit"
	"rummage/graph"
)

// originals are the files that sources stand on, each once, joined ones too. Where no copy was kept of one, the error names its source.
func (a *archive) originals(ctx context.Context, sources []graph.Source) ([]casefile.Original, error) {
	var all []casefile.Original
	var lacking []string
	seen := map[graph.SHA256]bool{}
	for i := range sources {
		s := &sources[i]
		names := map[graph.SHA256]string{s.SHA256: s.Name}
		for j := range s.Joined {
			names[s.Joined[j].SHA256] = s.Joined[j].Name
		}
		for _, file := range s.Files() {
			if seen[file] {
				continue
			}
			seen[file] = true
			kept, err := a.Evidence(ctx, file)
			if errors.Is(err, graph.ErrNoEvidence) || errors.Is(err, graph.ErrNotFound) {
				lacking = append(lacking, fmt.Sprintf("%s, %s", s.ID, s.Title()))
				continue
			}
			if err != nil {
				return nil, err
			}
			if err := kept.Close(); err != nil {
				return nil, err
			}
			all = append(all, casefile.Original{SHA256: file, Name: names[file], Copy: func(to io.Writer) error { return a.copyOut(ctx, file, to) }})
		}
	}
	if len(lacking) > 0 {
		return nil, exit.With(exit.Failed, fmt.Errorf("export: --originals: no copy is kept of the file of %s", strings.Join(slices.Compact(lacking), "; ")),
			"leave --originals out, or withdraw these and ingest the files again without --no-evidence")
	}
	return all, nil
}

// copyOut writes the bytes of a kept file.
func (a *archive) copyOut(ctx context.Context, file graph.SHA256, to io.Writer) error {
	kept, err := a.Evidence(ctx, file)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, io.NewSectionReader(kept, 0, kept.Size()))
	return errors.Join(err, kept.Close())
}
