package neo4j

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"rummage/graph"
)

// BulkOptions say where the files of a bulk import go.
type BulkOptions struct {
	Dir      string // new or empty
	Database string // "" means neo4j
	Evidence string // folder for the files' bytes; "" leaves them where they are

	// Progress is told the rows written so far, of all files; it may be nil.
	Progress func(rows int64)
}

// Bulk is what WriteBulk wrote.
type Bulk struct {
	Dir           string
	Nodes         int64
	Relationships int64
	Bytes         int64

	// Command loads the files into a database that does not exist yet, run in
	// Dir on the machine of the stopped server, with its neo4j-admin.
	Command string
}

// argumentFile holds the options of neo4j-admin, one a line.
const argumentFile = "import.args"

// ErrNotEmpty is returned for a folder that holds something already.
var ErrNotEmpty = errors.New("the folder is not empty")

// WriteBulk writes everything that a store holds, ended sources too, as the
// files that "neo4j-admin database import full" reads: one table a label and a
// relationship type, each with a header of its own. The database that they
// become is whole when it is opened for the first time by a writer, which makes
// the constraints and indexes.
//
// Memory is flat: three scans in the order of ids, nothing is collected. Equal
// stores give equal files.
func WriteBulk(ctx context.Context, from graph.Store, options BulkOptions) (*Bulk, error) {
	if err := emptyFolder(options.Dir); err != nil {
		return nil, err
	}
	reader, err := from.Within(ctx, graph.Scope{Ended: true})
	if err != nil {
		return nil, err
	}
	w := &bulkWriter{options: &options, from: from, reader: reader, byName: map[string]*table{}}
	if err := w.run(ctx); err != nil {
		return nil, errors.Join(err, w.abandon(), reader.Close())
	}
	if err := reader.Close(); err != nil {
		return nil, err
	}
	return w.finish()
}

func emptyFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("neo4j: import files: %w", err)
	}
	there, err := os.ReadDir(dir)
	if err == nil && len(there) > 0 {
		err = fmt.Errorf("%s: %w", dir, ErrNotEmpty)
	}
	if err != nil {
		return fmt.Errorf("neo4j: import files: %w", err)
	}
	return nil
}

// bulkWriter holds the open files.
type bulkWriter struct {
	options *BulkOptions
	from    graph.Store
	reader  graph.Reader
	sources []graph.Source
	numbers numbering
	tables  []*table // in the order of the arguments
	byName  map[string]*table
	told    sync.Mutex
	written atomic.Int64
}

// fileOf is the name of the files of a label's nodes.
func fileOf(label string) string { return strings.ToLower(label) }

// filesOf is the name of the files of a role's relationships. Some roles are
// called as a kind is.
func filesOf(role graph.Role) string {
	if role.IsLink() {
		return "link-" + role.String()
	}
	return "tie-" + role.String()
}

// toldEvery is after how many rows progress is told.
const toldEvery = 8192

func (w *bulkWriter) count(n int64) {
	after := w.written.Add(n)
	if w.options.Progress != nil && after/toldEvery != (after-n)/toldEvery {
		w.told.Lock()
		defer w.told.Unlock()
		w.options.Progress(after)
	}
}

func (w *bulkWriter) run(ctx context.Context) error {
	var err error
	if w.sources, err = w.from.Sources(ctx); err != nil {
		return err
	}
	w.numbers = numbering{}
	for i := range w.sources {
		w.numbers[w.sources[i].ID] = int64(i + 1)
	}
	if err := w.open(); err != nil {
		return err
	}
	group, both := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := w.entities(both); err != nil {
			return err
		}
		return w.links(both)
	})
	group.Go(func() error { return w.consignments(both) })
	if err := group.Wait(); err != nil {
		return err
	}
	if err := w.evidence(ctx); err != nil {
		return err
	}
	return w.ledger(ctx)
}

// open starts every table, so that no two goroutines do.
func (w *bulkWriter) open() error {
	for _, kind := range graph.Kinds() {
		for _, labels := range []string{kindLabels[kind], kindLabels[kind] + ":" + labelLong} {
			name := strings.ToLower(strings.ReplaceAll(labels, ":", "-"))
			if err := w.add(name, "nodes="+labelEntity+":"+labels, "id:ID(entity)"); err != nil {
				return err
			}
		}
	}
	if err := w.add("consignment", "nodes="+labelConsignment, ":ID(consignment){id-type:long}", "id:string"); err != nil {
		return err
	}
	for _, role := range graph.Roles() {
		start := ":START_ID(consignment)"
		if role.IsLink() {
			start = ":START_ID(entity)"
		}
		if err := w.add(filesOf(role), "relationships="+roleTypes[role], start, ":END_ID(entity)"); err != nil {
			return err
		}
	}
	for _, label := range []string{labelStore, labelSource, labelDecision, labelRun, labelPlaces, labelRefused} {
		id := "id:ID(" + fileOf(label) + ")"
		if label == labelDecision {
			id = ":ID(decision)" // its id is a number, and a property of its own
		}
		if err := w.add(fileOf(label), "nodes="+label, id); err != nil {
			return err
		}
	}
	return w.add("replaced", "relationships=REPLACED_BY", ":START_ID(source)", ":END_ID(source)")
}

func (w *bulkWriter) add(name, option string, ids ...string) error {
	t, err := newTable(w.options.Dir, name, option, ids...)
	if err != nil {
		return err
	}
	w.tables = append(w.tables, t)
	w.byName[name] = t
	return nil
}

func (w *bulkWriter) table(name string) *table { return w.byName[name] }

func (w *bulkWriter) entities(ctx context.Context) error {
	tables := map[graph.Kind][2]*table{}
	for _, kind := range graph.Kinds() {
		name := strings.ToLower(kindLabels[kind])
		tables[kind] = [2]*table{w.table(name), w.table(name + "-" + strings.ToLower(labelLong))}
	}
	properties := make(map[string]any)
	for one, err := range w.reader.Entities(ctx, graph.Want{Origins: true}) {
		if err != nil {
			return err
		}
		e := w.numbers.entityFrom(one)
		clear(properties)
		e.describe(properties)
		t := tables[e.id.Kind()][number(e.long)]
		if err := t.row([]string{string(e.id)}, present(properties)); err != nil {
			return err
		}
		w.count(1)
	}
	return nil
}

// present leaves out what is not there, and empty lists: a file cannot tell
// one from a list of one empty text.
func present(properties map[string]any) map[string]any {
	for name, value := range properties {
		switch v := value.(type) {
		case nil:
			delete(properties, name)
		case []string:
			if len(v) == 0 {
				delete(properties, name)
			}
		case []int64:
			if len(v) == 0 {
				delete(properties, name)
			}
		}
	}
	return properties
}

// numbered is a consignment whose node is written; its ties name it by number,
// which is half as long as its id and means nothing afterwards.
type numbered struct {
	number int64
	*consignment
}

// keep gives the statements ties of their own, in the room that many share: a
// scan uses the room of those that it shows anew.
func (n *numbered) keep(room []graph.Tie) []graph.Tie {
	for i := range n.statements {
		s := &n.statements[i]
		first := len(room)
		room = append(room, s.Ties...)
		s.Ties = room[first:]
	}
	return room
}

// ahead is how many chunks of nodes are written before their ties.
const (
	ahead     = 4
	bulkChunk = 256
)

func (w *bulkWriter) consignments(ctx context.Context) error {
	chunks := make(chan []numbered, ahead)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(chunks)
		return w.writeNodes(ctx, chunks)
	})
	group.Go(func() error { return w.writeTies(chunks) })
	return group.Wait()
}

func (w *bulkWriter) writeNodes(ctx context.Context, chunks chan<- []numbered) error {
	var chunk []numbered
	var ties []graph.Tie
	hand := func() error {
		w.count(int64(len(chunk)))
		select {
		case chunks <- chunk:
			chunk, ties = make([]numbered, 0, bulkChunk), make([]graph.Tie, 0, len(ties)+len(ties)/8)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	nodes, properties := w.table("consignment"), make(map[string]any)
	for one, err := range w.reader.Consignments(ctx, graph.Want{Origins: true, History: true}) {
		if err != nil {
			return err
		}
		c := numbered{nodes.rows + 1, w.numbers.consignmentFrom(one)}
		clear(properties)
		c.describe(properties)
		if err := nodes.numbered(c.number, string(c.id), present(properties)); err != nil {
			return err
		}
		ties = c.keep(ties)
		if chunk = append(chunk, c); len(chunk) == bulkChunk {
			if err := hand(); err != nil {
				return err
			}
		}
	}
	return hand()
}

func (w *bulkWriter) writeTies(chunks <-chan []numbered) error {
	roles := map[graph.Role]*table{}
	for _, role := range graph.Roles() {
		roles[role] = w.table(filesOf(role))
	}
	var ties []sourcedTie
	for chunk := range chunks {
		rows := 0
		for _, c := range chunk {
			ties = c.tiesInto(ties)
			for i := range ties {
				if err := roles[ties[i].Role].tie(c.number, &ties[i]); err != nil {
					return err
				}
			}
			rows += len(ties)
		}
		w.count(int64(rows))
	}
	return nil
}

func (w *bulkWriter) links(ctx context.Context) error {
	for one, err := range w.reader.Links(ctx, graph.Want{Origins: true}) {
		if err != nil {
			return err
		}
		l := w.numbers.linkFrom(one)
		if err := w.table(filesOf(l.Role)).row([]string{string(l.From), string(l.To)}, l.properties()); err != nil {
			return err
		}
		w.count(1)
	}
	return nil
}

// finish writes headers and the file of arguments.
func (w *bulkWriter) finish() (*Bulk, error) {
	b := &Bulk{Dir: w.options.Dir}
	longest, lines := 0, false
	arguments := []string{"--overwrite-destination", "--id-type=string", "--array-delimiter=U+001F", "--normalize-types=false"}
	for _, t := range w.tables {
		if err := t.close(w.options.Dir); err != nil {
			return nil, err
		}
		if t.rows == 0 {
			if err := errors.Join(os.Remove(filepath.Join(w.options.Dir, t.name+".csv")), os.Remove(filepath.Join(w.options.Dir, t.name+".header.csv"))); err != nil {
				return nil, fmt.Errorf("neo4j: import files: %w", err)
			}
			continue
		}
		longest, lines = max(longest, t.longest), lines || t.lines
		arguments = append(arguments, t.argument())
		if strings.HasPrefix(t.option, "nodes") {
			b.Nodes += t.rows
		} else {
			b.Relationships += t.rows
		}
		b.Bytes += t.bytes
	}
	if lines { // reading is faster where no text has several lines
		arguments = append(arguments, "--multiline-fields=true")
	}
	// The reader of neo4j-admin must hold a whole field.
	arguments = append(arguments, fmt.Sprintf("--read-buffer-size=%d", max(8<<20, 2*longest)))
	err := os.WriteFile(filepath.Join(w.options.Dir, argumentFile), []byte(strings.Join(arguments, "\n")+"\n"), 0o600)
	if err != nil {
		return nil, fmt.Errorf("neo4j: import files: %w", err)
	}
	b.Command = "neo4j-admin database import full @" + argumentFile + " " + cmp.Or(w.options.Database, "neo4j")
	return b, nil
}

// abandon closes and removes what was written.
func (w *bulkWriter) abandon() error {
	var errs []error
	for _, t := range w.tables {
		errs = append(errs, t.file.Close(), os.Remove(t.file.Name()))
	}
	return errors.Join(errs...)
}
