package mapping

// shippedMessages are tables of events, inspections and seizures, all of them
// made up.
var shippedMessages = []shippedCase{
	{mapping: "container-events", file: "testdata/container-events.csv", rows: []int64{2, 3, 4, 5, 6}},
	{mapping: "inspection-results", file: "testdata/inspection-results.csv", rows: []int64{2, 3, 4, 5}},
	{mapping: "port-calls", file: "testdata/port-calls.csv", rows: []int64{2, 3, 4, 5}},
	{mapping: "seal-records", file: "testdata/seal-records.csv", rows: []int64{2, 3, 4, 5}},
	{mapping: "seizures", file: "testdata/seizures.csv", rows: []int64{2, 3, 4}},
}
