package neo4j

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"rummage/graph"
)

var _ graph.Checker = (*Store)(nil)

const (
	askSize = `MATCH (n) WHERE n:Entity OR n:Consignment RETURN count(n)`

	checkEntities = "MATCH (e:Entity) RETURN e.id, labels(e), properties(e) ORDER BY e.id"
	// checkConsignments lists each with its ties as they stand, and since when
	// each source names the other end.
	checkConsignments = `MATCH (c:Consignment) RETURN c.id, properties(c),
COLLECT { MATCH (c)-[r]->(e) RETURN [type(r), e.id, properties(r), e._sources, e._days] } ORDER BY c.id`
	checkPlaces  = "MATCH (p:Places) RETURN p.id, p.source, p._packed ORDER BY p.id"
	checkRefused = "MATCH (r:Refused) RETURN r.id, r.row, CASE WHEN size(r.columns) > 0 THEN size(r.columns) ELSE size(r.codes) END, size(r.codes), size(r.reasons) ORDER BY r.id"
	checkOrphans = `MATCH (n) WHERE n.id IS NULL OR size(labels(n)) = 0 RETURN labels(n), elementId(n) LIMIT 20`
)

// checker verifies a store: whether what people see says what the texts say,
// whether relationships and sources agree with them, and whether what sources
// claim of themselves is there.
type checker struct {
	ctx      context.Context // of the one call that it lives for
	store    *Store
	progress func(done, total int64)
	done     int64
	total    int64
	problems []graph.Problem

	sources    map[int64]*sourceNode
	passing    map[int64]bool          // numbers of what is being imported or erased
	erasing    map[graph.SourceID]bool // sources that were being erased when the check began
	rows       map[int64][]rowRange
	consigned  map[int64]int64 // consignments by source
	newest     map[int64]graph.Date
	unknownSet map[int64]bool // numbers complained about already
}

type rowRange struct{ first, last int64 }

// mostProblems is how many faults a check lists before it only counts them.
const mostProblems = 200

// Check reads everything and returns what is wrong. A query that runs is shown
// what others commit meanwhile, so that half of a change can look like a fault:
// where there are any, everything is read again, and those count that are found
// both times.
func (s *Store) Check(ctx context.Context, progress func(done, total int64)) ([]graph.Problem, error) {
	problems, err := s.checkOnce(ctx, progress)
	if err != nil || len(problems) == 0 {
		return nil, err
	}
	again, err := s.checkOnce(ctx, progress)
	if err != nil {
		return nil, err
	}
	before := make(map[graph.Problem]bool, len(problems))
	for _, p := range problems {
		before[p] = true
	}
	again = slices.DeleteFunc(again, func(p graph.Problem) bool { return !before[p] })
	if n := len(again); n > mostProblems {
		again = append(again[:mostProblems], graph.Problem{Where: "database", What: fmt.Sprintf("%d more faults", n-mostProblems)})
	}
	return again, nil
}

func (s *Store) checkOnce(ctx context.Context, progress func(done, total int64)) ([]graph.Problem, error) {
	c := &checker{ctx: ctx, store: s, progress: progress, sources: map[int64]*sourceNode{}, passing: map[int64]bool{}, erasing: map[graph.SourceID]bool{}, rows: map[int64][]rowRange{},
		consigned: map[int64]int64{}, newest: map[int64]graph.Date{}, unknownSet: map[int64]bool{}}
	steps := []func() error{c.rules, c.size, c.readSources, c.places, c.refused, c.entities, c.consignments, c.links, c.counts, c.ledger, c.orphans, c.evidence, c.brokenOff}
	for _, step := range steps {
		if err := step(); err != nil {
			if !errors.Is(err, graph.ErrDamaged) {
				return nil, s.errorOf(ctx, err)
			}
			c.say("database", "%v", err)
		}
	}
	return c.problems, nil
}

func (c *checker) say(where, format string, args ...any) {
	c.problems = append(c.problems, graph.Problem{Where: where, What: fmt.Sprintf(format, args...)})
}

func (c *checker) step() {
	c.done++
	if c.progress != nil && (c.done%512 == 0 || c.done == c.total) {
		c.progress(min(c.done, c.total), c.total)
	}
}

// stream visits the records of a query.
func (c *checker) stream(q cypher, visit func(v []any)) error {
	for record, err := range c.store.stream(c.ctx, q) {
		if err != nil {
			return err
		}
		visit(record.Values)
	}
	return nil
}

func (c *checker) rules() error {
	missing, err := c.store.missingRules(c.ctx)
	for _, r := range missing {
		c.say("database", "%s is missing; open the store for writing, which makes it", r.name())
	}
	return err
}

func (c *checker) size() error {
	return c.stream(cypher{text: askSize}, func(v []any) { c.total = integer(v[0]) })
}

func (c *checker) readSources() error {
	replaced := map[graph.SourceID]graph.SourceID{}
	generation, err := c.store.generation(c.ctx)
	if err != nil {
		return err
	}
	ids := map[graph.SourceID]bool{}
	err = c.stream(cypher{text: askSources}, func(v []any) {
		p, _ := v[0].(map[string]any)
		n := sourceOf(p)
		where := "source " + string(n.ID)
		ids[n.ID] = true
		if c.sources[n.number] != nil {
			c.say(where, "has number %d, as source %s", n.number, c.sources[n.number].ID)
		}
		c.sources[n.number] = &n
		if n.Rows != n.Stored+n.Quarantined {
			c.say(where, "%d rows read, %d stored and %d quarantined", n.Rows, n.Stored, n.Quarantined)
		}
		if !sameProperties(p, n.properties()) {
			c.say(where, "a property of its node is not what it should be")
		}
		if n.Replaced != "" && n.over <= generation {
			replaced[n.ID] = n.Replaced
		}
		if n.born > generation {
			c.passing[n.number] = true
		}
	})
	if err != nil {
		return err
	}
	for _, n := range c.sorted() {
		if by := replaced[n.ID]; by != "" && !ids[by] {
			c.say("source "+string(n.ID), "replaced by %s, which is not there", by)
		}
	}
	return c.stream(cypher{text: askUnfinished}, func(v []any) {
		p, _ := v[0].(map[string]any)
		l := ledgerOf(p)
		c.passing[l.number] = true
		c.erasing[l.id] = l.erase
	})
}

// sorted returns the sources by number.
func (c *checker) sorted() []*sourceNode {
	all := make([]*sourceNode, 0, len(c.sources))
	for _, n := range c.sources {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b *sourceNode) int { return int(a.number - b.number) })
	return all
}

// mentioned checks that a source may say something, and in which row.
func (c *checker) mentioned(where string, m mention) {
	if c.passing[m.source] {
		return
	}
	n := c.sources[m.source]
	switch {
	case n == nil || n.EndedBy == graph.Purged:
		if !c.unknownSet[m.source] {
			c.unknownSet[m.source] = true
			c.say(where, "source number %d is not there or purged", m.source)
		}
	case m.row > 0 && !c.hasRow(m.source, m.row):
		c.say(where, "row %d of source %s is not there", m.row, n.ID)
	}
	c.newest[m.source] = max(c.newest[m.source], m.day)
}

func (c *checker) hasRow(source, row int64) bool {
	all := c.rows[source]
	i := sort.Search(len(all), func(i int) bool { return all[i].last >= row })
	return i < len(all) && all[i].first <= row
}

func (c *checker) places() error {
	rows := map[int64]int64{}
	err := c.stream(cypher{text: checkPlaces}, func(v []any) {
		id, source := text(v[0]), integer(v[1])
		packed, _ := v[2].([]byte)
		page, err := unpackPlaces(packed)
		if err != nil || len(page) == 0 || id != pageID(source, page[0].row>>pageBits) {
			c.say("places "+id, "they cannot be read: %v", err)
			return
		}
		rows[source] += int64(len(page))
		for _, p := range page {
			all := c.rows[source]
			if last := len(all) - 1; last >= 0 && all[last].last+1 == p.row {
				all[last].last = p.row
			} else {
				c.rows[source] = append(all, rowRange{p.row, p.row})
			}
		}
	})
	for _, n := range c.sorted() {
		if want := n.Rows; n.EndedBy != graph.Purged && rows[n.number] != want {
			c.say("source "+string(n.ID), "places of %d rows, not of %d", rows[n.number], want)
		}
	}
	for source := range rows {
		if n := c.sources[source]; !c.passing[source] && (n == nil || n.EndedBy == graph.Purged) {
			c.say(fmt.Sprintf("places %s", partsOf(source)), "they are of no source")
		}
	}
	return err
}

func (c *checker) refused() error {
	rows := map[string]int64{}
	err := c.stream(cypher{text: checkRefused}, func(v []any) {
		id := text(v[0])
		if len(id) < len(partsOf(0)) || v[2] != v[3] || v[3] != v[4] {
			c.say("refused row "+id, "it cannot be read")
			return
		}
		if of, row := id[:len(partsOf(0))], id[len(partsOf(0)):]; !strings.HasPrefix(row, joinedMark) {
			rows[of]++
		}
	})
	for _, n := range c.sorted() {
		if got := rows[partsOf(n.number)]; n.EndedBy != graph.Purged && got != n.Quarantined {
			c.say("source "+string(n.ID), "%d rows in quarantine, not %d", got, n.Quarantined)
		}
	}
	return err
}

func (c *checker) entities() error {
	return c.stream(cypher{text: checkEntities}, func(v []any) {
		c.step()
		id := graph.ID(text(v[0]))
		p, _ := v[2].(map[string]any)
		e, err := entityOf(id, integers(p[propSources]), integers(p[propDays]), texts(p[propFacts]), texts(p[propOutcomes]))
		if err != nil {
			c.say(string(id), "%v", err)
			return
		}
		want := e.properties()
		want["id"] = string(id)
		if !sameProperties(p, want) {
			c.say(string(id), "what its properties show is not what its sources say")
		}
		labels := texts(v[1])
		if !slices.Contains(labels, kindLabels[id.Kind()]) || slices.Contains(labels, labelLong) != e.long {
			c.say(string(id), "it has the labels %v", labels)
		}
		c.supported(e)
	})
}

// supported checks that sources name the entity of which it has facts and
// outcomes, no later than these.
func (c *checker) supported(e *entity) {
	where := string(e.id)
	for _, m := range e.supports {
		c.mentioned(where, m)
	}
	named := func(all []mention) {
		for _, m := range all {
			c.mentioned(where, m)
			if !supports(e.supports, m) {
				c.say(where, "source number %d says something of it and is not among those that name it", m.source)
			}
		}
	}
	for i := range e.facts {
		named(e.facts[i].mentions)
	}
	for i := range e.outcomes {
		named(e.outcomes[i].mentions)
	}
}

func supports(all []mention, m mention) bool {
	return slices.ContainsFunc(all, func(s mention) bool { return s.source == m.source && s.day <= m.day })
}

func (c *checker) consignments() error {
	return c.stream(cypher{text: checkConsignments}, func(v []any) {
		c.step()
		id := graph.ID(text(v[0]))
		p, _ := v[1].(map[string]any)
		n, err := consignmentOf(id, texts(p[propStatements]), texts(p[propFields]), texts(p[propOutcomes]))
		if err != nil {
			c.say(string(id), "%v", err)
			return
		}
		want := n.properties()
		want["id"] = string(id)
		if !sameProperties(p, want) {
			c.say(string(id), "what its properties show is not what its sources say")
		}
		c.consignment(n)
		ties, _ := v[2].([]any)
		c.ties(n, ties)
	})
}

func (c *checker) consignment(n *consignment) {
	said := map[int64]bool{}
	for i := range n.statements {
		s := &n.statements[i]
		for _, m := range s.mentions {
			c.mentioned(string(n.id), m)
			c.newest[m.source] = max(c.newest[m.source], s.Date)
			if !said[m.source] {
				said[m.source] = true
				c.consigned[m.source]++
			}
		}
	}
	for i := range n.outcomes {
		for _, m := range n.outcomes[i].mentions {
			c.mentioned(string(n.id), m)
		}
	}
}

// ties compares the relationships of a consignment with its statements.
func (c *checker) ties(n *consignment, found []any) {
	where := string(n.id)
	stands := map[graph.Tie][]any{}
	for _, one := range found {
		v, _ := one.([]any)
		tie := graph.Tie{Role: roleOfType(text(v[0])), Entity: graph.ID(text(v[1]))}
		if stands[tie] != nil {
			c.say(where, "two relationships %s to %s", text(v[0]), tie.Entity)
		}
		stands[tie] = v
	}
	for _, tie := range n.ties() {
		v := stands[tie.Tie]
		delete(stands, tie.Tie)
		if v == nil {
			c.say(where, "no relationship %s to %s", roleTypes[tie.Role], tie.Entity)
			continue
		}
		if p, _ := v[2].(map[string]any); !sameProperties(p, tie.properties()) {
			c.say(where, "relationship %s to %s: its properties are not what its sources say", roleTypes[tie.Role], tie.Entity)
		}
		c.tied(n, tie.Tie, integers(v[3]), integers(v[4]))
	}
	if len(stands) > 0 {
		c.say(where, "%d relationships that no source states", len(stands))
	}
}

// tied checks that whoever states a tie names the entity.
func (c *checker) tied(n *consignment, tie graph.Tie, sources, days []int64) {
	var all []mention
	for i := range min(len(sources), len(days)) {
		all = append(all, mention{source: sources[i], day: graph.Date(days[i])})
	}
	for i := range n.statements {
		s := &n.statements[i]
		if _, found := slices.BinarySearchFunc(s.Ties, tie, graph.CompareTies); !found {
			continue
		}
		for _, m := range s.mentions {
			if !supports(all, m) {
				c.say(string(tie.Entity), "source number %d ties it to %s and is not among those that name it", m.source, n.id)
			}
		}
	}
}

func (c *checker) links() error {
	for _, role := range graph.Roles() {
		if !role.IsLink() {
			continue
		}
		if err := c.stream(cypher{text: textsOfRole[role].check}, func(v []any) { c.link(role, v) }); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) link(role graph.Role, v []any) {
	from, to := graph.ID(text(v[0])), graph.ID(text(v[1]))
	p, _ := v[2].(map[string]any)
	where := fmt.Sprintf("%s %s %s", from, role, to)
	l, err := linkOf(from, role, to, p)
	if err != nil {
		c.say(where, "%v", err)
		return
	}
	if !sameProperties(p, l.properties()) {
		c.say(where, "what its properties show is not what its sources say")
	}
	for _, m := range l.mentions {
		c.mentioned(where, m)
		for end, day := range map[graph.ID]any{from: v[3], to: v[4]} {
			if !namesBy(integers(day), m) {
				c.say(string(end), "source number %d links it and is not among those that name it", m.source)
			}
		}
	}
}

// namesBy looks for a source in a list of numbers followed by as many days.
func namesBy(list []int64, m mention) bool {
	half := len(list) / 2
	at := slices.Index(list[:half], m.source)
	return at >= 0 && graph.Date(list[half+at]) <= m.day
}

func (c *checker) counts() error {
	for _, n := range c.sorted() {
		if n.EndedBy == graph.Purged {
			continue
		}
		if got := c.consigned[n.number]; got != n.Consignments && !c.passing[n.number] {
			c.say("source "+string(n.ID), "%d consignments instead of %d", got, n.Consignments)
		}
		if c.newest[n.number] > n.Newest {
			c.say("source "+string(n.ID), "the newest record is of %v, after %v", c.newest[n.number], n.Newest)
		}
	}
	return nil
}

func (c *checker) orphans() error {
	return c.stream(cypher{text: checkOrphans}, func(v []any) {
		c.say(fmt.Sprint("node ", text(v[1])), "labels %v, no id: nothing of rummage's", texts(v[0]))
	})
}
