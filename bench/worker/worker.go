// Package worker runs one side of the comparison as a process of its own, which holds one graph in memory, answers one question a line
// on its input with one line on its output, and times nothing but the computation.
//
// Both ends are here: Serve for the sides written in Go, Start for whoever asks. The Python sides speak the same lines, see peers.py. A
// process that takes too long is killed, since neither gonum nor the Python packages can be told to stop.
//
// The package must not know what a task computes, nor what its time is compared with.
package worker

import "time"

// Question is a line to a worker. An empty task asks it to end.
type Question struct {
	Task    string `json:"task"`
	Threads int    `json:"threads"`
	// Repeat is how often the task is done and timed; 0 only makes it ready.
	Repeat int `json:"repeat"`
	// Answer is the file to write the answer to, little-endian float64; none when empty.
	Answer string `json:"answer,omitempty"`
	// Peak asks for the greatest memory of the process while the task ran, where the system tells.
	Peak bool `json:"peak,omitempty"`
	// Limit is for doing the task once, in place of that of the worker; none when 0.
	Limit time.Duration `json:"-"`
}

// Reply is a line from a worker.
type Reply struct {
	// Version names what answers, in the first line, which says that the graph is loaded.
	Version string `json:"version,omitempty"`
	// Seconds holds one time a repetition, of the computation alone, by a clock that only goes forward.
	Seconds []float64 `json:"seconds,omitempty"`
	// Digest is the SHA-256 of the answer.
	Digest string `json:"digest,omitempty"`
	// Peak is the greatest resident memory in bytes; 0 where nobody knows.
	Peak int64 `json:"peak,omitempty"`
	// Absent says that the side has no such task.
	Absent bool   `json:"absent,omitempty"`
	Error  string `json:"error,omitempty"`
}

// Command is a side as a program to start: Path with Args and then the folder of a graph.
type Command struct {
	Name string
	Path string
	Args []string
}

// Limits bound how long a worker may take.
type Limits struct {
	// Task is for doing a task once, Load for loading the graph, and for making a task ready.
	Task, Load time.Duration
}
