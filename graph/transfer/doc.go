// Package transfer copies what one store holds into another, whatever kinds
// they are: sources with their records, places, quarantine and evidence, how
// they ended, decisions under their numbers, and runs. The copy answers every
// question as the original does, ids and days of knowledge included.
//
// A store gives out records, not the rows that said them. Sources are
// therefore scanned, a few million rows at a time, records are sorted by the
// row that they come from (through temporary files, so that memory is flat),
// and put back together row by row. Where several rows of a source say the
// same thing a store remembers one of them, so only that one says it in the
// copy; nothing that a store answers depends on the others.
//
// A copy that is broken off leaves whole sources in the target, and the next
// one goes on after them. At the end both are read and compared, record by
// record.
//
// It knows the contract of package graph alone: no store by name, no file
// format, and nothing of what records mean.
package transfer
