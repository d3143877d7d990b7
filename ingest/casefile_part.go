package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rummage/casefile/marking"
)

// ErrCasePart is returned for a file that lies in the folder of a case file: taken in alone it would lose the handling code, the sources that it
// cites and the signature, which are of the whole.
var ErrCasePart = errors.New("it is a part of a case file, which is taken in whole or not at all")

const (
	// mostAbove is how many folders above a file are looked at for those of a case file; within one, files lie three deep at most.
	mostAbove = 5
	// mostSaying bounds how far above a file marking.File holds: originals lie a folder below theirs.
	mostSaying = 1
	// mostSaid is how many bytes it has at most; a pipe or a larger file of that name is of somebody else.
	mostSaid = 1 << 16
)

// least is the code that files have at least, as HANDLING.txt says beside or above them. ErrCasePart, or an error of a file.
func least(files ...string) (marking.Code, error) {
	var most marking.Code
	for _, file := range files {
		at, err := filepath.Abs(file)
		if err != nil {
			return most, err
		}
		if target, err := filepath.EvalSymlinks(at); err == nil { // else opening it will tell
			at = target
		}
		for level := range mostAbove + 1 {
			above := filepath.Dir(at)
			if above == at {
				break
			}
			at = above
			if holdsCase(at) {
				return most, fmt.Errorf("%w: %s", ErrCasePart, at)
			}
			if level > mostSaying {
				continue
			}
			code, err := said(filepath.Join(at, marking.File))
			if err != nil {
				return most, err
			}
			most = marking.Strictest(most, code)
		}
	}
	return most, nil
}

// arrive opens a file with the parts that are wanted. ErrCasePart, and as the function of that name.
func (r *run) arrive(ctx context.Context, path string) (*arrival, error) {
	files := []string{path}
	for _, w := range r.options.With {
		files = append(files, w.File)
	}
	code, err := least(files...)
	if err != nil {
		return nil, err
	}
	came, err := arrive(ctx, path, r.options.Part)
	if err != nil {
		return nil, err
	}
	came.least = code
	return came, nil
}

// holdsCase tells the folder of a case file, also of one that is damaged; bags of others are left alone.
func holdsCase(folder string) bool {
	there := func(names ...string) bool {
		for _, name := range names {
			if _, err := os.Stat(filepath.Join(folder, filepath.FromSlash(name))); err == nil {
				return true
			}
		}
		return false
	}
	return there("bagit.txt", "manifest-sha256.txt") && there("data/"+caseCustody, "data/"+caseRows)
}

// said reads the code of such a file, none where it is not there or says something else.
func said(file string) (marking.Code, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (!info.Mode().IsRegular() || info.Size() > mostSaid) {
		return marking.Code{}, nil
	}
	if err != nil {
		return marking.Code{}, fmt.Errorf("the handling code beside it: %w", err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return marking.Code{}, fmt.Errorf("the handling code beside it: %w", err)
	}
	first, _, _ := bytes.Cut(content, []byte("\n"))
	if code, err := marking.Parse(string(first)); err == nil {
		return code, nil
	}
	return marking.Code{}, nil // of somebody else, or of a case file without a code
}

// atLeast is the handling code of the file: the one that was asked for, or that beside it where that is stricter.
func (j *job) atLeast() (string, error) {
	if j.least == (marking.Code{}) {
		return j.options.Handling, nil
	}
	wanted, err := marking.Parse(j.options.Handling)
	if err != nil {
		return "", err
	}
	return marking.Strictest(j.least, wanted).String(), nil
}
