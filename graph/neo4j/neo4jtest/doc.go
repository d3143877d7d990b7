// Package neo4jtest gives tests, and whoever wants to try one, a real Neo4j server.
//
// A test asks for the server that the whole test binary shares, or for one of its own that it may kill:
//
//	func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m).Run()) }
//
//	func TestStore(t *testing.T) {
//		server := neo4jtest.Shared(t) // started on first use; empty of data, its schema kept
//		driver := server.Driver(t)
//		...
//	}
//
//	func TestCrash(t *testing.T) {
//		server := neo4jtest.Own(t, neo4jtest.Options{})
//		server.Kill(t)  // kill -9
//		server.Again(t) // same data, same port
//	}
//
// The shared server is, in this order: the one that RUMMAGE_NEO4J names (with RUMMAGE_NEO4J_USER and
// RUMMAGE_NEO4J_PASSWORD; it must hold no data, since tests delete what they find), one in a local Docker
// engine, one run by Java 17 or later from jars that Maven fetches once. A server of one's own is one of the
// latter two. Where there is none, the test is skipped and says why; with RUMMAGE_REQUIRE_NEO4J=1 it fails.
//
// A server listens on 127.0.0.1 alone, asks for a password, reports nothing to anyone, and keeps its data in a
// temporary folder. It goes when the test binary goes, however that dies: a watchdog holds the reading
// end of a pipe whose writing end the test binary holds, and clears up when the pipe closes. Starting takes
// seconds and about 650 MB of memory, so share where you can.
//
// The package must not know the store that is tested with it: neither its schema nor its names.
package neo4jtest
