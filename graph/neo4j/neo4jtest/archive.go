package neo4jtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// classes returns an archive of the server's loaded classes, made on first use, which takes a third off the
// processor time of every later start (JEP 350). It belongs to one build of Java and one set of jars. Empty where this Java
// cannot make one.
func classes(ctx context.Context, vm virtual) (string, error) {
	sum := sha256.Sum256([]byte(vm.java + vm.version))
	file := vm.jars + "-" + hex.EncodeToString(sum[:8]) + ".jsa"
	if _, err := os.Stat(file); err != nil {
		unlock, err := locked(ctx, filepath.Dir(file))
		if err != nil {
			return "", err
		}
		defer unlock()
		if _, err := os.Stat(file); err != nil {
			if err := train(ctx, vm, file); err != nil {
				return "", err
			}
		}
	}
	// An empty file says that making one was tried.
	if about, err := os.Stat(file); err != nil || about.Size() == 0 {
		return "", err
	}
	return file, nil
}

// train runs a server through what tests commonly ask and has it write down the classes when it stops.
func train(ctx context.Context, vm virtual, file string) error {
	part, err := os.MkdirTemp(filepath.Dir(file), "part-")
	if err != nil {
		return fmt.Errorf("neo4jtest: %w", err)
	}
	defer os.RemoveAll(part) //nolint:errcheck // the archive is out of it by then, or what failed is told already
	written := filepath.Join(part, "classes")
	o := Options{java: []string{"-XX:ArchiveClassesAtExit=" + written}}.filled()
	if o.Port, err = free(); err != nil {
		return err
	}
	s, err := vm.prepare(ctx, o)
	if err != nil {
		return err
	}
	defer s.Stop() //nolint:errcheck // nothing of it is wanted
	if err := s.start(ctx); err != nil {
		return err
	}
	for _, cypher := range []string{
		"CREATE CONSTRAINT thing FOR (n:Thing) REQUIRE n.id IS UNIQUE",
		"CREATE TEXT INDEX thing_name FOR (n:Thing) ON (n.name)",
		"UNWIND range(1, 100) AS i MERGE (a:Thing {id: i}) MERGE (b:Thing {id: i % 10}) MERGE (a)-[r:NEXT]->(b) SET r.day = date()",
		"MATCH (a:Thing)-[r]->(b) WHERE a.name CONTAINS 'x' OR a.id IN [1, 2] RETURN a, r, b ORDER BY a.id LIMIT 10",
		"MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10 ROWS",
	} {
		if err := s.run(ctx, cypher, nil); err != nil {
			return fmt.Errorf("neo4jtest: try the server out: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, stopping+10*time.Second)
	defer cancel()
	if err := s.engine.end(ctx, false); err != nil {
		return fmt.Errorf("neo4jtest: try the server out: %w", err)
	}
	if _, err := os.Stat(written); err != nil {
		if err := os.WriteFile(written, nil, 0o644); err != nil {
			return fmt.Errorf("neo4jtest: %w", err)
		}
	}
	if err := os.Rename(written, file); err != nil {
		return fmt.Errorf("neo4jtest: %w", err)
	}
	return nil
}
