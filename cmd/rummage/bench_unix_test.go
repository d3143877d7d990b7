//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// phase is a stretch of a command's work, as its meter names it.
type phase struct {
	name      string
	wall, cpu time.Duration
}

// phases follows a process by what its meter says.
type phases struct {
	pid   int
	began time.Time
	spent time.Duration
	now   string
	list  []phase
}

// Write notes when the meter names another phase.
func (p *phases) Write(said []byte) (int, error) {
	for _, line := range strings.Split(string(said), "\r") {
		if name, _, ok := strings.Cut(line, "  "); ok && name != "" && name != p.now {
			p.turn(name)
		}
	}
	return len(said), nil
}

func (p *phases) turn(name string) {
	now, spent := time.Now(), processTime(p.pid)
	p.list = append(p.list, phase{p.now, now.Sub(p.began), spent - p.spent})
	p.now, p.began, p.spent = name, now, spent
}

// processTime is what Linux tells of the processor time of a running process, in hundredths of a second; 0 elsewhere.
func processTime(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// Numbers 14 and 15 of the line; the name, number 2, may hold spaces and ends with the last bracket.
	_, rest, _ := strings.Cut(string(stat), ") ")
	cells := strings.Fields(rest)
	if len(cells) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(cells[11])
	system, _ := strconv.Atoi(cells[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// ran is what a command took as a process of its own.
type ran struct {
	wall, cpu time.Duration
	peak      float64 // MB
	phases    []phase
	answer    []byte
}

// measure runs the test binary as rummage.
func measure(b *testing.B, args ...string) ran {
	b.Helper()
	answer, err := os.CreateTemp(b.TempDir(), "answer")
	require.NoError(b, err)
	defer answer.Close()
	cmd := exec.Command(os.Args[0], append(args, "--json", "--progress", "always")...)
	cmd.Env = []string{"TEST_AS_RUMMAGE=0", "USER=kim"}
	cmd.Stdout = answer
	said, err := cmd.StderrPipe()
	require.NoError(b, err)
	start := time.Now()
	require.NoError(b, cmd.Start())
	p := &phases{pid: cmd.Process.Pid, began: start, now: "start"}
	_, err = io.Copy(p, said)
	require.NoError(b, err)
	require.NoError(b, cmd.Wait())
	r := ran{wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	// The process is gone, so what is left of its time is that of the last phase.
	last := phase{p.now, time.Since(p.began), r.cpu - p.spent}
	r.phases = append(p.list, last)
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.peak = float64(usage.Maxrss) * 1024 / 1e6
		if runtime.GOOS == "darwin" {
			r.peak /= 1024
		}
	}
	r.answer, err = os.ReadFile(answer.Name())
	require.NoError(b, err)
	return r
}

func (r *ran) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "wall %.1f s, processor %.1f s, peak memory %.0f MB", r.wall.Seconds(), r.cpu.Seconds(), r.peak)
	most := r.phases[0]
	for _, p := range r.phases {
		fmt.Fprintf(&text, "\n  %-10s wall %5.2f s, processor %5.2f s", p.name, p.wall.Seconds(), p.cpu.Seconds())
		if p.wall > most.wall {
			most = p
		}
	}
	fmt.Fprintf(&text, "\n  next bottleneck: %s, %.0f %% of the wall time, on %.1f processors", most.name,
		100*most.wall.Seconds()/r.wall.Seconds(), most.cpu.Seconds()/most.wall.Seconds())
	return text.String()
}

// report says what a command took.
func (r *ran) report(b *testing.B) {
	b.ReportMetric(r.wall.Seconds(), "wall-s")
	b.ReportMetric(r.cpu.Seconds(), "cpu-s")
	b.ReportMetric(r.peak, "peak-MB")
	b.Logf("%v", r)
}

// found is what a benchmark reads of the answer of rummage flag.
type found struct {
	Networks, Leads []struct {
		ID string `json:"id"`
	}
}

// BenchmarkFlag is rummage flag on a million simulated declarations, as a process of its own: with the scan of the store, then with
// the snapshot that it left; and rummage explain on the first network and the first lead.
func BenchmarkFlag(b *testing.B) {
	dir := b.TempDir()
	world, store, cache := filepath.Join(dir, "world"), filepath.Join(dir, "store"), filepath.Join(dir, "cache")
	measure(b, "simulate", "--scale", "10", "--seed", "1", "--checks=false", "--out", world)
	args := []string{"ingest", "--no-evidence", "--store", store}
	for _, name := range tables() {
		args = append(args, filepath.Join(world, name))
	}
	measure(b, args...)
	in := []string{"--store", store, "--cache", cache}
	var answer found
	b.Run("scan", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, os.RemoveAll(cache))
			r := measure(b, append([]string{"flag"}, in...)...)
			require.NoError(b, json.Unmarshal(r.answer, &answer))
			r.report(b)
		}
	})
	require.NotEmpty(b, answer.Networks)
	require.NotEmpty(b, answer.Leads)
	for _, c := range []struct {
		name string
		args []string
	}{
		{"snapshot", []string{"flag"}},
		{"explain-network", []string{"explain", answer.Networks[0].ID}},
		{"explain-lead", []string{"explain", answer.Leads[0].ID}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				r := measure(b, append(c.args, in...)...)
				r.report(b)
			}
		})
	}
}

// cut moves the last of a thousand rows of a file to another with the same header.
func cut(b *testing.B, from, to string, thousandths int) {
	b.Helper()
	content, err := os.ReadFile(from)
	require.NoError(b, err)
	lines := strings.SplitAfter(strings.TrimSuffix(string(content), "\n"), "\n")
	last := (len(lines) - 1) * thousandths / 1000
	at := len(lines) - last
	require.NoError(b, os.WriteFile(to, []byte(lines[0]+strings.Join(lines[at:], "")+"\n"), 0o600))
	require.NoError(b, os.WriteFile(from, []byte(strings.Join(lines[:at], "")), 0o600))
}

// BenchmarkNight is rummage flag on a million simulated declarations, and on ten, in the first night, and in the second, in which 0.5 % more
// came and as many results of inspections; and in the second with nothing kept of the first.
func BenchmarkNight(b *testing.B) {
	b.Run("1M", func(b *testing.B) { nights(b, 10) })
	b.Run("10M", func(b *testing.B) { nights(b, 100) })
}

func nights(b *testing.B, scale int) {
	dir := b.TempDir()
	world, tonight, store, cache := filepath.Join(dir, "world"), filepath.Join(dir, "tonight"), filepath.Join(dir, "store"), filepath.Join(dir, "cache")
	measure(b, "simulate", "--scale", strconv.Itoa(scale), "--seed", "1", "--checks=false", "--out", world)
	require.NoError(b, os.Mkdir(tonight, 0o700))
	args, later := []string{"ingest", "--no-evidence", "--store", store}, []string{"ingest", "--no-evidence", "--store", store}
	for i, name := range tables() {
		if i != 1 { // the register is whole
			cut(b, filepath.Join(world, name), filepath.Join(tonight, name), 5)
			later = append(later, filepath.Join(tonight, name))
		}
		args = append(args, filepath.Join(world, name))
	}
	measure(b, args...)
	night := func(b *testing.B, store, cache string) string {
		b.Helper()
		r := measure(b, "flag", "--store", store, "--cache", cache)
		r.report(b)
		return string(r.answer)
	}
	b.Run("first", func(b *testing.B) { night(b, store, cache) })
	measure(b, later...)
	whole := filepath.Join(dir, "whole")
	content, err := os.ReadFile(store)
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(whole, content, 0o600))
	var second, again string
	b.Run("second", func(b *testing.B) { second = night(b, store, cache) })
	b.Run("second, nothing kept", func(b *testing.B) { again = night(b, whole, filepath.Join(dir, "empty")) })
	require.True(b, again == second, "what is kept changes no byte")
}
