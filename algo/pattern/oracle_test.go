package pattern_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/pattern"
	"rummage/algo/view/viewtest"
	"rummage/graph"
)

// brute matches a motif by trying every record for every clause and every node for every
// variable. It knows no index, no order of matching and no bounds; conditions under where
// and having it leaves to the motifs of the test below, which have none but count.
type brute struct {
	motif *pattern.Typology
	scope *viewtest.Scope
}

// item is a consignment or a link.
type item struct {
	name  string
	day   graph.Date
	roles map[string][]string
}

func (b *brute) items(link bool) []item {
	var all []item
	if link {
		for i := range b.scope.Tied {
			l := &b.scope.Tied[i]
			from, to := string(l.From), string(l.To)
			if l.Role == graph.DirectorOf {
				from, to = to, from
			}
			all = append(all, item{
				fmt.Sprint(l.From, " ", l.Role, " ", l.To), l.Start,
				map[string][]string{"from": {from}, "to": {to}, "as": {l.Role.String()}},
			})
		}
		return all
	}
	for i := range b.scope.Trade {
		c := &b.scope.Trade[i]
		roles := map[string][]string{}
		for _, tie := range c.Ties() {
			switch tie.Role {
			case graph.Importer:
				roles["importing"] = []string{string(tie.Entity)}
			case graph.Exporter:
				roles["exporting"] = []string{string(tie.Entity)}
			case graph.InEquipment:
				roles["equipment"] = append(roles["equipment"], string(tie.Entity))
			}
		}
		all = append(all, item{string(c.ID), c.Date(), roles})
	}
	return all
}

// in tells whether one day is as a clause says, seen from another.
func in(when pattern.Time, day, other graph.Date) bool {
	if day == graph.NoDate || other == graph.NoDate {
		return false
	}
	within := math.Inf(1)
	if when.Within != "" {
		fmt.Sscan(when.Within, &within)
	}
	gap := float64(day - other)
	switch when.Relation {
	case "after":
		return gap >= 1 && gap <= within
	case "before":
		return gap <= -1 && gap >= -within
	}
	return math.Abs(gap) <= within
}

type assignment struct {
	items map[string]item
	nodes map[string]string
}

// fits tells whether an item is what a clause asks for, as far as variables have nodes.
func fits(clause *pattern.Clause, it item, nodes map[string]string) bool {
	for _, bind := range clause.Binds {
		has := it.roles[bind.Role]
		switch {
		case bind.Texts != nil:
			if !slices.ContainsFunc(bind.Texts, func(text string) bool { return slices.Contains(has, text) }) {
				return false
			}
		case len(has) == 0:
			return false
		case nodes[bind.Variable] != "" && !slices.Contains(has, nodes[bind.Variable]):
			return false
		}
	}
	return true
}

// rows are all assignments.
func (b *brute) rows() []assignment {
	all := []assignment{{map[string]item{}, map[string]string{}}}
	for i := range b.motif.Find {
		clause := &b.motif.Find[i]
		var next []assignment
		for _, a := range all {
			for _, it := range b.items(clause.Link) {
				if fits(clause, it, a.nodes) {
					next = append(next, b.named(clause, it, a)...)
				}
			}
		}
		all = next
	}
	return slices.DeleteFunc(all, func(a assignment) bool { return !b.right(a) })
}

// named gives variables that have none every node they can have.
func (b *brute) named(clause *pattern.Clause, it item, a assignment) []assignment {
	items := map[string]item{clause.Name: it}
	for name, other := range a.items {
		items[name] = other
	}
	out := []assignment{{items, a.nodes}}
	for _, bind := range clause.Binds {
		if bind.Texts != nil {
			continue
		}
		var next []assignment
		for _, a := range out {
			if had := a.nodes[bind.Variable]; had != "" {
				if slices.Contains(it.roles[bind.Role], had) {
					next = append(next, a)
				}
				continue
			}
			for _, node := range it.roles[bind.Role] {
				nodes := map[string]string{bind.Variable: node}
				for v, n := range a.nodes {
					nodes[v] = n
				}
				next = append(next, assignment{a.items, nodes})
			}
		}
		out = next
	}
	return out
}

// right tells everything that needs the whole.
func (b *brute) right(a assignment) bool {
	seen := map[string]bool{}
	for _, node := range a.nodes {
		if seen[node] {
			return false
		}
		seen[node] = true
	}
	for i := range b.motif.Find {
		clause := &b.motif.Find[i]
		for k := range i {
			if other := &b.motif.Find[k]; other.Link == clause.Link && a.items[other.Name].name == a.items[clause.Name].name {
				return false
			}
		}
		for _, when := range clause.Times {
			if !in(when, a.items[clause.Name].day, a.items[when.Other].day) {
				return false
			}
		}
	}
	for i := range b.motif.None {
		if b.any(&b.motif.None[i], a) {
			return false
		}
	}
	return true
}

func (b *brute) any(clause *pattern.Clause, a assignment) bool {
	return slices.ContainsFunc(b.items(clause.Link), func(it item) bool {
		return fits(clause, it, a.nodes) && !slices.ContainsFunc(clause.Times, func(when pattern.Time) bool {
			other := a.items[when.Other]
			return !in(when, it.day, other.day) || it.name == other.name
		})
	})
}

// matches are sets of records, each as a sorted text.
func (b *brute) matches(window float64, least int) []string {
	rows := b.rows()
	var out []string
	if len(b.motif.By) == 0 {
		for _, a := range rows {
			out = append(out, b.text([]assignment{a}))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	groups := map[string][]assignment{}
	for _, a := range rows {
		key := ""
		for _, v := range b.motif.By {
			key += a.nodes[v] + "\n"
		}
		groups[key] = append(groups[key], a)
	}
	first := b.motif.Find[slices.IndexFunc(b.motif.Find, func(c pattern.Clause) bool { return !c.Link })].Name
	for _, rows := range groups {
		out = append(out, b.windows(rows, first, window, least)...)
	}
	slices.Sort(out)
	return out
}

// windows lists the matches of one group: from each day on, in order, all rows within the
// window, unless these are among those of an earlier window or of a match.
func (b *brute) windows(rows []assignment, first string, window float64, least int) []string {
	var out []string
	var days []graph.Date
	for _, a := range rows {
		if d := a.items[first].day; d != graph.NoDate {
			days = append(days, d)
		}
	}
	slices.Sort(days)
	end, after := graph.Date(0), graph.Date(0)
	for _, from := range slices.Compact(days) {
		if from <= after {
			continue
		}
		var inside []assignment
		last := graph.Date(0)
		for _, a := range rows {
			if d := a.items[first].day; d >= from && float64(d-from) <= window {
				inside, last = append(inside, a), max(last, d)
			}
		}
		if last <= end {
			continue
		}
		end = last
		distinct := map[string]bool{}
		for _, a := range inside {
			distinct[a.items[first].name] = true
		}
		if len(distinct) >= least {
			out, after = append(out, b.text(inside)), last
		}
	}
	return out
}

func (b *brute) text(rows []assignment) string {
	var names []string
	for _, a := range rows {
		for _, it := range a.items {
			names = append(names, it.name)
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "; ")
}

// motif draws a typology of up to three clauses.
func motif(t *rapid.T) string {
	var text strings.Builder
	text.WriteString("typology: drawn\nnumber: 1\nversion: 1\ntitle: t\nabout: a\nbasis: [b]\nfor: [f]\nagainst: [{says: s}]\nfind:\n")
	variables := []string{"A", "B", "C", "D"}
	bound := []string{}
	anyOf := func() string { return rapid.SampledFrom(variables).Draw(t, "variable") }
	names := []string{"one", "two", "three"}[:rapid.IntRange(1, 3).Draw(t, "clauses")]
	linked := false
	for i, name := range names {
		link := i > 0 && rapid.Bool().Draw(t, "link")
		linked = linked || link
		kind, roles := "record", []string{"importing", "exporting", "equipment"}
		if link {
			kind, roles = "link", []string{"from", "to"}
		}
		fmt.Fprintf(&text, "  - {%s: %s", kind, name)
		uses := rapid.IntRange(1, len(roles)).Draw(t, "roles")
		for k, role := range rapid.Permutation(roles).Draw(t, "order")[:uses] {
			v := anyOf()
			if i > 0 && k == 0 {
				v = rapid.SampledFrom(bound).Draw(t, "bound")
			}
			bound = append(bound, v)
			fmt.Fprintf(&text, ", %s: %s", role, v)
		}
		if i > 0 && rapid.Bool().Draw(t, "timed") {
			when := rapid.SampledFrom([]string{"after", "before", "near"}).Draw(t, "when")
			fmt.Fprintf(&text, ", %s: %s, within: %d", when, names[rapid.IntRange(0, i-1).Draw(t, "other")], rapid.IntRange(0, 6).Draw(t, "within"))
		}
		text.WriteString("}\n")
	}
	if rapid.Bool().Draw(t, "none") {
		fmt.Fprintf(&text, "none:\n  - {record: other, %s: %s, %s: one}\n", rapid.SampledFrom([]string{"importing", "exporting"}).Draw(t, "role"),
			rapid.SampledFrom(bound).Draw(t, "bound"), rapid.SampledFrom([]string{"after", "before", "near"}).Draw(t, "when"))
	}
	if rapid.Bool().Draw(t, "by") {
		fmt.Fprintf(&text, "by: [%s]\nwindow: 4\nhaving: [count(one) >= 2]\n", rapid.SampledFrom(bound).Draw(t, "bound"))
	}
	for _, role := range []string{"importing", "exporting", "equipment"} {
		if strings.Contains(text.String(), role+":") {
			fmt.Fprintf(&text, "rewire: [{role: %s, within: [month]}]\n", role)
			break
		}
	}
	return text.String()
}

// world draws up to twelve consignments and six links among few parties.
func world(t *rapid.T) string {
	var text strings.Builder
	for i := range rapid.IntRange(4, 12).Draw(t, "consignments") {
		fmt.Fprintf(&text, "D%d 2021-03-%02d", i, rapid.IntRange(1, 9).Draw(t, "day"))
		for _, role := range []string{"importer", "exporter", "equipment"} {
			if n := rapid.IntRange(-1, 12).Draw(t, role); n >= 0 {
				fmt.Fprintf(&text, " %s=party/t/p%d", role, n%4+1)
			}
		}
		if rapid.IntRange(0, 3).Draw(t, "two") == 0 {
			text.WriteString(" equipment=party/t/p2,party/t/p4")
		}
		text.WriteString("\n")
	}
	for range rapid.IntRange(0, 8).Draw(t, "links") {
		from, to := rapid.IntRange(1, 4).Draw(t, "from"), rapid.IntRange(1, 4).Draw(t, "to")
		fmt.Fprintf(&text, "link p%d %s p%d", from, rapid.SampledFrom([]string{"registered_at", "director_of"}).Draw(t, "as"), to)
		if rapid.Bool().Draw(t, "dated") {
			fmt.Fprintf(&text, " 2021-03-%02d", rapid.IntRange(1, 12).Draw(t, "day"))
		}
		text.WriteString("\n")
	}
	return text.String()
}

// TestTheEngineEqualsBruteForce on small worlds and motifs, both drawn.
func TestTheEngineEqualsBruteForce(t *testing.T) {
	some := 0
	rapid.Check(t, func(r *rapid.T) {
		text := motif(r)
		p, err := pattern.Parse([]byte(text))
		require.NoError(t, err, text)
		s := scene(t, world(r))
		slices.SortFunc(s.Tied, func(a, b graph.Link) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		s.Tied = slices.CompactFunc(s.Tied, func(a, b graph.Link) bool {
			return a.From == b.From && a.To == b.To && a.Role == b.Role
		})
		b := &brute{p, s}
		want := b.matches(4, 2)
		var got []string
		result := found(t, s, p)
		for i := range result.Matches {
			var names []string
			for _, record := range result.Matches[i].Records {
				name := string(record.ID)
				if record.Link != nil {
					name = fmt.Sprint(record.Link.From, " ", record.Link.Role, " ", record.Link.To)
				}
				names = append(names, name)
			}
			slices.Sort(names)
			got = append(got, strings.Join(names, "; "))
		}
		slices.Sort(got)
		if len(result.Missing) > 0 {
			require.Empty(t, got)
			return
		}
		some += len(got)
		require.Equal(t, len(want), len(got), "%s\n%v\n%v", text, want, got)
		for i := range want {
			require.Equal(t, want[i], got[i], text)
		}
		require.Zero(t, result.Cut)
	})
	t.Logf("%d matches in all", some)
	require.Positive(t, some)
}
