package edi

import (
	"rummage/ingest/format/edi/segment"
	"rummage/ingest/read"
)

const (
	// MaxRow is the longest row in bytes of the stream, a message of thousands of
	// items among them.
	MaxRow = segment.MaxHeld
	// MaxHeader is how many bytes may stand in a message before its parts, each of
	// which repeats what they say.
	MaxHeader = 256 << 10
)

// cells puts frames together as one row. Where an inner frame has a heading, what
// outer ones say under it goes to the columns of what is above.
type cells struct {
	register *register
	cells    [][]byte
	chains   []chain // by column
	links    []link
	touched  []int32
	owner    []int8 // by heading: 1 and the index of the innermost frame that has it
	owned    []int32
	joined   []byte
	kind     []byte
	absent   string // name of a column that there is none for
}

// chain is the values of one column, as indices of links; from 1, 0 for none.
type chain struct{ head, tail int32 }

type link struct {
	value    []byte
	position int32
	next     int32
}

// begin forgets the last row.
func (c *cells) begin() {
	for _, column := range c.touched {
		c.cells[column], c.chains[column] = nil, chain{}
	}
	for _, id := range c.owned {
		c.owner[id] = 0
	}
	c.touched, c.links, c.owned, c.joined, c.absent = c.touched[:0], c.links[:0], c.owned[:0], c.joined[:0], ""
	c.grow()
}

// grow makes room for all columns.
func (c *cells) grow() {
	for len(c.cells) < len(c.register.names) {
		c.cells = append(c.cells, nil)
		c.chains = append(c.chains, chain{})
	}
	for len(c.owner) < len(c.register.headings) {
		c.owner = append(c.owner, 0)
	}
}

// assemble fills the cells from frames, the outermost first. It is false when
// they would be longer than twice MaxRow.
func (c *cells) assemble(kind string, frames []*frame) bool {
	c.begin()
	for i := len(frames) - 1; i >= 0; i-- {
		for _, id := range frames[i].headings {
			if c.owner[id] == 0 {
				c.owner[id] = int8(i + 1)
				c.owned = append(c.owned, id)
			}
		}
	}
	c.kind = append(c.kind[:0], kind...)
	c.place(0, 0, c.kind)
	for i, f := range frames {
		for _, e := range f.entries {
			h := c.register.headings[e.heading]
			above := c.owner[e.heading] != int8(i+1)
			column := h.slots[e.slot].plain
			if above {
				column = h.slots[e.slot].above
			}
			if column < 0 {
				if column = c.register.column(h, e.slot, above); column < 0 {
					c.absent = h.name
					continue
				}
				c.grow()
			}
			c.place(column, e.position, f.text[e.from:e.to:e.to])
		}
	}
	return c.join()
}

// alone marks a column with one value, at its first position: the cell itself.
const alone = -1

// place adds a value to a column.
func (c *cells) place(column, position int32, value []byte) {
	at := &c.chains[column]
	switch at.head {
	case 0:
		c.touched = append(c.touched, column)
		if position == 0 {
			c.cells[column], at.head = value, alone
			return
		}
	case alone:
		c.links = append(c.links, link{value: c.cells[column]})
		at.head = int32(len(c.links))
		at.tail = at.head
	}
	c.links = append(c.links, link{value: value, position: position})
	n := int32(len(c.links))
	if at.head == 0 {
		at.head = n
	} else {
		c.links[at.tail-1].next = n
	}
	at.tail = n
}

// join makes one cell of the values of each column that has several, each at its
// position.
func (c *cells) join() bool {
	for _, column := range c.touched {
		head := c.chains[column].head
		if head == alone {
			continue
		}
		from, at := len(c.joined), int32(0)
		for n := head; n != 0; n = c.links[n-1].next {
			l := &c.links[n-1]
			to := l.position
			if n != head {
				to = max(to, at+1)
			}
			if len(c.joined)+int(to-at)+len(l.value) > 2*MaxRow {
				return false
			}
			for ; at < to; at++ {
				c.joined = append(c.joined, read.Between...)
			}
			c.joined = append(c.joined, l.value...)
		}
		c.cells[column] = c.joined[from:len(c.joined):len(c.joined)]
	}
	return true
}
