package view

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Clear deletes every snapshot, half written ones too, and returns how many there were. Which sources a snapshot was made of cannot be
// told from its file, so after an erasure all must go. The next views are made from the records.
func (c *Cache) Clear() (int, error) {
	if c.Dir == "" {
		return 0, nil
	}
	entries, err := os.ReadDir(c.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("view: clear: %w", err)
	}
	n := 0
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !strings.HasSuffix(entry.Name(), snapshotSuffix) {
			continue
		}
		switch removed := os.Remove(filepath.Join(c.Dir, entry.Name())); {
		case removed == nil:
			n++
		case !errors.Is(removed, fs.ErrNotExist):
			err = errors.Join(err, fmt.Errorf("view: clear: %w", removed))
		}
	}
	return n, err
}
