package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"

	"rummage/algo/evaluate"
	"rummage/algo/stat"
	"rummage/cmd/rummage/internal/exit"
	"rummage/fixtures/simulate"
	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/ingest"
)

// trial is a world on the disk whose truth is known.
type trial struct {
	level string
	seed  uint64
	files []string
	truth evaluate.Truth
}

// readTrial finds the files of a world and its truth: what rummage simulate wrote, or the tables consignments, addresses and
// truth of the worlds that came with the method.
func readTrial(dir string) (*trial, error) {
	file, err := os.Open(filepath.Join(dir, simulate.TruthFile))
	if errors.Is(err, os.ErrNotExist) {
		return readTables(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("evaluate: %w", err)
	}
	defer file.Close()
	truth, err := simulate.ReadTruth(file)
	if err != nil {
		return nil, fmt.Errorf("evaluate: %s: %w", dir, err)
	}
	t := &trial{level: truth.Options.Level, seed: truth.Options.Seed, truth: truthOf(truth)}
	for _, name := range tables() {
		t.files = append(t.files, filepath.Join(dir, name))
	}
	return t, nil
}

// truthOf names the planted parties as the mapping of simulated worlds does. Schemes count as rings, their look-alikes as benign
// groups.
func truthOf(truth *simulate.Truth) evaluate.Truth {
	ids := func(names []string) []graph.ID {
		all := make([]graph.ID, len(names))
		for i, name := range names {
			all[i] = graph.NewID(graph.Party, "rummage", name)
		}
		return all
	}
	var t evaluate.Truth
	for _, g := range truth.Rings {
		t.Rings = append(t.Rings, ids(g.Members()))
	}
	for _, g := range truth.Benign {
		t.Benign = append(t.Benign, ids(g.Members()))
	}
	for _, s := range truth.Schemes {
		if s.Benign {
			t.Benign = append(t.Benign, ids(s.Parties()))
			continue
		}
		t.Rings = append(t.Rings, ids(s.Parties()))
	}
	t.Lone = ids(truth.LoneOffenders)
	return t
}

// readTables reads a world of plain tables.
func readTables(dir string) (*trial, error) {
	t := &trial{level: filepath.Base(dir)}
	for _, name := range []string{"consignments", "addresses"} {
		path, err := table(dir, name)
		if err != nil {
			return nil, err
		}
		t.files = append(t.files, path)
	}
	path, err := table(dir, "truth")
	if err != nil {
		return nil, err
	}
	rows, err := readCSV(path)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || strings.Join(rows[0], ",") != "party,ring,benign_group,lone_offender" {
		return nil, fmt.Errorf("evaluate: %s: want the columns party, ring, benign_group, lone_offender", path)
	}
	groups := [2]map[string]int{{}, {}}
	for _, row := range rows[1:] {
		id := graph.NewID(graph.Party, "world", row[0])
		for i, into := range []*[][]graph.ID{&t.truth.Rings, &t.truth.Benign} {
			name := row[1+i]
			if name == "" {
				continue
			}
			at, known := groups[i][name]
			if !known {
				at = len(*into)
				groups[i][name] = at
				*into = append(*into, nil)
			}
			(*into)[at] = append((*into)[at], id)
		}
		if row[3] == "1" {
			t.truth.Lone = append(t.truth.Lone, id)
		}
	}
	return t, nil
}

// table finds a table in a folder, plain or gzipped.
func table(dir, name string) (string, error) {
	for _, suffix := range []string{".csv", ".csv.gz"} {
		path := filepath.Join(dir, name+suffix)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", exit.With(exit.Failed, fmt.Errorf("evaluate: %s holds neither %s nor %s.csv", dir, simulate.TruthFile, name),
		"rummage simulate --out DIR writes a world")
}

func readCSV(path string) ([][]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("evaluate: %w", err)
	}
	defer file.Close()
	var from io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if from, err = gzip.NewReader(file); err != nil {
			return nil, fmt.Errorf("evaluate: %s: %w", path, err)
		}
	}
	rows, err := csv.NewReader(from).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("evaluate: %s: %w", path, err)
	}
	return rows, nil
}

// inStore ingests files into a new store at path and hands over a reader of it.
func (d *desk) inStore(ctx context.Context, path string, files []string, work func(reader graph.Reader) error) (err error) {
	store, err := sqlite.Open(ctx, path, sqlite.Options{Create: true, Holder: d.called})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	_, err = ingest.Run(ctx, store, files, ingest.Options{
		NoEvidence: true, Now: d.clock,
		Progress: func(p ingest.Progress) {
			d.bringing(p, filepath.Base(p.File))
		},
	})
	if err != nil {
		return ingestError(err)
	}
	reader, err := store.Within(ctx, graph.Scope{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	return work(reader)
}

// writeRatios writes one line a party, to 12 significant digits.
func writeRatios(path string, parties []evaluate.Party) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	bit := map[bool]string{false: "0", true: "1"}
	out := csv.NewWriter(file)
	rows := [][]string{{"id", "party", "candidate", "ring", "degree", "rr_v1", "rr_v2", "score"}}
	for _, p := range parties {
		rows = append(rows, []string{string(p.ID), p.ID.Label(), bit[p.Candidate], bit[p.Ring], strconv.Itoa(p.Degree),
			stat.Digits(p.V1), stat.Digits(p.V2), stat.Digits(p.Score)})
	}
	return out.WriteAll(rows)
}
