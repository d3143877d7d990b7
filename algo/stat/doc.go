// Package stat holds the exact tests, the control of many tests at once, and the ranking measures that flags are judged by.
//
// Everything is a pure function of numbers. The package must not know graphs, parties or stores, and draws no random numbers:
// who permutes outcomes hands the results in.
//
// Tails are exact sums, not normal approximations: the counts behind a flag are small (3 hits in 6 inspections) and the null
// is skewed. Functions of a single test answer NaN where their parameters describe no experiment, as package math does;
// functions of a list return an error that names the offending place.
package stat
