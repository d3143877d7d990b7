package read_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/ingest/read"
)

func TestReference(t *testing.T) {
	for name, want := range map[string]rune{
		"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "#65": 'A', "#x41": 'A', "#x9999": '香', "#9": '\t', "#x10FFFF": 0x10FFFF,
	} {
		got, ok := read.Reference(name)
		assert.True(t, ok, name)
		assert.Equal(t, want, got, name)
	}
	for _, name := range []string{"", "nbsp", "AMP", "#", "#x", "#xZ", "#-1", "#0", "#8", "#xD800", "#xFFFE", "#xFFFF", "#x110000", "#4294967295", "#99999999999"} {
		_, ok := read.Reference(name)
		assert.False(t, ok, name)
	}
}
