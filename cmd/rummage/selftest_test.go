package main

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/cmd/rummage/internal/selftest"
)

// A machine that computes wrongly is seldom at hand, so what is said of one is tried on figures made up here.
func TestWhatSelftestSaysOfAMachineThatComputesWrongly(t *testing.T) {
	good := selftest.Check{Graph: "karate", Measure: "degree", Values: 34, At: "33", Got: 17, Want: 17, Agrees: true}
	bad := selftest.Check{Graph: "karate", Measure: "PageRank", Values: 34, At: "0", Got: 0.0970001, Want: 0.097, Difference: 1e-7, Tolerance: 1e-9}
	none := output.Score(math.NaN())
	near := selftest.Comparison{Graph: "dolphins", Measure: "betweenness", GDS: 3, Rummage: 3, GDSMillis: 5, Millis: 2, Ratio: 2.5, Agrees: true}
	far := selftest.Comparison{Graph: "dolphins", Measure: "PageRank", GDS: 3, Rummage: 4, Difference: 1.0 / 3, GDSMillis: none, Millis: none, Ratio: none}
	library := func(all ...selftest.Comparison) *libraryRow {
		return &libraryRow{Address: "bolt://host:7687", Server: "Neo4j/5.26.30", Version: "2.13.9", Threads: 1, Comparisons: all}
	}
	for name, test := range map[string]struct {
		answer  selftestAnswer
		code    exit.Code
		says    []string
		saysNot string
	}{
		"all agree":    {selftestAnswer{Checks: []selftest.Check{good}}, exit.Done, []string{"34 figures are as known, to 1e-09 or"}, "DIFFERS"},
		"one differs":  {selftestAnswer{Checks: []selftest.Check{good, bad}}, exit.Failed, []string{"1 of 2 measures differ", "1.0e-07  1.0e-09  DIFFERS"}, "as known"},
		"both agree":   {selftestAnswer{Checks: []selftest.Check{good}, GDS: library(near)}, exit.Done, []string{"1 thread: both agree", "5        2.00    2.5  agrees"}, "DIFFERS"},
		"both differ":  {selftestAnswer{Checks: []selftest.Check{good}, GDS: library(near, far)}, exit.Failed, []string{"both DIFFER", "3.3e-01"}, "NaN"},
		"only ours is": {selftestAnswer{Checks: []selftest.Check{bad}, GDS: library(near)}, exit.Failed, []string{"1 of 1 measures differ", "both agree"}, "as known"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range []output.Format{output.Table, output.JSON, output.TSV} {
				var out bytes.Buffer
				d := &desk{page: output.New(&out, format, false), clock: time.Now}
				err := d.judge(test.answer)
				require.Equal(t, test.code, exit.Of(err))
				assert.Equal(t, err != nil, exit.Silent(err), "the answer tells it")
				switch format {
				case output.Table:
					for _, text := range test.says {
						assert.Contains(t, out.String(), text)
					}
					assert.NotContains(t, out.String(), test.saysNot)
				case output.JSON:
					assert.Equal(t, test.code == exit.Done, bytes.HasPrefix(out.Bytes(), []byte("{\n  \"ok\": true")))
				case output.TSV:
					assert.NotContains(t, out.String(), "NaN")
				}
			}
		})
	}
}
