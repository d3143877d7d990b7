//go:build !windows

package atomicfile

import (
	"errors"
	"os"
)

// syncFolder flushes the names of the files in a folder to the disk.
func syncFolder(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
