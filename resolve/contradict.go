package resolve

import "rummage/graph"

// Contradictions lists the facts that two parties in one would contradict each other in, as a
// Judgement lists them. Members are the ids of the records that are judged to be the party.
func Contradictions(a *graph.Entity, membersOfA []graph.ID, b *graph.Entity, membersOfB []graph.ID) []string {
	one, two := &Subject{Party: known(a, membersOfA)}, &Subject{Party: known(b, membersOfB)}
	j := judging{mute: true}
	j.numbers(one, two)
	j.born(one, two)
	return j.Conflicts
}

// known is what an entity states, with the number of each of its records.
func known(entity *graph.Entity, members []graph.ID) Party {
	p := Party{ID: entity.ID}
	for _, id := range members {
		record := *entity
		record.ID = id
		p.take(&record)
	}
	return *p.settled()
}
