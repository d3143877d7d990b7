package viewer

import (
	_ "embed" // land.json
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed land.json
var landText []byte

// land returns the outline of the land as rings of longitude and latitude in turn, in tenths of a degree. It is that of Natural Earth at
// 1:110 million (public domain), which land/main.go makes of the package world-atlas.
var land = sync.OnceValue(func() [][]int {
	var rings [][]int
	if err := json.Unmarshal(landText, &rings); err != nil {
		panic(fmt.Sprintf("viewer: land.json: %v", err))
	}
	return rings
})
