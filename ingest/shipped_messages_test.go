package ingest

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// shippedMessages are messages and declarations, all of them made up.
var shippedMessages = []shippedCase{
	{mapping: "edifact-manifest", file: "cuscar.edi", rows: []int64{1, 2, 3, 4, 5, 6, 7, 8}},
	{mapping: "edifact-manifest", file: "ifcsum.edi", rows: []int64{1, 2, 3, 4}},
	{mapping: "edifact-declaration", file: "cusdec.edi", rows: []int64{1, 2, 3}},
	{mapping: "edifact-transport", file: "iftmin.edi", rows: []int64{1, 2, 3, 4}},
	{mapping: "edifact-containers", file: "codeco.edi", rows: []int64{1, 2, 3, 4}},
	{mapping: "edifact-bayplan", file: "baplie.edi", rows: []int64{1, 2, 3}},
	{mapping: "x12-manifest", file: "manifest309.x12", rows: []int64{1, 2, 3, 4}},
	{mapping: "x12-bill", file: "bill310.x12", rows: []int64{1, 2}},
	{mapping: "wco-declaration", file: "wco-declaration.xml", rows: []int64{1, 2}},
	{mapping: "wco-declaration-equipment", file: "wco-declaration.xml", rows: []int64{1, 2}},
	{mapping: "asycuda-sad", file: "asycuda-sad.xml", rows: []int64{1, 2, 3}},
	{mapping: "asycuda-sad-containers", file: "asycuda-sad.xml", rows: []int64{1, 2}},
	{mapping: "ics2-ens", file: "ics2-ens.xml", rows: []int64{1, 2, 3}},
	{mapping: "dcsa-events", file: "dcsa-events.json", rows: []int64{1, 2, 3, 4, 5}},
}

// TestOneBillInManyMessages: what the manifest, the gate, the carrier's events and a
// list of events say of one bill of lading are views of one consignment.
func TestOneBillInManyMessages(t *testing.T) {
	store := open(t)
	_, err := Run(t.Context(), store, []string{
		filepath.Join("testdata", "cuscar.edi"), filepath.Join("testdata", "codeco.edi"), filepath.Join("testdata", "dcsa-events.json"),
		filepath.Join("mapping", "testdata", "container-events.csv"),
	}, options())
	require.NoError(t, err)
	c, err := within(t, store).Consignment(t.Context(), "consignment/HQLN/HQLN26030071")
	require.NoError(t, err)
	views := map[graph.View]int{}
	for i := range c.Current {
		views[c.Current[i].View]++
	}
	assert.Equal(t, map[graph.View]int{graph.Manifest: 2, graph.Movement: 1 + 3 + 3}, views, "two lines of a manifest; a gate, three events in JSON, three in a table")
	require.Len(t, c.History, 1, "the change of the consignee")
	equipment := map[graph.ID]bool{}
	for _, tie := range c.Ties() {
		if tie.Role == graph.InEquipment {
			equipment[tie.Entity] = true
		}
	}
	assert.Equal(t, map[graph.ID]bool{"equipment/HQXU2019475": true, "equipment/HQXU2019557": true}, equipment)
}
