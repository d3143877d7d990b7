// Package atomicfile puts a file in place whole or not at all: whoever opens its name sees the old content or the new one, whatever happens
// to the process or the machine meanwhile. It must not know what a file holds.
package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts content in the place of a file, as Fill does.
func Write(path string, mode fs.FileMode, content []byte) error {
	return Fill(path, mode, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// Fill puts what fill writes in the place of a file, with that mode. It is written beside the file, under a name that begins with a dot and
// ends with the file's own extension, flushed to the disk and renamed, and then the folder is flushed. Where the error is not nil the old
// file stands as it was, but for one of flushing the folder: then either may stand after a power cut. Nothing is left beside it; only a
// process that is killed leaves its temporary file. Windows refuses to replace a file that is open or mapped.
func Fill(path string, mode fs.FileMode, fill func(io.Writer) error) error {
	folder, base := filepath.Split(path)
	if folder == "" {
		folder = "."
	}
	file, err := os.CreateTemp(folder, "."+base+"-*"+filepath.Ext(base)) // 0600
	if err != nil {
		return err
	}
	err = fill(file)
	if err == nil {
		err = file.Chmod(mode)
	}
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err == nil {
		return Flush(folder)
	}
	if gone := os.Remove(file.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
