package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/night"
	"rummage/graph"
	"rummage/graph/neo4j"
)

// What flag does as the job of the night: one at a time, with news handed to a command and figures left in a file.

// nightOptions are the flags of the job.
type nightOptions struct {
	onNew   string
	timeout time.Duration
	metrics string
	state   string
}

// handedSuffix ends the name of the mark up to which news was handed on.
const handedSuffix = ".flag-handed"

// check refuses flags that cannot be followed.
func (o *nightOptions) check(narrow bool) error {
	if o.onNew == "" {
		return nil
	}
	if narrow {
		return errors.New("--on-new is of standing runs: leave out --until, --known-on and --source")
	}
	if o.timeout <= 0 {
		return fmt.Errorf("--on-new-timeout %s: want more than 0", o.timeout)
	}
	_, err := night.Words(o.onNew)
	return err
}

// handed is what became of the news of a run.
type handed struct {
	Command  []string      `json:"command"`
	Runs     []graph.RunID `json:"runs"`     // whose news was handed on; more than one where earlier ones had not been taken
	Networks int           `json:"networks"` // handed
	Services int           `json:"services"`
	Called   bool          `json:"called"` // false where there was nothing to hand on
	Status   int           `json:"status"` // exit status of the command; -1 where it did not start or was killed
	Error    string        `json:"error"`  // "" where it took the news
}

// news is what a command is handed on standard input.
type news struct {
	Run      graph.RunID    `json:"run"` // the last of runs
	Runs     []graph.RunID  `json:"runs"`
	Until    graph.Date     `json:"until"`
	Networks []flag.Network `json:"networks"` // with their alerts, of all of the runs
	Services []flag.Service `json:"services"`
}

// base is where the job keeps its lock and its mark: beside the file of the store, or for a server in the cache folder.
func (d *desk) base(state string) string {
	if !neo4j.IsAddress(d.set.Store) {
		if state == "" {
			return d.set.Store
		}
		return filepath.Join(state, filepath.Base(d.set.Store))
	}
	sum := sha256.Sum256([]byte(d.set.Store + "\n" + d.set.Database))
	if state == "" {
		state = d.set.Cache
	}
	return filepath.Join(state, "rummage-"+hex.EncodeToString(sum[:6]))
}

// alone takes the lock of the job. The lock is taken before the store is opened, so that the run sees the one before.
func (d *desk) alone(base string) (*night.Lock, error) {
	if !neo4j.IsAddress(d.set.Store) {
		if _, err := os.Stat(d.set.Store); err != nil {
			return nil, nil //nolint:nilnil // there is no store to be alone with, which opening it will tell
		}
	}
	if err := os.MkdirAll(filepath.Dir(base), 0o700); err != nil {
		return nil, exit.With(exit.Failed, fmt.Errorf("flag: folder of the lock: %w", err), "name another with --state")
	}
	host, _ := os.Hostname() // a name that nobody knows is no reason not to run
	lock, err := night.Take(base+".flag-lock", night.Holder{PID: os.Getpid(), Host: host, What: d.called, Since: d.clock().UTC().Truncate(time.Second)})
	if errors.Is(err, night.ErrBusy) {
		return nil, exit.With(exit.Busy, fmt.Errorf("flag: %w", err), "wait for it, or stop it, and run the same command again; no lock outlives its process")
	}
	if err != nil {
		return nil, exit.With(exit.Failed, err, "name another folder with --state")
	}
	return lock, nil
}

// waiting lists the runs whose news was not handed on, before the one to come. Where nothing was ever handed on, news begins with that
// one, and a mark says so before it is stored: were it cut short after that, the next would know.
func waiting(path string, earlier []graph.Run) ([]graph.Run, error) {
	mark, marked, err := night.ReadMark(path)
	if err != nil {
		return nil, exit.With(exit.Failed, err, "")
	}
	if !marked {
		if len(earlier) > 0 {
			last := &earlier[len(earlier)-1]
			mark = night.Mark{Run: string(last.ID), Finished: last.Finished.UTC()}
		}
		return nil, night.WriteMark(path, mark)
	}
	var runs []graph.Run
	for i := range earlier {
		if earlier[i].Finished.After(mark.Finished) && string(earlier[i].ID) != mark.Run {
			runs = append(runs, earlier[i])
		}
	}
	return runs, nil
}

// gather puts the news of several runs together, each network and service party once, as the last of them that told it.
func gather(missed []graph.Run, last *flag.Result) (*news, error) {
	n := &news{Run: last.Run, Until: last.Until, Networks: []flag.Network{}, Services: []flag.Service{}}
	add := func(r *flag.Result) {
		n.Runs = append(n.Runs, r.Run)
		for i := range r.Networks {
			one := &r.Networks[i]
			at := slices.IndexFunc(n.Networks, func(x flag.Network) bool { return x.ID == one.ID })
			switch {
			case at >= 0:
				alerts := slices.Concat(n.Networks[at].Alerts, one.Alerts)
				n.Networks[at] = *one
				n.Networks[at].Alerts = alerts
			case one.Alerting():
				n.Networks = append(n.Networks, *one)
			}
		}
		for i := range r.Services {
			if r.Services[i].New {
				n.Services = append(n.Services, r.Services[i])
			}
		}
	}
	for i := range missed {
		r, err := flag.ReadResult(&missed[i])
		if err != nil {
			return nil, err
		}
		add(r)
	}
	add(last)
	return n, nil
}

// hand hands the news on, and marks it as handed when it was taken.
func (d *desk) hand(ctx context.Context, o *nightOptions, n *news, mark string, run *graph.Run) (*handed, error) {
	words, err := night.Words(o.onNew)
	if err != nil {
		return nil, exit.With(exit.Usage, err, "rummage flag --help")
	}
	h := &handed{Command: words, Runs: n.Runs, Networks: len(n.Networks), Services: len(n.Services), Called: len(n.Networks)+len(n.Services) > 0}
	if h.Called {
		text, err := json.Marshal(n)
		if err != nil {
			return nil, fmt.Errorf("flag: news: %w", err)
		}
		d.meter.Step("hand on", 0, 0)
		command := night.Command{Words: words, Env: d.publicEnv(), Stdout: d.stderr, Stderr: d.stderr, Timeout: o.timeout}
		if h.Status, err = night.Hand(ctx, command, append(text, '\n')); err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			h.Error = err.Error()
			return h, nil
		}
	}
	return h, night.WriteMark(mark, night.Mark{Run: string(run.ID), Finished: run.Finished.UTC()})
}

// publicEnv is the environment without what is secret.
func (d *desk) publicEnv() []string {
	return slices.DeleteFunc(slices.Clone(d.env), func(line string) bool {
		return strings.HasPrefix(line, "RUMMAGE_NEO4J_PASSWORD=") || strings.HasPrefix(line, "RUMMAGE_IDENTITY_KEY=")
	})
}

// text tells people what became of the news.
func (h *handed) text() string {
	switch {
	case !h.Called:
		return "nothing new to hand to " + h.Command[0]
	case h.Error != "":
		return fmt.Sprintf("%s did not take the news (status %d): %s; the next run hands it on again", h.Command[0], h.Status, h.Error)
	}
	return fmt.Sprintf("handed to %s: %d %s, %d %s", h.Command[0], h.Networks, plural(h.Networks, "network"), h.Services, plural(h.Services, "record"))
}

// stopwatch tells how long stages take. Its methods may be called from several threads until the run is over.
type stopwatch struct {
	mu     sync.Mutex
	clock  func() time.Time
	began  time.Time
	stage  string
	since  time.Time
	spent  []stage
	report func(stage string, done, total int)
}

type stage struct {
	name    string
	seconds float64
}

// watch starts one, which shows the stages on the meter.
func (d *desk) watch() *stopwatch {
	now := d.clock()
	return &stopwatch{clock: d.clock, began: now, since: now, stage: "open", report: func(stage string, done, total int) {
		d.meter.Step(stage, int64(done), int64(total))
	}}
}

// step notes a stage; stages do not come back.
func (s *stopwatch) step(name string, done, total int) {
	s.mu.Lock()
	if name != s.stage {
		s.turn(name)
	}
	s.mu.Unlock()
	s.report(name, done, total)
}

func (s *stopwatch) turn(name string) {
	now := s.clock()
	s.spent = append(s.spent, stage{s.stage, now.Sub(s.since).Seconds()})
	s.stage, s.since = name, now
}

// metrics are the figures of a run; of one that failed only that and when.
func (s *stopwatch) metrics(path string, report *flag.Report, code exit.Code, version versionAnswer) *night.Metrics {
	m := &night.Metrics{}
	now := s.clock()
	seconds := func(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
	m.Add("rummage_flag_last_run_timestamp_seconds", "When the last run ended.", seconds(now))
	m.Add("rummage_flag_last_exit_code", "Exit code of the last run; 0 and 3 are done.", float64(code))
	const success = "rummage_flag_last_success_timestamp_seconds"
	done := seconds(now)
	if report == nil {
		before, ok := night.Before(path, success)
		if done = before; !ok {
			done = 0
		}
	}
	m.Add(success, "When a run was last stored; 0 where that is not known.", done)
	m.Add("rummage_build_info", "Version of rummage; always 1.", 1, night.Label{Name: "version", Value: version.Version}, night.Label{Name: "commit", Value: version.Commit})
	if report == nil {
		return m
	}
	s.turn("")
	m.Add("rummage_flag_duration_seconds", "How long the last run took.", now.Sub(s.began).Seconds())
	for _, one := range s.spent {
		m.Add("rummage_flag_stage_duration_seconds", "How long each stage of the last run took.", one.seconds, night.Label{Name: "stage", Value: one.name})
	}
	figures(m, report)
	return m
}

// figures are what a run found.
func figures(m *night.Metrics, report *flag.Report) {
	r := report.Result
	gauge := func(name, help string, n int) { m.Add("rummage_flag_"+name, help, float64(n)) }
	gauge("sources", "Sources in scope.", r.Sources)
	gauge("consignments", "Consignments in scope.", r.Consignments)
	gauge("parties", "Parties in scope.", r.Parties)
	gauge("inspected_consignments", "Inspected consignments in scope.", r.Inspected)
	gauge("hit_consignments", "Consignments in scope on which an inspection found something.", r.Hits)
	gauge("groups_drawn", "Groups drawn.", r.Candidates)
	gauge("groups_tested", "Groups with an inspected consignment inside.", r.Tested)
	yes := map[bool]int{true: 1}
	gauge("snapshot_used", "1 where the graph came from a snapshot.", yes[report.Analysis.View.Cached.Used])
	gauge("snapshot_extended", "1 where only what is new was read.", yes[report.Analysis.View.Cached.Extended])
	s := &r.States
	for _, one := range []struct {
		state flag.State
		n     int
	}{
		{flag.New, s.New}, {flag.Grown, s.Grown}, {flag.Shrunk, s.Shrunk}, {flag.Same, s.Same}, {flag.Merged, s.Merged}, {flag.Split, s.Split},
		{flag.Returned, s.Returned}, {flag.Phoenix, s.Phoenix}, {flag.Gone, s.Gone},
	} {
		m.Add("rummage_flag_networks", "Networks by state.", float64(one.n), night.Label{Name: "state", Value: string(one.state)})
	}
	gauge("news_networks", "Networks that are news.", s.Alerting)
	gauge("news_services", "Records of service parties that are news.", r.News()-s.Alerting)
	gauge("services_above", "Records of service parties above their peers.", len(aboveOnly(r.Services)))
	for _, f := range []struct {
		grade string
		n     *flag.NullFlags
	}{{"A", r.NullFlags.GradeA}, {"B", r.NullFlags.GradeB}} {
		grade := night.Label{Name: "grade", Value: f.grade}
		found := 0
		for i := range r.Findings {
			if r.Findings[i].Grade == f.grade {
				found++
			}
		}
		m.Add("rummage_flag_findings", "Findings by grade.", float64(found), grade)
		if f.n != nil {
			const help = "Findings to expect by chance: under shuffled consignments, and under repeat offenders."
			m.Add("rummage_flag_expected_false_findings", help, float64(f.n.Consignment), grade, night.Label{Name: "null", Value: "consignment"})
			m.Add("rummage_flag_expected_false_findings", help, float64(f.n.Block), grade, night.Label{Name: "null", Value: "block"})
		}
	}
}
