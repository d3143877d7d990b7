package draft

import (
	"fmt"
	"slices"
	"strings"
)

// severals are the subjects of which each column that names one names another.
var severals = map[Subject]bool{"seal": true, "equipment": true}

// more lists the labels of the further things that columns of a subject name.
func (d *Draft) more(s Subject) []string {
	if !severals[s] {
		return nil
	}
	var labels []string
	first := d.find(Meaning{s, ID})
	for i := range d.Columns {
		if c := &d.Columns[i]; c.Meaning == (Meaning{s, ID}) && c != first {
			labels = append(labels, fmt.Sprintf("%s_%d", s, len(labels)+2))
		}
	}
	return labels
}

// more writes them.
func (p *page) more(d *Draft, first *entity) {
	labels := d.more(first.subject)
	for i := range d.Columns {
		c := &d.Columns[i]
		if len(labels) == 0 {
			return
		}
		if c.Meaning == (Meaning{first.subject, ID}) && c != first.id {
			p.entity(labels[0], &entity{subject: first.subject, kind: first.kind, namespace: first.namespace, id: c})
			labels = labels[1:]
		}
	}
}

// carriers are the subjects that carry.
var carriers = []Subject{"carrier", Haulier, Driver}

// within lists those of all that are among some.
func within(all, some []Subject) []Subject {
	return slices.DeleteFunc(slices.Clone(all), func(s Subject) bool { return !slices.Contains(some, s) })
}

func joined(all []Subject) string {
	var names []string
	for _, s := range all {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}
