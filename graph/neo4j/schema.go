package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// rule is a constraint or an index that the database must have. Its texts are
// made once, from the closed lists of labels and types.
type rule struct {
	label    string // or type of relationship
	property string
	kind     string // UNIQUENESS for a constraint, else the kind of the index
	make     string //cypher:text
}

// rules are all constraints and indexes of the current format.
var rules = rulesOf()

func rulesOf() []rule {
	var all []rule
	for _, label := range []string{labelStore, labelLock, labelWriter, labelSource, labelUnfinished, labelEntity, labelConsignment,
		labelPlaces, labelRefused, labelDecision, labelRun, labelNetwork, labelLead} {
		all = append(all, rule{label, "id", uniqueness, fmt.Sprintf(
			"CREATE CONSTRAINT rummage_%s_id IF NOT EXISTS FOR (n:%s) REQUIRE n.id IS UNIQUE", strings.ToLower(label), label)})
	}
	for _, role := range graph.Roles() {
		if role.IsLink() {
			all = append(all, rule{roleTypes[role], "id", uniqueness, fmt.Sprintf(
				"CREATE CONSTRAINT rummage_%s_id IF NOT EXISTS FOR ()-[r:%s]-() REQUIRE r.id IS UNIQUE", role, roleTypes[role])})
		}
	}
	return append(all,
		rule{labelEntity, propSearch, "TEXT", fmt.Sprintf("CREATE TEXT INDEX rummage_search IF NOT EXISTS FOR (n:%s) ON (n.%s)", labelEntity, propSearch)},
		rule{labelConsignment, propNumber, "RANGE", fmt.Sprintf("CREATE RANGE INDEX rummage_number IF NOT EXISTS FOR (n:%s) ON (n.%s)", labelConsignment, propNumber)})
}

const (
	uniqueness = "UNIQUENESS"

	showConstraints = "SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties"
	showIndexes     = "SHOW INDEXES YIELD name, type, labelsOrTypes, properties, state, populationPercent"

	// makeStore makes the nodes that a store needs; those that are there stay.
	makeStore = `MERGE (s:Store {id: 'rummage'}) ON CREATE SET s.format = $format, s.generation = 0, s.sources = 0, s.decisions = 0, s.forgotten = 0, s.runs = 0
MERGE (l:Lock {id: 'rummage'})
MERGE (w:Writer {id: 'rummage'}) ON CREATE SET w.epoch = 0`
	setFormat = "MATCH (s:Store {id: 'rummage'}) SET s.format = $format"
)

// upgrades are what brings a database from one format to the next: the first
// from format 1 to 2. There is one format so far.
var upgrades []func(ctx context.Context, s *Store) error

// create makes a store in an empty database. Doing so twice at once makes one.
func (s *Store) create(ctx context.Context) error {
	missing, err := s.missingRules(ctx)
	if err != nil {
		return err
	}
	if err := s.makeRules(ctx, missing); err != nil {
		return err
	}
	return s.do(ctx, cypher{makeStore, map[string]any{"format": int64(format)}})
}

// settle upgrades an older format and sees to it that constraints and indexes
// are there and in use.
func (s *Store) settle(ctx, patient context.Context) error {
	if err := s.upgrade(ctx, upgrades, format); err != nil {
		return err
	}
	missing, err := s.missingRules(patient)
	if err != nil {
		return err
	}
	if s.options.ReadOnly {
		if len(missing) > 0 {
			return s.broken(graph.ErrDamaged, "%s and %d more constraints or indexes are missing, so that answers would be slow or wrong; open the store once for writing, which makes them",
				missing[0].name(), len(missing)-1)
		}
		return s.awaitIndexes(ctx)
	}
	if err := s.makeRules(ctx, missing); err != nil {
		return err
	}
	if err := s.makeTypes(ctx); err != nil {
		return err
	}
	found, err := s.records(patient, cypher{text: askRoles})
	if err != nil {
		return err
	}
	if there, _ := found[0].Values[0].(bool); !there {
		if err := s.do(patient, cypher{makeStore, map[string]any{"format": int64(format)}}); err != nil {
			return err
		}
	}
	return s.awaitIndexes(ctx)
}

func (r rule) name() string {
	return fmt.Sprintf("%s of %s.%s", strings.ToLower(r.kind), r.label, r.property)
}

// upgrade brings an older format up to date, step by step, each of which may be
// done again.
func (s *Store) upgrade(ctx context.Context, steps []func(context.Context, *Store) error, to int64) error {
	if s.format == to {
		return nil
	}
	if s.options.ReadOnly {
		return s.broken(graph.ErrOlderFormat, "database %s has format %d; open it once for writing, which brings it to format %d", s.options.Database, s.format, to)
	}
	for ; s.format < to; s.format++ {
		if s.format < 1 || int(s.format) > len(steps) {
			return s.broken(graph.ErrOlderFormat, "database %s has format %d, which cannot be upgraded", s.options.Database, s.format)
		}
		if err := steps[s.format-1](ctx, s); err != nil {
			return err
		}
		if err := s.do(ctx, cypher{setFormat, map[string]any{"format": s.format + 1}}); err != nil {
			return err
		}
	}
	return nil
}

// missingRules returns the rules that the database lacks, whatever the names
// under which it has the others.
func (s *Store) missingRules(ctx context.Context) ([]rule, error) {
	constraints, err := s.records(ctx, cypher{text: showConstraints})
	if err != nil {
		return nil, err
	}
	indexes, err := s.records(ctx, cypher{text: showIndexes})
	if err != nil {
		return nil, err
	}
	has := func(r rule) bool {
		if r.kind == uniqueness {
			return slices.ContainsFunc(constraints, func(c *driver.Record) bool {
				return strings.HasSuffix(text(c.Values[0]), uniqueness) && only(c.Values[1], r.label) && only(c.Values[2], r.property)
			})
		}
		return slices.ContainsFunc(indexes, func(i *driver.Record) bool {
			return text(i.Values[1]) == r.kind && only(i.Values[2], r.label) && only(i.Values[3], r.property)
		})
	}
	return slices.DeleteFunc(slices.Clone(rules), has), nil
}

// only reports whether a list of texts holds one text alone.
func only(list any, want string) bool {
	all := texts(list)
	return len(all) == 1 && all[0] == want
}

const (
	askTypes = "CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType"
	makeType = "CALL db.createRelationshipType($type)"
)

// makeTypes makes every type known to the database, used or not: a server looks
// types that it does not know up again for every node that it walks from, which
// makes counting neighbours half as slow again.
func (s *Store) makeTypes(ctx context.Context) error {
	found, err := s.records(ctx, cypher{text: askTypes})
	if err != nil {
		return err
	}
	known := make(map[string]bool, len(found))
	for _, record := range found {
		known[text(record.Values[0])] = true
	}
	for _, role := range graph.Roles() {
		if name := roleTypes[role]; !known[name] {
			if err := s.do(ctx, cypher{makeType, map[string]any{"type": name}}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) makeRules(ctx context.Context, missing []rule) error {
	for _, r := range missing {
		if err := s.do(ctx, cypher{text: r.make}); err != nil {
			return err
		}
	}
	return nil
}

// indexPause is the time between two looks at indexes that are being built.
const indexPause = 100 * time.Millisecond

// awaitIndexes waits until every index is in use. It gives up when for
// Options.Patience nothing went on.
func (s *Store) awaitIndexes(ctx context.Context) error {
	deadline, before := time.Now().Add(s.options.Patience), -1.0
	for {
		found, err := s.records(ctx, cypher{text: showIndexes})
		if err != nil {
			return err
		}
		done, waiting := 0.0, ""
		for _, index := range found {
			percent, _ := index.Values[5].(float64)
			done += percent
			switch state := text(index.Values[4]); {
			case state == "FAILED":
				return s.broken(graph.ErrDamaged, "index %s could not be built; drop it, open the store again, and see the server's log if it stays so", text(index.Values[0]))
			case state != "ONLINE":
				waiting = text(index.Values[0])
			}
		}
		if waiting == "" {
			return nil
		}
		if done != before {
			deadline, before = time.Now().Add(s.options.Patience), done
		}
		if time.Now().After(deadline) {
			return s.broken(graph.ErrUnreachable, "index %s is still being built and does not get on; try again later", waiting)
		}
		if err := pause(ctx, indexPause); err != nil {
			return s.errorOf(ctx, err)
		}
	}
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
