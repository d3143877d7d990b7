package neo4jtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrNone is returned when this machine has no way to run a server. Its text lists what was looked for and
// what was found instead.
var ErrNone = errors.New("no Neo4j server can be had here")

// Options is what a server of one's own may differ in. The zero value is right for most tests.
type Options struct {
	// Folder keeps the data after the server stopped; made if missing. Empty: a temporary folder,
	// removed at the end.
	Folder string
	// Port of Bolt; 0 takes a free one.
	Port int
	// HTTP serves Neo4j Browser on HTTPPort (0: a free one).
	HTTP     bool
	HTTPPort int
	// GDS loads the Graph Data Science plug-in.
	GDS bool
	// Heap and Pages are the JVM heap and the page cache, as Neo4j writes sizes; "512m" and "128m" if empty.
	Heap, Pages string
	// Settings are further lines of neo4j.conf, "name=value"; they win over the package's own.
	Settings []string
	// Measured has Java compile as well as it can, which costs a slower start: for benchmarks.
	Measured bool
	// Patience is how long a start may take; ten minutes if zero, which a machine at its limit needs. Fetching the jars has
	// its own limit.
	Patience time.Duration

	java []string // further options of the virtual machine
}

// filled puts the defaults where nothing is said.
func (o Options) filled() Options {
	if o.Heap == "" {
		o.Heap = "512m"
	}
	if o.Pages == "" {
		o.Pages = "128m"
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Minute
	}
	return o
}

// conf lists the settings that hold wherever the server runs, without those of addresses and folders.
func (o Options) conf() []string {
	lines := []string{
		"dbms.security.auth_enabled=true",
		"dbms.usage_report.enabled=false",
		"internal.dbms.usage_report.udc_network_enabled=false",
		"server.bolt.telemetry.enabled=false",
		"server.https.enabled=false",
		"server.memory.heap.initial_size=" + o.Heap,
		"server.memory.heap.max_size=" + o.Heap,
		"server.memory.pagecache.size=" + o.Pages,
		// Without these two a fresh folder takes half a gigabyte, and stopping ten seconds.
		"db.tx_log.preallocate=false",
		"db.tx_log.rotation.size=64m",
		"internal.dbms.bolt.netty_server_shutdown_quiet_period=0",
		"internal.dbms.bolt.netty_server_shutdown_timeout=1",
	}
	if !o.Measured {
		// A test fills an empty database and empties it again, and each time the plans of all queries would be found
		// outdated.
		lines = append(lines, "dbms.cypher.min_replan_interval=1h")
	}
	if o.GDS {
		lines = append(lines, "dbms.security.procedures.unrestricted=gds.*", "dbms.security.procedures.allowlist=gds.*")
	}
	return lines
}

// merged is lines with every setting once; the last one named wins.
func merged(lines ...string) []string {
	var kept []string
	seen := map[string]bool{}
	for _, line := range slices.Backward(lines) {
		name, _, _ := strings.Cut(line, "=")
		if !seen[name] {
			seen[name] = true
			kept = append(kept, line)
		}
	}
	slices.Reverse(kept)
	return kept
}

// setting cuts "name=value".
func setting(line string) (name, value string, err error) {
	name, value, ok := strings.Cut(line, "=")
	if !ok || name == "" || strings.ContainsAny(line, "\r\n") {
		return "", "", fmt.Errorf("neo4jtest: setting %q: want name=value on one line", line)
	}
	return name, value, nil
}
