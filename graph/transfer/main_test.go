package transfer

import (
	"testing"

	"go.uber.org/goleak"

	"rummage/graph/neo4j/neo4jtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(neo4jtest.Main(m)) }
