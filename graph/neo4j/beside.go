package neo4j

import (
	"strings"

	"rummage/graph"
)

// The texts by which the server counts neighbours. Each is made once, from the
// closed list of types: which one is asked depends on roles, never on data.
//
// A consignment of one statement is seen from a tie to it (_seen and _sources),
// each once, since only the first tie of an entity has _seen. Its other ties are
// walked, and counted by entity and type, before any property of an entity is
// read; what is left are some thousand rows, in which ids become clusters.
// A consignment in which a role stands twice (_twice) is taken off again where
// both are members of one cluster, or, in counts of records, at all.
// Consignments of several statements come as rows that Go has united.

var (
	tieTypes  = typesWhere(graph.Role.IsTie)
	linkTypes = typesWhere(graph.Role.IsLink)

	// Who takes part, and the rest: two halves that the server counts at the
	// same time where there is much to count.
	partyTypes = typesWhere(isParty)
	goodsTypes = typesWhere(func(role graph.Role) bool { return role.IsTie() && !isParty(role) })

	typeOrder = orderOfTypes()
)

func isParty(role graph.Role) bool { return role.IsTie() && role <= graph.OriginCountry }

// typesWhere joins types as a pattern takes them.
func typesWhere(is func(graph.Role) bool) string {
	var all []string
	for _, role := range graph.Roles() {
		if is(role) {
			all = append(all, roleTypes[role])
		}
	}
	return strings.Join(all, "|")
}

func orderOfTypes() map[string]int64 {
	order := make(map[string]int64)
	for role, name := range roleTypes {
		order[name] = int64(role)
	}
	return order
}

// besideTexts count along some types.
type besideTexts struct {
	counts string //cypher:text
	page   string //cypher:text
	// plain lists what page does where each id is its own cluster and Go unites
	// nothing; and once more where nothing is hidden but by its day.
	plain [2]string //cypher:text
}

// besideKey says how the neighbours of an entity are counted.
type besideKey struct {
	types string // of ties; "" for none
	many  bool   // the entity has several ids
	twice bool   // consignments in which a role stands twice are taken off
	links bool   // along links too
}

var besides = allBesides()

func allBesides() map[besideKey]besideTexts {
	some := []string{partyTypes, goodsTypes}
	for _, role := range graph.Roles() {
		if role.IsTie() {
			some = append(some, roleTypes[role])
		}
	}
	keys := []besideKey{{links: true}}
	for _, yes := range []bool{false, true} {
		for _, types := range some {
			keys = append(keys, besideKey{types: types, many: yes}, besideKey{types: types, many: yes, twice: true})
		}
		keys = append(keys, besideKey{types: tieTypes, many: yes, twice: true}, besideKey{types: tieTypes, many: yes, twice: true, links: true})
	}
	all := make(map[besideKey]besideTexts)
	for _, key := range keys {
		all[key] = besideTexts{counts: countsText(key), page: pageText(key), plain: [2]string{plainText(key, tieVisible), plainText(key, tieSeen)}}
	}
	return all
}

const (
	tieSeen     = "r._seen <= $until"
	tieVisible  = "r._seen <= $until AND any(s IN r._sources WHERE s IN $numbers)"
	linkVisible = "l._start <= $until AND any(s IN l._sources WHERE s IN $numbers)"
)

// seenFrom begins a query with the visible consignments of one statement, and
// keeps of their ties what is asked for.
func seenFrom(many bool, also, keep string) string {
	if many {
		return "MATCH (e:Entity)<-[r:" + tieTypes + "]-(c) WHERE e.id IN $ids AND " + tieVisible + also + "\nWITH DISTINCT c" + keep + "\n"
	}
	return tiesOf(tieVisible+also) + "\nWITH c" + keep + "\n"
}

// tiesOf begins a query about an entity of one id with its ties that are to count.
func tiesOf(which string) string {
	return "MATCH (e:Entity {id: $ids[0]})<-[r:" + tieTypes + "]-(c) WHERE " + which
}

// A server orders texts that it read from its store by their bytes, but those
// that came as parameters by their UTF-16: which is another order for the few
// that hold a character from U+E000 on. So pages are asked for without these
// (odd), which are few and asked for as a whole.
func odd(id graph.ID) bool {
	return strings.IndexFunc(string(id), func(c rune) bool { return c >= 0xE000 }) >= 0
}

// plainText needs no id before it is known what is listed.
func plainText(key besideKey, visible string) string {
	return tiesOf(visible) + `
WITH c, e, r._day AS day
MATCH (c)-[t:` + key.types + `]->(n) WHERE n <> e
WITH type(t) AS role, n, count(*) AS records, min(day) AS first, max(day) AS last WHERE role IN $types
RETURN role, false AS incoming, n.id AS id, records, first, last
ORDER BY records DESC, id, $order[role] SKIP $offset LIMIT $limit`
}

func pageText(key besideKey) string {
	var parts []string
	if key.types != "" {
		parts = append(parts, seenFrom(key.many, "", ", r._day AS day")+"MATCH (c)-[t:"+key.types+`]->(n)
WITH type(t) AS role, n, count(*) AS records, min(day) AS first, max(day) AS last
WITH role, n.id AS id, records, first, last WHERE role IN $types AND NOT id IN $ids
RETURN role, false AS incoming, coalesce($clusters[id], id) AS id, records, first, last
`, `UNWIND $rows AS row WITH row WHERE row.role IN $types
RETURN row.role AS role, false AS incoming, row.id AS id, row.records AS records, row.first AS first, row.last AS last
`)
	}
	if key.twice {
		parts = append(parts, seenFrom(key.many, " AND r._twice IS NOT NULL", ", r._twice AS twice")+"MATCH (c)-[t:"+key.types+`]->(n)
WHERE type(t) IN twice AND type(t) IN $types AND NOT n.id IN $ids
WITH c, type(t) AS role, coalesce($clusters[n.id], n.id) AS id, count(*) AS times WHERE times > 1
RETURN role, false AS incoming, id, sum(1 - times) AS records, null AS first, null AS last
`)
	}
	if key.links {
		parts = append(parts, pageOfLinks("-", "->", "false"), pageOfLinks("<-", "-", "true"))
	}
	return "CALL {\n" + strings.Join(parts, "UNION ALL\n") + `}
WITH role, incoming, id, sum(records) AS records, min(first) AS first, max(last) AS last WHERE (id IN $odd) = $only
RETURN role, incoming, id, records, first, last
ORDER BY records DESC, id, $order[role], incoming SKIP $offset LIMIT $limit`
}

func pageOfLinks(left, right, incoming string) string {
	return "MATCH (e:Entity)" + left + "[l:" + linkTypes + "]" + right + "(n) WHERE e.id IN $ids AND " + linkVisible + `
WITH type(l) AS role, n, count(*) AS records, min(CASE WHEN l._start > 0 THEN l._start END) AS first, max(CASE WHEN l._start > 0 THEN l._start END) AS last
WITH role, n.id AS id, records, first, last WHERE role IN $types AND NOT id IN $ids
RETURN role, ` + incoming + ` AS incoming, coalesce($clusters[id], id) AS id, records, first, last
`
}

func countsText(key besideKey) string {
	var parts []string
	if key.types != "" {
		parts = append(parts, seenFrom(key.many, "", "")+"MATCH (c)-[t:"+key.types+`]->(n)
WITH type(t) AS role, n, count(*) AS records
WITH role, n.id AS id, records WHERE NOT id IN $ids
RETURN role, false AS incoming, coalesce($clusters[id], id) AS id, records
`, `UNWIND $rows AS row
RETURN row.role AS role, false AS incoming, row.id AS id, 0 AS records
`)
	}
	if key.twice {
		parts = append(parts, seenFrom(key.many, " AND r._twice IS NOT NULL", ", r._twice AS twice")+"MATCH (c)-[t:"+key.types+`]->(n)
WHERE type(t) IN twice AND NOT n.id IN $ids
WITH c, type(t) AS role, count(*) AS times WHERE times > 1
RETURN role, false AS incoming, null AS id, sum(1 - times) AS records
`)
	}
	if key.links {
		parts = append(parts, countsOfLinks("-", "->", "false"), countsOfLinks("<-", "-", "true"))
	}
	return "CALL {\n" + strings.Join(parts, "UNION ALL\n") + `}
RETURN role, incoming, count(DISTINCT id) AS neighbours, sum(records) AS records`
}

func countsOfLinks(left, right, incoming string) string {
	return "MATCH (e:Entity)" + left + "[l:" + linkTypes + "]" + right + "(n) WHERE e.id IN $ids AND " + linkVisible + `
WITH type(l) AS role, n, count(*) AS records
WITH role, n.id AS id, records WHERE NOT id IN $ids
RETURN role, ` + incoming + ` AS incoming, coalesce($clusters[id], id) AS id, records
`
}

// What counting by the server leaves to Go.
var (
	askSeveral = "MATCH (e:Entity)<-[r:" + tieTypes + `]-(c) WHERE e.id IN $ids AND r._several IS NOT NULL AND any(s IN r._sources WHERE s IN $numbers)
WITH DISTINCT c RETURN c.id, c._statements, c._fields, null`
	// askAround asks for what decides how to count: how many relationships an
	// entity has, and of them those that Go unites and those to consignments in
	// which a role stands twice; and for what moves whenever records may: the
	// generation of the store, and imports at work.
	askAround = `MATCH (s:Store {id: 'rummage'}) MATCH (e:Entity) WHERE e.id IN $ids
OPTIONAL MATCH (e)<-[r:` + tieTypes + `]-()
WITH s, e, count(r._several) AS several, count(r._twice) AS twice
RETURN e.id, e._sources, e._days, COUNT { (e)<--() }, COUNT { (e)-->() }, several, twice, s.generation, COUNT { (:Unfinished) }`
)
