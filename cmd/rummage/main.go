// Command rummage finds smuggling networks in trade data and says why. This package holds the
// commands and their wiring: the only place that knows every other package, names a store, reads
// the environment and ends the process. One file a command; what a command computes lives elsewhere.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the work winds up; a second one ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(int(run(ctx, process{
		args: os.Args[1:], env: os.Environ(),
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
	})))
}
