package parallel_test

import (
	"testing"

	"house/parallel"
)

func TestOne(t *testing.T) {
	t.Parallel()
	parallel.N++
}
