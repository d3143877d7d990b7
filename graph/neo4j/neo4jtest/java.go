package neo4jtest

import (
	"bytes"
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
	"syscall"
	"time"
)

// oldest is the Java that Neo4j 5 asks for at least.
const oldest = 17

// process runs the server as a Java process.
type process struct {
	java   string   // the program
	words  []string // its arguments
	folder string
	dog    *watchdog
	kept   bool // the folder stays

	child *exec.Cmd
	done  chan struct{}
}

// installed prepares a server that Java runs: its jars, a folder, settings, a password.
func installed(ctx context.Context, o Options) (*Server, error) {
	java, err := newEnough(ctx)
	if err != nil {
		return nil, err
	}
	lib, err := Fetch(ctx, o)
	if err != nil {
		return nil, err
	}
	folder, err := home(o.Folder)
	if err != nil {
		return nil, err
	}
	p := &process{java: java, folder: folder, kept: o.Folder != "", done: make(chan struct{})}
	close(p.done)
	password, err := p.furnish(ctx, o, lib)
	if err == nil {
		p.dog, err = watch(p.lost())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("neo4jtest: prepare %s: %w", folder, err), p.clear(ctx))
	}
	s := &Server{
		Address: "bolt://127.0.0.1:" + strconv.Itoa(o.Port), User: "neo4j", Password: password, Database: "neo4j",
		Folder: folder, How: java, engine: p, patience: o.Patience,
	}
	if o.HTTP {
		s.Browser = "http://127.0.0.1:" + strconv.Itoa(o.HTTPPort) + "/browser/"
	}
	return s, nil
}

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

// javaProgram is the program to run: that of JAVA_HOME, else the first on the path.
func javaProgram() (string, error) {
	if base := os.Getenv("JAVA_HOME"); base != "" {
		return exec.LookPath(filepath.Join(base, "bin", "java"))
	}
	return exec.LookPath("java")
}

var versionLine = regexp.MustCompile(`version "(?:1\.)?(\d+)`)

// newEnough returns a Java that can run the server.
func newEnough(ctx context.Context) (string, error) {
	java, err := javaProgram()
	if err != nil {
		return "", fmt.Errorf("%w: Java %d or later is needed: %w", ErrNone, oldest, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	said, err := exec.CommandContext(ctx, java, "-version").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s -version: %w", ErrNone, java, err)
	}
	number := versionLine.FindSubmatch(said)
	if number == nil {
		return "", fmt.Errorf("%w: %s -version names no version: %q", ErrNone, java, tail(string(said)))
	}
	if version, err := strconv.Atoi(string(number[1])); err != nil || version < oldest {
		return "", fmt.Errorf("%w: %s is Java %s, and Neo4j 5 needs %d or later; set JAVA_HOME to one", ErrNone, java, number[1], oldest)
	}
	return java, nil
}

// furnish lays out the folder and the command, and returns the password. In a folder that was used before, data and password
// stay as they are.
func (p *process) furnish(ctx context.Context, o Options, lib string) (string, error) {
	for _, name := range []string{"conf", "data", "logs", "run", "plugins", "import"} {
		if err := os.MkdirAll(filepath.Join(p.folder, name), 0o700); err != nil {
			return "", err
		}
	}
	bolt := "127.0.0.1:" + strconv.Itoa(o.Port)
	lines := append(o.conf(),
		"server.directories.data=data",
		"server.directories.logs=logs",
		"server.directories.run=run",
		"server.directories.plugins=plugins",
		"server.directories.import=import",
		"server.default_listen_address=127.0.0.1",
		"server.bolt.enabled=true",
		"server.bolt.listen_address="+bolt,
		"server.bolt.advertised_address="+bolt,
		"server.http.enabled="+strconv.FormatBool(o.HTTP),
	)
	if o.HTTP {
		lines = append(lines, "server.http.listen_address=127.0.0.1:"+strconv.Itoa(o.HTTPPort))
	}
	text := strings.Join(merged(append(lines, o.Settings...)...), "\n") + "\n"
	if err := os.WriteFile(filepath.Join(p.folder, "conf", "neo4j.conf"), []byte(text), 0o600); err != nil {
		return "", err
	}
	browser, gds, err := plugins(ctx, o)
	for _, from := range []string{browser, gds} {
		if err == nil && from != "" {
			err = link(from, filepath.Join(p.folder, "plugins"))
		}
	}
	if err != nil {
		return "", err
	}
	path := filepath.Join(lib, "*") + string(filepath.ListSeparator) + filepath.Join(p.folder, "plugins", "*")
	p.words = []string{
		"-Xms" + o.Heap, "-Xmx" + o.Heap, "-XX:+UseG1GC",
		"--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
		"-cp", path, "org.neo4j.server.CommunityEntryPoint",
		"--home-dir=" + p.folder, "--config-dir=" + filepath.Join(p.folder, "conf"), "--console-mode",
	}
	return p.secure(ctx, lib)
}

// link puts the jars of one folder into another without copying them.
func link(from, into string) error {
	found, err := fs.Glob(os.DirFS(from), "*.jar")
	if err != nil {
		return err
	}
	for _, name := range found {
		if err := os.Symlink(filepath.Join(from, name), filepath.Join(into, name)); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// secure sets a password before the first start and keeps it in the folder for the next.
func (p *process) secure(ctx context.Context, lib string) (string, error) {
	note := filepath.Join(p.folder, "conf", "password")
	if text, err := os.ReadFile(note); err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	password := rand.Text()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, p.java, "-XX:TieredStopAtLevel=1", "-cp", filepath.Join(lib, "*"),
		"org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password)
	run.Env = append(os.Environ(), "NEO4J_HOME="+p.folder, "NEO4J_CONF="+filepath.Join(p.folder, "conf"))
	if said, err := run.CombinedOutput(); err != nil {
		return "", fmt.Errorf("set the password: %w\n%s", err, tail(string(said)))
	}
	return password, os.WriteFile(note, []byte(password+"\n"), 0o600)
}

// console is the file that takes what the server writes to its terminal.
func (p *process) console() string { return filepath.Join(p.folder, "logs", "console.log") }

func (p *process) launch(context.Context) error {
	out, err := os.OpenFile(p.console(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	// The shell tells the watchdog its number and becomes the server, so that there is no moment at which
	// the server runs and nobody watches.
	child := exec.Command("sh", append([]string{"-c", `echo "$$" >&3 && exec "$0" "$@" 3>&-`, p.java}, p.words...)...)
	child.Dir = p.folder
	child.Stdout, child.Stderr = out, out
	child.ExtraFiles = []*os.File{p.dog.line}
	group(child)
	if err := child.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		_ = child.Wait() // how it ended stands in its log
		close(done)
	}()
	p.child, p.done = child, done
	return nil
}

func (p *process) gone() <-chan struct{} { return p.done }

func (p *process) pid() int {
	select {
	case <-p.done:
		return 0
	default:
		return p.child.Process.Pid
	}
}

func (p *process) end(ctx context.Context, kill bool) error {
	pid := p.pid()
	if pid == 0 {
		return nil
	}
	if kill {
		if err := signal(pid, syscall.SIGKILL); err != nil {
			return err
		}
	} else if err := signal(pid, syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-p.done:
	case <-time.After(stopping):
		return errors.Join(fmt.Errorf("the server did not stop within %v and was killed", stopping), p.end(ctx, true))
	case <-ctx.Done():
		return errors.Join(ctx.Err(), signal(pid, syscall.SIGKILL))
	}
	return p.dog.forget()
}

func (p *process) log(context.Context) string {
	text, err := os.ReadFile(p.console())
	if err != nil {
		return err.Error()
	}
	return tail(string(bytes.ToValidUTF8(text, nil)))
}

// lost is what the watchdog removes.
func (p *process) lost() string {
	if p.kept {
		return ""
	}
	return p.folder
}

func (p *process) clear(ctx context.Context) error {
	if p.dog != nil {
		if err := p.dog.dismiss(ctx); err != nil {
			return err
		}
	}
	if p.kept {
		return nil
	}
	return os.RemoveAll(p.folder)
}
