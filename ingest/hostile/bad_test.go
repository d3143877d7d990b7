package hostile

import (
	"flag"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/ingest"
	"rummage/ingest/read"
)

var (
	update = flag.Bool("update", false, "rewrite the golden files")
	draws  = flag.Int("draws", 1, "how often each bad file is made, of other random numbers each time; the first is compared with the golden files")
)

// trial is a bad file.
type trial struct {
	name    string
	file    string
	make    func(r *rand.Rand) []byte
	records int // that the file holds, where that can be known; 0: not compared
	hints   read.Hints
	// place puts something there that is no file with bytes at rest, in place of make.
	place func(t testing.TB, path string)
	// during does something to the file while it is read.
	during func(t testing.TB, path string, p ingest.Progress)
}

// of is a trial of bytes.
func of(name, file string, content func() []byte) trial {
	return trial{name: name, file: file, make: func(*rand.Rand) []byte { return content() }}
}

// text is a trial of a text.
func text(name, file, content string) trial {
	return of(name, file, func() []byte { return []byte(content) })
}

// holding says how many records the file holds.
func (c trial) holding(records int) trial {
	c.records = records
	return c
}

// class is trials of one sort.
type class struct {
	name   string
	trials []trial
}

func classes() []class {
	return []class{
		{"truncated", truncated()}, {"flipped", flipped()}, {"overwritten", overwritten()}, {"nul", nuls()},
		{"encodings", encodings()}, {"bombs", bombs()}, {"paths", paths()}, {"doctypes", doctypes()}, {"depth", depths()},
		{"cells", cells()}, {"rows", rows()}, {"counts", counts()}, {"names", names()}, {"missing", missing()}, {"formulas", formulas()},
		{"foreign", foreign()}, {"empty", empties()}, {"lines", lines()}, {"lies", lies()}, {"changes", changes()},
	}
}

// mostHeld bounds the bytes on the heap at any moment, what is not yet collected
// included. A packed workbook is held up to 256 MiB.
const mostHeld = 768 << 20

// TestBadFiles: twenty classes of twenty files, each refused or with its bad rows
// set aside, nothing half in, within bounds of time and memory. What a person is
// told stands in testdata.
func TestBadFiles(t *testing.T) {
	peak := watch()
	files := openFiles()
	all := classes()
	require.Len(t, all, 20)
	for i := range all {
		t.Run(all[i].name, func(t *testing.T) { all[i].run(t) })
	}
	held := peak()
	t.Logf("at most %d MiB on the heap", held>>20)
	require.Less(t, held, uint64(mostHeld))
	require.LessOrEqual(t, openFiles(), files, "files stay open")
}

// watch begins to look at the heap; what it returns ends that, and tells the most.
func watch() func() uint64 {
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		peak := uint64(0)
		for {
			select {
			case <-stop:
				most <- peak
				return
			case <-tick.C:
				metrics.Read(sample)
				peak = max(peak, sample[0].Value.Uint64())
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-most
	}
}

// openFiles counts the open files of the process, 0 where that is not told.
func openFiles() int {
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(all)
}

// run tries the files of a class, with -short a fifth of them.
func (c *class) run(t *testing.T) {
	require.Len(t, c.trials, 20)
	golden := filepath.Join("testdata", c.name+".golden")
	want := c.golden(t, golden)
	b := newBed(t)
	var out strings.Builder
	for i := range c.trials {
		trial := &c.trials[i]
		if testing.Short() && i%5 != len(c.name)%5 {
			continue
		}
		t.Run(trial.name, func(t *testing.T) {
			for draw := range *draws {
				path := filepath.Join(t.TempDir(), trial.file)
				trial.lay(t, path, draw, c.name)
				got := b.try(t, trial, path)
				if draw == 0 && !*update {
					require.Equal(t, want[trial.name], got)
				}
				if draw == 0 {
					out.WriteString("# " + trial.name + "\n" + got + "\n\n")
				}
			}
		})
	}
	problems, err := b.store.(graph.Checker).Check(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	if *update {
		require.False(t, testing.Short(), "all files are tried to rewrite a golden file")
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(out.String()), 0o600))
	}
}

// golden reads what files of a class come to, by name.
func (c *class) golden(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if *update {
		return nil
	}
	require.NoError(t, err)
	all := map[string]string{}
	for _, block := range strings.Split("\n\n"+strings.TrimSpace(string(text)), "\n\n# ")[1:] {
		name, says, _ := strings.Cut(block, "\n")
		all[name] = strings.TrimSpace(says)
	}
	require.Len(t, all, len(c.trials))
	return all
}

// lay puts the file of a trial on the disk.
func (c *trial) lay(t testing.TB, path string, draw int, class string) {
	t.Helper()
	if c.place != nil {
		c.place(t, path)
		return
	}
	h := fnv.New64a()
	_, err := h.Write([]byte(class + "/" + c.name))
	require.NoError(t, err)
	content := c.make(rand.New(rand.NewPCG(h.Sum64(), uint64(draw))))
	require.NoError(t, os.WriteFile(path, content, 0o600))
}

// TestSoundFiles: what is tried comes in whole where nothing is wrong with it.
func TestSoundFiles(t *testing.T) {
	b := newBed(t)
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), k.file)
			c := of(k.name, k.file, func() []byte { return k.write(sound()) }).holding(k.records)
			c.lay(t, path, 0, "sound")
			says := b.try(t, &c, path)
			require.NotContains(t, says, "refused")
			require.NotContains(t, says, " row ")
			require.Contains(t, says, " 0 quarantined")
		})
	}
}
