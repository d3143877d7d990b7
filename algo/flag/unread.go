package flag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"rummage/graph"
)

// Results of runs are large, and most questions are about a small part of one. What follows finds the parts of a JSON text without
// reading them, at a few nanoseconds a byte; what is of use is then read as ever, which checks it.

// unread is a run's result of which nothing but ids has been read.
type unread struct {
	run            *graph.Run
	id, until      []byte
	networks, gone []unreadNetwork
}

// unreadNetwork is a network, or a track of one that is gone.
type unreadNetwork struct {
	id, of graph.ID // of: the case, "" for one of its own
	text   []byte
}

// leaf through a result.
func leaf(run *graph.Run) (*unread, error) {
	u := &unread{run: run}
	ok := members(run.Results, func(key string, value []byte) bool {
		switch key {
		case "run":
			u.id = value
		case "until":
			u.until = value
		case "networks":
			return listed(value, &u.networks)
		case "gone":
			return listed(value, &u.gone)
		}
		return true
	})
	if !ok {
		return nil, fmt.Errorf("flag: run %s: %w", run.ID, ErrResult)
	}
	return u, nil
}

// listed notes the networks of a list with their ids and cases.
func listed(list []byte, into *[]unreadNetwork) bool {
	return elements(list, func(value []byte) bool {
		n := unreadNetwork{text: value}
		ok := members(value, func(key string, value []byte) bool {
			switch key {
			case "id":
				return json.Unmarshal(value, &n.id) == nil
			case "case":
				return json.Unmarshal(value, &n.of) == nil
			}
			return true
		})
		*into = append(*into, n)
		return ok
	})
}

// chapter reads the networks that are wanted, and no others.
func (u *unread) chapter(wanted func(graph.ID) bool) (*chapter, error) {
	c := &chapter{finished: u.run.Finished.UTC()}
	var err error
	read := func(text []byte, into any) {
		if err == nil && len(text) > 0 {
			err = json.Unmarshal(text, into)
		}
	}
	read(u.id, &c.Run)
	read(u.until, &c.Until)
	for _, n := range u.networks {
		if wanted(n.id) {
			var one Network
			read(n.text, &one)
			c.Networks = append(c.Networks, one)
		}
	}
	for _, n := range u.gone {
		if wanted(n.id) {
			var one Track
			read(n.text, &one)
			c.Gone = append(c.Gone, one)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("flag: run %s: %w: %w", u.run.ID, ErrResult, err)
	}
	return c, nil
}

const blanks = " \t\r\n"

// members calls see for each member of an object, until it says no. It reports whether the text is one and see never did.
func members(object []byte, see func(key string, value []byte) bool) bool {
	return parts(object, '{', '}', func(rest []byte) (int, bool) {
		end := lengthOf(rest)
		if end < 2 || rest[0] != '"' {
			return 0, false
		}
		key := string(rest[1 : end-1])
		value := bytes.TrimLeft(rest[end:], blanks)
		if len(value) == 0 || value[0] != ':' {
			return 0, false
		}
		value = bytes.TrimLeft(value[1:], blanks)
		length := lengthOf(value)
		if length <= 0 {
			return 0, false
		}
		return len(rest) - len(value) + length, see(key, value[:length])
	})
}

// elements is the same for a list; null is an empty one.
func elements(list []byte, see func(value []byte) bool) bool {
	if string(list) == "null" {
		return true
	}
	return parts(list, '[', ']', func(rest []byte) (int, bool) {
		length := lengthOf(rest)
		if length <= 0 {
			return 0, false
		}
		return length, see(rest[:length])
	})
}

// parts calls one for what stands between brackets and commas; it returns how long that is.
func parts(text []byte, open, closed byte, one func(rest []byte) (int, bool)) bool {
	rest := bytes.TrimLeft(text, blanks)
	if len(rest) == 0 || rest[0] != open {
		return false
	}
	rest = bytes.TrimLeft(rest[1:], blanks)
	for first := true; len(rest) > 0; first = false {
		if rest[0] == closed {
			return len(bytes.TrimLeft(rest[1:], blanks)) == 0
		}
		if !first {
			if rest[0] != ',' {
				return false
			}
			rest = bytes.TrimLeft(rest[1:], blanks)
		}
		length, ok := one(rest)
		if !ok {
			return false
		}
		rest = bytes.TrimLeft(rest[length:], blanks)
	}
	return false
}

// lengthOf is the length of the value that a text begins with, 0 where it has no end.
func lengthOf(text []byte) int {
	deep := 0
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '"':
			length := quoted(text[at:])
			if length == 0 {
				return 0
			}
			if at += length - 1; deep == 0 {
				return at + 1
			}
		case '{', '[':
			deep++
		case '}', ']':
			if deep--; deep == 0 {
				return at + 1
			}
			if deep < 0 {
				return at // a number or word ended before it
			}
		default:
			if deep == 0 && strings.IndexByte(","+blanks, text[at]) >= 0 {
				return at
			}
		}
	}
	if deep > 0 {
		return 0
	}
	return len(text)
}

// quoted is the length of the string in quotes that a text begins with, 0 where it has no end.
func quoted(text []byte) int {
	for at := 1; at < len(text); at++ {
		next := bytes.IndexByte(text[at:], '"')
		if next < 0 {
			return 0
		}
		at += next
		slashes := 0
		for text[at-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return at + 1
		}
	}
	return 0
}
