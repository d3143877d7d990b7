package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// guard waits until its standard input ends, which is when everybody who can write to it is gone. Each line names
// the process group that runs now, an empty one says that none does. Then it kills the group, waits until that
// has died, and removes the folder $1 and the container $2. It must outlive what a terminal or a test
// runner sends to everybody.
const guard = `trap '' INT TERM HUP QUIT
running=
while read -r line; do running=$line; done
if [ -n "$running" ]; then
	kill -s KILL -- "-$running" 2>/dev/null
	tries=0
	while kill -s 0 -- "-$running" 2>/dev/null && [ $tries -lt 20 ]; do tries=$((tries+1)); sleep 0.1; done
fi
if [ -n "$1" ]; then rm -rf -- "$1"; fi
if [ -n "$2" ]; then docker rm -f -v "$2" >/dev/null 2>&1; fi
exit 0`

// watchdog clears up after this process when it dies without doing so itself.
type watchdog struct {
	child *exec.Cmd
	line  *os.File // the writing end
}

// watch starts a watchdog that removes a folder and a container, or what is named of these.
func watch(folder, container string) (*watchdog, error) {
	reading, writing, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer reading.Close()
	child := exec.Command("sh", "-c", guard, "watchdog", folder, container)
	child.Dir = os.TempDir()
	child.Stdin = reading
	group(child)
	if err := child.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("watchdog: %w", err), writing.Close())
	}
	return &watchdog{child: child, line: writing}, nil
}

// forget says that no process runs now.
func (w *watchdog) forget() error {
	_, err := w.line.WriteString("\n")
	return err
}

// dismiss ends the watchdog, which clears up as it goes; a second call does nothing.
func (w *watchdog) dismiss(ctx context.Context) error {
	if w.child == nil {
		return nil
	}
	closed := w.line.Close()
	ended := make(chan error, 1)
	child := w.child
	w.child = nil
	go func() { ended <- child.Wait() }()
	select {
	case err := <-ended:
		return errors.Join(closed, err)
	case <-ctx.Done():
		return errors.Join(closed, fmt.Errorf("watchdog: %w", ctx.Err()), child.Process.Kill())
	}
}
