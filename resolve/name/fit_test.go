package name

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// example is what the fit sees of a pair: its features and the truth.
type example struct {
	of   values
	same bool
}

// examples are the pairs of the tuning half whose score no limit holds down: what a limit decides, weights do not.
func examples(t *testing.T, person bool) []example {
	var all []example
	for _, l := range cases(t) {
		if !l.tuning {
			continue
		}
		var m measure
		_, hit := m.compare(Prepare(l.kind, l.a), Prepare(l.kind, l.b))
		if hit == 0 && (m.kind == Person) == person {
			all = append(all, example{m.values, l.same})
		}
	}
	return all
}

// Of the fit: how strongly weights are held at 0, and how many steps it takes. Both were fixed before the first fit.
const (
	hold  = 0.5
	steps = 20000
	pace  = 0.02
)

// fit finds the weights that make the examples most likely (logistic regression with a ridge), by gradient steps from 0.
// A weight never takes the sign that its feature must not have.
func fit(all []example) weights {
	var w weights
	for range steps {
		var bias float64
		var slope values
		for _, e := range all {
			miss := -logistic(w.logit(&e.of))
			if e.same {
				miss++
			}
			bias += miss
			for f, v := range e.of {
				slope[f] += miss * v
			}
		}
		n := float64(len(all))
		w.bias += pace * 10 * bias / n
		for f := range w.of {
			w.of[f] += pace * 10 * (slope[f] - hold*w.of[f]) / n
			if w.of[f]*about[f].sign < 0 {
				w.of[f] = 0
			}
		}
	}
	return w
}

// centre moves the bias so that a score of 0.5 has the best F1 on the examples: in the middle between the last score
// above and the first below.
func centre(w weights, all []example) weights {
	type scored struct {
		logit float64
		same  bool
	}
	var list []scored
	positive := 0
	for _, e := range all {
		list = append(list, scored{w.logit(&e.of), e.same})
		if e.same {
			positive++
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int {
		switch {
		case a.logit > b.logit:
			return -1
		case a.logit < b.logit:
			return 1
		}
		return 0
	})
	best, at, right := 0.0, 0.0, 0
	for i, s := range list[:len(list)-1] {
		if s.same {
			right++
		}
		if f := 2 * float64(right) / float64(i+1+positive); f > best && list[i+1].logit < s.logit {
			best, at = f, (s.logit+list[i+1].logit)/2
		}
	}
	w.bias -= at
	return w
}

func TestWeightsAreFitted(t *testing.T) {
	var fitted table
	for person, into := range map[bool]*weights{false: &fitted.firm, true: &fitted.person} {
		all := examples(t, person)
		require.Greater(t, len(all), 80)
		*into = centre(fit(all), all)
	}
	if *update {
		var out strings.Builder
		for line := range strings.Lines(weightTable) {
			if strings.HasPrefix(line, "#") {
				out.WriteString(line)
			}
		}
		fmt.Fprintf(&out, "%-10s %9.2f %8.2f\n", "bias", fitted.firm.bias, fitted.person.bias)
		for f := range about {
			fmt.Fprintf(&out, "%-10s %9.2f %8.2f\n", about[f].name, fitted.firm.of[f], fitted.person.of[f])
		}
		weightTable = strings.ReplaceAll(out.String(), "-0.00", " 0.00")
		require.NoError(t, os.WriteFile("weights.txt", []byte(weightTable), 0o644))
		renewed, err := parseWeights(weightTable)
		require.NoError(t, err)
		*learned() = *renewed
	}
	stored, err := parseWeights(weightTable)
	require.NoError(t, err)
	assert.InDelta(t, fitted.firm.bias, stored.firm.bias, 0.011, "bias")
	assert.InDelta(t, fitted.person.bias, stored.person.bias, 0.011, "bias")
	for f := range about {
		assert.InDelta(t, fitted.firm.of[f], stored.firm.of[f], 0.011, about[f].name)
		assert.InDelta(t, fitted.person.of[f], stored.person.of[f], 0.011, about[f].name)
	}
}

func TestWeightTableIsChecked(t *testing.T) {
	for name, text := range map[string]string{
		"too few features": "bias 1 1\nagree 1 1\n",
		"unknown feature":  "bias 1 1\nbeauty 1 1\n",
		"no figure":        "bias one 1\n",
		"no second figure": "bias 1 one\n",
		"a cell missing":   "bias 1\n",
	} {
		_, err := parseWeights(text)
		assert.ErrorContains(t, err, "name: weights.txt", name)
	}
}
