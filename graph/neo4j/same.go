package neo4j

import (
	"reflect"
	"slices"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// sameProperties compares what a node holds with what it should hold.
func sameProperties(got, want map[string]any) bool {
	n := 0
	for name, value := range want {
		if value == nil {
			continue
		}
		n++
		if !sameValue(got[name], value) {
			return false
		}
	}
	return n == len(got)
}

func sameValue(got, want any) bool {
	switch want := want.(type) {
	case []string:
		return slices.Equal(texts(got), want)
	case []int64:
		return slices.Equal(integers(got), want)
	case driver.Date:
		return dayOf(got) == dayOf(want)
	}
	if at := instantOf(want); !at.IsZero() {
		return at.Equal(instantOf(got))
	}
	return reflect.DeepEqual(got, want)
}
