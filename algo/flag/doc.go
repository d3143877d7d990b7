// Package flag turns a trade graph and the outcomes of inspections into what an investigator is shown: leads (traders ranked by
// their exposure to hits), findings (groups drawn without looking at outcomes that hold more hits than chance) and the networks
// that findings open, each with what it rests on.
//
// It knows kernels and plain columns. It must not know a store, a file, a clock or a terminal; who calls it fills a Trade and
// hands in the seed's keys.
package flag
