package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/ingest/ident"
)

// How the commands say numbers and lists, and refuse arguments.

// short is a score for people: four digits are enough to compare by eye.
func short(s output.Score) string { return strconv.FormatFloat(float64(s), 'g', 4, 64) }

// number is a count: with blanks between thousands for people, plain in a pipe.
func number[T int | int64](page *output.Page, n T) string {
	if page.Format() == output.Table {
		return output.Count(int(n))
	}
	return strconv.FormatInt(int64(n), 10)
}

// paper says in words what kind of document a statement is of, by its view and by what its number shows.
func paper(s *graph.Statement) string {
	number := cmp.Or(s.Document, s.Consignment.Label())
	switch {
	case s.View == graph.Waybill && ident.AirWaybill(number).Mark == ident.Fine:
		return "air waybill"
	case s.View == graph.Parcel && ident.PostalItem(number).Mark == ident.Fine:
		return "postal item"
	}
	return strings.ReplaceAll(s.View.String(), "_", " ")
}

func joinIDs(ids []graph.ID) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return strings.Join(all, ", ")
}

// exactly refuses any other number of arguments than those named.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != len(names) {
			return fmt.Errorf("%s needs %s, but got %d %s", cmd.Name(), strings.Join(names, " and "), len(args), plural(len(args), "argument"))
		}
		return nil
	}
}

// atLeast refuses fewer arguments than n.
func atLeast(n int, names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return fmt.Errorf("%s needs %s, but got %d %s", cmd.Name(), strings.Join(names, " and "), len(args), plural(len(args), "argument"))
		}
		return nil
	}
}

// atMostOne refuses more than one argument.
func atMostOne(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return fmt.Errorf("%s takes one %s at most, but got %d arguments", cmd.Name(), name, len(args))
		}
		return nil
	}
}

// some needs one argument or more.
func some(name string) cobra.PositionalArgs { return atLeast(1, name) }

// entityOnly refuses ids that have no neighbours of their own, and says what to ask instead.
func entityOnly(ids ...graph.ID) error {
	for _, id := range ids {
		switch {
		case id.Kind() == graph.KindConsignment:
			return exit.With(exit.Usage, fmt.Errorf("%s is a consignment: it has ties, and no neighbours", id), "rummage show "+quote(string(id)))
		case isNetwork(id):
			return exit.With(exit.Usage, fmt.Errorf("%s is a network: it has members, and no neighbours", id), "rummage networks "+string(id))
		}
	}
	return nil
}

// plural puts a word into its number.
func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// clockTime is an instant for people: to the second, with its zone.
func clockTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }
