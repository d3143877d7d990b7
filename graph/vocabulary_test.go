package graph_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

func TestNamesParseBack(t *testing.T) {
	for _, kind := range graph.Kinds() {
		got, err := graph.ParseKind(kind.String())
		require.NoError(t, err)
		require.Equal(t, kind, got)
	}
	ties, links := 0, 0
	for _, role := range graph.Roles() {
		got, err := graph.ParseRole(role.String())
		require.NoError(t, err)
		require.Equal(t, role, got)
		require.NotEqual(t, role.IsTie(), role.IsLink())
		if role.IsTie() {
			ties++
		} else {
			links++
		}
	}
	require.Positive(t, ties)
	require.Positive(t, links)
	require.False(t, graph.NoRole.IsTie())
	require.False(t, graph.Role(250).IsLink())
	require.Equal(t, "unknown(250)", graph.Role(250).String())
}

func TestUnknownNamesAreRefusedWithTheKnownOnes(t *testing.T) {
	_, err := graph.ParseRole("importeur")
	require.ErrorIs(t, err, graph.ErrUnknownName)
	require.ErrorContains(t, err, "importer")
	_, err = graph.ParseView("")
	require.ErrorIs(t, err, graph.ErrUnknownName)
	_, err = graph.ParseResult("guilty")
	require.ErrorIs(t, err, graph.ErrUnknownName)
	_, err = graph.ParseChannel("luck")
	require.ErrorIs(t, err, graph.ErrUnknownName)
	channel, err := graph.ParseChannel("tip_off")
	require.NoError(t, err)
	require.Equal(t, graph.TipOff, channel)
	view, err := graph.ParseView("bill_of_lading")
	require.NoError(t, err)
	require.Equal(t, graph.BillOfLading, view)
	for view = range graph.WarehouseReceipt + 1 {
		got, err := graph.ParseView(view.String())
		require.Equal(t, view.Known(), err == nil && got == view)
	}
	require.False(t, (graph.WarehouseReceipt + 1).Known())
	result, err := graph.ParseResult("seizure")
	require.NoError(t, err)
	require.True(t, result.IsHit())
	require.False(t, graph.Listed.IsHit())
}

func TestDatesAreDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-60e9, 200e9).Draw(t, "second"), 0).UTC()
		day := graph.DateOf(at)
		parsed, err := graph.ParseDate(at.Format("2006-01-02"))
		require.NoError(t, err)
		require.Equal(t, parsed, day)
		require.Equal(t, at.Format("2006-01-02"), day.String())
		require.Equal(t, day+1, graph.DateOf(at.AddDate(0, 0, 1)))
		text, err := json.Marshal(day)
		require.NoError(t, err)
		var back graph.Date
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, day, back)
	})
	for _, text := range []string{"2021-02-30", "30.6.2021", "", "2021-6-30", "0000-01-01"} {
		_, err := graph.ParseDate(text)
		require.Error(t, err, text)
	}
	require.Equal(t, "", graph.NoDate.String())
	require.True(t, graph.NoDate.Time().IsZero())
	var none graph.Date = 5
	require.NoError(t, none.UnmarshalText(nil))
	require.Equal(t, graph.NoDate, none)
	require.Error(t, none.UnmarshalText([]byte("soon")))
	require.Less(t, graph.NoDate, graph.DateOf(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)))
}

func TestErrorsNameWhatAPersonNeeds(t *testing.T) {
	at := time.Date(2021, 3, 4, 5, 6, 7, 0, time.UTC)
	locked := &graph.LockedError{Holder: "process 12 on desk-3 (rummage ingest)", Since: at}
	require.ErrorIs(t, locked, graph.ErrLocked)
	require.ErrorContains(t, locked, "process 12 on desk-3")
	there := &graph.AlreadyImportedError{Source: graph.Source{ID: "s-1", SourceSpec: graph.SourceSpec{Name: "a.csv", ImportedAt: at}}}
	require.ErrorIs(t, there, graph.ErrAlreadyImported)
	require.ErrorContains(t, there, "a.csv")
	require.ErrorContains(t, there, "2021-03-04")
}

func TestRunIDsNameTheQuestion(t *testing.T) {
	run := graph.Run{Kind: "flag", Scope: graph.Scope{Sources: []graph.SourceID{"s-1"}}, Settings: json.RawMessage(`{}`), Seed: 1}
	same := run
	same.Finished, same.Results = time.Now(), json.RawMessage(`[]`)
	require.Equal(t, run.NewRunID(), same.NewRunID())
	for name, change := range map[string]func(*graph.Run){
		"seed":     func(r *graph.Run) { r.Seed++ },
		"settings": func(r *graph.Run) { r.Settings = json.RawMessage(`{"q":1}`) },
		"sources":  func(r *graph.Run) { r.Scope.Sources = []graph.SourceID{"s-2"} },
		"until":    func(r *graph.Run) { r.Scope.Until = 5 },
		"known on": func(r *graph.Run) { r.Scope.KnownOn = time.Unix(5, 0) },
		"previous": func(r *graph.Run) { r.Previous = "r-0" },
		"decided":  func(r *graph.Run) { r.Decided = 3 },
	} {
		other := run
		change(&other)
		require.NotEqual(t, run.NewRunID(), other.NewRunID(), name)
	}
}
