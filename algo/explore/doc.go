// Package explore walks the graph outwards from single entities: their
// neighbours, the shortest ways between two, and what connects several. It
// never scans: it grows small balls through graph.Finder, lifts what lies
// between them into memory, and lets gonum search there.
//
// It must not know which store it walks, how answers are printed, or what any
// score means.
package explore
