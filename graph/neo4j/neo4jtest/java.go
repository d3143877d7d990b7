package neo4jtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// oldest is the Java that Neo4j 5 asks for at least.
const oldest = 17

// virtual is a Java that can run the server, with what the server needs of files.
type virtual struct {
	java    string // the program
	version string // what it says of itself, all lines
	jars    string // the folder of the server's jars
	archive string // of loaded classes, see archive.go; empty if there is none
}

// installed prepares a server that Java runs: its jars, a folder, settings, a password.
func installed(ctx context.Context, o Options) (*Server, error) {
	vm, err := fetched(ctx, o)
	if err != nil {
		return nil, err
	}
	return vm.prepare(ctx, o)
}

// fetched finds Java and gets everything else that a server with these options is run from.
func fetched(ctx context.Context, o Options) (virtual, error) {
	vm, err := newEnough(ctx)
	if err != nil {
		return vm, err
	}
	if _, err := plugins(ctx, o); err != nil {
		return vm, err
	}
	if vm.jars, err = jars(ctx, "server"); err != nil {
		return vm, err
	}
	vm.archive, err = classes(ctx, vm)
	return vm, err
}

// prepare lays out a server's folder and the command that runs it.
func (vm virtual) prepare(ctx context.Context, o Options) (*Server, error) {
	folder, err := home(o.Folder)
	if err != nil {
		return nil, err
	}
	p := &process{java: vm.java, folder: folder, kept: o.Folder != "", done: make(chan struct{})}
	close(p.done)
	password, err := p.furnish(ctx, o, vm)
	if err == nil {
		p.dog, err = watch(p.lost(), "process")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("neo4jtest: prepare %s: %w", folder, err), p.clear(ctx))
	}
	s := &Server{
		Address: "bolt://" + local(o.Port), User: "neo4j", Password: password, Database: "neo4j",
		Folder: folder, How: vm.java, engine: p, patience: o.Patience,
	}
	if o.HTTP {
		s.Browser = "http://" + local(o.HTTPPort) + "/browser/"
	}
	return s, nil
}

// local is a port of this machine alone.
func local(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }

// home makes the server's folder: the one named, or a temporary one.
func home(named string) (string, error) {
	if named == "" {
		folder, err := os.MkdirTemp("", "rummage-neo4j-")
		if err != nil {
			return "", fmt.Errorf("neo4jtest: a folder for the server: %w", err)
		}
		return folder, nil
	}
	folder, err := filepath.Abs(named)
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("neo4jtest: a folder for the server: %w", err)
	}
	return folder, nil
}

// program is the Java to run: that of JAVA_HOME, else the first on the path.
func program() (string, error) {
	if base := os.Getenv("JAVA_HOME"); base != "" {
		return exec.LookPath(filepath.Join(base, "bin", "java"))
	}
	return exec.LookPath("java")
}

var versionLine = regexp.MustCompile(`version "(?:1\.)?(\d+)`)

// newEnough returns a Java that can run the server.
func newEnough(ctx context.Context) (virtual, error) {
	java, err := program()
	if err != nil {
		return virtual{}, fmt.Errorf("%w: Java %d or later is needed: %w", ErrNone, oldest, err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	said, err := exec.CommandContext(ctx, java, "-version").CombinedOutput()
	if err != nil {
		return virtual{}, fmt.Errorf("%w: %s -version: %w: %s", ErrNone, java, err, tail(string(said)))
	}
	number := versionLine.FindSubmatch(said)
	if number == nil {
		return virtual{}, fmt.Errorf("%w: %s -version names no version: %q", ErrNone, java, tail(string(said)))
	}
	if version, err := strconv.Atoi(string(number[1])); err != nil || version < oldest {
		return virtual{}, fmt.Errorf("%w: %s is Java %s, and Neo4j 5 needs %d or later; set JAVA_HOME to one",
			ErrNone, java, number[1], oldest)
	}
	return virtual{java: java, version: string(said)}, nil
}

// furnish lays out the folder and the command, and returns the password. In a folder that was used before, data
// and password stay as they are.
func (p *process) furnish(ctx context.Context, o Options, vm virtual) (string, error) {
	for _, name := range []string{"conf", "data", "logs", "run", "plugins", "import"} {
		if err := os.MkdirAll(filepath.Join(p.folder, name), 0o700); err != nil {
			return "", err
		}
	}
	text := strings.Join(p.conf(o), "\n") + "\n"
	if err := os.WriteFile(filepath.Join(p.folder, "conf", "neo4j.conf"), []byte(text), 0o600); err != nil {
		return "", err
	}
	added, err := plugins(ctx, o)
	if err != nil {
		return "", err
	}
	path, beside := filepath.Join(vm.jars, "*"), filepath.Join(p.folder, "plugins")
	if err := unlink(beside); err != nil {
		return "", err
	}
	for _, from := range added {
		if err := link(from, beside, vm.jars); err != nil {
			return "", err
		}
	}
	if len(added) > 0 {
		path += string(filepath.ListSeparator) + filepath.Join(beside, "*")
	}
	p.words = append(o.virtual(vm),
		"--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
		"-cp", path, "org.neo4j.server.CommunityEntryPoint",
		"--home-dir="+p.folder, "--config-dir="+filepath.Join(p.folder, "conf"), "--console-mode",
	)
	return p.secure(ctx, vm)
}

// conf is the server's settings file.
func (p *process) conf(o Options) []string {
	lines := append(o.conf(),
		"server.directories.data=data",
		"server.directories.logs=logs",
		"server.directories.run=run",
		"server.directories.plugins=plugins",
		"server.directories.import=import",
		"server.default_listen_address=127.0.0.1",
		"server.bolt.enabled=true",
		"server.bolt.listen_address="+local(o.Port),
		"server.bolt.advertised_address="+local(o.Port),
		"server.http.enabled="+strconv.FormatBool(o.HTTP),
	)
	if o.HTTP {
		lines = append(lines, "server.http.listen_address="+local(o.HTTPPort))
	}
	return merged(append(lines, o.Settings...)...)
}

// virtual lists the options of the virtual machine. A test's server does little and ends soon, so it compiles
// quickly rather than well and collects garbage in one thread.
func (o Options) virtual(vm virtual) []string {
	words := []string{"-Xms" + o.Heap, "-Xmx" + o.Heap}
	if o.Measured {
		words = append(words, "-XX:+UseG1GC")
	} else {
		words = append(words, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
	}
	if vm.archive != "" {
		words = append(words, "-XX:SharedArchiveFile="+vm.archive)
	}
	return append(words, o.java...)
}

// secure sets a password before the first start and keeps it in the folder for the next.
func (p *process) secure(ctx context.Context, vm virtual) (string, error) {
	if password, err := kept(p.folder); password != "" || err != nil {
		return password, err
	}
	password := rand.Text()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	words := Options{Heap: "64m"}.virtual(vm)
	run := exec.CommandContext(ctx, p.java, append(words, "-cp", filepath.Join(vm.jars, "*"),
		"org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password)...)
	run.Env = append(run.Environ(), "NEO4J_HOME="+p.folder, "NEO4J_CONF="+filepath.Join(p.folder, "conf"))
	if said, err := run.CombinedOutput(); err != nil {
		return "", fmt.Errorf("set the password: %w\n%s", err, tail(string(said)))
	}
	return password, keep(p.folder, password)
}

// kept is the password of a folder that was used before, empty for a new one.
func kept(folder string) (string, error) {
	text, err := os.ReadFile(filepath.Join(folder, "conf", "password"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(text)), err
}

func keep(folder, password string) error {
	return os.WriteFile(filepath.Join(folder, "conf", "password"), []byte(password+"\n"), 0o600)
}
