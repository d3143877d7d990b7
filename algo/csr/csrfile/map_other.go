//go:build !unix && !windows

package csrfile

import (
	"io"
	"os"
)

// mapped reads the first size bytes of a file.
func mapped(file *os.File, size int) ([]byte, func() error, error) {
	content := make([]byte, size)
	_, err := io.ReadFull(file, content)
	return content, func() error { return nil }, err
}
