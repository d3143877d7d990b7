package neo4j

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"rummage/graph"
)

// link is one link with the sources that state it: what a relationship holds.
type link struct {
	graph.Link // without Origins; fields in normal order
	id         string
	mentions   []mention
}

// state records that a row states the link.
func (l *link) state(source, row int64) bool {
	var changed bool
	l.mentions, changed = addMention(l.mentions, mention{source: source, row: row, day: l.Start})
	return changed
}

// linkID names a link by everything it says, so that equal links of several
// sources are one relationship.
func linkID(l *graph.Link) string {
	b := make([]byte, 0, 256)
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	text(string(l.From))
	text(l.Role.String())
	text(string(l.To))
	b = binary.AppendVarint(b, int64(l.Start))
	b = binary.AppendVarint(b, int64(l.End))
	text(l.Key)
	for _, f := range l.Fields {
		text(f.Name)
		text(f.Value)
		text(f.Mark)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// shown returns the link as a gate shows it, nil when it does not.
func (l *link) shown(g *gate, want graph.Want) *graph.Link {
	origins, _, ok := g.shown(l.mentions)
	if !ok {
		return nil
	}
	visible := l.Link
	if want.Origins {
		visible.Origins = origins
	}
	return &visible
}

// properties returns what the relationship holds.
func (l *link) properties() map[string]any {
	sources, rows := make([]int64, len(l.mentions)), make([]int64, len(l.mentions))
	for i, m := range l.mentions {
		sources[i], rows[i] = m.source, m.row
	}
	if l.id == "" {
		l.id = linkID(&l.Link)
	}
	p := map[string]any{"id": l.id, propSources: sources, propRows: rows, propStart: int64(l.Start)}
	if l.Start != graph.NoDate {
		p["start"] = dateOf(l.Start)
	}
	if l.End != graph.NoDate {
		p["end"] = dateOf(l.End)
	}
	if l.Key != "" {
		p["key"] = l.Key
	}
	if len(l.Fields) > 0 {
		p[propFields] = fieldsJSON(l.Fields)
	}
	for _, f := range l.Fields {
		if _, had := p[f.Name]; !had && !reserved[f.Name] {
			p[f.Name] = f.Value
		}
	}
	return p
}

// linkOf reads what properties wrote; from, role and to are those of the
// relationship itself.
func linkOf(from graph.ID, role graph.Role, to graph.ID, p map[string]any) (*link, error) {
	l := &link{Link: graph.Link{Role: role, From: from, To: to, Start: graph.Date(integer(p[propStart])), End: dayOf(p["end"])}}
	l.Key, _ = p["key"].(string)
	if text, ok := p[propFields].(string); ok {
		var err error
		if l.Fields, err = fieldsOfText(text); err != nil {
			return nil, damagedText(from, propFields, err)
		}
	}
	sources, rows := integers(p[propSources]), integers(p[propRows])
	if len(sources) != len(rows) {
		return nil, damagedText(from, propRows, errLengths)
	}
	for i := range sources {
		l.mentions = append(l.mentions, mention{source: sources[i], row: rows[i], day: l.Start})
	}
	return l, nil
}
