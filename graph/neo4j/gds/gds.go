// Package gds has the Graph Data Science library of a Neo4j server compute on
// graphs that are handed in as lists of edges. They are projected into the
// server's memory, straight from the parameters of a query, and dropped again;
// nothing is written to a database and nothing of one is read.
//
// It must not know what the figures are compared with, nor any kernel of ours.
package gds

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph/neo4j"
)

// ErrAbsent is returned for a server that does not have the library, or does
// not let this user have it.
var ErrAbsent = errors.New("no Graph Data Science on this server")

// MostThreads is how many threads the library takes without a licence of its
// own.
const MostThreads = 4

const (
	defaultLimit = 10 * time.Minute
	dropping     = 20 * time.Second
)

// Options say how to reach a server and how it shall compute.
type Options struct {
	User     string // "" when the server asks for none
	Password string
	Database string        // "" means neo4j
	Tool     string        // version of rummage, for the server's log
	Patience time.Duration // how long to wait for a server that does not answer; 0 means 30 seconds
	Limit    time.Duration // how long one computation may take; 0 means ten minutes
	Threads  int           // of the library, at most MostThreads; 0 means 1
}

// Library is the library of one server.
type Library struct {
	server  *neo4j.Server
	options Options
	version string
}

// query is a text with its parameters.
type query struct {
	text   string //cypher:text
	values map[string]any
}

const askVersion = "RETURN gds.version()"

// Open reaches the server at address, such as bolt://localhost:7687, and asks
// for its library. Errors wrap graph.ErrUnreachable or ErrAbsent.
func Open(ctx context.Context, address string, options Options) (*Library, error) {
	if options.Limit == 0 {
		options.Limit = defaultLimit
	}
	options.Threads = min(max(options.Threads, 1), MostThreads)
	server, err := neo4j.Reach(ctx, address, neo4j.Options{
		User: options.User, Password: options.Password, Database: options.Database, Tool: options.Tool, Patience: options.Patience,
	})
	if err != nil {
		return nil, err
	}
	l := &Library{server: server, options: options}
	if l.version, err = l.ask(ctx); err != nil {
		return nil, errors.Join(absent(err, address), server.Close())
	}
	return l, nil
}

func (l *Library) ask(ctx context.Context) (string, error) {
	found, err := l.rows(ctx, query{text: askVersion})
	if err != nil {
		return "", err
	}
	version, _ := found[0].Values[0].(string)
	return version, nil
}

// absent tells a server without the library from one that failed: to it the
// library's functions are words it does not know, or may not run.
func absent(err error, address string) error {
	var said *driver.Neo4jError
	if !errors.As(err, &said) || !strings.HasPrefix(said.Code, "Neo.ClientError.Statement.") && !strings.HasPrefix(said.Code, "Neo.ClientError.Procedure.") {
		return err
	}
	return fmt.Errorf("gds: %s: %w (%s)", address, ErrAbsent, said.Msg)
}

// Version is that of the library, such as 2.13.9.
func (l *Library) Version() string { return l.version }

// Server is what the server calls itself, such as Neo4j/5.26.30.
func (l *Library) Server() string { return l.server.Agent() }

// Threads is the number that computations take.
func (l *Library) Threads() int { return l.options.Threads }

// Close closes the connections.
func (l *Library) Close() error { return l.server.Close() }

// rows runs a query and returns what it found, within the limit of one
// computation.
func (l *Library) rows(ctx context.Context, q query) ([]*driver.Record, error) {
	limited, cancel := context.WithTimeout(ctx, l.options.Limit)
	defer cancel()
	session := l.server.Session(limited)
	defer func() { _ = session.Close(context.WithoutCancel(limited)) }()
	result, err := session.Run(limited, q.text, q.values)
	if err != nil {
		return nil, l.explain(ctx, limited, err)
	}
	found, err := result.Collect(limited)
	if err != nil {
		return nil, l.explain(ctx, limited, err)
	}
	return found, nil
}

// explain tells a computation that took too long from one that was called off:
// the driver makes a lost connection of both.
func (l *Library) explain(ctx, limited context.Context, err error) error {
	if limited.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("gds: the server did not answer within %v; take a smaller graph: %w", l.options.Limit, limited.Err())
	}
	return l.server.Explain(ctx, err)
}

// Graph is an undirected graph as a list of edges, each once. Nodes are the
// numbers below Nodes; a node without edges is one too.
type Graph struct {
	Nodes    int
	From, To []uint32
	Weight   []float64 // nil: 1 each
}

// Projection is a graph in the server's memory. It is the caller's to drop.
type Projection struct {
	library *Library
	name    string
	nodes   int
	edges   int
	took    time.Duration
}

// Edges is how many edges arrived, of a graph without self-loops.
func (p *Projection) Edges() int { return p.edges }

// Took is how long the library was at making the projection, in whole
// milliseconds, as it says: from the first row of edges to the graph.
func (p *Projection) Took() time.Duration { return p.took }

// project makes a graph of three columns. A node alone has no other end, which
// is a negative number here.
const project = `UNWIND range(0, size($from) - 1) AS i
WITH gds.graph.project($name, $from[i], CASE WHEN $to[i] < 0 THEN null ELSE $to[i] END,
 {relationshipProperties: {weight: $weight[i]}}, {undirectedRelationshipTypes: ['*']}) AS made
RETURN made.projectMillis, made.nodeCount, made.relationshipCount`

// Project puts a graph into the server's memory, some 50 bytes an edge while it
// is sent. Its name there begins with "rummage-", for whoever finds one that a
// killed process left behind.
func (l *Library) Project(ctx context.Context, g Graph) (*Projection, error) {
	if len(g.From) != len(g.To) || g.Weight != nil && len(g.Weight) != len(g.From) {
		return nil, errors.New("gds: columns differ in length")
	}
	from, to, weight := make([]int64, 0, len(g.From)), make([]int64, 0, len(g.From)), make([]float64, 0, len(g.From))
	seen := make([]bool, g.Nodes)
	for i := range g.From {
		u, v := g.From[i], g.To[i]
		if int(max(u, v)) >= g.Nodes {
			return nil, fmt.Errorf("gds: edge %d joins %d and %d, but there are %d nodes", i, u, v, g.Nodes)
		}
		seen[u], seen[v] = true, true
		w := 1.0
		if g.Weight != nil {
			w = g.Weight[i]
		}
		from, to, weight = append(from, int64(u)), append(to, int64(v)), append(weight, w)
	}
	for u, joined := range seen {
		if !joined {
			from, to, weight = append(from, int64(u)), append(to, -1), append(weight, 0)
		}
	}
	p := &Projection{library: l, name: "rummage-" + rand.Text(), nodes: g.Nodes}
	found, err := l.rows(ctx, query{project, map[string]any{"name": p.name, "from": from, "to": to, "weight": weight}})
	if err != nil {
		_ = p.Drop(ctx) // it may be there though the answer was lost; that a server which is gone cannot drop it is no news
		return nil, err
	}
	made := found[0].Values
	if n, _ := made[1].(int64); int(n) != g.Nodes {
		return nil, errors.Join(fmt.Errorf("gds: %d nodes were sent, %d arrived", g.Nodes, n), p.Drop(ctx))
	}
	both, _ := made[2].(int64)
	p.took, p.edges = took(made), int(both/2)
	return p, nil
}

const drop = "CALL gds.graph.drop($name, false) YIELD graphName RETURN graphName"

// Drop frees the server's memory, also when the context has ended.
func (p *Projection) Drop(ctx context.Context) error {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), dropping)
	defer cancel()
	_, err := p.library.rows(last, query{drop, map[string]any{"name": p.name}})
	return err
}
