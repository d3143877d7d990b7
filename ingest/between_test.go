package ingest

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// TestReadersAndMappingsMeanTheSameMark: neither knows the other, and both must cut a cell of several values at one character.
func TestReadersAndMappingsMeanTheSameMark(t *testing.T) {
	assert.Equal(t, read.Between, mapping.Between)
}
