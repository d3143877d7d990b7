//go:build !windows

package atomicfile

import (
	"errors"
	"os"
)

// Flush flushes the names of the files in a folder to the disk, as a file that was renamed into it needs.
func Flush(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
