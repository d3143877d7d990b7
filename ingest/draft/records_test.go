package draft_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/ingest/draft"
)

// TestWhatCouldMakeTheRows: elements that stand several times in a row are named, those of another number than what they lie in apart, and parts
// of them not.
func TestWhatCouldMakeTheRows(t *testing.T) {
	tree := table("bills", "no|date|../office|boxes.container|boxes.goods.hs|boxes.goods.mass|boxes.goods.mass.@unit|boxes.goods.pack.kind|boxes.goods.pack.count|notes\n"+
		"B1|2024-03-01|HK1|CSQU3054383\x1fTGHU7599330|851713\x1f610910\x1f950300|1\x1f2\x1f3|KGM\x1fKGM\x1fKGM|CT\x1fCT\x1fPX|4\x1f5\x1f6|a\x1fb\n"+
		"B2|2024-03-02|HK1|CSQU3054383|851713|7|KGM|CT|1|\n")
	tree.Tree = true
	d := draft.Of(tree)
	assert.Equal(t, []draft.Repeated{
		{Path: "boxes", Columns: []string{"boxes.container", "boxes.goods.hs", "boxes.goods.mass", "boxes.goods.mass.@unit", "boxes.goods.pack.kind", "boxes.goods.pack.count"}, Most: 2},
		{Path: "boxes.goods", Columns: []string{"boxes.goods.hs", "boxes.goods.mass", "boxes.goods.mass.@unit", "boxes.goods.pack.kind", "boxes.goods.pack.count"}, Most: 3},
	}, d.Records)
	assert.Contains(t, d.Text, "\n# boxes.goods stands up to 3 times in a row: --record boxes.goods makes each a row.\n")

	tree.Tree = false
	assert.Empty(t, draft.Of(tree).Records, "a table has no elements")
}
