// Command land writes the outline of the land that the viewer shows, of the file land-110m.json of the npm package world-atlas (Natural
// Earth, public domain; the package ISC):
//
//	go run ./casefile/viewer/land land-110m.json >casefile/viewer/land.json
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
)

// topology is as much of TopoJSON as the file has.
type topology struct {
	Transform struct {
		Scale, Translate [2]float64
	}
	Arcs    [][][2]float64
	Objects struct {
		Land struct {
			Geometries []struct {
				Arcs [][][]int
			}
		}
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("land: name the file land-110m.json of world-atlas")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		return fmt.Errorf("land: %w", err)
	}
	var t topology
	if err := json.Unmarshal(text, &t); err != nil {
		return fmt.Errorf("land: %w", err)
	}
	var rings [][]int
	for _, g := range t.Objects.Land.Geometries {
		for _, polygon := range g.Arcs {
			for _, ring := range polygon {
				rings = append(rings, t.ring(ring))
			}
		}
	}
	out, err := json.Marshal(rings)
	if err != nil {
		return fmt.Errorf("land: %w", err)
	}
	_, err = os.Stdout.Write(append(out, '\n'))
	return err
}

// ring joins arcs, in tenths of a degree; an arc with a negative number goes backwards.
func (t *topology) ring(arcs []int) []int {
	var ring []int
	for _, at := range arcs {
		backwards := at < 0
		if backwards {
			at = ^at
		}
		var x, y float64
		var points [][2]int
		for _, step := range t.Arcs[at] {
			x, y = x+step[0], y+step[1]
			points = append(points, [2]int{tenths(x*t.Transform.Scale[0] + t.Transform.Translate[0]), tenths(y*t.Transform.Scale[1] + t.Transform.Translate[1])})
		}
		if backwards {
			slices.Reverse(points)
		}
		for _, p := range points {
			if n := len(ring); n < 2 || ring[n-2] != p[0] || ring[n-1] != p[1] {
				ring = append(ring, p[0], p[1])
			}
		}
	}
	return ring
}

func tenths(degrees float64) int { return int(math.Round(degrees * 10)) }
