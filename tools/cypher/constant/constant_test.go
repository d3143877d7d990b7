package constant_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"rummage/tools/cypher/constant"
)

func TestQueries(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), constant.Analyzer, "store")
}
