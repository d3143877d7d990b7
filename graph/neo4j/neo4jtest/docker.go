package neo4jtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// image is the long-term line that the jars are of, too.
const image = "neo4j:5.26-community"

// container runs the server in a local Docker engine.
type container struct {
	name string
	dog  *watchdog
	run  []string // arguments that make the container

	made, still bool
	done        chan struct{}
	stop        context.CancelFunc // ends the waiting for the container
}

// contained prepares a server in Docker; the error wraps ErrNone where no engine answers.
func contained(ctx context.Context, o Options) (*Server, error) {
	look, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, err := docker(look, "version", "--format", "{{.Server.Version}}"); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	pull, cancel := context.WithTimeout(ctx, fetching)
	defer cancel()
	if _, err := docker(pull, "image", "inspect", "--format", "{{.Id}}", image); err != nil {
		if _, err := docker(pull, "pull", "--quiet", image); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNone, err)
		}
	}
	c := &container{name: "rummage-neo4j-" + strings.ToLower(rand.Text()), done: make(chan struct{})}
	close(c.done)
	folder, password, err := furnished(o.Folder)
	if err != nil {
		return nil, fmt.Errorf("neo4jtest: %w", err)
	}
	if c.run, err = c.words(o, folder, password); err != nil {
		return nil, err
	}
	if c.dog, err = watch("", "container"); err != nil {
		return nil, fmt.Errorf("neo4jtest: %w", err)
	}
	s := &Server{
		Address: "bolt://" + local(o.Port), User: "neo4j", Password: password, Database: "neo4j",
		Folder: folder, How: "Docker", engine: c, patience: o.Patience,
	}
	if o.HTTP {
		s.Browser = "http://" + local(o.HTTPPort) + "/browser/"
	}
	return s, nil
}

// furnished makes the folder that is to be kept, if one is, and gives the server's password: that of the folder, or a
// new one.
func furnished(named string) (folder, password string, err error) {
	if named == "" {
		return "", rand.Text(), nil
	}
	if folder, err = home(named); err != nil {
		return "", "", err
	}
	for _, name := range []string{"conf", "data"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o700); err != nil {
			return "", "", err
		}
	}
	password, err = kept(folder)
	if password == "" && err == nil {
		password = rand.Text()
		err = keep(folder, password)
	}
	return folder, password, err
}

// words are the arguments of docker run. Settings go in as the image wants them: a name of the environment with dots
// as _ and _ as __.
func (c *container) words(o Options, folder, password string) ([]string, error) {
	words := []string{"run", "--detach", "--name", c.name, "--publish", local(o.Port) + ":7687"}
	if o.HTTP {
		words = append(words, "--publish", local(o.HTTPPort)+":7474")
	}
	if folder != "" {
		// As the caller, who could not remove the files of another account.
		words = append(words, "--volume", filepath.Join(folder, "data")+":/data",
			"--user", strconv.Itoa(os.Getuid())+":"+strconv.Itoa(os.Getgid()))
	}
	words = append(words, "--env", "NEO4J_AUTH=neo4j/"+password)
	if o.GDS {
		words = append(words, "--env", `NEO4J_PLUGINS=["graph-data-science"]`)
	}
	lines := append(o.conf(), "server.bolt.advertised_address="+local(o.Port),
		"server.http.enabled="+strconv.FormatBool(o.HTTP))
	for _, line := range merged(append(lines, o.Settings...)...) {
		name, value, err := setting(line)
		if err != nil {
			return nil, err
		}
		name = strings.ReplaceAll(strings.ReplaceAll(name, "_", "__"), ".", "_")
		words = append(words, "--env", "NEO4J_"+name+"="+value)
	}
	return append(words, image), nil
}

func (c *container) launch(ctx context.Context) error {
	if err := c.dog.heed(c.name); err != nil {
		return err
	}
	words := c.run
	if c.made {
		words = []string{"start", c.name}
	}
	if _, err := docker(ctx, words...); err != nil {
		return err
	}
	c.made = true
	waiting, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	c.done, c.stop = done, stop
	go func() {
		defer close(done)
		_, _ = docker(waiting, "wait", c.name) // how it ended stands in its log
	}()
	return nil
}

func (c *container) gone() <-chan struct{} { return c.done }

func (c *container) pid() int { return 0 }

func (c *container) end(ctx context.Context, kill bool) error {
	select {
	case <-c.done:
		return nil
	default:
	}
	if c.still && !kill {
		if err := c.freeze(ctx, false); err != nil {
			return err
		}
	}
	words := []string{"stop", "--time", strconv.Itoa(int(stopping.Seconds())), c.name}
	if kill {
		words = []string{"kill", c.name}
	}
	_, err := docker(ctx, words...)
	select {
	case <-c.done:
	case <-ctx.Done():
		err = errors.Join(err, ctx.Err())
	}
	return err
}

func (c *container) freeze(ctx context.Context, still bool) error {
	word := "unpause"
	if still {
		word = "pause"
	}
	_, err := docker(ctx, word, c.name)
	c.still = still && err == nil
	return err
}

func (c *container) log(ctx context.Context) string {
	said, err := docker(ctx, "logs", "--tail", "30", c.name)
	if err != nil {
		return err.Error()
	}
	return said
}

func (c *container) clear(ctx context.Context) error {
	if c.stop != nil {
		c.stop()
		<-c.done
	}
	return c.dog.dismiss(ctx)
}

// docker runs the client and returns what it said.
func docker(ctx context.Context, words ...string) (string, error) {
	run := exec.CommandContext(ctx, "docker", words...)
	run.WaitDelay = time.Second
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	if err := run.Run(); err != nil {
		return "", fmt.Errorf("docker %s: %w: %s", words[0], err, tail(out.String()))
	}
	return strings.TrimSpace(out.String()), nil
}
