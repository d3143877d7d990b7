package neo4jtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Proxy stands between a test and its server and makes the network bad. Faults add up until Restore; the same
// fault twice is a mistake of the test. It is Toxiproxy, run by a module of its own, tools/proxy.
type Proxy struct {
	// Address is what the test connects to, bolt://127.0.0.1:port.
	Address string

	orders  io.WriteCloser
	answers chan string
	said    *complaint
}

// complaint keeps what a child writes while others may already read it.
type complaint struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write takes what the child says.
func (c *complaint) Write(said []byte) (int, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.text.Write(said)
}

// String is what was said so far.
func (c *complaint) String() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.text.String()
}

// Through starts a proxy in front of the server, which ends with the test. Cost: a second or two the first time on
// a machine, since it is built then; it needs the go command.
func (s *Server) Through(t testing.TB) *Proxy {
	t.Helper()
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		t.Fatalf("neo4jtest: proxy: find the module: %v", err)
	}
	port, err := free()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command("go", "run", "-C", filepath.Join(strings.TrimSpace(string(module)), "tools", "proxy"), ".",
		local(port), strings.TrimPrefix(s.Address, "bolt://"))
	child.WaitDelay = 5 * time.Second
	p := &Proxy{Address: "bolt://" + local(port), answers: make(chan string), said: &complaint{}}
	child.Stderr = p.said
	p.orders, err = child.StdinPipe()
	var out io.Reader
	if err == nil {
		out, err = child.StdoutPipe()
	}
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatalf("neo4jtest: proxy: %v", err)
	}
	go func() {
		defer close(p.answers)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.answers <- lines.Text()
		}
	}()
	t.Cleanup(func() {
		_ = p.orders.Close() // which is what ends it
		for range p.answers {
			continue
		}
		if err := child.Wait(); err != nil {
			t.Errorf("neo4jtest: proxy: %v: %s", err, p.said)
		}
	})
	p.answered(t, "start", 10*time.Minute)
	return p
}

// answered waits for the child's "ok".
func (p *Proxy) answered(t testing.TB, order string, patience time.Duration) {
	t.Helper()
	select {
	case line, open := <-p.answers:
		if !open {
			line = "it ended: " + p.said.String()
		}
		if line != "ok" {
			t.Fatalf("neo4jtest: proxy: %s: %s", order, line)
		}
	case <-time.After(patience):
		t.Fatalf("neo4jtest: proxy: %s: no answer within %v", order, patience)
	}
}

func (p *Proxy) order(t testing.TB, line string) {
	t.Helper()
	if _, err := io.WriteString(p.orders, line+"\n"); err != nil {
		t.Fatalf("neo4jtest: proxy: %s: %v", line, errors.Join(err, errors.New(p.said.String())))
	}
	p.answered(t, line, time.Minute)
}

// Cut closes every connection and refuses new ones.
func (p *Proxy) Cut(t testing.TB) { t.Helper(); p.order(t, "cut") }

// Restore takes every fault away and lets connections in again.
func (p *Proxy) Restore(t testing.TB) { t.Helper(); p.order(t, "restore") }

// Slow delays what the server says.
func (p *Proxy) Slow(t testing.TB, latency time.Duration) {
	t.Helper()
	p.Toxic(t, "latency", map[string]any{"latency": latency.Milliseconds()})
}

// Limit lets so many bytes a second through from the server, a thousand at least.
func (p *Proxy) Limit(t testing.TB, bytesPerSecond int) {
	t.Helper()
	p.Toxic(t, "bandwidth", map[string]any{"rate": max(1, bytesPerSecond/1000)})
}

// Hang swallows what the server says and keeps the connections open.
func (p *Proxy) Hang(t testing.TB) { t.Helper(); p.Toxic(t, "timeout", map[string]any{"timeout": 0}) }

// Reset ends connections with a TCP reset.
func (p *Proxy) Reset(t testing.TB) {
	t.Helper()
	p.Toxic(t, "reset_peer", map[string]any{"timeout": 0})
}

// After closes each connection once the server has said so many bytes on it.
func (p *Proxy) After(t testing.TB, bytes int) {
	t.Helper()
	p.Toxic(t, "limit_data", map[string]any{"bytes": bytes})
}

// Toxic adds any of Toxiproxy's faults to what the server says, by name and attributes; see its manual.
func (p *Proxy) Toxic(t testing.TB, kind string, attributes map[string]any) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"type": kind, "attributes": attributes})
	if err != nil {
		t.Fatalf("neo4jtest: proxy: %v", err)
	}
	p.order(t, fmt.Sprintf("toxic %s", text))
}
