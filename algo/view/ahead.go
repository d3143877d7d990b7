package view

import (
	"fmt"
	"iter"
	"sync"
)

// batchSize is how many records pass from one goroutine to the other at a time, and batches how many may be on their way.
const (
	batchSize = 512
	batches   = 4
)

// Ahead walks a scan until its error or the end, packs what it shows into batches, and hands these to take, in order. On more than
// one thread the scan runs ahead on a goroutine of its own, which has ended when Ahead returns. A batch is used again.
func Ahead[R, P any](records iter.Seq2[R, error], threads int, pack func([]P, R) []P, take func([]P) error) error {
	if threads == 1 {
		return inStep(records, pack, take)
	}
	return apart(records, pack, take)
}

// ahead is Ahead with an error that says what was read.
func ahead[R, P any](records iter.Seq2[R, error], what string, threads int, pack func([]P, R) []P, take func([]P) error) error {
	if err := Ahead(records, threads, pack, take); err != nil {
		return fmt.Errorf("view: %s: %w", what, err)
	}
	return nil
}

func inStep[R, P any](records iter.Seq2[R, error], pack func([]P, R) []P, take func([]P) error) error {
	batch := make([]P, 0, batchSize)
	for record, err := range records {
		if err != nil {
			return err
		}
		if batch = pack(batch, record); len(batch) == batchSize {
			if err := take(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return take(batch)
}

func apart[R, P any](records iter.Seq2[R, error], pack func([]P, R) []P, take func([]P) error) error {
	// Either channel has room for every batch there is, so that nobody ever waits to send.
	full, empty, enough := make(chan []P, batches), make(chan []P, batches), make(chan struct{})
	for range batches - 1 {
		empty <- make([]P, 0, batchSize)
	}
	var fault error // of the scan; read when full is closed
	var scanning sync.WaitGroup
	scanning.Go(func() {
		defer close(full)
		batch := make([]P, 0, batchSize)
		for record, err := range records {
			if fault = err; err != nil {
				return
			}
			if batch = pack(batch, record); len(batch) < batchSize {
				continue
			}
			full <- batch
			select {
			case batch = <-empty:
				batch = batch[:0]
			case <-enough:
				return
			}
		}
		full <- batch
	})
	defer scanning.Wait()
	defer close(enough)
	for batch := range full {
		if err := take(batch); err != nil {
			return err
		}
		empty <- batch
	}
	return fault
}
