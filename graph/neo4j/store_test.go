package neo4j

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// second is a second server, for tests that compare two stores: Community
// edition has one database a server.
var second struct {
	sync.Mutex
	server *neo4jtest.Server
	err    error
	asked  bool
}

// both stops the second server too.
type both struct{ m interface{ Run() int } }

func (e both) Run() int {
	code := e.m.Run()
	second.Lock()
	defer second.Unlock()
	if second.server != nil {
		if err := second.server.Stop(); err != nil && code == 0 {
			code = 1
		}
	}
	return code
}

func other(t testing.TB) *neo4jtest.Server {
	second.Lock()
	defer second.Unlock()
	if !second.asked {
		second.asked = true
		second.server, second.err = neo4jtest.Start(context.Background(), neo4jtest.Options{})
	}
	if errors.Is(second.err, neo4jtest.ErrNone) {
		t.Skip(second.err)
	}
	require.NoError(t, second.err)
	second.server.Empty(t)
	return second.server
}

// place is a store's address in one text, as another process is told it.
type where struct {
	Address, User, Password, Database, Evidence string
}

func (w where) text() string {
	b, _ := json.Marshal(w)
	return string(b)
}

func (w *where) read(text string) error { return json.Unmarshal([]byte(text), w) }

func placeOn(t testing.TB, s *neo4jtest.Server) where {
	return where{s.Address, s.User, s.Password, s.Database, t.TempDir()}
}

func (w where) options() Options {
	return Options{User: w.User, Password: w.Password, Database: w.Database, Evidence: w.Evidence, Create: true, Holder: "storetest", Tool: "test"}
}

func openAt(ctx context.Context, place string) (*Store, error) {
	var w where
	if err := w.read(place); err != nil {
		return nil, err
	}
	return Open(ctx, w.Address, w.options())
}

// backend gives each test its first place on the shared server and all others
// on the second: no test looks at more than two at a time.
func backend() storetest.Backend {
	places := map[string]int{}
	return storetest.Backend{
		Place: func(t testing.TB) string {
			places[t.Name()]++
			if places[t.Name()] == 1 {
				return placeOn(t, neo4jtest.Shared(t)).text()
			}
			return placeOn(t, other(t)).text()
		},
		Open: func(ctx context.Context, place string) (graph.Store, error) { return openAt(ctx, place) },
		Slow: true,
	}
}

func TestStore(t *testing.T) { storetest.Run(t, backend()) }
