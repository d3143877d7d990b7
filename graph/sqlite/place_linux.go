package sqlite

import "golang.org/x/sys/unix"

// remoteDrives are the file systems on which locks or memory maps cannot be
// relied upon, by the number that statfs gives.
var remoteDrives = map[int64]string{
	unix.NFS_SUPER_MAGIC:  "NFS",
	unix.SMB_SUPER_MAGIC:  "SMB",
	unix.CIFS_SUPER_MAGIC: "CIFS",
	unix.SMB2_SUPER_MAGIC: "SMB 2",
	unix.V9FS_MAGIC:       "9P",
	unix.AFS_SUPER_MAGIC:  "AFS",
	unix.CEPH_SUPER_MAGIC: "Ceph",
	unix.CODA_SUPER_MAGIC: "Coda",
	0x0bd00bd0:            "Lustre",
}

// remoteDrive names the network file system that holds dir, "" for a local
// one.
func remoteDrive(dir string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return "", err
	}
	return remoteDrives[int64(uint32(st.Type))], nil //nolint:unconvert,nolintlint // the type differs between architectures
}
