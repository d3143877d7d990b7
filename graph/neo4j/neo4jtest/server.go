package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
)

// stopping is how long a server may take to stop by itself before it is killed.
const stopping = 3 * time.Minute

// Server is a running Neo4j Community server, or one that a test has just killed. Its methods that take a test
// end the test on failure. They are not safe for use by several goroutines.
type Server struct {
	// Address is bolt://127.0.0.1:port; it stays the same when the server is started again.
	Address string
	// User and Password open it.
	User, Password string
	// Database is the one that Community has.
	Database string
	// Folder holds its data, logs and settings; empty where the server is not ours or runs in a container.
	Folder string
	// Browser is the address of Neo4j Browser; empty unless Options.HTTP asked for it.
	Browser string
	// How says in a few words what runs it.
	How string

	engine   engine // nil where the environment named the server
	patience time.Duration

	mutex  sync.Mutex
	driver neo4j.DriverWithContext
}

// engine is a way to run a server: a Java process or a container.
type engine interface {
	// launch starts the server on its data and port and returns at once.
	launch(ctx context.Context) error
	// end asks the server to stop, or kills it, and returns when it is gone.
	end(ctx context.Context, kill bool) error
	// freeze stops the server where it stands, or lets it go on.
	freeze(ctx context.Context, still bool) error
	// gone is closed when the server that was last launched has ended.
	gone() <-chan struct{}
	// pid is the server's process, 0 where it is none of this machine.
	pid() int
	// log is the end of what the server wrote.
	log(ctx context.Context) string
	// clear ends what is left of the server and removes its data unless they are to be kept.
	clear(ctx context.Context) error
}

// Start starts a server of its own in a local Docker engine, or else with Java, and waits until it answers. The
// error wraps ErrNone if the machine has neither. The caller must Stop it. Cost: about ten seconds, and
// the first time on a machine the download of 130 MB.
func Start(ctx context.Context, o Options) (*Server, error) {
	for _, line := range o.Settings {
		if _, _, err := setting(line); err != nil {
			return nil, err
		}
	}
	o = o.filled()
	s, err := found(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// start launches the server and waits until it answers a query.
func (s *Server) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	if err := s.engine.launch(ctx); err != nil {
		return fmt.Errorf("neo4jtest: start Neo4j by %s: %w", s.How, err)
	}
	if err := s.ready(ctx); err != nil {
		bare, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer stop()
		return fmt.Errorf("neo4jtest: start Neo4j by %s: %w; the end of its log:\n%s", s.How, err, s.engine.log(bare))
	}
	return nil
}

// ready waits until the server answers a query, or has ended.
func (s *Server) ready(ctx context.Context) error {
	place := strings.TrimPrefix(s.Address, "bolt://")
	var last error
	for {
		if last = dial(ctx, place); last == nil {
			if last = s.answers(ctx); last == nil || refused(last) {
				return last
			}
		}
		select {
		case <-s.Ended():
			return errors.New("it ended by itself")
		case <-ctx.Done():
			return fmt.Errorf("no answer within %v: %w", s.patience, last)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Ended is closed when the server has ended, whoever ended it; never, if the environment named it.
func (s *Server) Ended() <-chan struct{} {
	if s.engine == nil {
		return nil
	}
	return s.engine.gone()
}

// refused reports whether waiting will not make the answer better.
func refused(err error) bool {
	var answer *neo4j.Neo4jError
	return errors.As(err, &answer) && strings.HasPrefix(answer.Code, "Neo.ClientError.Security")
}

func dial(ctx context.Context, place string) error {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", place)
	if err != nil {
		return err
	}
	return conn.Close()
}

// answers asks one query by a session of its own. ExecuteQuery would retry behind a growing pause.
func (s *Server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return s.run(ctx, "RETURN 1", nil)
}

// run sends one statement as a transaction of its own and drops its rows.
func (s *Server) run(ctx context.Context, cypher string, values map[string]any) error {
	driver, err := s.connect()
	if err != nil {
		return err
	}
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: s.Database})
	defer func() { _ = session.Close(ctx) }() // what went wrong, the query told
	result, err := session.Run(ctx, cypher, values)
	if err != nil {
		return err
	}
	_, err = result.Consume(ctx)
	return err
}

// connect returns the server's one driver, for the package's own queries.
func (s *Server) connect() (neo4j.DriverWithContext, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.driver != nil {
		return s.driver, nil
	}
	driver, err := open(s.Address, s.User, s.Password)
	s.driver = driver
	return driver, err
}

func open(address, user, password string) (neo4j.DriverWithContext, error) {
	return neo4j.NewDriverWithContext(address, neo4j.BasicAuth(user, password, ""), func(c *config.Config) {
		c.TelemetryDisabled = true
		c.ConnectionAcquisitionTimeout = time.Minute
		c.SocketConnectTimeout = 20 * time.Second
	})
}

// Stop ends the server and removes what it kept in a temporary folder. A server that the environment named
// goes on running. A second Stop does nothing.
func (s *Server) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopping+20*time.Second)
	defer cancel()
	s.mutex.Lock()
	driver := s.driver
	s.driver = nil
	s.mutex.Unlock()
	var closed, ended, cleared error
	if driver != nil {
		closed = driver.Close(ctx)
	}
	if s.engine != nil {
		ended = s.engine.end(ctx, false)
		cleared = s.engine.clear(ctx)
	}
	return errors.Join(closed, ended, cleared)
}
