// Package evaluate holds what flag says against known truth: how well leads
// rank the members of planted rings, what findings hold, how often shuffled
// outcomes are flagged, and what simpler methods and leaks of the world itself
// reach beside it.
//
// It must not know where the truth comes from, and nothing of it may ever
// reach flag: the truth is looked at after the analysis is done.
package evaluate
