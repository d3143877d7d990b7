package edges

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"rummage/algo/csr"
	"rummage/algo/view"
	"rummage/algo/view/viewtest"
	"rummage/fixtures/simulate"
)

// trade is the graph that leads are drawn from, of a world of fixtures: who traded with whom, by which forwarder, through which
// port, at which address, with the weights of the walk. What ties of several kinds say about one pair is added up.
func trade(ctx context.Context, open viewtest.Open, name string) (int, csr.Columns, error) {
	world, err := viewtest.World(open, name)
	if err != nil {
		return 0, csr.Columns{}, err
	}
	weights := view.DefaultWeights()
	v, err := view.Build(ctx, world, view.Options{Edges: weights.Kinds()})
	if err != nil {
		return 0, csr.Columns{}, err
	}
	weighed, err := v.Weigh(ctx, 0, weights)
	if err != nil {
		return 0, csr.Columns{}, err
	}
	g, err := weighed.Simple(ctx)
	if err != nil {
		return 0, csr.Columns{}, fmt.Errorf("one edge a pair: %w", err)
	}
	return g.Order(), g.Columns(), nil
}

// simulated is the same of a world that is simulated here, scale times as large as those of fixtures. Its telephones and directors
// are held for addresses, since all three tie parties alike.
func simulated(ctx context.Context, scale float64) (int, csr.Columns, error) {
	options := simulate.DefaultOptions()
	options.Scale = scale
	world, err := simulate.New(options)
	if err != nil {
		return 0, csr.Columns{}, err
	}
	return trade(ctx, func(name string) (io.ReadCloser, error) {
		if strings.HasSuffix(name, "/addresses.csv.gz") {
			return piped(func(to io.Writer) error { return registered(ctx, world, to) }), nil
		}
		return piped(func(to io.Writer) error { return declared(ctx, world, to) }), nil
	}, "simulated")
}

// piped hands on what is written as it is read. Closing it ends the writing.
func piped(write func(io.Writer) error) io.ReadCloser {
	from, to := io.Pipe()
	go func() { to.CloseWithError(write(to)) }()
	return from
}

// declared writes the declarations of a world in the columns of the worlds of fixtures. The day matters to no edge.
func declared(ctx context.Context, world *simulate.World, to io.Writer) error {
	out := csv.NewWriter(to)
	if err := out.Write([]string{"number", "day", "exporter", "importer", "forwarder", "port", "inspected", "hit"}); err != nil {
		return err
	}
	wanted := []string{"declaration", "exporter_id", "importer_id", "declarant_id", "discharge"}
	err := rows(func(to io.Writer) error { return world.WriteDeclarations(ctx, to) }, wanted, func(row []string) error {
		return out.Write([]string{row[0], "1", row[1], row[2], row[3], row[4], "0", "0"})
	})
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// registered writes what the register ties parties to.
func registered(ctx context.Context, world *simulate.World, to io.Writer) error {
	out := csv.NewWriter(to)
	if err := out.Write([]string{"party", "address"}); err != nil {
		return err
	}
	wanted := []string{"company_id", "address_id", "phone", "director_id"}
	err := rows(func(to io.Writer) error { return world.WriteRegistry(ctx, to) }, wanted, func(row []string) error {
		for _, identifier := range row[1:] {
			if identifier == "" {
				continue
			}
			if err := out.Write([]string{row[0], identifier}); err != nil {
				return err
			}
		}
		return nil
	})
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// rows hands over the wanted columns of what is written as CSV, row by row.
func rows(write func(io.Writer) error, wanted []string, take func(row []string) error) error {
	written := piped(write)
	defer written.Close()
	in := csv.NewReader(written)
	in.ReuseRecord = true
	header, err := in.Read()
	if err != nil {
		return err
	}
	at := make([]int, len(wanted))
	for i, name := range wanted {
		if at[i] = slices.Index(header, name); at[i] < 0 {
			return fmt.Errorf("no column %q among %v", name, header)
		}
	}
	row := make([]string, len(wanted))
	for {
		record, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for i, column := range at {
			row[i] = record[column]
		}
		if err := take(row); err != nil {
			return err
		}
	}
}
