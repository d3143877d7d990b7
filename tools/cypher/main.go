// Command cypher is a check for go vet: every query that is handed to Neo4j is
// a text that the program holds from its start, never one put together from
// data. See package constant.
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"rummage/tools/cypher/constant"
)

func main() { unitchecker.Main(constant.Analyzer) }
