// Package story holds, in words, why a case file was made of just these parties: what speaks for it and against, what it rests on, and who
// is what in it. Report and viewer tell it; who wrote it knows the analysis.
//
// It must not know analyses, stores or how it is shown.
package story

import "rummage/graph"

// Story is why parties were chosen. The zero Story is that of parties that a person named.
type Story struct {
	Heading  string   `json:"heading"`  // what may be said of it, such as "network, grade A"
	Decision string   `json:"decision"` // the last word of a person on it, with the reason; "" for none
	Summary  []string `json:"summary"`  // the reasons, the most telling first
	Base     string   `json:"base"`     // what is found anyway, where nothing is flagged

	Ledger   []Entry   `json:"ledger"` // of the score; shares sum to 1
	Patterns []Pattern `json:"patterns"`
	Members  []Member  `json:"members"`

	For     []string `json:"for"`
	Against []string `json:"against"`
	Without []string `json:"without"` // what remains without one tie or another
	Missing []string `json:"missing"` // what nobody looked at yet, and would tell most
	Notes   []string `json:"notes"`
}

// Entry is a line of the ledger.
type Entry struct {
	Share float64 `json:"share"`
	What  string  `json:"what"`
	Rows  string  `json:"rows"`
}

// Pattern is a place where the records look like a typology.
type Pattern struct {
	Name    string   `json:"name"`
	Text    string   `json:"text"`
	Shows   []string `json:"shows"`
	Against []string `json:"against"` // what would clear it, and what the records say of that
}

// Member is a party and what it is to the others.
type Member struct {
	ID        graph.ID `json:"id"`
	Name      string   `json:"name"`
	Role      string   `json:"role"`
	Evidence  []string `json:"evidence"` // of its roles
	Trades    string   `json:"trades"`
	Exposure  string   `json:"exposure"`
	Hits      int      `json:"hits"`
	Inspected int      `json:"inspected"`
	Listed    bool     `json:"listed"`
}

// Roles returns the role of each member.
func (s *Story) Roles() map[graph.ID]string {
	all := make(map[graph.ID]string, len(s.Members))
	for i := range s.Members {
		all[s.Members[i].ID] = s.Members[i].Role
	}
	return all
}
