package view

import (
	"fmt"

	"rummage/graph"
)

// Look is why and where an inspected consignment was looked at, beside who traded.
type Look struct {
	Office  uint32        // node of the customs office, or None
	Channel graph.Channel // of its outcomes the first of graph's that one states; NoChannel where none does
	Chapter uint8         // the first two digits of its goods' least code, 1 to 99; 0 where none is stated
}

// looked tells channel and goods of an inspected consignment; the office is a node, which only the gatherer knows.
func looked(c *graph.Consignment) (look Look) {
	look.Office = None
	for i := range c.Outcomes {
		o := &c.Outcomes[i]
		if (o.Result.IsHit() || o.Result == graph.Clear) && o.Channel != graph.NoChannel && (look.Channel == graph.NoChannel || o.Channel < look.Channel) {
			look.Channel = o.Channel
		}
	}
	for _, t := range c.Ties() {
		if t.Role != graph.OfCommodity {
			continue
		}
		if chapter := chapterOf(t.Entity.Label()); chapter > 0 && (look.Chapter == 0 || chapter < look.Chapter) {
			look.Chapter = chapter
		}
	}
	return look
}

func chapterOf(code string) uint8 {
	if len(code) < 2 || code[0] < '0' || code[0] > '9' || code[1] < '0' || code[1] > '9' {
		return 0
	}
	return 10*(code[0]-'0') + code[1] - '0'
}

// officeRoles are the roles of the office that looked.
var officeRoles = []graph.Role{graph.Office}

// looksFit checks that there is a look for every inspected consignment, of an office that is a node.
func (c *Consignments) looksFit(nodes int) error {
	n := 0
	for _, inspected := range c.Inspected {
		if inspected {
			n++
		}
	}
	if len(c.Looks) != n {
		return fmt.Errorf("%w: %d looks at %d inspected consignments", errDamaged, len(c.Looks), n)
	}
	for _, look := range c.Looks {
		if int(look.Office) >= nodes && look.Office != None || look.Chapter > 99 || look.Channel > graph.TipOff {
			return fmt.Errorf("%w: no office %d, chapter %d or channel %d", errDamaged, look.Office, look.Chapter, look.Channel)
		}
	}
	return nil
}
