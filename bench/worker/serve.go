package worker

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"rummage/bench/edges"
	"rummage/bench/trial"
)

// Service is one side in Go with its graph.
type Service struct {
	Side   string
	Folder string
	In     io.Reader
	Out    io.Writer
}

// Serve loads the graph and answers until the questions end.
func Serve(ctx context.Context, s Service) error {
	files, err := edges.Open(s.Folder)
	if err != nil {
		return err
	}
	out := json.NewEncoder(s.Out)
	input := &trial.Input{Files: files}
	if s.Side == trial.Ours {
		if err := input.Load(ctx); err != nil {
			return err
		}
	}
	if err := out.Encode(Reply{Version: version(s.Side)}); err != nil {
		return fmt.Errorf("worker: %w", err)
	}
	var held desk
	lines := bufio.NewScanner(s.In)
	for lines.Scan() {
		var q Question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return fmt.Errorf("worker: question: %w", err)
		}
		if q.Task == "" {
			return nil
		}
		reply, err := held.answer(ctx, s.Side, input, q)
		if err != nil {
			reply = Reply{Error: err.Error()}
		}
		if err := out.Encode(reply); err != nil {
			return fmt.Errorf("worker: %w", err)
		}
	}
	return lines.Err()
}

// version names a side by the module that it comes from.
func version(side string) string {
	if side == trial.Ours {
		return "rummage, " + runtime.Version()
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "gonum.org/v1/gonum" {
				return "gonum " + module.Version
			}
		}
	}
	return "gonum"
}

// desk holds the one task that was made ready last.
type desk struct {
	task string
	run  trial.Run
}

// ready makes a task ready, and lets go of the one before; of the graph too where the task needs none, so that its memory is its own.
func (d *desk) ready(ctx context.Context, side string, input *trial.Input, name string) (known bool, err error) {
	if d.task == name && d.run != nil {
		return true, nil
	}
	d.task, d.run = name, nil
	task, known := trial.Find(name)
	if !known {
		return false, nil
	}
	prepare := task.Side(side, input.Files.Nodes)
	if prepare == nil {
		return false, nil
	}
	if side == trial.Ours && input.Graph == nil && !task.Bare {
		if err := input.Load(ctx); err != nil {
			return true, err
		}
	}
	d.run, err = prepare(input)
	if err == nil && task.Bare {
		input.Graph = nil
	}
	return true, err
}

func (d *desk) answer(ctx context.Context, side string, input *trial.Input, q Question) (Reply, error) {
	known, err := d.ready(ctx, side, input, q.Task)
	if err != nil || !known || q.Repeat == 0 {
		return Reply{Absent: !known}, err
	}
	threads := max(q.Threads, 1)
	runtime.GOMAXPROCS(threads)
	if q.Peak {
		debug.FreeOSMemory()
		resetPeak()
	}
	var reply Reply
	var last trial.Answer
	for range q.Repeat {
		runtime.GC()
		begun := time.Now()
		if last, err = d.run(ctx, threads); err != nil {
			return Reply{}, err
		}
		reply.Seconds = append(reply.Seconds, time.Since(begun).Seconds())
	}
	if q.Peak {
		reply.Peak = peak()
	}
	numbers := last()
	reply.Digest = digest(numbers)
	if q.Answer != "" {
		err = edges.WriteVector(q.Answer, numbers)
	}
	return reply, err
}

func digest(numbers []float64) string {
	hash := sha256.New()
	const piece = 1 << 15
	for at := 0; at < len(numbers); at += piece {
		// A hash never fails.
		_ = binary.Write(hash, binary.LittleEndian, numbers[at:min(at+piece, len(numbers))])
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// word is the first argument of a program that is to serve.
const word = "serve"

// Self returns the side in Go of the given name as another process of the running program, whose main has to call Served.
func Self(side string) (Command, error) {
	path, err := os.Executable()
	if err != nil {
		return Command{}, fmt.Errorf("worker: %w", err)
	}
	return Command{Name: side, Path: path, Args: []string{word, side}}, nil
}

// Served serves if the arguments of the program say so, and tells whether they did.
func Served(ctx context.Context, args []string, in io.Reader, out io.Writer) (bool, error) {
	if len(args) != 3 || args[0] != word {
		return false, nil
	}
	return true, Serve(ctx, Service{Side: args[1], Folder: args[2], In: in, Out: out})
}
