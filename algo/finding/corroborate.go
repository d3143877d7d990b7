package finding

// Corroboration says how much more a hit of each node's own counts: more where the circle around it was hit elsewhere too, or is
// closed. For a member of a candidate group with hits inside it is
//
//	1 + 0.5*min(X-1, 2) + 0.5*min(loops, 3)
//
// with X the distinct importers hit inside the group; the best group counts, wide communities left out: by their size they are hit
// elsewhere more often, which on the worlds of docs/methods.md made leads worse. Everyone else gets 1. It is meant to multiply what
// comes of a node's own hits, and nothing else: a trader without any must gain nothing by its company.
//
// Place i belongs to node i of the trade.
func (t *Trial) Corroboration() []float64 {
	factor := make([]float64, t.trade.Nodes)
	for v := range factor {
		factor[v] = 1
	}
	j := newJudge(t)
	j.count(t.places())
	for _, g := range j.met {
		if t.groups[g].Origin == Wide {
			continue
		}
		here := corroboration(int(j.in[g].offenders), t.groups[g].Loops)
		for _, v := range t.groups[g].Members {
			factor[v] = max(factor[v], here)
		}
	}
	return factor
}

func corroboration(offenders, loops int) float64 {
	return 1 + 0.5*float64(min(offenders-1, 2)) + 0.5*float64(min(loops, 3))
}
