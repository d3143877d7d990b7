package casefiletest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Browser is a headless Chromium that a test drives over a pipe (Chrome DevTools Protocol). It ends with the test.
type Browser struct {
	// Patience is how long it may be silent while a test waits for it, whatever else the machine does. Only what hangs is that long.
	Patience time.Duration

	t       testing.TB
	folder  string // of its own files
	in      *os.File
	answers *os.File
	process *os.Process
	out     *bufio.Reader
	ended   chan struct{} // closed when the process is gone
	id      int
	session string
	loaded  map[string]bool // documents, by the ids of their loaders
	// Requests are the addresses that pages asked for, Complaints what they said of errors and breaches of policy.
	Requests, Complaints []string
}

// Start starts the browser of this machine. Where there is none the test is skipped, or fails if RUMMAGE_REQUIRE_CHROMIUM is set.
func Start(t testing.TB) *Browser {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("RUMMAGE_REQUIRE_CHROMIUM") != "" {
			t.Fatal("casefiletest: no chromium on the path, and RUMMAGE_REQUIRE_CHROMIUM is set")
		}
		t.Skip("casefiletest: no chromium on the path: what a browser does with the page is not tested here")
	}
	folder, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := pipe(t)
	answers, writes := pipe(t)
	c := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-3d-apis", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe", "--user-data-dir="+folder)
	c.ExtraFiles = []*os.File{ours, writes}
	if err := c.Start(); err != nil {
		_ = os.RemoveAll(folder)
		t.Fatal(err)
	}
	_ = ours.Close()
	_ = writes.Close()
	b := &Browser{Patience: 2 * time.Minute, t: t, folder: folder, in: theirs, answers: answers, process: c.Process, out: bufio.NewReaderSize(answers, 1<<20), ended: make(chan struct{}), loaded: map[string]bool{}}
	go func() {
		defer close(b.ended)
		_ = c.Wait()
	}()
	t.Cleanup(b.end)
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Network", "Log"} {
		b.call(domain+".enable", nil, nil)
	}
	b.call("Page.setLifecycleEventsEnabled", map[string]any{"enabled": true}, nil)
	return b
}

// end asks the browser to go, makes it go if it does not, and waits until it is gone. It fails no test, since what it leaves out then would
// leave a browser behind.
func (b *Browser) end() {
	_ = b.in.SetWriteDeadline(time.Now().Add(b.Patience))
	_, _ = b.in.Write([]byte(`{"id":1000000000,"method":"Browser.close"}` + "\x00"))
	_ = b.in.Close()
	_ = b.answers.Close()
	select {
	case <-b.ended:
	case <-time.After(b.Patience):
		_ = b.process.Kill()
		<-b.ended
	}
	for range 100 { // processes of one that was made to go write for a moment longer
		if os.RemoveAll(b.folder) == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func pipe(t testing.TB) (read, write *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}

// message is what goes over the pipe, both ways.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// call asks for something and waits for its answer.
func (b *Browser) call(method string, params, result any) {
	b.t.Helper()
	b.id++
	id := b.id
	if params == nil {
		params = map[string]any{}
	}
	raw, err := json.Marshal(params)
	if err != nil {
		b.t.Fatal(err)
	}
	text, err := json.Marshal(message{ID: id, Session: b.session, Method: method, Params: raw})
	if err != nil {
		b.t.Fatal(err)
	}
	_ = b.in.SetWriteDeadline(time.Now().Add(b.Patience))
	if _, err := b.in.Write(append(text, 0)); err != nil {
		b.t.Fatalf("chromium: %s: %v", method, err)
	}
	for {
		m := b.next(method)
		if m.ID != id {
			continue
		}
		if m.Error != nil {
			b.t.Fatalf("chromium: %s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

// next waits for a message, and notes what it tells of requests and complaints. What is waited for is told if none comes.
func (b *Browser) next(awaited string) *message {
	b.t.Helper()
	_ = b.answers.SetReadDeadline(time.Now().Add(b.Patience))
	text, err := b.out.ReadBytes(0)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		b.t.Fatalf("chromium: %s: it said nothing for %v", awaited, b.Patience)
	}
	if err != nil {
		b.t.Fatalf("chromium: %s: %v", awaited, err)
	}
	m := &message{}
	if err := json.Unmarshal(text[:len(text)-1], m); err != nil {
		b.t.Fatal(err)
	}
	var p struct {
		Request struct{ URL string }
		Entry   struct{ Level, Text string }
		Type    string
		Name    string
		Loader  string `json:"loaderId"`
		Details struct {
			Text      string
			Exception struct{ Description string }
		} `json:"exceptionDetails"`
	}
	if len(m.Params) > 0 && json.Unmarshal(m.Params, &p) != nil {
		return m
	}
	switch m.Method {
	case "Network.requestWillBeSent":
		b.Requests = append(b.Requests, p.Request.URL)
	case "Log.entryAdded":
		if p.Entry.Level == "error" || p.Entry.Level == "warning" {
			b.Complaints = append(b.Complaints, p.Entry.Text)
		}
	case "Runtime.exceptionThrown":
		b.Complaints = append(b.Complaints, p.Details.Text+" "+p.Details.Exception.Description)
	case "Runtime.consoleAPICalled":
		if p.Type == "error" || p.Type == "warning" {
			b.Complaints = append(b.Complaints, string(m.Params))
		}
	case "Page.lifecycleEvent":
		if p.Name == "load" {
			b.loaded[p.Loader] = true
		}
	}
	return m
}

// Open opens a file from the disk, in a window of this size, and waits until it is there.
func (b *Browser) Open(path string, wide, high int) {
	b.t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": wide, "height": high, "deviceScaleFactor": 1, "mobile": false}, nil)
	var opened struct {
		Loader string `json:"loaderId"`
		Error  string `json:"errorText"`
	}
	b.call("Page.navigate", map[string]any{"url": (&url.URL{Scheme: "file", Path: full}).String()}, &opened)
	if opened.Error != "" {
		b.t.Fatalf("chromium: %s: %s", path, opened.Error)
	}
	for !b.loaded[opened.Loader] { // and no other document, such as the blank one before
		b.next("load of " + path)
	}
}

// Ask computes an expression in the page, waits for it if it is a promise, and returns what comes out.
func (b *Browser) Ask(expression string, result any) {
	b.t.Helper()
	var answer struct {
		Result  struct{ Value json.RawMessage }
		Details *struct {
			Text      string
			Exception struct{ Description string }
		} `json:"exceptionDetails"`
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &answer)
	if answer.Details != nil {
		b.t.Fatalf("chromium: %s: %s %s", expression, answer.Details.Text, answer.Details.Exception.Description)
	}
	if result != nil && len(answer.Result.Value) > 0 {
		if err := json.Unmarshal(answer.Result.Value, result); err != nil {
			b.t.Fatal(err)
		}
	}
}

// Screenshot returns the window as PNG.
func (b *Browser) Screenshot() []byte {
	b.t.Helper()
	var shot struct{ Data []byte }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	return shot.Data
}

// Print returns the page on paper, as PDF.
func (b *Browser) Print() []byte {
	b.t.Helper()
	var printed struct{ Data []byte }
	b.call("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": true}, &printed)
	return printed.Data
}

// Outside lists the requests that asked for anything but the file itself and what stands in it.
func (b *Browser) Outside() []string {
	var all []string
	files := 0
	for _, r := range b.Requests {
		switch {
		case strings.HasPrefix(r, "file:"):
			files++
		case r == "about:blank" || strings.HasPrefix(r, "data:"):
		default:
			all = append(all, r)
		}
	}
	if files == 0 {
		all = append(all, fmt.Sprintf("no file was opened at all: %v", b.Requests))
	}
	return all
}
