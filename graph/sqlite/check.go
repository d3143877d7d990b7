package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// checker is one check of a snapshot.
type checker struct {
	ctx      context.Context //nolint:containedctx // a checker lives as long as one check
	store    *Store
	snap     *snapshot
	progress func(done, total int64)
	done     int64
	total    int64
	problems []graph.Problem

	sources []sourceRow
	byID    map[graph.SourceID]*sourceRow
	rows    map[graph.SourceID][]rowRange
	newest  map[graph.SourceID]graph.Date
}

// rowRange is a run of row numbers without a gap.
type rowRange struct{ first, last int64 }

// Check reads everything.
func (s *Store) Check(ctx context.Context, progress func(done, total int64)) ([]graph.Problem, error) {
	snap, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.close()
	c := &checker{ctx: ctx, store: s, snap: snap, progress: progress, byID: map[graph.SourceID]*sourceRow{},
		rows: map[graph.SourceID][]rowRange{}, newest: map[graph.SourceID]graph.Date{}}
	for _, step := range []struct {
		where string
		run   func() error
	}{
		{"file", c.pages}, {"tables", c.count}, {"source", c.readSources}, {"place", c.places}, {"refused", c.refused},
		{"file", c.files}, {"block", c.segmentBlocks}, {"segment", c.segments}, {"source", c.consignments},
		{"decision", c.decisions}, {"run", c.runs},
	} {
		if err := c.note(step.where, interrupted(ctx, step.run())); err != nil {
			return nil, errorOf("check", err)
		}
	}
	return c.problems, nil
}

func (c *checker) say(where, format string, args ...any) {
	c.problems = append(c.problems, graph.Problem{Where: where, What: fmt.Sprintf(format, args...)})
}

// note makes a problem of an error that says that something is damaged, and
// returns any other.
func (c *checker) note(where string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, graph.ErrDamaged) || errors.Is(occasionOf(err), graph.ErrDamaged) || errors.Is(occasionOf(err), graph.ErrNotAStore) {
		c.say(where, "%v", err)
		return nil
	}
	return err
}

func (c *checker) step() error {
	c.done++
	if c.progress != nil && (c.done%64 == 0 || c.done == c.total) {
		c.progress(c.done, c.total)
	}
	return c.ctx.Err()
}

// pages has SQLite check its own structure.
func (c *checker) pages() error {
	rows, err := c.snap.conn.QueryContext(c.ctx, "PRAGMA integrity_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if text != "ok" {
			c.say("file", "%s", text)
		}
	}
	return rows.Err()
}

func (c *checker) count() error {
	for _, table := range []blocks{segmentBlocks, placeBlocks, refusedBlocks, fileBlocks} {
		var n int64
		if err := c.snap.conn.QueryRowContext(c.ctx, "SELECT COUNT(*) FROM "+string(table)).Scan(&n); err != nil {
			return err
		}
		c.total += n
		if table == segmentBlocks {
			c.total += n // they are read twice
		}
	}
	return nil
}

func (c *checker) readSources() (err error) {
	if c.sources, err = readSources(c.ctx, c.snap.conn, c.snap.state.sources); err != nil {
		return err
	}
	for i := range c.sources {
		s := &c.sources[i]
		c.byID[s.ID] = s
		if s.num != int64(i)+1 {
			c.say("source "+string(s.ID), "number %d is missing", i+1)
		}
		if s.Rows != s.Stored+s.Quarantined {
			c.say("source "+string(s.ID), "%d rows read, %d stored and %d quarantined", s.Rows, s.Stored, s.Quarantined)
		}
		if s.Replaced != "" && c.snap.conn.QueryRowContext(c.ctx, "SELECT 1 FROM source WHERE id = ?", string(s.Replaced)).Scan(new(int)) != nil {
			c.say("source "+string(s.ID), "replaced by %s, which is not there", s.Replaced)
		}
	}
	return nil
}

// table visits every block of a table in the order of keys.
func (c *checker) table(table blocks, visit func(key int64, data []byte) error) error {
	rows, err := c.snap.conn.QueryContext(c.ctx, "SELECT key, data FROM "+string(table)+" ORDER BY key")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key int64
		var data []byte
		if err := rows.Scan(&key, &data); err != nil {
			return err
		}
		body, err := table.open(key, data)
		if err == nil {
			err = visit(key, body)
		}
		if err := c.note(table.place(key), err); err != nil {
			return err
		}
		if err := c.step(); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (c *checker) places() error {
	blocksOf, rowsOf := map[int64]int64{}, map[int64]int64{}
	ranges := map[int64][]rowRange{}
	err := c.table(placeBlocks, func(key int64, data []byte) error {
		source := key >> 32
		b, err := unpackPlaces(c.store.codec, data)
		if err != nil {
			return damaged(placeBlocks.place(key), err.Error())
		}
		if key&(1<<32-1) != blocksOf[source] {
			c.say(placeBlocks.place(key), "a block before it is missing")
		}
		blocksOf[source]++
		rowsOf[source] += int64(len(b.number))
		for _, n := range b.number {
			all := ranges[source]
			if last := len(all) - 1; last >= 0 && all[last].last+1 == n {
				all[last].last = n
			} else {
				ranges[source] = append(all, rowRange{n, n})
			}
		}
		return nil
	})
	for i := range c.sources {
		s := &c.sources[i]
		c.rows[s.ID] = ranges[s.num]
		if blocksOf[s.num] != s.places || s.EndedBy != graph.Purged && rowsOf[s.num] != s.Rows {
			c.say("source "+string(s.ID), "places of %d rows in %d blocks, not %d in %d", rowsOf[s.num], blocksOf[s.num], s.Rows, s.places)
		}
	}
	return err
}

func (c *checker) hasRow(source graph.SourceID, row int64) bool {
	all := c.rows[source]
	i := sort.Search(len(all), func(i int) bool { return all[i].last >= row })
	return i < len(all) && all[i].first <= row
}

func (c *checker) refused() error {
	blocksOf, rowsOf, last := map[int64]int64{}, map[int64]int64{}, map[int64]int64{}
	err := c.table(refusedBlocks, func(key int64, data []byte) error {
		source := key >> 32
		rows, err := unpackRefused(c.store.codec, data)
		if err != nil {
			return damaged(refusedBlocks.place(key), err.Error())
		}
		blocksOf[source]++
		for _, r := range rows {
			if r.Join == "" && r.Row != last[source] {
				last[source] = r.Row
				rowsOf[source]++
			}
		}
		return nil
	})
	for i := range c.sources {
		s := &c.sources[i]
		if blocksOf[s.num] != s.refused || s.EndedBy != graph.Purged && rowsOf[s.num] != s.Quarantined {
			c.say("source "+string(s.ID), "%d quarantined rows in %d blocks, not %d in %d", rowsOf[s.num], blocksOf[s.num], s.Quarantined, s.refused)
		}
	}
	return err
}

// keptAs is a row of the table file.
type keptAs struct {
	sha  graph.SHA256
	size int64
}

// listed reads the table of files.
func (c *checker) listed() (map[int64]keptAs, error) {
	rows, err := c.snap.conn.QueryContext(c.ctx, "SELECT num, sha256, size, sum FROM file")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	files := map[int64]keptAs{}
	for rows.Next() {
		var num, sum int64
		var f keptAs
		if err := rows.Scan(&num, &f.sha, &f.size, &sum); err != nil {
			return nil, err
		}
		if sum != sumOf("file", num, f.sha, f.size) {
			c.say("file "+string(f.sha), "checksum")
		}
		files[num] = f
	}
	if int64(len(files)) != c.snap.state.files {
		c.say("file", "%d files instead of %d", len(files), c.snap.state.files)
	}
	return files, rows.Err()
}

// files compares every kept file with its hash.
func (c *checker) files() error {
	files, err := c.listed()
	if err != nil {
		return err
	}
	c.evidence(files)
	hash, open, size := sha256.New(), int64(0), int64(0)
	finish := func() {
		if f, ok := files[open]; ok {
			if got := graph.SHA256(hex.EncodeToString(hash.Sum(nil))); got != f.sha || size != f.size {
				c.say("file "+string(f.sha), "%d bytes with SHA-256 %s", size, got)
			}
			delete(files, open)
		} else if open != 0 {
			c.say(fmt.Sprint("file_block ", open), "belongs to no file")
		}
		hash.Reset()
		size = 0
	}
	err = c.table(fileBlocks, func(key int64, data []byte) error {
		if key>>32 != open {
			finish()
			open = key >> 32
		}
		raw, _, err := c.store.codec.Unpack(data)
		hash.Write(raw)
		size += int64(len(raw))
		return err
	})
	finish()
	for _, num := range slices.Sorted(maps.Keys(files)) {
		if f := files[num]; f.size > 0 { // an empty file has no blocks
			c.say("file "+string(f.sha), "its bytes are missing")
		}
	}
	return err
}

// evidence compares the files that are kept with those that sources need.
func (c *checker) evidence(files map[int64]keptAs) {
	needed, kept := map[graph.SHA256]bool{}, map[graph.SHA256]bool{}
	for _, f := range files {
		kept[f.sha] = true
	}
	for i := range c.sources {
		s := &c.sources[i]
		if !s.HasEvidence || s.EndedBy == graph.Purged {
			continue
		}
		for _, sha := range s.Files() {
			needed[sha] = true
			if !kept[sha] {
				c.say("source "+string(s.ID), "its evidence %s is missing", sha)
			}
		}
	}
	for _, num := range slices.Sorted(maps.Keys(files)) {
		if sha := files[num].sha; !needed[sha] {
			c.say("file "+string(sha), "kept, but of no source")
		}
	}
}

func (c *checker) segmentBlocks() error {
	counts := map[int64]int64{}
	err := c.table(segmentBlocks, func(key int64, _ []byte) error {
		counts[key>>32]++
		return nil
	})
	if err != nil {
		return err
	}
	rows, err := readSegments(c.ctx, c.snap.conn, c.snap.state.segments)
	for _, row := range rows {
		if counts[row.id] != row.blocks {
			c.say(fmt.Sprint("segment ", row.id), "%d blocks instead of %d", counts[row.id], row.blocks)
		}
		delete(counts, row.id)
	}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		c.say(fmt.Sprint("segment ", id), "blocks of a segment that is not there")
	}
	return err
}

// segments verifies what the segments say.
func (c *checker) segments() error {
	rows, err := readSegments(c.ctx, c.snap.conn, c.snap.state.segments)
	if err != nil {
		return err
	}
	for _, row := range rows {
		where := fmt.Sprint("segment ", row.id)
		if err := c.note(where, c.segment(where, row)); err != nil {
			return err
		}
		if err := c.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) segment(where string, row segmentRow) error {
	r, err := openSegment(countingQuerier{c.snap.conn, c.step}, c.store, row.id, segment.Recent())
	if err != nil {
		return err
	}
	for _, id := range r.Sources {
		if s := c.byID[id]; s == nil || s.EndedBy == graph.Purged {
			c.say(where, "source %s is not there or purged", id)
		}
	}
	if int64(r.Records()) != row.records {
		c.say(where, "%d records instead of %d", r.Records(), row.records)
	}
	wrong, err := r.Verify(func(source uint32, row int64, day graph.Date) bool {
		id := r.Sources[source]
		c.newest[id] = max(c.newest[id], day)
		return c.hasRow(id, row)
	})
	for _, what := range wrong {
		c.say(where, "%s", what)
	}
	return err
}

// consignments compares the counts that sources carry with the records.
func (c *checker) consignments() error {
	all, err := openSegments(c.snap.conn, c.store, c.snap.state.segments)
	if err != nil {
		return err
	}
	counts, err := countConsignments(all)
	if err != nil {
		return err
	}
	for i := range c.sources {
		s := &c.sources[i]
		if s.EndedBy == graph.Purged {
			continue
		}
		if counts[s.ID] != s.Consignments {
			c.say("source "+string(s.ID), "%d consignments instead of %d", counts[s.ID], s.Consignments)
		}
		if c.newest[s.ID] > s.Newest {
			c.say("source "+string(s.ID), "the newest record is of %v, after %v", c.newest[s.ID], s.Newest)
		}
	}
	return nil
}

func (c *checker) decisions() error {
	return readDecisions(c.ctx, c.snap.conn, c.snap.state.decisions, func(*graph.Decision) {})
}

func (c *checker) runs() error {
	return readRuns(c.ctx, c.snap.conn, c.snap.state.runs, func(r *graph.Run) {
		for _, id := range r.Scope.Sources {
			if s := c.byID[id]; s != nil && s.EndedBy == graph.Purged {
				c.say("run "+string(r.ID), "rests on source %s, which was purged", id)
			}
		}
	})
}
