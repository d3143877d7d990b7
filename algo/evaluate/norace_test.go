//go:build !race

package evaluate_test

// underRace says that the race detector is looking.
const underRace = false
