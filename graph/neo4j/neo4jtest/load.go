package neo4jtest

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// loading is how long neo4j-admin may take.
const loading = 10 * time.Minute

// Load stops the server, puts what "database import full @arguments neo4j" makes of the files in dir in the place of its data, and
// starts it again. It returns what neo4j-admin said. Only servers that Java runs have a neo4j-admin here; with any other
// the test is skipped, or fails where a server is required.
func (s *Server) Load(t testing.TB, dir, arguments string) string {
	t.Helper()
	p, ok := s.engine.(*process)
	if !ok {
		need(t, fmt.Errorf("%w: neo4j-admin is run only beside a server that Java runs; this one is %s", ErrNone, s.How))
	}
	s.Terminate(t)
	ctx, cancel := context.WithTimeout(context.Background(), loading)
	defer cancel()
	vm, err := fetched(ctx, Options{})
	require.NoError(t, err)
	words := append(Options{Heap: "1g", Measured: true}.virtual(vm), "-cp", filepath.Join(vm.jars, "*"), "org.neo4j.cli.AdminTool",
		"database", "import", "full", "@"+arguments, s.Database)
	admin := exec.CommandContext(ctx, p.java, words...)
	admin.Dir = dir
	admin.Env = append(admin.Environ(), "NEO4J_HOME="+p.folder, "NEO4J_CONF="+filepath.Join(p.folder, "conf"))
	said, err := admin.CombinedOutput()
	require.NoError(t, err, "%s", said)
	s.Again(t)
	return string(said)
}
