package ident

import (
	"cmp"
	"slices"
	"sync"
)

// telling is the greatest Chance of a rule that Guess names: what more than half
// of all texts of the form pass is no evidence.
const telling = 0.5

// longestGuess is the greatest length of a compact text that Guess looks at; what
// is longer is no identifier.
const longestGuess = 80

// guessTable is the indexes of the rules worth trying, by the length of a compact
// text, the most telling first.
var guessTable = sync.OnceValue(func() *[longestGuess + 1][]int {
	var table [longestGuess + 1][]int
	rules := ruleTable()
	var order []int
	for i := range rules {
		if rules[i].Evident() && rules[i].Chance <= telling {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rules[a].Chance, rules[b].Chance) })
	for _, i := range order {
		for n := rules[i].least; n <= min(rules[i].most, longestGuess); n++ {
			table[n] = append(table[n], i)
		}
	}
	return &table
})

// Guess returns the rules that a text satisfies with more than its form: a check
// digit that fits, a code that is in its table. They are ordered by Chance, the
// most telling first, then by name; none for a text that is nothing known.
//
// One text says little: one number in ten passes a check digit modulo 10 by
// chance. A column of texts that all pass says much: chances multiply.
func Guess(value string) []Rule {
	plain := compact(value)
	if len(plain) == 0 || len(plain) > longestGuess {
		return nil
	}
	var found []Rule
	rules, numeral := ruleTable(), digits(plain, len(plain))
	for _, i := range guessTable()[len(plain)] {
		text := plain // rules need not bring it into one spelling again
		if rules[i].worded {
			if numeral && len(plain) > 3 {
				continue // names have letters, and numbers of countries three digits
			}
			text = value
		}
		if rules[i].Check(text).Mark == Fine {
			found = append(found, rules[i])
		}
	}
	return found
}
