package graph

// SearchQuery asks for entities by text.
type SearchQuery struct {
	Text  string
	Kinds []Kind // nil: all
	Limit int    // 0: 20
}

// Match is an entity that a search found.
type Match struct {
	ID      ID
	Name    string   // the value that matched best, as it stood in the file
	Score   float64  // 1 for an exact match; see Rank
	Reasons []string // why, for a person
}
