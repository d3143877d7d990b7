package evaluate

import (
	"rummage/algo/flag"
	"rummage/algo/view"
)

// ablations are leads with one part of the method off, or another in its
// place. Each is an analysis of its own.
func ablations() []Method {
	off := func(name, about string, change func(*flag.Settings)) Method {
		return Method{name, Ablation, about, func(b *bench) ([]float64, error) {
			a, err := b.again(change)
			if err != nil {
				return nil, err
			}
			return b.scoresOf(a), nil
		}}
	}
	without := func(kind view.Edge) func(*flag.Settings) {
		return func(s *flag.Settings) {
			s.Weights = weigh(s.Weights, func(k view.Edge, w *view.Weight) { w.Beta *= keep(k != kind) })
		}
	}
	return []Method{
		off("- corroboration", "every hit starts alike, whatever was found around it", func(s *flag.Settings) { s.Corroborate = false }),
		{"- shrinking", Ablation, "every trader with a hit starts with 1, not corroborated", func(b *bench) ([]float64, error) {
			e, err := b.expose(b.a.Settings.Weights, flag.PlainSeeds)
			return ratio(e, err)
		}},
		{"- ratio", Ablation, "the walk from hits, not divided by that from everyone", func(b *bench) ([]float64, error) { return mass(b.a.Exposure, nil) }},
		off("- types", "every kind of tie weighs alike, damped by degree", func(s *flag.Settings) {
			s.Weights = weigh(s.Weights, func(_ view.Edge, w *view.Weight) { *w = view.Weight{Beta: 1, Exponent: 1} })
		}),
		off("- damping by degree", "ties weigh by their kind alone", func(s *flag.Settings) {
			s.Weights = weigh(s.Weights, func(_ view.Edge, w *view.Weight) { w.Exponent = 0 })
		}),
		off("- identifiers", "no shared addresses, phones or directors", without(view.Identifier)),
		off("- forwarders", "no declarants, forwarders or carriers", without(view.Forwarder)),
		off("- ports", "no ports or customs offices", without(view.Port)),
		off("- peers", "busy parties are not held against parties with as many ties", func(s *flag.Settings) { s.Peers = 0 }),
		off("- exporters", "an exporter with a hit starts with 1, however often it was inspected", func(s *flag.Settings) { s.Exporters = 0 }),
		off("- exposed closeness", "exposure counts alike in closed and open circles", func(s *flag.Settings) { s.ExposedCloseness = 0 }),
		off("+ counts", "a tie of n consignments weighs log(1+n)", func(s *flag.Settings) { s.Weights.Log = true }),
		off("+ decay", "a consignment counts half after 180 days", func(s *flag.Settings) { s.Decay = 180 }),
		off("+ closeness", "closed circles are ranked up, with weight 1", func(s *flag.Settings) { s.Kappa = 1 }),
	}
}

func keep(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// weigh returns weights with each kind changed.
func weigh(weights view.Weights, change func(kind view.Edge, w *view.Weight)) view.Weights {
	changed := view.Weights{Edges: make(map[view.Edge]view.Weight, len(weights.Edges)), Log: weights.Log}
	for _, kind := range weights.Kinds() {
		w := weights.Edges[kind]
		change(kind, &w)
		changed.Edges[kind] = w
	}
	return changed
}

// again analyses the world with other settings, without findings.
func (b *bench) again(change func(*flag.Settings)) (*flag.Analysis, error) {
	opts := *b.opts
	opts.Untested, opts.Progress = true, nil
	change(&opts.Settings)
	return flag.Analyse(b.ctx, b.source, opts)
}
