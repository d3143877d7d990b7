package view

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"rummage/graph"
)

// extract is what the scans of a scope showed, packed: the clusters, and of each consignment what a view is made of. A later scope that
// has all of its sources and more is read from it and from what is new, which is exact: records are only ever added, so what an added
// source does not name stands as it did.
type extract struct {
	ids    []graph.ID // clusters, in order
	listed []bool
	aside  []graph.ID // equipment that is listed, in order

	names    []graph.ID // of consignments, in order
	days     []uint32
	marks    []byte   // 1 inspected, 2 hit, and the channel of the look
	chapters []byte   // of the look
	counts   []byte   // ties of each
	roles    []byte   // of all ties
	nodes    []uint32 // of all ties: places in ids
}

// An extract is laid out as a snapshot is: magic, version, key, the columns in the order above, and the SHA-256 of all before it.
const (
	extractMagic   = "RMGSCAN\n"
	extractVersion = 2
	extractSuffix  = ".scan" + snapshotSuffix // so that it counts among snapshots, and goes with them

	markInspected, markHit = 1, 2
	channelShift           = 2
)

// mostTies is how many ties of a consignment fit into an extract. None has as many; were there one, no extract would be kept.
const mostTies = 255

// extractable says whether what the options ask for can be made of an extract: it has no equipment, and no texts of ties.
func (o *Options) extractable() bool {
	return o.Cache.Dir != "" && o.Within != nil && !slices.Contains(o.Edges, Equipment) && !slices.Contains(o.Edges, Goods)
}

// extractKey names everything that an extract depends on: scope, which records are one, kinds of edges, versions.
func extractKey(scope graph.Scope, decisions []graph.Decision, opts Options) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "extract %d\n%q\n%s\n", extractVersion, opts.Cache.Version, scope.Fingerprint())
	for i := range decisions {
		if d := &decisions[i]; d.Kind.AboutPair() {
			fmt.Fprintf(h, "%d %q %q %q\n", d.Seq, d.Subject, d.Other, d.Kind)
		}
	}
	edges := slices.Clone(opts.Edges)
	slices.Sort(edges)
	fmt.Fprintf(h, "%v\n", slices.Compact(edges))
	for _, rule := range rules {
		fmt.Fprintf(h, "%d %d %v\n", rule.Edge, rule.Shape, rule.Roles)
	}
	fmt.Fprintf(h, "%v %v\n", partyRoles, officeRoles)
	return [sha256.Size]byte(h.Sum(nil))
}

func (c *Cache) extractPath(key [sha256.Size]byte) string {
	return filepath.Join(c.Dir, fmt.Sprintf("%x", key[:16])+extractSuffix)
}

// loadExtract returns the extract of that key; nil where there is none that can be used, since a scan of everything does as well.
func (c *Cache) loadExtract(key [sha256.Size]byte) *extract {
	content, err := os.ReadFile(c.extractPath(key))
	if err != nil {
		return nil
	}
	x, err := decodeExtract(content, key)
	if err != nil {
		return nil
	}
	return x
}

func (x *extract) encode(key [sha256.Size]byte) []byte {
	var body bytes.Buffer
	body.Grow(48*len(x.names) + 5*len(x.nodes) + 32*len(x.ids))
	body.WriteString(extractMagic)
	body.Write(binary.LittleEndian.AppendUint32(nil, extractVersion))
	body.Write(key[:])
	writeIDs(&body, x.ids)
	writeMarks(&body, x.listed)
	writeIDs(&body, x.aside)
	writeIDs(&body, x.names)
	writeWords(&body, x.days)
	writeBytes(&body, x.marks)
	writeBytes(&body, x.chapters)
	writeBytes(&body, x.counts)
	writeBytes(&body, x.roles)
	writeWords(&body, x.nodes)
	sum := sha256.Sum256(body.Bytes())
	body.Write(sum[:])
	return body.Bytes()
}

func decodeExtract(content []byte, key [sha256.Size]byte) (*extract, error) {
	if len(content) < snapshotHeader+sha256.Size || string(content[:len(extractMagic)]) != extractMagic ||
		binary.LittleEndian.Uint32(content[len(extractMagic):]) != extractVersion {
		return nil, errForeign
	}
	if !bytes.Equal(content[len(extractMagic)+4:snapshotHeader], key[:]) {
		return nil, errAnother
	}
	body, sum := content[:len(content)-sha256.Size], content[len(content)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return nil, errDamaged
	}
	r := &columns{rest: body[snapshotHeader:]}
	x := &extract{}
	x.ids, x.listed, x.aside, x.names = r.ids(), r.marks(), r.ids(), r.ids()
	x.days, x.marks, x.chapters = r.words(), r.bytes(), r.bytes()
	x.counts, x.roles, x.nodes = r.bytes(), r.bytes(), r.words()
	if r.short || len(r.rest) > 0 {
		return nil, errDamaged
	}
	return x, x.fits()
}

// fits checks that the columns belong together.
func (x *extract) fits() error {
	ties := 0
	for _, n := range x.counts {
		ties += int(n)
	}
	n := len(x.names)
	if len(x.listed) != len(x.ids) || len(x.days) != n || len(x.marks) != n || len(x.chapters) != n ||
		len(x.counts) != n || len(x.roles) != ties || len(x.nodes) != ties {
		return fmt.Errorf("%w: columns of unequal length", errDamaged)
	}
	for _, u := range x.nodes {
		if int(u) >= len(x.ids) {
			return fmt.Errorf("%w: no node %d", errDamaged, u)
		}
	}
	for _, ids := range [][]graph.ID{x.ids, x.names} {
		if !slices.IsSortedFunc(ids, compareIDs) {
			return fmt.Errorf("%w: ids out of order", errDamaged)
		}
	}
	return nil
}

// note adds the consignment at hand, whose ties have been found.
func (x *extract) note(d *document, ties []tie) {
	mark := byte(d.look.Channel) << channelShift
	if d.inspected {
		mark |= markInspected
	}
	if d.hit {
		mark |= markHit
	}
	x.names, x.days, x.marks = append(x.names, d.id), append(x.days, uint32(d.day)), append(x.marks, mark)
	x.chapters = append(x.chapters, d.look.Chapter)
	x.counts = append(x.counts, byte(min(len(ties), mostTies)))
	for _, t := range ties[:min(len(ties), mostTies)] {
		x.roles, x.nodes = append(x.roles, byte(t.role)), append(x.nodes, t.node)
	}
}
