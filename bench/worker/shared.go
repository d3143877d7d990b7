package worker

import (
	"io"
	"os"
	"sync"
)

// Shared returns a writer that several workers and who runs them may write to at the same time. A file is one already, and is handed to the
// processes as it is.
func Shared(to io.Writer) io.Writer {
	if _, file := to.(*os.File); file {
		return to
	}
	return &shared{to: to}
}

type shared struct {
	lock sync.Mutex
	to   io.Writer
}

func (s *shared) Write(text []byte) (int, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.to.Write(text)
}
