// Package boost fits gradient-boosted trees to rows of numbers with a yes or
// no beside each: what a table can tell without a graph, and how parts of
// evidence are weighed where outcomes are known.
//
// It must not know what the numbers stand for, and draws none at random.
package boost
