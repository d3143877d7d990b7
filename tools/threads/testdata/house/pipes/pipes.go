// Package pipes reads what a process says, which another goroutine brings.
package pipes

import (
	"io"
	"os/exec"
)

// Say has it said.
func Say(c *exec.Cmd, to io.Writer) error {
	c.Stdout = to
	return c.Run()
}
