package ingest

// shippedLists are the lists, registers and links between parties that are no tables.
var shippedLists = []shippedCase{
	{mapping: "un-individuals", file: "un.xml", rows: []int64{1, 2}},
	{mapping: "un-entities", file: "un.xml", rows: []int64{1, 2}},
	{mapping: "eu-fsf", file: "eu-fsf.xml", rows: []int64{1, 2}},
	{mapping: "ofac-sdn-xml", file: "ofac-sdn.xml", rows: []int64{1, 2, 3, 4}},
	{mapping: "uk-ofsi", file: "uk-ofsi.csv", rows: []int64{3, 4, 5, 6}},
	{mapping: "uk-sanctions", file: "uk-sanctions.csv", rows: []int64{3, 4, 5, 6}},
	{mapping: "ftm", file: "ftm.jsonl", rows: []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}},
	{mapping: "uk-psc", file: "uk-psc.jsonl", rows: []int64{1, 2, 3, 4}},
	{mapping: "bods", file: "bods.jsonl", rows: []int64{1, 2, 3, 4}},
	{mapping: "bods-03", file: "bods-03.json", rows: []int64{1, 2, 3, 4}},
}
