package neo4j

import (
	"context"
	"encoding/binary"
	"io"
	"io/fs"
	"net"
	"strings"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// refusal is an error that a person can act on: of the contract, with the
// address and with what to do.
func refusal(t *testing.T, err, is error, words ...string) {
	t.Helper()
	require.ErrorIs(t, err, is)
	for _, word := range words {
		require.ErrorContains(t, err, word)
	}
	require.NotContains(t, err.Error(), "secret", "passwords are not shown")
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"bolt://localhost", "bolt://localhost:7687/", "neo4j+s://a.example:7687", "bolt+ssc://[::1]:7688"} {
		_, err := checkAddress(address)
		require.NoError(t, err, address)
		require.True(t, IsAddress(address))
	}
	for address, want := range map[string]string{
		"bolt://li:secret@localhost":     "settings neo4j-user, and RUMMAGE_NEO4J_PASSWORD or neo4j-password-file",
		"bolt://localhost:7687/neo4j":    "name the database with --neo4j-database",
		"http://localhost:7474":          "bolt://",
		"bolt://":                        "no host",
		"bolt://local host":              "bolt://localhost:7687",
		"bolt://li:secret@local host:%1": "cannot be read",
		"/var/lib/store.rummage":         "begins with",
	} {
		_, err := checkAddress(address)
		refusal(t, err, ErrAddress, want)
		require.NotErrorIs(t, err, graph.ErrUnreachable)
	}
	_, err := Open(context.Background(), "bolt://127.0.0.1:1", Options{Database: "System"})
	refusal(t, err, ErrAddress, "the server keeps its users and databases", "--neo4j-database")
	for _, path := range []string{`C:\store`, "http://x", "/var/lib/store.rummage", "bolt"} {
		require.False(t, IsAddress(path), path)
	}
}

func TestVersionsAreComparedNumberByNumber(t *testing.T) {
	for version, ok := range map[string]bool{"5.13.0": true, "5.26.30": true, "5.9.0": false, "4.4.40": false, "5.27-aura": true, "2025.01.0": true, "5.13": true,
		"5": false, "": false, "dev": false} {
		require.Equal(t, ok, atLeast(version, leastVersion), version)
	}
}

// bolt answers as a server that calls itself by a name, as far as the driver
// needs to learn that. It speaks version 4.4 of the protocol.
func bolt(t *testing.T, agent string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(conn, agent)
		}
	}()
	return "bolt://" + listener.Addr().String()
}

func answer(conn net.Conn, agent string) {
	defer conn.Close()
	hello := make([]byte, 20)
	if _, err := io.ReadFull(conn, hello); err != nil {
		return
	}
	_, _ = conn.Write([]byte{0, 0, 4, 4})
	text := func(s string) []byte { return append([]byte{0xd0, byte(len(s))}, s...) }
	success := append([]byte{0xb1, 0x70, 0xa3}, text("server")...)
	success = append(append(success, text(agent)...), text("connection_id")...)
	success = append(append(success, text("bolt-1")...), text("fields")...)
	success = append(success, 0x90)
	for {
		if _, ok := message(conn); !ok {
			return
		}
		_, _ = conn.Write(append(append(binary.BigEndian.AppendUint16(nil, uint16(len(success))), success...), 0, 0))
	}
}

// message reads one message in its chunks.
func message(conn net.Conn) (all []byte, ok bool) {
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return nil, false
		}
		n := binary.BigEndian.Uint16(size[:])
		if n == 0 && len(all) > 0 {
			return all, true
		}
		chunk := make([]byte, n)
		if _, err := io.ReadFull(conn, chunk); err != nil {
			return nil, false
		}
		all = append(all, chunk...)
	}
}

// listen is a server of which every connection is handled so.
func listen(t *testing.T, handle func(net.Conn)) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

func TestServersThatAreNone(t *testing.T) {
	ctx := context.Background()
	nobody := listen(t, func(net.Conn) {})
	silent := make(chan struct{})
	defer close(silent)
	for name, c := range map[string]struct {
		address string
		words   []string
		answers bool // so that nobody would call it unreachable
	}{
		"too old":         {bolt(t, "Neo4j/4.4.38"), []string{"Neo4j 4.4.38", "5.13 or later"}, true},
		"something else":  {bolt(t, "Memgraph/2.0"), []string{"Memgraph/2.0", "5.13 or later"}, true},
		"nothing there":   {"bolt://127.0.0.1:1", []string{"start the server"}, false},
		"hangs up":        {"bolt://" + nobody, []string{"see whether the server runs"}, false},
		"no such host":    {"bolt://nobody.invalid:7687", []string{"check the address"}, false},
		"never answers":   {"bolt://" + listen(t, func(net.Conn) { <-silent }), []string{"no answer within 2s"}, false},
		"speaks HTTP":     {"bolt://" + listen(t, http), []string{"7687, not 7474"}, false},
		"no encryption":   {"bolt+s://" + listen(t, http), []string{"bolt:// or neo4j://"}, false},
		"another version": {"bolt://" + listen(t, none), []string{"7687, not 7474"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			patience := hurried
			if name == "never answers" {
				patience = 2 * time.Second
			}
			_, err := Open(ctx, c.address, Options{User: "neo4j", Password: "secret", Patience: patience})
			refusal(t, err, graph.ErrUnreachable, append(c.words, c.address)...)
			require.Equal(t, c.answers, !strings.Contains(err.Error(), graph.ErrUnreachable.Error()), err)
		})
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	_, err := Open(stopped, "bolt://"+nobody, Options{})
	require.ErrorIs(t, err, context.Canceled)
}

func http(conn net.Conn) {
	_, _ = conn.Read(make([]byte, 64))
	_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
}

// none takes none of the versions of the protocol that it is offered.
func none(conn net.Conn) {
	_, _ = io.ReadFull(conn, make([]byte, 20))
	_, _ = conn.Write(make([]byte, 4))
}

func TestDatabasesThatAreNone(t *testing.T) {
	ctx := context.Background()
	server := neo4jtest.Shared(t)
	at := placeOn(t, server)
	open := func(change func(*Options)) (*Store, error) {
		o := at.options()
		change(&o)
		return Open(ctx, at.Address, o)
	}
	_, err := open(func(o *Options) { o.Create = false })
	refusal(t, err, fs.ErrNotExist, "empty", at.Address)
	_, err = open(func(o *Options) { o.ReadOnly = true })
	refusal(t, err, fs.ErrNotExist, "the first import starts a store")
	_, err = open(func(o *Options) { o.Database = "elsewhere" })
	answered := func(err error, words ...string) {
		t.Helper()
		refusal(t, err, graph.ErrUnreachable, words...)
		require.NotContains(t, err.Error(), graph.ErrUnreachable.Error(), "it answered")
		require.NotContains(t, err.Error(), "Neo4jError")
	}
	answered(err, `no database "elsewhere"`, "neo4j")
	if server.Password != "" {
		_, err = open(func(o *Options) { o.Password = "secret and wrong" })
		answered(err, "does not take this user and password")
		_, err = open(func(o *Options) { o.Password = "" })
		answered(err, "no password is set; RUMMAGE_NEO4J_PASSWORD or --neo4j-password-file names it")
		_, err = open(func(o *Options) { o.User, o.Password = "", "" })
		answered(err, "no password is set")
	}
	_, err = Open(ctx, strings.Replace(at.Address, "bolt://", "bolt+s://", 1), at.options())
	refusal(t, err, graph.ErrUnreachable, "encrypted", "bolt:// or neo4j://")

	run(t, server, cypher{text: "CREATE (:Person {name: 'somebody'})"})
	_, err = open(func(*Options) {})
	refusal(t, err, graph.ErrNotAStore, "something else", "empty one")
	server.Empty(t)

	s, err := open(func(*Options) {})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err = s.Sources(ctx)
	require.ErrorIs(t, err, graph.ErrClosed)
	run(t, server, cypher{"MATCH (s:Store) SET s.format = $format", map[string]any{"format": format + 1}})
	_, err = open(func(*Options) {})
	refusal(t, err, graph.ErrNewerFormat, "newer rummage")
	run(t, server, cypher{text: "MATCH (s:Store) SET s.format = null"})
	_, err = open(func(*Options) {})
	require.ErrorIs(t, err, graph.ErrDamaged)
}

func run(t *testing.T, server *neo4jtest.Server, q cypher) {
	t.Helper()
	session := server.Driver(t).NewSession(context.Background(), driver.SessionConfig{DatabaseName: server.Database})
	defer session.Close(context.Background())
	result, err := session.Run(context.Background(), q.text, q.values)
	require.NoError(t, err)
	_, err = result.Consume(context.Background())
	require.NoError(t, err)
}

func TestConstraintsAndIndexesThatAreMissing(t *testing.T) {
	ctx := context.Background()
	server := neo4jtest.Shared(t)
	at := placeOn(t, server)
	s, err := Open(ctx, at.Address, at.options())
	require.NoError(t, err)
	batch := many("first", 300)
	_, err = batch.Import(ctx, s)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	run(t, server, cypher{text: "DROP CONSTRAINT rummage_entity_id"})
	run(t, server, cypher{text: "DROP INDEX rummage_search"})
	reading := at.options()
	reading.ReadOnly = true
	_, err = Open(ctx, at.Address, reading)
	refusal(t, err, graph.ErrDamaged, "uniqueness of Entity.id", "1 more", "open the store once for writing")

	s, err = Open(ctx, at.Address, at.options())
	require.NoError(t, err)
	defer s.Close()
	wellKept(t, s, batch)
	read, err := Open(ctx, at.Address, reading)
	require.NoError(t, err)
	defer read.Close()
	wellKept(t, read, batch)
	_, err = many("other", 3).Import(ctx, read)
	refusal(t, err, graph.ErrReadOnly, "opened so")
	require.ErrorIs(t, read.Withdraw(ctx, batch.Spec.ID(0), storetest.Noon(3), ""), graph.ErrReadOnly)

	run(t, server, cypher{text: "DROP CONSTRAINT rummage_entity_id"})
	problems, err := s.Check(ctx, nil)
	require.NoError(t, err)
	require.Len(t, problems, 1)
	require.Contains(t, problems[0].What, "uniqueness of Entity.id is missing")
	run(t, server, cypher{text: "MATCH (e:Entity) WITH e LIMIT 1 CREATE (:Entity:Party {id: e.id})"})
	_, err = Open(ctx, at.Address, at.options())
	refusal(t, err, graph.ErrDamaged, "two records of one id")
}

func TestAnOlderFormatIsBroughtUpToDate(t *testing.T) {
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	s, err := Open(ctx, at.Address, at.options())
	require.NoError(t, err)
	defer s.Close()
	var done []string
	step := func(name string) func(context.Context, *Store) error {
		return func(context.Context, *Store) error { done = append(done, name); return nil }
	}
	steps := []func(context.Context, *Store) error{step("first"), step("second")}
	require.NoError(t, s.upgrade(ctx, steps, 3))
	require.Equal(t, []string{"first", "second"}, done)
	found, err := s.records(ctx, cypher{text: askStore})
	require.NoError(t, err)
	require.EqualValues(t, 3, integer(found[0].Values[0]))
	require.ErrorIs(t, s.upgrade(ctx, steps, 4), graph.ErrOlderFormat, "there is no third step")
	s.format = 0
	require.ErrorIs(t, s.upgrade(ctx, steps, 3), graph.ErrOlderFormat, "nor one before the first")
	s.options.ReadOnly = true
	refusal(t, s.upgrade(ctx, steps, 3), graph.ErrOlderFormat, "open it once for writing")
}
