package neo4j

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// explained asks for plans. It is made of the texts before anything is read.
var explained = explainedTexts()

func explainedTexts() map[string]string {
	all := map[string]string{
		"scan of entities": scanEntities, "scan of some entities": scanSomeEntities, "entity": oneEntity, "members": askMembers, "named": askNamed,
		"scan of consignments": scanConsignments, "scan of some consignments": scanSomeConsignments, "consignment": oneConsignment,
		"some consignments": someConsignments, "scan of links": scanLinks, "around": askAround, "several": askSeveral,
		"ties": listTies, "shared": listShared, "links": listLinks, "same links": sameLinks,
		"search": searchEntities, "number": searchNumber, "numbers": searchNumbers, "look at a number": lookNumber, "look at numbers": lookNumbers,
	}
	for key, texts := range besides {
		if !slices.Contains([]string{tieTypes, goodsTypes, roleTypes[graph.Exporter], ""}, key.types) {
			continue // which differ in types alone
		}
		name := key.types + map[bool]string{true: " many"}[key.many] + map[bool]string{true: " twice"}[key.twice] + map[bool]string{true: " links"}[key.links]
		all["counts "+name], all["page "+name] = texts.counts, texts.page
	}
	for name, text := range all {
		all[name] = "EXPLAIN " + text
	}
	return all
}

var operatorPattern = regexp.MustCompile(`(?m)^\|[ |]*\+(\w+)`)

// operators lists the operators of a plan, the last step first. They are taken
// from the plan as it is drawn, since the driver (v5.28.5) returns the last
// child of a step in place of each.
func operators(t *testing.T, plan driver.Plan) (all []string) {
	drawn, _ := plan.Arguments()["string-representation"].(string)
	require.NotEmpty(t, drawn)
	for _, found := range operatorPattern.FindAllStringSubmatch(drawn, -1) {
		all = append(all, found[1])
	}
	return all
}

// The answers of a store of millions must not hang on walking through it.
func TestEveryQueryStartsFromAnIndex(t *testing.T) {
	store := emptyStore(t)
	ctx := context.Background()
	session := store.session(ctx, driver.AccessModeRead)
	defer session.Close(ctx)
	for _, name := range sortedNames(explained) {
		result, err := session.Run(ctx, explained[name], map[string]any{"id": "party/a", "ids": []string{"party/a"}, "with": nil, "start": "1", "longest": "acme", "words": []string{"acme"}})
		require.NoError(t, err, name)
		summary, err := result.Consume(ctx)
		require.NoError(t, err, name)
		plan := operators(t, summary.Plan())
		for _, operator := range plan {
			require.NotContains(t, operator, "AllNodesScan", name)
			require.NotContains(t, operator, "RelationshipTypeScan", name)
			require.NotContains(t, operator, "LabelScan", name)
		}
		switch {
		case strings.HasPrefix(name, "scan of"):
			require.NotContains(t, plan, "Sort", "%s: %v", name, plan)
			require.True(t, slices.ContainsFunc(plan, func(o string) bool { return strings.HasSuffix(o, "IndexSeekByRange") }), "%s: %v", name, plan)
		case name == "search":
			require.Contains(t, plan, "NodeIndexContainsScan", "%s: %v", name, plan)
		default:
			require.True(t, slices.ContainsFunc(plan, func(o string) bool { return strings.Contains(o, "IndexSeek") }), "%s: %v", name, plan)
		}
	}
}

func sortedNames[V any](all map[string]V) []string {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
