// Package once makes a table when it is first asked for.
package once

import "sync"

var table = sync.OnceValue(func() map[string]int { return map[string]int{"a": 1} })

var (
	first sync.Once
	names []string
)

// Of looks it up.
func Of(name string) int {
	first.Do(func() { names = append(names, "a") })
	return table()[name] + len(names)
}
