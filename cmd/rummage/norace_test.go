//go:build !race

package main

// underRace says that the race detector is looking.
const underRace = false
