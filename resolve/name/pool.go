package name

import (
	"slices"
	"strings"
	"sync"

	"rummage/resolve/name/script"
)

// Pool keeps one copy of each word that several names have. A million names of
// firms are made of some hundred thousand words, and without a pool their words
// are most of what they take. A pool holds what it was given for as long as it
// lives: it is for names that are all held at once, not for a stream. It may be
// used by several goroutines, and makes no difference to any comparison.
type Pool struct {
	shards [poolShards]poolShard
}

const poolShards = 64

type poolShard struct {
	mu    sync.Mutex
	words map[wordKey]*word
}

// wordKey is all of a word that is not derived from the rest.
type wordKey struct {
	text, native string
	rare, cost   float32
	idea         uint16
	script       script.Script
	class        class
	flags        mark
}

// Share returns a name like n whose words are the pool's. Nobody else may use n yet.
func (p *Pool) Share(n *Name) *Name {
	words := 0
	for _, reading := range n.readings {
		words += len(reading)
		for i, w := range reading {
			reading[i] = p.one(w)
		}
	}
	switch r := len(n.readings); {
	case r <= len(small{}.readings) && words <= len(small{}.words):
		s := &small{name: *n}
		s.name.readings = pack(n.readings, s.readings[:0], s.words[:0])
		return &s.name
	case r <= len(middling{}.readings) && words <= len(middling{}.words):
		s := &middling{name: *n}
		s.name.readings = pack(n.readings, s.readings[:0], s.words[:0])
		return &s.name
	}
	return n
}

// A name of few words is one piece of memory: most of the time that comparing many
// takes is waiting for memory.
type (
	small struct {
		name     Name
		readings [1][]*word
		words    [6]*word
	}
	middling struct {
		name     Name
		readings [2][]*word
		words    [10]*word
	}
)

// pack copies readings into room for them and their words.
func pack(from, readings [][]*word, words []*word) [][]*word {
	for _, reading := range from {
		at := len(words)
		words = append(words, reading...)
		readings = append(readings, words[at:len(words):len(words)])
	}
	return readings
}

func (p *Pool) one(w *word) *word {
	k := wordKey{w.text, string(w.native), w.rare, w.cost, w.idea, w.script, w.class, w.flags}
	at := uint32(len(w.text))
	for i := range len(w.text) {
		at = at*31 + uint32(w.text[i])
	}
	shard := &p.shards[at%poolShards]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	if known := shard.words[k]; known != nil {
		return known
	}
	if shard.words == nil {
		shard.words = map[wordKey]*word{}
	}
	// A part of a name's text would hold all of it.
	k.text = strings.Clone(k.text)
	own := *w
	own.text, own.sound, own.native = k.text, strings.Clone(w.sound), slices.Clone(w.native)
	if own.sound == own.text {
		own.sound = own.text
	}
	shard.words[k] = &own
	return &own
}
