//go:build !linux && !darwin && !windows

package sqlite

// remoteDrive cannot tell on this system.
func remoteDrive(string) (string, error) { return "", nil }
