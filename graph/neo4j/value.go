package neo4j

import (
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// dateOf is a day as Neo4j's own type.
func dateOf(day graph.Date) driver.Date { return driver.DateOf(day.Time()) }

// dayOf is the inverse of dateOf; no date is graph.NoDate.
func dayOf(value any) graph.Date {
	if date, ok := value.(driver.Date); ok {
		return graph.DateOf(date.Time())
	}
	return graph.NoDate
}

// instant puts a time into the form that comes back: UTC, microseconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// integer returns the number that a record holds, 0 for none.
func integer(value any) int64 {
	n, _ := value.(int64)
	return n
}

// integers returns the list of numbers that a record holds, nil for none.
func integers(value any) []int64 {
	list, _ := value.([]any)
	if list == nil {
		return nil
	}
	all := make([]int64, len(list))
	for i := range list {
		all[i] = integer(list[i])
	}
	return all
}

// texts returns the list of texts that a record holds, nil for none.
func texts(value any) []string {
	list, _ := value.([]any)
	if list == nil {
		return nil
	}
	all := make([]string, len(list))
	for i := range list {
		all[i], _ = list[i].(string)
	}
	return all
}

// text returns the text that a record holds, "" for none.
func text(value any) string {
	t, _ := value.(string)
	return t
}

// instantOf returns the time that a record holds, the zero time for none.
func instantOf(value any) time.Time {
	if t, ok := value.(time.Time); ok {
		return instant(t)
	}
	return time.Time{}
}

// given returns a value for a property, nil, which leaves it out, where it is
// the zero value.
func given[T comparable](value T) any {
	var zero T
	if value == zero {
		return nil
	}
	return value
}

// givenDay is a day for a property, left out where there is none.
func givenDay(day graph.Date) any {
	if day == graph.NoDate {
		return nil
	}
	return dateOf(day)
}

// givenTime is an instant for a property, left out where there is none.
func givenTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return instant(t)
}

// valid returns a text as the protocol takes it.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
