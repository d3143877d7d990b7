package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shippedLists are the lists, registers, calls and payments that are tables.
var shippedLists = []shippedCase{
	{mapping: "eu-fsf-csv", file: "testdata/eu-fsf-csv.csv", rows: []int64{2, 3, 4, 5, 6, 7, 8}},
	{mapping: "us-csl", file: "testdata/us-csl.csv", rows: []int64{2, 3, 4, 5}},
	{mapping: "opensanctions-simple", file: "testdata/opensanctions-simple.csv", rows: []int64{2, 3, 4, 5}},
	{mapping: "gleif-lei", file: "testdata/gleif-lei.csv", rows: []int64{2, 3}},
	{mapping: "gleif-relationships", file: "testdata/gleif-relationships.csv", rows: []int64{2, 3, 4}},
	{mapping: "uk-companies", file: "testdata/uk-companies.csv", rows: []int64{2, 3}},
	{mapping: "hk-companies", file: "testdata/hk-companies.csv", rows: []int64{2, 3}},
	{mapping: "icij-entities", file: "testdata/icij-entities.csv", rows: []int64{2, 3}},
	{mapping: "icij-officers", file: "testdata/icij-officers.csv", rows: []int64{2, 3}},
	{mapping: "icij-intermediaries", file: "testdata/icij-intermediaries.csv", rows: []int64{2, 3}},
	{mapping: "icij-others", file: "testdata/icij-others.csv", rows: []int64{2}},
	{mapping: "icij-addresses", file: "testdata/icij-addresses.csv", rows: []int64{2, 3}},
	{mapping: "icij-relationships", file: "testdata/icij-relationships.csv", rows: []int64{2, 3, 4, 5, 6, 7}},
	{mapping: "cdr-calls", file: "testdata/cdr-calls.csv", rows: []int64{2, 3, 4}},
	{mapping: "cdr-ab", file: "testdata/cdr-ab.csv", rows: []int64{2, 3, 4}},
	{mapping: "phone-messages", file: "testdata/phone-messages.csv", rows: []int64{2, 3, 4}},
	{mapping: "ibm-aml-transfers", file: "testdata/ibm-aml-transfers.csv", rows: []int64{2, 3}},
	{mapping: "paysim", file: "testdata/paysim.csv", rows: []int64{2, 3}},
	{mapping: "bank-transfers", file: "testdata/bank-transfers.csv", rows: []int64{2, 3}},
}

// TestListsAreNoDeclarations: no mapping of a list, a register or links between parties takes the header of a declaration for its own.
func TestListsAreNoDeclarations(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	var lists []*Mapping
	for _, name := range append([]string{"un-individuals", "un-entities", "eu-fsf", "ofac-sdn-xml", "uk-ofsi", "uk-sanctions", "ftm", "uk-psc", "bods", "bods-03"}, mappingsOf(shippedLists)...) {
		m, err := Find(all, name)
		require.NoError(t, err)
		lists = append(lists, m)
	}
	for _, line := range fixture(t, "layouts/declarations.csv.gz", ',')[1:] {
		_, err := Recognise(lists, [][]string{strings.Split(line[4], "|")})
		assert.ErrorIs(t, err, ErrUnrecognised, line[0])
	}
}

// TestStatementsAreNoEntities: a table of statements, which has the columns of entities that hold no property, is not read as one of entities.
func TestStatementsAreNoEntities(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	_, err = Recognise(all, [][]string{
		{"canonical_id", "id", "entity_id", "prop", "prop_type", "schema", "value", "dataset", "lang", "original_value", "external", "first_seen", "last_seen"},
		{"NK-1", "s1", "xt-1", "name", "name", "Company", "Golden Wind", "xt_list", "", "", "f", "2020-01-01", "2021-06-30"},
	})
	require.ErrorIs(t, err, ErrUnrecognised)
}

// mappingsOf lists the mappings of cases.
func mappingsOf(cases []shippedCase) []string {
	var all []string
	for _, c := range cases {
		all = append(all, c.mapping)
	}
	return all
}
