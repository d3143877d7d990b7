//go:build race

package main

// underRace says that the race detector is looking. It makes everything some ten times slower, so what is computed on several worlds is
// computed on one: the figures are held by the run without it.
const underRace = true
