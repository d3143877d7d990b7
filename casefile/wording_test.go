package casefile_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile"
	"rummage/casefile/redaction"
	"rummage/casefile/story"
	"rummage/graph"
)

// called are contents of one party of a name, redacted, and of another one that names it in its note, in sentences and in the rows.
func called(t *testing.T, name string) *casefile.Contents {
	t.Helper()
	c := secretly([]string{name})
	c.Sources[0].Handling = "TLP:AMBER"
	id := graph.NewID(graph.Party, "t", "PERSON-0")
	c.Story = &story.Story{Heading: "network, grade A", Summary: []string{"It sells to " + name + ", without evidence."},
		Members: []story.Member{{ID: id, Name: name, Role: "hub", Evidence: []string{"it deals with " + name}}}}
	explained, err := json.MarshalIndent(map[string]any{"members": []any{map[string]any{"id": id, "name": name, "evidence": c.Story.Summary}}, "handling": "TLP:AMBER"}, "", " ")
	require.NoError(t, err)
	c.Texts = []casefile.Text{{Name: "network.json", Title: "the network", Content: explained}}
	known := redaction.Knowledge{}
	known.Wording, err = casefile.Wording(context.Background(), c, custody("TLP:AMBER"))
	require.NoError(t, err)
	request, err := redaction.Parse([]string{string(id)})
	require.NoError(t, err)
	c.Redaction, err = redaction.New(redactionKey, request, c.Graph, known)
	require.NoError(t, err)
	return c
}

// TestANameThatIsAWordOfTheWordingIsRedacted wherever it names somebody: what the case file says of everybody stays, and no more.
func TestANameThatIsAWordOfTheWordingIsRedacted(t *testing.T) {
	for _, name := range []string{"Infinity", "Evidence", "EVIDENCE", "Amber", "AMBER", "Port", "Redacted", "Members", "Cafe", "Resources"} {
		c := called(t, name)
		assert.Equal(t, 1, c.Redaction.Log().Wording, name)
		all := files(t, c)
		var said struct {
			Members []struct {
				Name     string
				Evidence []string
			}
			Handling string
		}
		require.NoError(t, json.Unmarshal(all["network.json"], &said), name)
		require.Len(t, said.Members, 1, name)
		assert.True(t, strings.HasPrefix(said.Members[0].Name, "redacted-"), name)
		require.Len(t, said.Members[0].Evidence, 1, "keys are kept: %s", name)
		assert.Contains(t, said.Members[0].Evidence[0], "It sells to redacted-", name)
		assert.Contains(t, said.Members[0].Evidence[0], "without evidence", name)
		assert.Equal(t, "TLP:AMBER", said.Handling, name)
		for file, content := range all {
			for _, named := range []string{"to " + name, "of " + name, "see " + name, "with " + name, `"` + name + `"`, ">" + name + "<", "," + name + ","} {
				heading := named == ">Members<"
				assert.True(t, heading || !strings.Contains(string(content), named), "%s: %s", file, named)
			}
		}
	}
	assert.Zero(t, called(t, "Lee Ka Ming").Redaction.Log().Wording)
	unknown := secretly([]string{"Infinity"})
	request, err := redaction.Parse([]string{"persons"})
	require.NoError(t, err)
	unknown.Redaction, err = redaction.New(redactionKey, request, unknown.Graph, redaction.Knowledge{})
	require.NoError(t, err)
	_, _, err = pack(t, t.TempDir(), unknown, "", casefile.Packing{})
	require.ErrorIs(t, err, casefile.ErrLeft, "what the wording is must be known")
}

// TestAWordOfTheWordingThatIsLeftIsRefused where it was said by whom no redaction reaches.
func TestAWordOfTheWordingThatIsLeftIsRefused(t *testing.T) {
	folder := t.TempDir()
	for i, change := range []func(c *casefile.Contents, said *casefile.Custody) (name string){
		func(_ *casefile.Contents, said *casefile.Custody) string {
			said.Purpose = "about Infinity."
			return "case"
		},
		func(_ *casefile.Contents, said *casefile.Custody) string { said.Recipient = "INFINITY"; return "case" },
		func(*casefile.Contents, *casefile.Custody) string { return "Infinity" },
	} {
		c, said := called(t, "Infinity"), custody("")
		_, err := casefile.Pack(context.Background(), filepath.Join(folder, change(c, said)), c, said, casefile.Packing{})
		require.ErrorIs(t, err, casefile.ErrLeft, i)
	}
}
