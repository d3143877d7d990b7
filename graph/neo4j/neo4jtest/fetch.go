package neo4jtest

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// maven holds one description for Maven per set of jars.
//
//go:embed maven/*.xml
var maven embed.FS

// copying is the Maven plug-in that lays the jars into one folder, pinned as they are.
const copying = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"

// caches is where this account keeps such things, asked before a test can name another place.
var caches, noCaches = os.UserCacheDir()

// fetching is how long a download may take.
const fetching = 10 * time.Minute

// Fetch gets what a server with these options is run from, unless it is here already or Docker would run it: CI does
// that once before the tests, which then wait for nothing. The error wraps ErrNone as that of Start.
func Fetch(ctx context.Context, o Options) error {
	s, err := found(ctx, o.filled())
	if err != nil {
		return err
	}
	return s.Stop()
}

// plugins returns the folders of the plug-ins' jars that the options ask for.
func plugins(ctx context.Context, o Options) ([]string, error) {
	var folders []string
	for _, plugin := range []struct {
		wanted bool
		set    string
	}{{o.HTTP, "browser"}, {o.GDS, "gds"}} {
		if !plugin.wanted {
			continue
		}
		folder, err := jars(ctx, plugin.set)
		if err != nil {
			return nil, err
		}
		folders = append(folders, folder)
	}
	return folders, nil
}

// jars returns the folder with the jars of one description. It is named by the description's hash, appears whole
// or not at all, and is never written again, so that any number of test binaries may use it.
func jars(ctx context.Context, set string) (string, error) {
	text, err := maven.ReadFile("maven/" + set + ".xml")
	if err != nil {
		return "", fmt.Errorf("neo4jtest: %w", err)
	}
	if noCaches != nil {
		return "", fmt.Errorf("neo4jtest: a folder for the server's jars: %w", noCaches)
	}
	cache := filepath.Join(caches, "rummage-neo4jtest")
	sum := sha256.Sum256(text)
	folder := filepath.Join(cache, set+"-"+hex.EncodeToString(sum[:8]))
	if present(folder) {
		return folder, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("neo4jtest: a folder for the server's jars: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, fetching)
	defer cancel()
	unlock, err := locked(ctx, cache)
	if err != nil {
		return "", err
	}
	defer unlock()
	if present(folder) {
		return folder, nil
	}
	return folder, download(ctx, text, folder)
}

// locked waits until no other process writes to the cache, and removes what one that died left half done.
func locked(ctx context.Context, cache string) (unlock func(), err error) {
	lock := flock.New(filepath.Join(cache, "lock"))
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return nil, fmt.Errorf("neo4jtest: wait for %s, which another process holds: %w", lock.Path(), err)
	}
	halves, err := fs.Glob(os.DirFS(cache), "part-*")
	for _, half := range halves {
		err = errors.Join(err, os.RemoveAll(filepath.Join(cache, half)))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("neo4jtest: %w", err), lock.Close())
	}
	return func() { _ = lock.Close() }, nil
}

// download asks Maven for the jars into a folder beside and renames that when it is whole.
func download(ctx context.Context, text []byte, folder string) error {
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return fmt.Errorf("%w: the server's jars are not here and Maven is not installed", ErrNone)
	}
	part, err := os.MkdirTemp(filepath.Dir(folder), "part-")
	if err != nil {
		return fmt.Errorf("neo4jtest: %w", err)
	}
	defer os.RemoveAll(part) //nolint:errcheck // it is gone by then, or what failed is told already
	described := filepath.Join(part, "pom.xml")
	if err := os.WriteFile(described, text, 0o644); err != nil {
		return fmt.Errorf("neo4jtest: %w", err)
	}
	laid := filepath.Join(part, "jars")
	run := exec.CommandContext(ctx, mvn, "-B", "-ntp", "-q", "-f", described, copying, "-DincludeScope=runtime", "-DoutputDirectory="+laid)
	run.WaitDelay = 5 * time.Second
	if said, err := run.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: Maven did not get the server's jars: %w\n%s", ErrNone, err, tail(string(said)))
	}
	if !present(laid) {
		return errors.New("neo4jtest: Maven ended well but laid down no jar")
	}
	if err := os.Rename(laid, folder); err != nil {
		return fmt.Errorf("neo4jtest: %w", err)
	}
	return nil
}

// present reports whether the folder holds a jar.
func present(folder string) bool {
	found, err := fs.Glob(os.DirFS(folder), "*.jar")
	return err == nil && len(found) > 0
}

// tail is the last lines of a text, enough to see what went wrong.
func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}
