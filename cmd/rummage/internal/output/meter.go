package output

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// redraw is the least time between two drawings of a meter.
const redraw = 100 * time.Millisecond

// Meter shows on one line, redrawn in place, how far a command is. A nil Meter shows nothing. Its
// methods may be called from several threads.
type Meter struct {
	mu    sync.Mutex
	out   io.Writer
	clock func() time.Time
	phase string
	drawn time.Time
	width int
}

// NewMeter returns a meter that draws on out, which should be a terminal, by the clock handed in.
func NewMeter(out io.Writer, clock func() time.Time) *Meter {
	return &Meter{out: out, clock: clock}
}

// Step says that done of total units of a phase are finished; a total of 0 is unknown, and then
// nothing is said of a done of 0. A new phase is drawn at once, further steps at most ten times a second.
func (m *Meter) Step(phase string, done, total int64) {
	if !m.due(phase) {
		return // before the line is written: a command may tell of a million steps
	}
	switch {
	case total > 0:
		m.show(phase, fmt.Sprintf("%s  %3d %%  %s of %s", phase, 100*done/total, Count(int(done)), Count(int(total))))
	case done > 0:
		m.show(phase, fmt.Sprintf("%s  %s", phase, Count(int(done))))
	default:
		m.show(phase, phase) // how far it is cannot be said
	}
}

// Share shows which share of a phase is finished, and what was counted on the way, "" for
// nothing. It is drawn as Step is.
func (m *Meter) Share(phase string, done, total int64, counted string) {
	line := fmt.Sprintf("%s  %3d %%  %s", phase, 100*done/max(total, 1), counted)
	m.show(phase, strings.TrimRight(line, " "))
}

// due tells whether it is time to draw a line of a phase.
func (m *Meter) due(phase string) bool {
	if m == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return phase != m.phase || m.clock().Sub(m.drawn) >= redraw
}

// show draws a line of a phase, if it is time to.
func (m *Meter) show(phase, line string) {
	if !m.due(phase) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.phase, m.drawn = phase, m.clock()
	m.draw(line)
}

// Clear removes the line, so that an answer or an error can be printed.
func (m *Meter) Clear() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.width > 0 {
		m.draw("")
	}
	m.phase = ""
}

// draw replaces the line; the rest of a longer one is blanked out.
func (m *Meter) draw(line string) {
	line = cell(line)
	blank := strings.Repeat(" ", max(0, m.width-len(line)))
	end := ""
	if line == "" {
		end = "\r"
	}
	// A terminal that has gone away is no reason to stop the work.
	_, _ = io.WriteString(m.out, "\r"+line+blank+end)
	m.width = len(line)
}
