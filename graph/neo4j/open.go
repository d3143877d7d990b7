package neo4j

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"rummage/graph"
	"rummage/graph/neo4j/evidence"
)

const (
	defaultDatabase = "neo4j"
	defaultPatience = 30 * time.Second
	leastVersion    = "5.13"
)

// schemes are the ways to reach a server: bolt is one server, neo4j a cluster
// or one; +s encrypts, +ssc does so without looking at the certificate.
var schemes = []string{"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"}

// IsAddress reports whether a text names a Neo4j server and no file.
func IsAddress(text string) bool {
	scheme, _, ok := strings.Cut(text, "://")
	return ok && slices.Contains(schemes, scheme)
}

// Open opens the store in a database of the server at address, such as
// bolt://localhost:7687. It waits at most Options.Patience. Errors wrap
// ErrAddress, graph.ErrUnreachable (with what to do next), ErrNotAStore,
// ErrNewerFormat, ErrOlderFormat, ErrDamaged, or fs.ErrNotExist where the
// database is empty and Options.Create is not set.
//
// Whoever opens it for writing makes the constraints and indexes that are
// missing, and waits until they can be used.
func Open(ctx context.Context, address string, options Options) (*Store, error) {
	if options.Database == "" {
		options.Database = defaultDatabase
	}
	if options.Patience == 0 {
		options.Patience = defaultPatience
	}
	if options.batch == 0 {
		options.batch = batchRecords
	}
	s := &Store{options: options}
	if options.Evidence != "" {
		folder, err := evidence.At(options.Evidence)
		if err != nil {
			return nil, fmt.Errorf("neo4j: evidence folder: %w", err)
		}
		s.evidence = folder
	}
	if err := s.dial(ctx, address); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		_ = s.server.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return s, nil
}

// checkAddress returns the address as messages show it.
func checkAddress(address string) (string, error) {
	bad := func(what string) (string, error) { return "", fmt.Errorf("neo4j: address %s: %w", what, ErrAddress) }
	parsed, err := url.Parse(address)
	switch {
	case err != nil:
		return bad("cannot be read; want one such as bolt://localhost:7687") // the error would show a password
	case parsed.User != nil:
		return bad("holds a user or password; those belong into the settings neo4j-user, and RUMMAGE_NEO4J_PASSWORD or neo4j-password-file")
	case !slices.Contains(schemes, parsed.Scheme):
		return bad(fmt.Sprintf("%s: want one that begins with %s://", address, strings.Join(schemes, "://, ")))
	case parsed.Hostname() == "":
		return bad(fmt.Sprintf("%s: names no host", address))
	case strings.Trim(parsed.Path, "/") != "":
		return bad(fmt.Sprintf("%s: has %s behind the host; name the database with --neo4j-database", address, parsed.Path))
	}
	return address, nil
}

func driverConfig(o *Options) func(*config.Config) {
	return func(c *config.Config) {
		c.TelemetryDisabled = true
		c.UserAgent = "rummage/" + o.Tool
		c.FetchSize = fetch
		c.SocketConnectTimeout = min(5*time.Second, o.Patience)
		c.ConnectionAcquisitionTimeout = o.Patience
		c.ConnectionLivenessCheckTimeout = time.Minute // a connection that idled may have been cut on the way
	}
}

// prepare looks at what is in the database and makes it usable.
func (s *Store) prepare(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, s.options.Patience)
	defer cancel()
	err := s.recognise(patient)
	if errors.Is(err, fs.ErrNotExist) && s.options.Create && !s.options.ReadOnly {
		if err = s.create(patient); err == nil {
			err = s.recognise(patient)
		}
	}
	if err == nil {
		err = s.settle(ctx, patient)
	}
	return s.impatient(ctx, err)
}

const (
	askServer = "RETURN 1"
	// askStore asks for the one node that makes a database a store.
	askStore = "MATCH (s:Store {id: 'rummage'}) RETURN s.format"
	askAny   = "MATCH (n) RETURN 1 LIMIT 1"
	askRoles = "OPTIONAL MATCH (l:Lock {id: 'rummage'}) OPTIONAL MATCH (w:Writer {id: 'rummage'}) RETURN l IS NOT NULL AND w IS NOT NULL"
)

// recognise asks the server for its version and the database for its format.
func (s *Store) recognise(ctx context.Context) error {
	if err := s.checkServer(ctx); err != nil {
		return err
	}
	found, err := s.records(ctx, cypher{text: askStore})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return s.noStore(ctx)
	}
	switch had := integer(found[0].Values[0]); {
	case had > format:
		return s.broken(graph.ErrNewerFormat, "database %s has format %d, this version knows %d; use a newer rummage", s.options.Database, had, format)
	case had < 1:
		return s.broken(graph.ErrDamaged, "database %s does not say which format it has", s.options.Database)
	default:
		s.format = had
		return nil
	}
}

func (s *Store) noStore(ctx context.Context) error {
	found, err := s.records(ctx, cypher{text: askAny})
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return s.broken(graph.ErrNotAStore, "database %s holds data of something else; give rummage an empty one", s.options.Database)
	}
	return s.broken(fs.ErrNotExist, "database %s is empty; the first import starts a store in it", s.options.Database)
}

// checkServer refuses what is no Neo4j, or too old.
func (s *Store) checkServer(ctx context.Context) error {
	session := s.session(ctx, driver.AccessModeRead)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	result, err := session.Run(ctx, askServer, nil)
	if err != nil {
		return s.errorOf(ctx, err)
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		return s.errorOf(ctx, err)
	}
	agent := summary.Server().Agent()
	version, neo4j := strings.CutPrefix(agent, "Neo4j/")
	if !neo4j {
		return s.unfit("the server calls itself %q; a Neo4j %s or later is needed", agent, leastVersion)
	}
	if !atLeast(version, leastVersion) {
		return s.unfit("the server is Neo4j %s; %s or later is needed, 5.26 is the one that this was tried with", version, leastVersion)
	}
	s.agent = agent
	return nil
}

// unfit is the error of a server that answers and cannot be used.
func (s *Store) unfit(format string, args ...any) error {
	return &storeError{address: s.address, occasion: occasion{graph.ErrUnreachable, fmt.Sprintf(format, args...)}}
}

// atLeast compares versions such as 5.26.0 or 5.27-aura number by number.
func atLeast(version, least string) bool {
	split := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	}
	have, want := split(version), split(least)
	for i := range want {
		if i >= len(have) {
			return false
		}
		h, err := strconv.Atoi(have[i])
		w, _ := strconv.Atoi(want[i])
		if err != nil || h != w {
			return err == nil && h > w
		}
	}
	return true
}

// Close closes the connections. What was begun and not committed is undone by
// the server.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.options.Patience)
	defer cancel()
	if err := s.server.Close(ctx); err != nil {
		return s.errorOf(ctx, err)
	}
	return nil
}
