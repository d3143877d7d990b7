package view

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rummage/atomicfile"
	"rummage/graph"
)

// Cache is a folder of snapshots. A snapshot holds ids, so its file can be read by its owner alone, and it is used only for
// exactly the question that it was made for.
type Cache struct {
	Dir      string // "" keeps no snapshots
	MaxBytes int64  // of all snapshots together; the oldest give way. 0 means DefaultCacheBytes
	Version  string // of rummage: another version makes its own snapshots
}

// DefaultCacheBytes is the room that snapshots take unless told otherwise.
const DefaultCacheBytes = 1 << 30

// CacheReport tells what became of a snapshot. Nothing in it is an error of the view, which is right in any case.
type CacheReport struct {
	Path   string // of the snapshot; "" when there is no cache
	Used   bool   // the view was taken from it
	Stored bool   // the view was written to it

	// Extended says that the view was made of what one before it was made of, and of what is new: see Options.Before.
	Extended bool
	Note     string // why a snapshot there was not used, or could not be stored; "" when all is well
}

const snapshotSuffix = ".view"

// snapshotKey names everything that a view depends on: sources, until and known on, what people decided, the table of rules
// and the options, the version of the program and of the format.
func snapshotKey(scope graph.Scope, decisions []graph.Decision, opts Options) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n%q\n%s\n", snapshotVersion, opts.Cache.Version, scope.Fingerprint())
	for i := range decisions {
		d := &decisions[i]
		fmt.Fprintf(h, "%d %q %q %q\n", d.Seq, d.Subject, d.Other, d.Kind)
	}
	edges := slices.Clone(opts.Edges)
	slices.Sort(edges)
	fmt.Fprintf(h, "%v %g\n", slices.Compact(edges), opts.Decay)
	for _, rule := range rules {
		fmt.Fprintf(h, "%d %d %v\n", rule.Edge, rule.Shape, rule.Roles)
	}
	fmt.Fprintf(h, "%g %d %v %v\n", serviceShare, serviceClients, serviceRoles, partyRoles)
	return [sha256.Size]byte(h.Sum(nil))
}

func (c *Cache) path(key [sha256.Size]byte) string {
	return filepath.Join(c.Dir, hex.EncodeToString(key[:16])+snapshotSuffix)
}

// load returns the snapshot of that key, or nil and why there is none to use.
func (c *Cache) load(key [sha256.Size]byte) (*View, CacheReport) {
	if c.Dir == "" {
		return nil, CacheReport{}
	}
	report := CacheReport{Path: c.path(key)}
	content, err := os.ReadFile(report.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, report
	}
	if err == nil {
		var v *View
		if v, err = decode(content, key); err == nil {
			report.Used = true
			return v, report
		}
	}
	report.Note = fmt.Sprintf("snapshot %s was made again: %v", filepath.Base(report.Path), err)
	return nil, report
}

// store writes the snapshot whole or not at all, and makes room for it.
func (c *Cache) store(key [sha256.Size]byte, v *View, report CacheReport) CacheReport {
	if c.Dir == "" {
		return report
	}
	if err := c.write(report.Path, encode(v, key)); err != nil {
		report.Note = strings.TrimPrefix(report.Note+fmt.Sprintf("; snapshot %s was not stored: %v", filepath.Base(report.Path), err), "; ")
		return report
	}
	report.Stored = true
	return report
}

func (c *Cache) write(path string, content []byte) error {
	room := c.MaxBytes
	if room == 0 {
		room = DefaultCacheBytes
	}
	if int64(len(content)) > room {
		return fmt.Errorf("%d bytes, and %d are allowed for all", len(content), room)
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	if err := c.evict(room-int64(len(content)), filepath.Base(path)); err != nil {
		return err
	}
	return atomicfile.Write(path, 0o600, content)
}

// evict removes the oldest snapshots until the rest takes at most room. The one about to be replaced does not count.
func (c *Cache) evict(room int64, replaced string) error {
	entries, err := os.ReadDir(c.Dir)
	if err != nil {
		return err
	}
	var files []fs.FileInfo
	var used int64
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !strings.HasSuffix(entry.Name(), snapshotSuffix) || entry.Name() == replaced {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			continue // another process was faster
		}
		files, used = append(files, info), used+info.Size()
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int {
		return cmp.Or(a.ModTime().Compare(b.ModTime()), strings.Compare(a.Name(), b.Name()))
	})
	for _, file := range files {
		if used <= room {
			break
		}
		if err := os.Remove(filepath.Join(c.Dir, file.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		used -= file.Size()
	}
	return nil
}
