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

// fetching is how long a download may take.
const fetching = 10 * time.Minute

// Fetch gets the jars of a server with these options, unless they are here already: CI does it once before
// the tests, which then measure themselves and not the network. Returns the folder of the server's jars.
func Fetch(ctx context.Context, o Options) (string, error) {
	if _, _, err := plugins(ctx, o); err != nil {
		return "", err
	}
	return jars(ctx, "server")
}

// plugins returns the folders of the plug-ins' jars that the options ask for.
func plugins(ctx context.Context, o Options) (browser, gds string, err error) {
	if o.HTTP {
		if browser, err = jars(ctx, "browser"); err != nil {
			return "", "", err
		}
	}
	if o.GDS {
		if gds, err = jars(ctx, "gds"); err != nil {
			return "", "", err
		}
	}
	return browser, gds, nil
}

// jars returns the folder with the jars of one description. It is named by the description's hash, appears whole
// or not at all, and is never written again, so that any number of test binaries may use it.
func jars(ctx context.Context, set string) (string, error) {
	text, err := maven.ReadFile("maven/" + set + ".xml")
	if err != nil {
		return "", fmt.Errorf("neo4jtest: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("neo4jtest: a folder for the server's jars: %w", err)
	}
	cache = filepath.Join(cache, "rummage-neo4jtest")
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
	lock := flock.New(filepath.Join(cache, "lock"))
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return "", fmt.Errorf("neo4jtest: wait for another download of the server: %w", err)
	}
	defer lock.Close()
	if present(folder) {
		return folder, nil
	}
	return folder, download(ctx, text, folder)
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
