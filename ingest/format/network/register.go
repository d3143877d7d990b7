package network

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"

	"rummage/ingest/read"
)

const (
	// mostNodes is how many nodes a file may have.
	mostNodes = 1 << 23
	// mostText is how many bytes their ids may have together, and again their
	// labels.
	mostText = 128 << 20
)

// errNodes: a file has more nodes than can be held.
var errNodes = fmt.Errorf("%w: more than %d nodes, or more than %d bytes of their ids; split the file, or convert its nodes and edges to CSV",
	read.ErrFormat, mostNodes, mostText)

// A register keeps the nodes of a file by their id: a hash table with open
// addresses over one piece of text.
type register struct {
	seed    maphash.Seed
	slots   []uint32 // index of an entry in text, plus 1; 0: free
	text    []byte   // entries: key, id (empty if it is the key), label, each behind its length
	count   int
	order   []uint32 // entries of JSON's nodes by their index
	numeric bool     // some id is a number of JSON
}

func newRegister() *register {
	return &register{seed: maphash.MakeSeed(), slots: make([]uint32, 1024)}
}

// A node is what a register holds of it.
type node struct{ id, label []byte }

// piece reads a text behind its length.
func piece(text []byte) (value, rest []byte) {
	n, size := binary.Uvarint(text)
	text = text[size:]
	return text[:n:n], text[n:]
}

// entry reads the entry at a byte of the text.
func (r *register) entry(at uint32) (key []byte, n node) {
	key, rest := piece(r.text[at:])
	n.id, rest = piece(rest)
	n.label, _ = piece(rest)
	if len(n.id) == 0 {
		n.id = key
	}
	return key, n
}

// slot returns the index of a key's slot, and its entry if there is one.
func (r *register) slot(key []byte) (int, node, bool) {
	mask := len(r.slots) - 1
	for i := int(maphash.Bytes(r.seed, key)) & mask; ; i = (i + 1) & mask {
		if r.slots[i] == 0 {
			return i, node{}, false
		}
		if found, _ := piece(r.text[r.slots[i]-1:]); string(found) == string(key) {
			_, n := r.entry(r.slots[i] - 1)
			return i, n, true
		}
	}
}

// find returns the node of a key.
func (r *register) find(key []byte) (node, bool) {
	_, n, ok := r.slot(key)
	return n, ok
}

// add notes a node under a key and tells whether the key is new.
func (r *register) add(key []byte, n node) (bool, error) {
	i, _, known := r.slot(key)
	if known {
		return false, nil
	}
	if r.count >= mostNodes || len(r.text)+len(key)+len(n.id)+len(n.label) > 3*mostText {
		return false, errNodes
	}
	at := uint32(len(r.text))
	if string(n.id) == string(key) {
		n.id = nil
	}
	for _, value := range [...][]byte{key, n.id, n.label} {
		r.text = binary.AppendUvarint(r.text, uint64(len(value)))
		r.text = append(r.text, value...)
	}
	r.slots[i] = at + 1
	r.count++
	if 2*r.count > len(r.slots) {
		r.grow()
	}
	return true, nil
}

// grow doubles the table.
func (r *register) grow() {
	old := r.slots
	r.slots = make([]uint32, 2*len(old))
	for _, at := range old {
		if at == 0 {
			continue
		}
		key, _ := piece(r.text[at-1:])
		i, _, _ := r.slot(key)
		r.slots[i] = at
	}
}

// enter notes the node of an element, with its label if labels is set. It tells
// whether the id is new.
func (r *register) enter(e *element, labels bool) (bool, error) {
	f := e.find(id)
	if f == nil || len(f.value) == 0 {
		return true, nil
	}
	n := node{id: f.value}
	if labels {
		n.label = e.title()
	}
	before := uint32(len(r.text))
	fresh, err := r.add(e.key(f.value), n)
	if err != nil || !fresh {
		return fresh, err
	}
	if e.graph <= 1 {
		r.order = append(r.order, before)
	}
	r.numeric = r.numeric || f.number
	if e.unnamed {
		_, err = r.add(e.key(nickname(e.title())), n)
	}
	return true, err
}

// index returns the node of that index.
func (r *register) index(i int) (node, bool) {
	if i < 0 || i >= len(r.order) {
		return node{}, false
	}
	_, n := r.entry(r.order[i])
	return n, true
}

// nickname is the key of a node under its name.
func nickname(name []byte) []byte { return append([]byte{0}, name...) }

// key tells an id from the same in another graph of the file.
func (e *element) key(id []byte) []byte {
	if e.graph <= 1 {
		return id
	}
	return append(binary.AppendUvarint([]byte{0, 0}, uint64(e.graph)), id...)
}
