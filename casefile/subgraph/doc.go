// Package subgraph lifts the part of a store that leaves the house: some parties, the consignments and links between them, and whatever
// stands in these, each with the rows of files that say so.
//
// A consignment is a node here as it is everywhere: it has many parties, and an edge has two ends. What comes out depends on what the scope
// shows and on who is asked for, not on the order in which a store answers.
//
// It must know neither formats nor who may see what, and no analysis: why parties were chosen is for others to say.
package subgraph
