package sqlite

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// remoteDrive says whether dir lies on a network drive, "" for a local one.
func remoteDrive(dir string) (string, error) {
	volume := filepath.VolumeName(dir)
	if strings.HasPrefix(volume, `\\`) {
		return "network share", nil
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	if err != nil {
		return "", err
	}
	if windows.GetDriveType(root) == windows.DRIVE_REMOTE {
		return "network drive", nil
	}
	return "", nil
}
