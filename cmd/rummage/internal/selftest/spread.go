package selftest

import (
	"context"
	"math"

	"rummage/algo/centrality"
	"rummage/algo/csr"
	"rummage/algo/propagate"
	"rummage/cmd/rummage/internal/output"
)

// Constants under which the figures of the trade network were computed, as risk/parameters.json of the oracle has them.
const (
	tradeHalf      = 0.16179898583446273 // LinBP: half of the coupling that still converges
	tradeHomophily = 0.9
)

// spreads are the methods of risk propagation beside the walk, on the trade network.
func (k *known) spreads(ctx context.Context, n *network, hits []float64) ([]measure, error) {
	priors, err := n.known.column("linbp_prior")
	if err != nil {
		return nil, err
	}
	limits := propagate.Limits{Threads: k.threads, Tolerance: 1e-15}
	ranked, err := propagate.BiRank(ctx, n.graph, hits, propagate.BiRankOptions{Limits: limits})
	if err != nil {
		return nil, err
	}
	against := make([]float64, len(priors))
	for u, p := range priors {
		against[u] = -p
	}
	// Two classes that speak against each other as b = e + 2h W b - 4h² D₂ b says of one.
	two := propagate.LinBPOptions{Limits: limits, Coupling: [][]float64{{1, -1}, {-1, 1}}, Scale: tradeHalf}
	echo, err := propagate.LinBP(ctx, n.graph, [][]float64{priors, against}, two)
	if err != nil {
		return nil, err
	}
	two.WithoutEcho = true
	plain, err := propagate.LinBP(ctx, n.graph, [][]float64{priors, against}, two)
	if err != nil {
		return nil, err
	}
	sybil, err := sybilSCAR(ctx, n, priors, limits)
	if err != nil {
		return nil, err
	}
	eigen, err := centrality.Eigenvector(ctx, n.graph, limits)
	if err != nil {
		return nil, err
	}
	katz, err := centrality.Katz(ctx, n.graph, 0, limits)
	if err != nil {
		return nil, err
	}
	return n.list([]figures{
		{"BiRank from the hits", algebra, "birank_hits", ranked.Scores},
		{"LinBP", algebra, "linbp_echo", echo.Scores[0]},
		{"LinBP without echo", algebra, "linbp_no_echo", plain.Scores[0]},
		{"SybilSCAR-D", algebra, "sybilscar_d_damped", sybil},
		{"eigenvector", algebra, "eigenvector", shared(eigen.Scores)},
		{"Katz", algebra, "katz", shared(katz.Scores)},
	})
}

// sybilSCAR gives the beliefs as the oracle has them, p = φ + θ A D⁻¹ p, each neighbour's divided by that neighbour's degree. Ours, where a
// node takes the mean of its neighbours, are q = ψ + θ D⁻¹ A q, and with ψ = D⁻¹ φ that makes p = D q.
func sybilSCAR(ctx context.Context, n *network, priors []float64, limits propagate.Limits) ([]float64, error) {
	degree := centrality.Degree(n.graph)
	divided := make([]float64, len(priors))
	for u, d := range degree {
		divided[u] = priors[u] / float64(max(d, 1))
	}
	beliefs, err := propagate.SybilSCAR(ctx, n.graph.Unweighted(), divided, propagate.SybilSCAROptions{Limits: limits, Homophily: tradeHomophily})
	if err != nil {
		return nil, err
	}
	for u, d := range degree {
		beliefs.Scores[u] *= float64(max(d, 1))
	}
	return beliefs.Scores, nil
}

// shared divides figures by their sum.
func shared(scores []float64) []float64 {
	var sum float64
	for _, s := range scores {
		sum += s
	}
	shares := make([]float64, len(scores))
	for u, s := range scores {
		shares[u] = s / sum
	}
	return shares
}

// Who printed the figures of the small examples.
const (
	figure    = "Óskarsdóttir et al., figure 5"
	torus     = "Gatterbauer et al. 2015, example 20"
	printed   = 5e-4 // three decimals
	twoDigits = 5e-3
)

// examples checks two small networks whose figures were printed with the methods' papers.
func (k *known) examples(ctx context.Context) ([]Check, error) {
	claims, err := k.claims(ctx)
	if err != nil {
		return nil, err
	}
	ring, err := k.ring(ctx)
	return append(claims, ring...), err
}

// claims is BiRank on claims C1 to C5 and the policies P1 to P4 that they were made under, from C4.
func (k *known) claims(ctx context.Context) ([]Check, error) {
	n := &network{name: "claims", names: []string{"C1", "C2", "C3", "C4", "C5", "P1", "P2", "P3", "P4"}, nodes: 9, edges: 10}
	g, err := csr.Build(ctx, csr.Columns{From: []uint32{5, 5, 6, 6, 7, 7, 7, 7, 8, 8}, To: []uint32{0, 1, 0, 2, 0, 2, 3, 4, 1, 4}}, csr.Options{Nodes: 9})
	if err != nil {
		return nil, err
	}
	side := []bool{false, false, false, false, false, true, true, true, true}
	ranked, err := propagate.BiRank(ctx, g, []float64{3: 1, 8: 0}, propagate.BiRankOptions{Side: side, Alpha: 0.85, Beta: 1, Limits: propagate.Limits{Threads: k.threads}})
	if err != nil {
		return nil, err
	}
	m := measure{name: "BiRank", source: figure, got: ranked.Scores, at: n.names,
		want: []float64{0.144, 0.089, 0.132, 0.262, 0.125, 0.103, 0.125, 0.263, 0.107}}
	checks, err := checked(n, []measure{m})
	if err != nil {
		return nil, err
	}
	checks[0].within(printed)
	return checks, nil
}

// within judges a check by another tolerance.
func (c *Check) within(tolerance float64) {
	c.Tolerance, c.Agrees = output.Score(tolerance), float64(c.Difference) <= tolerance
}

// ring is LinBP of three classes on a ring of four with a pendant each, three of which are known: the spectral radius that decides whether
// it converges, the largest couplings with which it does, and what it believes of the fourth node of the ring when the coupling is small.
func (k *known) ring(ctx context.Context) ([]Check, error) {
	n := &network{name: "ring with pendants", nodes: 8, edges: 8}
	g, err := csr.Build(ctx, csr.Columns{From: []uint32{4, 5, 6, 7, 0, 1, 2, 3}, To: []uint32{5, 6, 7, 4, 4, 5, 6, 7}}, csr.Options{Nodes: 8})
	if err != nil {
		return nil, err
	}
	ends, err := propagate.Spectrum(ctx, g, k.threads)
	if err != nil {
		return nil, err
	}
	limits := propagate.Limits{Threads: k.threads, Tolerance: 1e-15}
	coupling := [][]float64{{0.6, 0.3, 0.1}, {0.3, 0, 0.7}, {0.1, 0.7, 0.2}}
	for i := range coupling {
		for j := range coupling[i] {
			coupling[i][j] -= 1. / 3
		}
	}
	priors := [][]float64{{2, -1, -1, 7: 0}, {-1, 2, -1, 7: 0}, {-1, -1, 2, 7: 0}}
	// Without a scale half of the largest is taken.
	var largest []float64
	for _, without := range []bool{false, true} {
		half, err := propagate.LinBP(ctx, g, priors, propagate.LinBPOptions{Limits: limits, Coupling: coupling, WithoutEcho: without})
		if err != nil {
			return nil, err
		}
		largest = append(largest, 2*half.Scale)
	}
	small, err := propagate.LinBP(ctx, g, priors, propagate.LinBPOptions{Limits: limits, Coupling: coupling, Scale: 2e-3})
	if err != nil {
		return nil, err
	}
	belief := []float64{small.Scores[0][3], small.Scores[1][3], small.Scores[2][3]}
	checks, err := checked(n, []measure{
		{name: "spectral radius", source: torus, got: []float64{ends.Radius()}, want: []float64{2.414}, at: []string{n.name}},
		{name: "largest coupling of LinBP", source: torus, got: largest, want: []float64{0.488, 0.658}, at: []string{"with echo", "without"}},
		{name: "LinBP, standardised", source: torus, got: standardised(belief), want: []float64{-0.07, 1.258, -1.19}, at: []string{"class 1", "class 2", "class 3"}},
	})
	if err != nil {
		return nil, err
	}
	for i, digits := range []float64{printed, printed, twoDigits} {
		checks[i].within(digits)
	}
	return checks, nil
}

// standardised takes off the mean and divides by the standard deviation.
func standardised(list []float64) []float64 {
	var mean, spread float64
	for _, x := range list {
		mean += x / float64(len(list))
	}
	for _, x := range list {
		spread += (x - mean) * (x - mean) / float64(len(list))
	}
	out := make([]float64, len(list))
	for i, x := range list {
		out[i] = (x - mean) / math.Sqrt(spread)
	}
	return out
}
