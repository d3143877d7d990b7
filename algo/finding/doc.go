// Package finding draws groups of traders without looking at outcomes, and tests which of them hold more hits than chance explains.
//
// trade.go has the columns that everything here reads; candidate.go draws groups; trial.go lays their outcomes out, walk.go judges
// one set of outcomes, null.go shuffles them and calibrate.go learns from the shuffles what chance is; without.go tests what
// remains of a finding without one of its ties; corroborate.go and closeness.go say about each trader what the groups around it say.
//
// It knows the compact graph, communities and statistics, and plain columns. It must not know the vocabulary of package graph, a
// view or a store, nor walk from hits: who fills a Trade, and what is made of a finding, is package flag's business.
package finding
