package atomicfile

// syncFolder does nothing: NTFS journals names by itself, and a folder cannot be flushed.
func syncFolder(string) error { return nil }
