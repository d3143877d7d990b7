package format

import (
	"io"

	"github.com/parquet-go/parquet-go"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

type (
	parquetAttribute struct {
		Name  string `parquet:"name,dict"`
		Value string `parquet:"value"`
		Mark  string `parquet:"mark,dict"`
	}
	parquetScore struct {
		Name  string  `parquet:"name,dict"`
		Value float64 `parquet:"value"`
	}
	parquetRow struct {
		Source string `parquet:"source,dict"`
		Row    int64  `parquet:"row"`
	}
	parquetNode struct {
		ID         string             `parquet:"id"`
		Kind       string             `parquet:"kind,dict"`
		Label      string             `parquet:"label"`
		Chosen     bool               `parquet:"chosen"`
		Records    []string           `parquet:"records,list"`
		Start      *int32             `parquet:"start,date"`
		End        *int32             `parquet:"end,date"`
		Scores     []parquetScore     `parquet:"scores,list"`
		Attributes []parquetAttribute `parquet:"attributes,list"`
		Rows       []parquetRow       `parquet:"rows,list"`
	}
	parquetEdge struct {
		ID         string             `parquet:"id"`
		From       string             `parquet:"from"`
		To         string             `parquet:"to"`
		Kind       string             `parquet:"kind,dict"`
		Start      *int32             `parquet:"start,date"`
		End        *int32             `parquet:"end,date"`
		Event      string             `parquet:"event"`
		Attributes []parquetAttribute `parquet:"attributes,list"`
		Rows       []parquetRow       `parquet:"rows,list"`
	}
)

// parquetGroup is how many rows a row group has; so many are held at once.
const parquetGroup = 32768

// parquetDay is a day as Parquet counts it, from 1970; nil for none.
func parquetDay(day graph.Date) *int32 {
	if day == graph.NoDate {
		return nil
	}
	days := int32(day.Time().Unix() / 86400)
	return &days
}

func parquetAttributes(all []subgraph.Attribute) []parquetAttribute {
	list := make([]parquetAttribute, len(all))
	for i, a := range all {
		list[i] = parquetAttribute(a)
	}
	return list
}

func parquetRows(origins []graph.Origin) []parquetRow {
	list := make([]parquetRow, len(origins))
	for i, o := range origins {
		list[i] = parquetRow{string(o.Source), o.Row}
	}
	return list
}

// writeParquetNodes writes nodes as a Parquet file: days are days, and attributes, scores and rows are lists, so that nothing is joined. Pages are
// not compressed, since no two releases of a compressor promise the same bytes.
func writeParquetNodes(to io.Writer, d *Document) error {
	g := d.Graph
	return parquetFile(to, d.Handling.String(), len(g.Nodes), func(i int) parquetNode {
		n := &g.Nodes[i]
		scores := make([]parquetScore, len(n.Scores))
		for j, s := range n.Scores {
			scores[j] = parquetScore(s)
		}
		return parquetNode{string(n.ID), n.Kind, n.Label, n.Chosen, idList(n.Records), parquetDay(n.Start), parquetDay(n.End), scores,
			parquetAttributes(n.Attributes), parquetRows(n.Sources)}
	})
}

// writeParquetEdges writes edges likewise.
func writeParquetEdges(to io.Writer, d *Document) error {
	g := d.Graph
	return parquetFile(to, d.Handling.String(), len(g.Edges), func(i int) parquetEdge {
		e := &g.Edges[i]
		return parquetEdge{edgeID(i), string(e.From), string(e.To), e.Kind, parquetDay(e.Start), parquetDay(e.End), e.Key,
			parquetAttributes(e.Attributes), parquetRows(e.Sources)}
	})
}

// parquetFile has the handling code in the metadata of the file.
func parquetFile[T any](to io.Writer, handling string, rows int, row func(i int) T) error {
	w := parquet.NewGenericWriter[T](to, parquet.Compression(&parquet.Uncompressed), parquet.MaxRowsPerRowGroup(parquetGroup),
		parquet.CreatedBy("rummage", "", ""), parquet.KeyValueMetadata("handling", handling))
	batch := make([]T, 0, 1024)
	for i := range rows {
		batch = append(batch, row(i))
		if len(batch) == cap(batch) || i == rows-1 {
			if _, err := w.Write(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return w.Close()
}
