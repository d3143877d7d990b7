package draft_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/draft"
	"rummage/ingest/mapping"
)

// TestTreesLackColumns: a draft for a tree is known by the columns that every record fills, and takes files without the others.
func TestTreesLackColumns(t *testing.T) {
	parcels := table("parcels", "Declaration No|Importer|HS Code|Remark\nP-1|Kam Fung Trading|851713|\nP-2|Acme Imports||late\n")
	parcels.Tree, parcels.Record = true, `Post.Out/Par\.cel`
	text := draft.Of(parcels).Text
	assert.Contains(t, text, "\n  header: [\"Declaration No\", \"Importer\"]\nfile: {record: \"Post.Out/Par\\\\.cel\", sparse: true}\n")
	m, err := mapping.Parse("parcels.yaml", []byte(text))
	require.NoError(t, err)
	assert.Equal(t, parcels.Record, m.Record)
	_, err = m.Bind([]string{"Declaration No", "Importer", "More"})
	require.NoError(t, err)

	parcels.Record = ""
	assert.Contains(t, draft.Of(parcels).Text, "\nfile: {sparse: true}\n")
	parcels.Rows = nil
	assert.Contains(t, draft.Of(parcels).Text, `header: ["Declaration No", "Importer", "HS Code", "Remark"]`)
}

// TestALineOfAnAddressNumbersNothing: nor does what stands several times in a row.
func TestALineOfAnAddressNumbersNothing(t *testing.T) {
	for _, between := range []string{"", "\x1f"} {
		tree := table("nested", "@id|AcceptanceDate|Importer.Name|Importer.Address.Line|Item.CommodityCode")
		tree.Tree = true
		for i := range 12 {
			line := fmt.Sprintf("Blk %d #02-12", 10+i)
			if between != "" {
				line += between + line
			}
			tree.Rows = append(tree.Rows, []string{fmt.Sprintf("D%04d", i), fmt.Sprintf("2025-02-%02d", i+1), "Kam Fung", line, "851713"})
		}
		d := draft.Of(tree)
		assert.Contains(t, d.Text, `number: "@id"`)
		assert.Equal(t, draft.Meaning{Subject: "importer", Property: draft.Address}, d.Columns[3].Meaning)
	}
}
