package ingest

// shippedMessages are messages and declarations, all of them made up.
var shippedMessages []shippedCase
