// Package flag turns what a scope shows into what an investigator is shown: leads (traders ranked by their exposure to hits), the
// findings of package finding, the networks that findings open, and the records of service parties, each with what it rests on.
//
// Exposure stands here and not among the findings: a walk from hits is what a finding must never see, and only leads and the
// explanations of this package rest on it.
//
// It knows the view, the findings and the contract's readers. It must not know a store, a file, a clock or a terminal, nor the
// truth about what it is tried on.
package flag
