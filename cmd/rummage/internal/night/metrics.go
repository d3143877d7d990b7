package night

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rummage/atomicfile"
)

// Metrics are figures in the text format of Prometheus, version 0.0.4, as the textfile collector of its node exporter reads them. All are
// gauges: they say how the last run was.
type Metrics struct{ families []family }

type family struct {
	name, help string
	samples    []string
}

var (
	metricName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)
	escaper    = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// Label is a name with a value.
type Label struct{ Name, Value string }

// Add adds a sample. Samples of one name stand together, the names in the order in which they first came. It panics on a name that
// Prometheus does not take, which is a mistake of the program.
func (m *Metrics) Add(name, help string, value float64, labels ...Label) {
	at := slices.IndexFunc(m.families, func(f family) bool { return f.name == name })
	if at < 0 {
		if !metricName.MatchString(name) {
			panic("night: metric name " + name)
		}
		at = len(m.families)
		m.families = append(m.families, family{name: name, help: help})
	}
	var b strings.Builder
	b.WriteString(name)
	for i, l := range labels {
		if !metricName.MatchString(l.Name) {
			panic("night: label name " + l.Name)
		}
		b.WriteString([]string{"{", ","}[min(i, 1)])
		fmt.Fprintf(&b, `%s="%s"`, l.Name, escaper.Replace(l.Value))
	}
	if len(labels) > 0 {
		b.WriteByte('}')
	}
	m.families[at].samples = append(m.families[at].samples, b.String()+" "+strconv.FormatFloat(value, 'g', -1, 64))
}

// Text is the content of the file.
func (m *Metrics) Text() []byte {
	var b bytes.Buffer
	for _, f := range m.families {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", f.name, escaper.Replace(f.help), f.name)
		for _, s := range f.samples {
			b.WriteString(s + "\n")
		}
	}
	return b.Bytes()
}

// Write puts the figures in the place of a file that anyone may read.
func (m *Metrics) Write(path string) error {
	const everyone = 0o644
	if err := atomicfile.Write(path, everyone, m.Text()); err != nil {
		return fmt.Errorf("night: metrics: %w", err)
	}
	return nil
}

// Before reads the value of a sample without labels from a file of figures written earlier; ok is false where there is none.
func Before(path, name string) (value float64, ok bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if number, found := strings.CutPrefix(lines.Text(), name+" "); found {
			value, err := strconv.ParseFloat(number, 64)
			return value, err == nil
		}
	}
	return 0, false
}
