// Package pattern finds smuggling typologies in records: schemes that are described in
// files, as motifs of dated records and the parties, goods and places they share.
//
//	Library   the shipped typologies, Parse one of another file
//	Read      the records of a scope, as tables that motifs are matched on
//	Match     the places where a typology is met, each with its records in time order
//	Test      how many there would be if ties were dealt out anew, and what chance leaves
//
// A typology is a file in the folder typology: what it looks for, the numbers it uses and
// why these, what it rests on in law or print, what speaks for a match and what against.
// All of them are run by one engine, and say the same whatever the order of the records.
//
// The package must not know how a store keeps records, how flags of networks are made, nor
// what is true of a world. It looks at what inspections found only where a typology says so.
package pattern
