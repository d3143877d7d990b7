package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/ingest/mapping"
)

// TestAFileWhoseNumbersAreNone: where most consignments of a new file are those of another, in other words, it is said; where
// they say the same, or are others, it is not.
func TestAFileWhoseNumbersAreNone(t *testing.T) {
	m, err := mapping.Parse("amounts.yaml", []byte("mapping: amounts\nrecognise: {header: [No, Amount, Goods]}\nconsignments:\n"+
		"  entry: {system: office, number: Amount, view: declaration, fields: {no: No, goods: Goods}}\n"))
	require.NoError(t, err)
	folder := t.TempDir()
	write := func(name string, first, amount int) string {
		var text strings.Builder
		text.WriteString("No,Amount,Goods\n")
		for i := range 12 {
			fmt.Fprintf(&text, "%d,%d,shoes\n", first+i, amount+7*i)
		}
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
		return path
	}
	o := options()
	o.Mapping = m
	report, err := Run(t.Context(), open(t), []string{write("one.csv", 1, 500), write("other.csv", 1, 9000), write("two.csv", 101, 500)}, o)
	require.NoError(t, err)
	assert.Empty(t, report.Files[0].Amends)
	assert.Empty(t, report.Files[1].Amends)
	assert.Equal(t, []Amended{{Source: report.Files[0].Source.ID, Title: "one.csv", Count: 12, Compared: 12}}, report.Files[2].Amends)
}

// blind is a store whose consignments cannot be read.
type blind struct {
	graph.Store
	fault error
}

func (b *blind) Within(ctx context.Context, scope graph.Scope) (graph.Reader, error) {
	reader, err := b.Store.Within(ctx, scope)
	return &blindReader{reader, b.fault}, err
}

type blindReader struct {
	graph.Reader
	fault error
}

func (b *blindReader) Consignment(context.Context, graph.ID) (*graph.Consignment, error) {
	return nil, b.fault
}

// TestSourcesThatCannotBeCompared: the file is in, the rest is not tried, and the run says why.
func TestSourcesThatCannotBeCompared(t *testing.T) {
	store := &blind{Store: open(t), fault: errors.New("disk is torn")}
	var files []string
	for _, name := range []string{"a", "b", "c"} {
		files = append(files, write(t, name+".csv", world+"1"+name+",0,I1,E1,F1,P1,0,0\n2"+name+",0,I1,E1,F1,P1,0,0\n"))
	}
	report, err := Run(t.Context(), store, files, options())
	require.ErrorIs(t, err, store.fault)
	require.EqualError(t, err, "ingest: "+files[1]+": compare with other sources: disk is torn")
	assert.Equal(t, []State{Imported, Imported, Untried}, []State{report.Files[0].State, report.Files[1].State, report.Files[2].State})
	require.ErrorIs(t, report.Files[2].Err, ErrStopped)
}
