// Package register keeps account of case files: which left the house, when, to whom and for what, and which of them no longer say what the
// store says.
//
// An entry is a run of kind "export" that rests on no source, so that it outlives them all: when a source is purged, somebody must still be
// told that its rows are with another office. What a case file held is kept as digests, since an entry that outlives a source must not keep
// what the source said.
//
// It must know neither commands nor formats, and no clock.
package register
