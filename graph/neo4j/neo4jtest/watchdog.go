package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// guard waits until its standard input ends, which is when everybody who can write to it is gone. Each line names
// what runs now, an empty one says that nothing does: a process group, or a container where $2 says so. Then it
// kills that, waits until it is dead, and removes the folder $1. A container may still be on its way when its maker
// dies, so it is looked for during ten seconds. The guard must outlive what a terminal or a test runner sends
// to everybody.
const guard = `trap '' INT TERM HUP QUIT
running=
tries=0
while read -r line; do running=$line; done
if [ -n "$running" ] && [ "$2" = container ]; then
	while [ $tries -lt 50 ]; do
		docker container inspect "$running" && docker rm -f -v "$running" && break
		tries=$((tries+1)); sleep 0.2
	done
elif [ -n "$running" ]; then
	kill -s KILL -- "-$running"
	while kill -s 0 -- "-$running" && [ $tries -lt 20 ]; do tries=$((tries+1)); sleep 0.1; done
fi >/dev/null 2>&1
if [ -n "$1" ]; then rm -rf -- "$1"; fi
exit 0`

// watchdog clears up after this process when it dies without doing so itself.
type watchdog struct {
	child *exec.Cmd
	line  *os.File // the writing end
}

// watch starts a watchdog over processes or containers, as kind says, which removes a folder too unless that is empty.
func watch(folder, kind string) (*watchdog, error) {
	reading, writing, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer reading.Close()
	child := exec.Command("sh", "-c", guard, "watchdog", folder, kind)
	child.Dir = os.TempDir()
	child.Stdin = reading
	group(child)
	if err := child.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("watchdog: %w", err), writing.Close())
	}
	return &watchdog{child: child, line: writing}, nil
}

// heed says what runs now; empty: nothing.
func (w *watchdog) heed(running string) error {
	_, err := w.line.WriteString(running + "\n")
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
