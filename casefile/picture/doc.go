// Package picture draws a part of a store: who stands where, by which sign, and what is written beside. The case file, its report and its
// viewer show the same picture, and so does the screen.
//
// A Drawing says what is drawn, Arrange where, Marks how: lines, shapes and words that every output draws alike. Arrange uses one thread,
// no clock and no chance that is not seeded; products are rounded before they are added, so that processors with fused arithmetic compute
// the same places.
//
// It must not know stores, why parties were chosen, or where the picture goes.
package picture
