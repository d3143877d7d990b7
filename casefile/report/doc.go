// Package report writes a case for people: one document, as a page for a browser and as PDF, both for A4, with the handling code and a
// number on every page. What stands in it is composed once, so that both say the same.
//
// The same case gives the same bytes: no clock, no random identifier.
//
// It must not know stores, analyses, or who may see what.
package report
