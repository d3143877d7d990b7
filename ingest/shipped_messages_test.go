package ingest

// shippedMessages are messages and declarations, all of them made up.
var shippedMessages = []shippedCase{
	{mapping: "edifact-manifest", file: "cuscar.edi", rows: []int64{1, 2, 3, 4, 5, 6, 7, 8}},
	{mapping: "edifact-manifest", file: "ifcsum.edi", rows: []int64{1, 2, 3, 4}},
	{mapping: "edifact-declaration", file: "cusdec.edi", rows: []int64{1, 2, 3}},
	{mapping: "edifact-transport", file: "iftmin.edi", rows: []int64{1, 2, 3, 4}},
	{mapping: "edifact-containers", file: "codeco.edi", rows: []int64{1, 2, 3, 4}},
	{mapping: "edifact-bayplan", file: "baplie.edi", rows: []int64{1, 2, 3}},
	{mapping: "x12-manifest", file: "manifest309.x12", rows: []int64{1, 2, 3, 4}},
	{mapping: "x12-bill", file: "bill310.x12", rows: []int64{1, 2}},
	{mapping: "wco-declaration", file: "wco-declaration.xml", rows: []int64{1, 2}},
	{mapping: "wco-declaration-equipment", file: "wco-declaration.xml", rows: []int64{1, 2}},
	{mapping: "asycuda-sad", file: "asycuda-sad.xml", rows: []int64{1, 2, 3}},
	{mapping: "asycuda-sad-containers", file: "asycuda-sad.xml", rows: []int64{1, 2}},
	{mapping: "ics2-ens", file: "ics2-ens.xml", rows: []int64{1, 2, 3}},
	{mapping: "dcsa-events", file: "dcsa-events.json", rows: []int64{1, 2, 3, 4, 5}},
}
