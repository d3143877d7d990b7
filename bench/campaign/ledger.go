package campaign

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"rummage/atomicfile"
)

// Commit is the last one that changed our kernels, with a digest of their text where they have changed since. The linker sets it, see
// the Makefile; empty where nobody knows. What was measured then is not taken up again.
var Commit string

// version is raised when the form of a ledger changes.
const version = 1

// ErrLedger is returned for a file that is no ledger of this campaign.
var ErrLedger = errors.New("no ledger of this campaign; move the file away, or name another with -ledger")

// Stamp says under what a figure was taken.
type Stamp struct {
	Machine string `json:"machine"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
	Threads int    `json:"threads"`
}

// Stamp is that of this process.
func (f *Flags) Stamp() Stamp {
	return Stamp{Machine: machine(), Commit: Commit, Go: runtime.Version(), Threads: f.Threads}
}

// String writes the stamp at the head of a table.
func (s Stamp) String() string {
	if s.Commit == "" {
		return fmt.Sprintf("%s, %s; kernels of an unknown commit", s.Machine, s.Go)
	}
	return fmt.Sprintf("%s, %s; kernels of commit %s", s.Machine, s.Go, s.Commit)
}

// machine names the processor and how many cores this process has.
func machine() string {
	model := runtime.GOARCH
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range bytes.Lines(text) {
			if name, value, ok := bytes.Cut(line, []byte(":")); ok && bytes.HasPrefix(name, []byte("model name")) {
				model = string(bytes.TrimSpace(value))
				break
			}
		}
	}
	return fmt.Sprintf("%d cores of %s, %s", runtime.NumCPU(), model, runtime.GOOS)
}

// Entry is one finished contest.
type Entry[T any] struct {
	// Key names the contest within the campaign.
	Key string `json:"key"`
	// Day is the date of its end, as 2006-01-02.
	Day string `json:"day"`
	Stamp
	Result T `json:"result"`
}

// Ledger keeps the finished contests of a campaign in a file, one for each key and stamp.
type Ledger[T any] struct {
	file  string
	stamp Stamp
	held  held[T]
}

// held is the content of the file.
type held[T any] struct {
	Campaign string     `json:"campaign"`
	Version  int        `json:"version"`
	Entries  []Entry[T] `json:"entries"`
}

// Open opens the ledger of a campaign; a file that is not there yet is an empty one. ErrLedger, or an error of the file.
func Open[T any](f *Flags) (*Ledger[T], error) {
	l := &Ledger[T]{file: f.Ledger, stamp: f.Stamp(), held: held[T]{Campaign: f.Name, Version: version}}
	text, err := os.ReadFile(f.Ledger)
	if errors.Is(err, os.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, fmt.Errorf("campaign: %w", err)
	}
	var kept held[T]
	if err := json.Unmarshal(text, &kept); err != nil {
		return nil, fmt.Errorf("campaign: %s: %w: %w", f.Ledger, ErrLedger, err)
	}
	if kept.Campaign != f.Name || kept.Version != version {
		return nil, fmt.Errorf("campaign: %s: %w", f.Ledger, ErrLedger)
	}
	l.held.Entries = slices.DeleteFunc(kept.Entries, func(e Entry[T]) bool { return e.Commit == "" })
	return l, nil
}

// Find returns the contest of the given key under the present stamp; nil where there is none.
func (l *Ledger[T]) Find(key string) *Entry[T] {
	for i := range l.held.Entries {
		if e := &l.held.Entries[i]; e.Key == key && e.Stamp == l.stamp {
			return e
		}
	}
	return nil
}

// Keep puts a contest of today in place of what the ledger has of its key and stamp, and saves it.
func (l *Ledger[T]) Keep(key string, result T) error {
	e := Entry[T]{Key: key, Day: time.Now().Format(time.DateOnly), Stamp: l.stamp, Result: result}
	if old := l.Find(key); old != nil {
		*old = e
	} else {
		l.held.Entries = append(l.held.Entries, e)
	}
	slices.SortStableFunc(l.held.Entries, func(a, b Entry[T]) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Day, b.Day)) })
	return l.save()
}

// All returns the contests of the present stamp, by key.
func (l *Ledger[T]) All() []Entry[T] { return l.Under(l.stamp) }

// Under returns the contests of another stamp.
func (l *Ledger[T]) Under(stamp Stamp) []Entry[T] {
	var all []Entry[T]
	for _, e := range l.held.Entries {
		if e.Stamp == stamp {
			all = append(all, e)
		}
	}
	return all
}

// save writes a new file and puts it in the place of the old one, so that a run that is killed leaves one of them whole.
func (l *Ledger[T]) save() error {
	text, err := json.MarshalIndent(l.held, "", " ")
	if err != nil {
		return fmt.Errorf("campaign: %w", err)
	}
	if err := atomicfile.Write(l.file, 0o600, append(text, '\n')); err != nil {
		return fmt.Errorf("campaign: %w", err)
	}
	return nil
}

// Days writes the dates between which contests ended.
func Days[T any](entries []Entry[T]) string {
	if len(entries) == 0 {
		return "nothing measured"
	}
	var days []string
	for _, e := range entries {
		days = append(days, e.Day)
	}
	first, last := date(slices.Min(days)), date(slices.Max(days))
	if first == last {
		return first
	}
	return first + " to " + last
}

func date(day string) string {
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		return t.Format("2 January 2006")
	}
	return day
}
