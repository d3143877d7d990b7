// Package parallel has tests that run at once.
package parallel

// N is what they share.
var N int
