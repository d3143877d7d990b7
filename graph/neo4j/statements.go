package neo4j

import (
	"strings"

	"rummage/graph"
)

// The texts that write records. Where a text differs by a label or a type there
// is one for each, made once from the closed lists; data come as parameters.
// They name the index to look ids up in: a server that has not counted it yet,
// as in a database that was empty just now, would read it through for each row.

// A record that is not there is made as the row says; one that is there and
// differs is returned, so that what both say can be united and written back.
const (
	putConsignments = `UNWIND $rows AS row
MERGE (c:Consignment {id: row.id}) ON CREATE SET c = row
WITH c, row WHERE coalesce(c._statements, []) <> coalesce(row._statements, []) OR coalesce(c._fields, []) <> coalesce(row._fields, [])
 OR coalesce(c._outcomes, []) <> coalesce(row._outcomes, [])
RETURN c.id, c._statements, c._fields, c._outcomes`
	setConsignments  = "UNWIND $rows AS row MATCH (c:Consignment {id: row.id}) USING INDEX SEEK c:Consignment(id) SET c = row RETURN count(c)"
	dropConsignments = "UNWIND $ids AS id MATCH (c:Consignment {id: id}) USING INDEX SEEK c:Consignment(id) DETACH DELETE c"

	setEntities  = "UNWIND $rows AS row MATCH (e:Entity {id: row.id}) USING INDEX SEEK e:Entity(id) SET e = row RETURN count(e)"
	dropEntities = "UNWIND $ids AS id MATCH (e:Entity {id: id}) USING INDEX SEEK e:Entity(id) DETACH DELETE e"
	markLong     = "UNWIND $ids AS id MATCH (e:Entity {id: id}) USING INDEX SEEK e:Entity(id) SET e:LongText"
	unmarkLong   = "UNWIND $ids AS id MATCH (e:LongText {id: id}) REMOVE e:LongText"
)

// kindTexts are the texts for entities of one kind.
type kindTexts struct {
	put string //cypher:text
}

// roleTexts are the texts for ties or links of one role.
type roleTexts struct {
	create string //cypher:text // ties of consignments that are new in the transaction
	merge  string //cypher:text // ties of others; links
	set    string //cypher:text // links: who states them
	drop   string //cypher:text
	page   string //cypher:text // links: those that a source states, in order
	check  string //cypher:text // links: all, with who names their ends since when
}

var (
	textsOfKind = textsOfKinds()
	textsOfRole = textsOfRoles()
)

func textsOfKinds() map[graph.Kind]kindTexts {
	all := map[graph.Kind]kindTexts{}
	for kind, label := range kindLabels {
		all[kind] = kindTexts{put: strings.ReplaceAll(`UNWIND $rows AS row
MERGE (e:Entity {id: row.id}) ON CREATE SET e = row, e:LABEL
WITH e, row WHERE e._facts <> row._facts OR e._sources <> row._sources OR e._days <> row._days OR coalesce(e._outcomes, []) <> coalesce(row._outcomes, [])
RETURN e.id, e._sources, e._days, e._facts, e._outcomes`, "LABEL", label)}
	}
	return all
}

func textsOfRoles() map[graph.Role]roleTexts {
	all := map[graph.Role]roleTexts{}
	for role, name := range roleTypes {
		of := func(text string) string { return strings.ReplaceAll(text, "TYPE", name) }
		if role.IsTie() {
			all[role] = roleTexts{
				create: of("UNWIND $rows AS row MATCH (c:Consignment {id: row[0]}) USING INDEX SEEK c:Consignment(id) MATCH (e:Entity {id: row[1]}) USING INDEX SEEK e:Entity(id) CREATE (c)-[r:TYPE]->(e) SET r = row[2] RETURN count(r)"),
				merge:  of("UNWIND $rows AS row MATCH (c:Consignment {id: row[0]}) USING INDEX SEEK c:Consignment(id) MATCH (e:Entity {id: row[1]}) USING INDEX SEEK e:Entity(id) MERGE (c)-[r:TYPE]->(e) SET r = row[2] RETURN count(r)"),
				// In one pattern the server would begin at the entity, which may be a port with a million ties.
				drop: of("UNWIND $rows AS row MATCH (c:Consignment {id: row[0]}) USING INDEX SEEK c:Consignment(id) WITH c, row MATCH (c)-[r:TYPE]->(e) WHERE e.id = row[1] DELETE r"),
			}
			continue
		}
		all[role] = roleTexts{
			merge: of(`UNWIND $rows AS row MATCH (a:Entity {id: row[0]}) USING INDEX SEEK a:Entity(id) MATCH (b:Entity {id: row[1]}) USING INDEX SEEK b:Entity(id)
MERGE (a)-[r:TYPE {id: row[2].id}]->(b) ON CREATE SET r = row[2]
WITH r, r._sources <> row[2]._sources OR r._rows <> row[2]._rows AS differs
RETURN count(r), collect(CASE WHEN differs THEN [r.id, r._sources, r._rows] END)`),
			set:  of("UNWIND $rows AS row MATCH ()-[r:TYPE {id: row[0]}]->() SET r._sources = row[1], r._rows = row[2] RETURN count(r)"),
			drop: of("UNWIND $ids AS id MATCH ()-[r:TYPE {id: id}]->() DELETE r"),
			page: of(`MATCH ()-[r:TYPE]->() WHERE r.id > $after AND $number IN r._sources
RETURN r.id, r._sources, r._rows ORDER BY r.id LIMIT $limit`),
			check: of("MATCH (a:Entity)-[r:TYPE]->(b:Entity) RETURN a.id, b.id, properties(r), a._sources + a._days, b._sources + b._days"),
		}
	}
	return all
}
