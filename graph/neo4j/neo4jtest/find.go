package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// named returns the server that the environment names, nil if it names none. It must hold no data: tests
// delete what they find, and an address may be left over from other work.
func named(ctx context.Context) (*Server, error) {
	address := os.Getenv("RUMMAGE_NEO4J")
	if address == "" {
		return nil, nil //nolint:nilnil // naming none is no mistake
	}
	s := &Server{
		Address: address, User: os.Getenv("RUMMAGE_NEO4J_USER"), Password: os.Getenv("RUMMAGE_NEO4J_PASSWORD"),
		Database: "neo4j", How: "RUMMAGE_NEO4J", patience: 30 * time.Second,
	}
	if s.User == "" {
		s.User = "neo4j"
	}
	if !strings.HasPrefix(address, "bolt://") {
		return nil, fmt.Errorf("neo4jtest: RUMMAGE_NEO4J=%s: want bolt://host:port", address)
	}
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	err := s.ready(ctx)
	var nodes int64
	if err == nil {
		nodes, err = s.count(ctx, "MATCH (n) RETURN count(n)")
	}
	if err == nil && nodes > 0 {
		err = fmt.Errorf("it holds %d nodes, which tests would delete; empty it yourself, or name another", nodes)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("neo4jtest: RUMMAGE_NEO4J=%s: %w", address, err), s.Stop())
	}
	return s, nil
}

// leave empties a server that the environment named, so that the next run may use it again.
func (s *Server) leave() error {
	if s.engine != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return s.empty(ctx)
}

// found prepares a server by the first way that this machine has; nothing runs yet.
func found(ctx context.Context, o Options) (*Server, error) {
	if runtime.GOOS == "windows" {
		return nil, fmt.Errorf("neo4jtest: %w: on Windows none is started; name one in RUMMAGE_NEO4J", ErrNone)
	}
	if err := choose(&o.Port); err != nil {
		return nil, err
	}
	if o.HTTP {
		if err := choose(&o.HTTPPort); err != nil {
			return nil, err
		}
	}
	server, docker := contained(ctx, o)
	if docker == nil || !errors.Is(docker, ErrNone) {
		return server, docker
	}
	server, java := installed(ctx, o)
	if java == nil || !errors.Is(java, ErrNone) {
		return server, java
	}
	return nil, fmt.Errorf("neo4jtest: %w\n  RUMMAGE_NEO4J: not set\n  Docker: %w\n  Java: %w", ErrNone, docker, java)
}

// choose finds a free port where none is asked for, and sees that one which is asked for is free: what listens
// there would be taken for the server.
func choose(port *int) (err error) {
	if *port == 0 {
		*port, err = free()
		return err
	}
	listener, err := net.Listen("tcp4", local(*port))
	if err != nil {
		return fmt.Errorf("neo4jtest: port %d is taken; stop what listens there, or choose another with -port and -http (0: a free one): %w", *port, err)
	}
	return listener.Close()
}

// free returns a port that nothing listens on. It lies below the ports that systems hand to clients, so that no
// connection takes it while a server is down to be started again.
func free() (int, error) {
	var last error
	for range 100 {
		port := 20000 + rand.IntN(12000) //nolint:forbidigo // two binaries must not try the same ports in the same order
		listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, listener.Close()
		}
		last = err
	}
	return 0, fmt.Errorf("neo4jtest: no free port: %w", last)
}
