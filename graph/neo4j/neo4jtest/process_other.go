//go:build !unix

package neo4jtest

import (
	"os/exec"
	"syscall"
)

// Where there is no sh and no process group, found never offers to start a server; what calls these is not reached.

const (
	halt   = syscall.Signal(0)
	resume = syscall.Signal(0)
)

func group(*exec.Cmd) {}

func signal(int, syscall.Signal) error { return syscall.EWINDOWS }
