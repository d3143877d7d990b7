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

// TestAnAmendmentIsNoRival: what states a version or a day of amendment that the other does not state amends it.
func TestAnAmendmentIsNoRival(t *testing.T) {
	m, err := mapping.Parse("entries.yaml", []byte("mapping: entries\nrecognise: {header: [No, Version, Goods]}\nconsignments:\n"+
		"  entry: {system: office, number: No, version: Version, view: declaration, fields: {goods: Goods}}\n"))
	require.NoError(t, err)
	o := options()
	o.Mapping = m
	report, err := Run(t.Context(), open(t), []string{
		write(t, "first.csv", "No,Version,Goods\n1,1,shoes\n2,1,shoes\n3,1,shoes\n"),
		write(t, "second.csv", "No,Version,Goods\n1,2,boots\n2,2,boots\n3,2,boots\n"),
		write(t, "again.csv", "No,Version,Goods\n1,2,coats\n2,2,coats\n3,3,coats\n"),
	}, o)
	require.NoError(t, err)
	assert.Empty(t, report.Files[1].Amends)
	assert.Equal(t, []Amended{{Source: report.Files[1].Source.ID, Title: "second.csv", Count: 2, Compared: 3}}, report.Files[2].Amends)
}

// TestFewConsignmentsAreCompared: of many at most mostAmended are looked up, and no more than can make most of them; one of more
// statements than are compared ends it.
func TestFewConsignmentsAreCompared(t *testing.T) {
	many := func(name string, first int) string {
		text := world
		for i := range 3 * mostAmended {
			text += fmt.Sprintf("%d,0,I1,E1,F1,P1,0,0\n", first+i)
		}
		return write(t, name+".csv", text)
	}
	store := &tallied{Store: open(t)}
	_, err := Run(t.Context(), store, []string{many("a", 1), many("b", 1001)}, options())
	require.NoError(t, err)
	assert.Equal(t, mostAmended/2, store.asked)

	store = &tallied{Store: open(t), pad: mostCompared}
	_, err = Run(t.Context(), store, []string{many("a", 1), many("b", 1001)}, options())
	require.NoError(t, err)
	assert.Equal(t, 1, store.asked)
}

// tallied counts the consignments that are read, each with some statements more.
type tallied struct {
	graph.Store
	pad   int
	asked int
}

func (c *tallied) Within(ctx context.Context, scope graph.Scope) (graph.Reader, error) {
	reader, err := c.Store.Within(ctx, scope)
	return &talliedReader{reader, c}, err
}

type talliedReader struct {
	graph.Reader
	by *tallied
}

func (c *talliedReader) Consignment(ctx context.Context, id graph.ID) (*graph.Consignment, error) {
	c.by.asked++
	found, err := c.Reader.Consignment(ctx, id)
	if err == nil {
		found.History = append(found.History, make([]graph.Statement, c.by.pad)...)
	}
	return found, err
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
