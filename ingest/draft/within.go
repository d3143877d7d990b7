package draft

import "strings"

// together reports a column of a tree that may speak of the party of another: the one lies in
// the element of the other, or both in the same. What the row's own element says is not said of
// what stands around it, or in an element of its own.
func (d *Draft) together(c, party *Column) bool {
	if !d.tree {
		return true
	}
	outC, inC := elementOf(c.Name)
	outP, inP := elementOf(party.Name)
	if outC != outP {
		return false
	}
	within := func(a, b string) bool { return a == b || b != "" && strings.HasPrefix(a, b+".") }
	return within(inC, inP) || within(inP, inC)
}

// elementOf splits a path of a tree: how far outside the row it lies, and the element there
// that holds it, "" for the row itself.
func elementOf(name string) (outside int, element string) {
	for strings.HasPrefix(name, "../") {
		name, outside = name[len("../"):], outside+1
	}
	if i := strings.LastIndexAny(name, ".@"); i > 0 {
		return outside, strings.TrimSuffix(name[:i], ".")
	}
	return outside, ""
}
