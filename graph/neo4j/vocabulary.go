package neo4j

import (
	"strings"

	"rummage/graph"
)

// format is the version of what is written; Open upgrades older ones step by
// step and refuses newer ones.
const format = 1

// Labels of nodes. An entity carries labelEntity and the label of its kind.
const (
	labelStore       = "Store"       // one node: format, and the numbers given so far
	labelLock        = "Lock"        // one node, locked for as long as a process writes
	labelWriter      = "Writer"      // one node: who writes, and its epoch
	labelSource      = "Source"      // id, number, and what graph.Source holds; a source that was imported to its end
	labelUnfinished  = "Unfinished"  // id: a source that is being imported or erased, with the ledger of that
	labelEntity      = "Entity"      // id
	labelConsignment = "Consignment" // id
	labelLong        = "LongText"    // beside labelEntity: texts too long for the index of searches
	labelPlaces      = "Places"      // id: where rows of a source stand in their file, by the thousand
	labelRefused     = "Refused"     // id: a row in quarantine
	labelDecision    = "Decision"    // id = seq
	labelRun         = "Run"         // id
	labelNetwork     = "Network"     // id: what flag reported in its last run
	labelLead        = "Lead"        // id
)

// Properties that are not for people. ValidName allows no leading underscore,
// so no property or field of a mapping can clash with them.
const (
	propSources    = "_sources"    // entity: numbers of all sources that name it; consignment: of those with a statement about it; link: of all; tie: of those that state it. Rising
	propDays       = "_days"       // entity: beside _sources, the first day (graph.Date) on which each names it
	propFacts      = "_facts"      // entity: a JSON text each, see factText
	propOutcomes   = "_outcomes"   // entity and consignment: a JSON text each, see outcomeText
	propSearch     = "_search"     // entity: the folded label, names, aliases and numbers, with a bar between them
	propNumber     = "_number"     // consignment: its id behind the issuing system
	propStatements = "_statements" // consignment: a JSON text each, see statementText
	propFields     = "_fields"     // consignment: beside _statements, the fields of each as JSON; link: its own
	propSeen       = "_seen"       // consignment of one statement: the day (graph.Date) on which it was made; absent with _several. Tie: the same, on the first of an entity's ties to it
	propDay        = "_day"        // tie that has _seen: the day of the event (graph.Date), absent when none is stated
	propTwice      = "_twice"      // tie that has _seen: the types that its consignment has more than one tie of
	propSeveral    = "_several"    // consignment and its ties: true when it has several different statements, so that Go must unite them
	propLooked     = "_looked"     // consignment: numbers of the sources with an outcome about it
	propStart      = "_start"      // link: Start as a graph.Date
	propRows       = "_rows"       // link: beside _sources, the row in each
	propPacked     = "_packed"     // places: see packPlaces
	propScope      = "_scope"      // run: its scope as JSON
	propBorn       = "_born"       // source: the generation of the store that shows it first
	propOver       = "_over"       // source: the generation of the store that shows it as ended first
)

// searchLimit is the most bytes of folded text that the index of searches is
// given; an index refuses values of more than 32 kB.
const searchLimit = 8000

// kindLabels and roleTypes are the closed lists from which labels and
// relationship types come: no text of a file ever names one.
var (
	kindLabels = labelsOf()
	roleTypes  = typesOf()
)

func labelsOf() map[graph.Kind]string {
	labels := make(map[graph.Kind]string)
	for _, kind := range graph.Kinds() {
		name := kind.String()
		labels[kind] = strings.ToUpper(name[:1]) + name[1:]
	}
	return labels
}

func typesOf() map[graph.Role]string {
	types := make(map[graph.Role]string)
	for _, role := range graph.Roles() {
		types[role] = strings.ToUpper(role.String())
	}
	return types
}

// roleOfType is the inverse of roleTypes, graph.NoRole for other types.
func roleOfType(name string) graph.Role {
	role, err := graph.ParseRole(strings.ToLower(name))
	if err != nil {
		return graph.NoRole
	}
	return role
}

// reserved are names that a property or field of a mapping must not take on a
// node, since the house gives them a meaning there. What was said under such
// a name is in _facts or _fields all the same.
var reserved = map[string]bool{
	"id": true, "name": true, "number": true, "view": true, "date": true, "result": true, "inspected": true, "hit": true,
	"start": true, "end": true, "key": true,
}
