package format

// CypherText is for tests of what no other program shows: how a text is written so that servers of all kinds read it.
var CypherText = cypherText

// Extensions are the names of what STIX has no word for and what they are made of.
func Extensions() map[string]string {
	return map[string]string{
		stixThings: "extension-definition--" + named5("stix things"),
		stixStated: "extension-definition--" + named5("stix stated"),
	}
}
