package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/graph"
	"rummage/graph/neo4j"
	"rummage/graph/sqlite"
	"rummage/ingest"
	"rummage/ingest/ident"
)

// scopeFlags narrow what a command reads.
type scopeFlags struct {
	until, knownOn string
	sources        []string
	// within picks the sources to be read, in the place of sources; nil for none but these.
	within func(all []graph.Source) ([]string, error)
}

func (f *scopeFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.until, "until", "", "last `day` of events to read, such as 2021-06-30; default: the newest there is")
	c.Flags().StringVar(&f.knownOn, "known-on", "", "read what was known at the end of a `day` (UTC), or at an instant such as 2021-06-30T12:00:00Z")
	c.Flags().StringArrayVar(&f.sources, "source", nil, "read only this `source`: its id or file name (repeatable)")
}

// scope reads the flags; sources are those of the store.
func (f *scopeFlags) scope(sources []graph.Source) (graph.Scope, error) {
	var scope graph.Scope
	var err error
	if f.until != "" {
		if scope.Until, err = graph.ParseDate(f.until); err != nil {
			return scope, exit.With(exit.Usage, fmt.Errorf("--until: %w", err), "")
		}
	}
	if f.knownOn != "" {
		if scope.KnownOn, err = instant(f.knownOn); err != nil {
			return scope, exit.With(exit.Usage, fmt.Errorf("--known-on: %w", err), "")
		}
	}
	if f.within != nil {
		if f.sources, err = f.within(sources); err != nil {
			return scope, err
		}
	}
	for _, text := range f.sources {
		source, err := pick(sources, text)
		if err != nil {
			return scope, err
		}
		scope.Sources = append(scope.Sources, source.ID)
	}
	if scope.Sources != nil { // whoever asks at a command line may see all that ever was
		for i := range sources {
			scope.Past = append(scope.Past, sources[i].ID)
		}
	}
	return scope, nil
}

// instant reads a day, meaning its last microsecond, or a point in time.
func instant(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t.UTC(), nil
	}
	day, err := graph.ParseDate(text)
	if err != nil {
		return time.Time{}, err
	}
	return day.Time().Add(24*time.Hour - time.Microsecond), nil
}

// pick finds the one source that a text names: by its id, the start of its id, its file's name or path, or its SHA-256 or the start of
// that. Of several imports of one file the one that counts is meant. A path of a file that is there names the sources with its bytes.
func pick(sources []graph.Source, text string) (graph.Source, error) {
	means, err := meaning(text)
	if err != nil {
		return graph.Source{}, err
	}
	var found, counting []graph.Source
	for _, s := range sources {
		if string(s.ID) == text {
			return s, nil
		}
		if means(&s) {
			found = append(found, s)
			if s.EndedBy == graph.NotEnded {
				counting = append(counting, s)
			}
		}
	}
	switch {
	case len(counting) == 1:
		return counting[0], nil
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		if len(text) <= 3 && strings.HasPrefix("s-", text[:min(len(text), 2)]) {
			return graph.Source{}, exit.With(exit.Failed, fmt.Errorf("%q: the start of an id needs at least 4 characters: %w", text, graph.ErrUnknownSource),
				"rummage sources lists the sources")
		}
		return graph.Source{}, unknown(sources, text)
	}
	ids := make([]string, len(found))
	for i, s := range found {
		ids[i] = string(s.ID)
	}
	return graph.Source{}, exit.With(exit.Usage, fmt.Errorf("%q names several sources: %s", text, strings.Join(ids, ", ")), "name one by its id; rummage sources lists them")
}

// leastHash is how many digits of a SHA-256 name a source at least.
const leastHash = 8

// meaning tells the sources that a text names. The error is that of reading the file that it is the path of.
func meaning(text string) (func(*graph.Source) bool, error) {
	if info, err := os.Stat(text); err == nil && info.Mode().IsRegular() && strings.ContainsRune(filepath.ToSlash(text), '/') {
		sha, err := hashOf(text)
		return func(s *graph.Source) bool { return s.SHA256 == sha }, err
	}
	path := filepath.ToSlash(text)
	isHash := len(text) >= leastHash && strings.Trim(text, "0123456789abcdef") == ""
	return func(s *graph.Source) bool {
		return s.Name == text || s.Title() == text || strings.HasSuffix(path, "/"+s.Name) || strings.HasSuffix(path, "/"+s.Title()) ||
			isHash && strings.HasPrefix(string(s.SHA256), text) || len(text) > 3 && strings.HasPrefix(string(s.ID), text)
	}, nil
}

// hashOf returns the SHA-256 of a file.
func hashOf(path string) (graph.SHA256, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, file)
	return graph.SHA256(hex.EncodeToString(h.Sum(nil))), errors.Join(err, file.Close())
}

// unknown says that no source is named by a text: of a path, that a source of that name holds other bytes.
func unknown(sources []graph.Source, text string) error {
	err := fmt.Errorf("%q: %w", text, graph.ErrUnknownSource)
	name := filepath.Base(text)
	for i := range sources {
		if s := &sources[i]; s.Name == name && text != name {
			return exit.With(exit.Failed, fmt.Errorf("%w; %s holds other bytes than that file has now", err, s.ID), "name the source by its id: "+string(s.ID))
		}
	}
	return err
}

// openStore opens the store that the settings name. It must exist unless a command may start one.
func (d *desk) openStore(ctx context.Context, may mode) (graph.Store, error) {
	return d.openNamed(ctx, may, d.set.Store, "--store")
}

// openNamed opens the store that a flag names: the path of a file, or the address of a Neo4j server. It is the one place that
// knows both kinds of stores.
func (d *desk) openNamed(ctx context.Context, may mode, place, flag string) (graph.Store, error) {
	if neo4j.IsAddress(place) {
		return d.openServer(ctx, may, place, flag)
	}
	if strings.Contains(place, "://") {
		return nil, exit.With(exit.Usage, fmt.Errorf("store %s: neither the path of a file nor the address of a Neo4j server", place),
			"name one with "+flag+": a path, or an address such as bolt://localhost:7687 or neo4j+s://graph.example.org")
	}
	if err := noServer(place, flag); err != nil {
		return nil, err
	}
	if may != create {
		if _, err := os.Stat(place); errors.Is(err, fs.ErrNotExist) {
			return nil, exit.With(exit.Store, fmt.Errorf("store %s does not exist", place),
				"rummage ingest FILE starts one, or name another with "+flag)
		}
	}
	if folder := filepath.Dir(place); may == create {
		if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
			return nil, exit.With(exit.Store, fmt.Errorf("store %s: there is no folder %s", place, folder),
				"mkdir -p "+quote(folder)+", or name another place with "+flag)
		}
	}
	store, err := sqlite.Open(ctx, place, sqlite.Options{ReadOnly: may == look, Create: may == create, Holder: d.called, Waiting: d.waits})
	if errors.Is(err, fs.ErrPermission) {
		return nil, exit.With(exit.Store, fmt.Errorf("store %s: %w", place, err), "check the permissions of the file and its folder")
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", place, err)
	}
	return store, nil
}

// noServer refuses the path of a file that is none and reads as the host and port of a server.
func noServer(place, flag string) error {
	host, port, err := net.SplitHostPort(place)
	if err != nil || len(host) < 2 || strings.ContainsAny(host, `/\`) { // one letter is a drive
		return nil
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return nil
	}
	if _, err := os.Lstat(place); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return exit.With(exit.Usage, fmt.Errorf("store %s: did you mean bolt://%s?", place, place),
		"name a server with "+flag+" bolt://"+place+", or a file of that name with "+flag+" ./"+place)
}

// noFile refuses a server to a command that works on files alone.
func noFile(command, place string) error {
	if !neo4j.IsAddress(place) {
		return nil
	}
	return exit.With(exit.Usage, fmt.Errorf("%s: a store in a Neo4j server is backed up with neo4j-admin database dump, or copied into a file with rummage copy --to FILE", command),
		"rummage copy --to FILE")
}

// openServer opens a store in a Neo4j server.
func (d *desk) openServer(ctx context.Context, may mode, address, flag string) (graph.Store, error) {
	store, err := neo4j.Open(ctx, address, neo4j.Options{
		User: d.set.User, Password: d.set.Password, Database: d.set.Database, Evidence: d.set.Evidence,
		ReadOnly: may == look, Create: may == create, Holder: d.called, Waiting: d.waits, Tool: d.version().Version,
	})
	if errors.Is(err, neo4j.ErrAddress) {
		return nil, exit.With(exit.Usage, fmt.Errorf("store: %w", err), "name a server with "+flag+", such as bolt://localhost:7687 or neo4j+s://graph.example.org")
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, exit.With(exit.Store, err, "rummage ingest FILE starts a store in it, or name another with "+flag+" or --neo4j-database")
	}
	if errors.Is(err, graph.ErrUnreachable) {
		return nil, exit.With(exit.Store, fmt.Errorf("store: %w", err),
			"rummage config shows the settings in force; "+flag+", --neo4j-user, RUMMAGE_NEO4J_PASSWORD and --neo4j-database set them")
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return store, nil
}

// waits shows whom a writer waits for.
func (d *desk) waits(err error) {
	if held := new(graph.LockedError); errors.As(err, &held) {
		d.meter.Step(fmt.Sprintf("waits for %s, which writes since %s", held.Holder, clockTime(held.Since)), 0, 0)
	}
}

// mode is what a command may do to its store.
type mode int

const (
	look   mode = iota // read only
	change             // write too
	create             // and start one where there is none
)

// with opens the store for as long as work lasts.
func (d *desk) with(ctx context.Context, may mode, work func(store graph.Store) error) (err error) {
	store, err := d.openStore(ctx, may)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return work(store)
}

// identityKey is the key of numbers that identify persons, the zero key where none is set.
func (d *desk) identityKey() (ident.Key, error) {
	key, err := ident.NewKey([]byte(d.set.IdentityKey))
	return key, exit.With(exit.Usage, err, "head -c 32 /dev/urandom | base64 > identity.key, and keep it apart from the store; then --identity-key-file identity.key")
}

// archive is a scope of the store, with the sources by id.
type archive struct {
	graph.Reader
	store   graph.Store
	sources map[graph.SourceID]*graph.Source
	rows    *ingest.Explainer

	place, narrowed string // of the store, and the flags that narrow it
}

// reading opens the store and a scope of it for as long as work lasts.
func (d *desk) reading(ctx context.Context, may mode, flags *scopeFlags, work func(a *archive) error) error {
	return d.with(ctx, may, func(store graph.Store) (err error) {
		sources, err := store.Sources(ctx)
		if err != nil {
			return err
		}
		scope, err := flags.scope(sources)
		if err != nil {
			return err
		}
		reader, err := store.Within(ctx, scope)
		if err != nil {
			return err
		}
		key, err := d.identityKey()
		if err != nil {
			return errors.Join(err, reader.Close())
		}
		a := &archive{
			Reader: reader, store: store, sources: map[graph.SourceID]*graph.Source{}, rows: ingest.NewExplainer(reader, sources),
			place: d.set.Store, narrowed: flags.narrowed(),
		}
		defer func() { err = errors.Join(err, a.rows.Close(), reader.Close()) }()
		a.rows.Identify(key)
		for i := range sources {
			a.sources[sources[i].ID] = &sources[i]
		}
		err = work(a)
		if gone := new(missing); errors.As(err, &gone) && exit.Hint(err) == "" {
			err = exit.With(exit.Failed, gone, gone.hint())
			if refused, failed := a.refused(ctx, gone.id.Label(), gone); refused != nil || failed != nil {
				err = cmp.Or(failed, refused)
			}
		}
		return err
	})
}
