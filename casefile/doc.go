// Package casefile packs what leaves the house: a subgraph in the formats of other programs, the rows of files that it stands on, why it
// was chosen, and how it was asked for, as one bag that verifies itself.
//
// It must know neither stores nor analyses: what is packed is handed in, and so is the day.
package casefile
