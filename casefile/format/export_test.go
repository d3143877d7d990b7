package format

// CypherText is for tests of what no other program shows: how a text is written so that servers of all kinds read it.
var CypherText = cypherText
