//go:build unix

package neo4jtest

import (
	"errors"
	"os/exec"
	"syscall"
)

const (
	halt   = syscall.SIGSTOP
	resume = syscall.SIGCONT
)

// group gives the child a process group of its own, so that Ctrl-C at the terminal is ours to handle.
func group(child *exec.Cmd) { child.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signal reaches the whole group of a process; one that has just ended is no error.
func signal(pid int, what syscall.Signal) error {
	if err := syscall.Kill(-pid, what); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}
