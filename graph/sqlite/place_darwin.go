package sqlite

import (
	"slices"

	"golang.org/x/sys/unix"
)

// remoteDrive names the network file system that holds dir, "" for a local
// one.
func remoteDrive(dir string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return "", err
	}
	name := unix.ByteSliceToString(st.Fstypename[:])
	if slices.Contains([]string{"nfs", "smbfs", "afpfs", "webdav", "cifs"}, name) {
		return name, nil
	}
	return "", nil
}
