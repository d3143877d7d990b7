package format_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/klauspost/compress/zip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

// entry is a file of an archive.
type entry struct {
	name, text string
	stored     bool
}

// archive packs files.
func archive(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, e := range entries {
		method := zip.Deflate
		if e.stored {
			method = zip.Store
		}
		into, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: method})
		require.NoError(t, err)
		_, err = io.WriteString(into, e.text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return packed.Bytes()
}

// table is a file of so many rows.
func table(rows int) string {
	var b strings.Builder
	b.WriteString("id,name\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,\"row, %d\"\n", i, i*i)
	}
	return b.String()
}

// rows reads a part to its end.
func rows(t testing.TB, file []byte, part read.Part) []readtest.Event {
	t.Helper()
	d, err := format.Detect(t.Context(), bytes.NewReader(file), part, read.Hints{})
	require.NoError(t, err)
	assert.Equal(t, part, d.Part)
	r, err := format.Open(t.Context(), bytes.NewReader(file), d)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	events, err := readtest.Drain(t, r)
	require.NoError(t, err)
	return events
}

func TestAPlainFileIsOnePart(t *testing.T) {
	file := []byte(table(3))
	parts, err := format.Parts(t.Context(), bytes.NewReader(file))
	require.NoError(t, err)
	assert.Equal(t, []read.Part{{}}, parts)
	assert.Len(t, rows(t, file, read.Part{}), 3)
}

func TestPartsOfAnArchive(t *testing.T) {
	file := archive(t,
		entry{name: "b.csv", text: table(2)}, entry{name: "sub/"}, entry{name: "sub/a b.csv", text: table(1000), stored: true},
		entry{name: "__MACOSX/b.csv", text: "junk"}, entry{name: "sub/.DS_Store", text: "junk"})
	parts, err := format.Parts(t.Context(), bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, []read.Part{{Member: "b.csv"}, {Member: "sub/a b.csv"}}, parts)
	assert.Len(t, rows(t, file, parts[0]), 2)
	assert.Len(t, rows(t, file, parts[1]), 1000)
}

// TestMembersKeepTheContractOfReaders runs the suite of readers on a file in an archive.
func TestMembersKeepTheContractOfReaders(t *testing.T) {
	for name, stored := range map[string]bool{"packed": false, "stored": true} {
		t.Run(name, func(t *testing.T) {
			file := archive(t, entry{"other.csv", "x,y\n", true}, entry{"rows.csv", table(40) + "too,many,cells\n" + table(3), stored})
			d, err := format.Detect(t.Context(), bytes.NewReader(file), read.Part{Member: "rows.csv"}, read.Hints{})
			require.NoError(t, err)
			readtest.Run(t, readtest.Subject{
				File: file, Random: true,
				Open: func(ctx context.Context, source io.Reader) (read.Reader, error) {
					return format.Open(ctx, source.(format.Source), d)
				},
				Span: func(ctx context.Context, at read.Position) ([][]byte, error) {
					spans, err := format.NewSpans(bytes.NewReader(file), d)
					if err != nil {
						return nil, err
					}
					return spans.Cells(ctx, at)
				},
			})
		})
	}
}

func TestSpansOfAMemberInAnyOrder(t *testing.T) {
	file := archive(t, entry{name: "rows.csv", text: table(500)})
	part := read.Part{Member: "rows.csv"}
	events := rows(t, file, part)
	d, err := format.Detect(t.Context(), bytes.NewReader(file), part, read.Hints{})
	require.NoError(t, err)
	spans, err := format.NewSpans(bytes.NewReader(file), d)
	require.NoError(t, err)
	for _, i := range []int{499, 0, 250, 250, 3, 400} {
		cells, err := spans.Cells(t.Context(), events[i].Row.Position)
		require.NoError(t, err)
		assert.Equal(t, events[i].Row.Cells, cells)
	}
}

func TestBadArchives(t *testing.T) {
	sound := archive(t, entry{name: "rows.csv", text: table(5000)})
	flipped := bytes.Clone(sound)
	flipped[len(flipped)/3] ^= 0x55
	locked := archive(t, entry{name: "rows.csv", text: table(5)})
	locked[bytes.Index(locked, []byte("PK\x01\x02"))+8] |= 1
	cases := map[string]struct {
		file []byte
		want error
		text string
	}{
		"no files":              {archive(t, entry{name: "sub/"}), read.ErrEmpty, "archive"},
		"cut off":               {sound[:len(sound)-40], read.ErrCorrupt, "fetch the file again"},
		"damaged inside":        {flipped, read.ErrCorrupt, `"rows.csv"`},
		"a name twice":          {archive(t, entry{name: "a", text: "1"}, entry{name: "a", text: "2"}), read.ErrFormat, "twice"},
		"needs a password":      {locked, read.ErrFormat, "password"},
		"a bomb":                {archive(t, entry{name: "rows.csv", text: strings.Repeat("0,0\n", 24<<20)}), read.ErrBomb, "rows.csv"},
		"a name that leads out": {archive(t, entry{name: "../rows.csv", text: table(5)}), read.ErrFormat, `"../rows.csv": read: format is not supported: its name leads out of the archive`},
		"no name":               {archive(t, entry{name: "", text: table(5)}), read.ErrFormat, "a file without a name"},
		"a long name":           {archive(t, entry{name: strings.Repeat("x", 5000), text: table(5)}), read.ErrFormat, `whose name has 5000 bytes, "xxxxx`},
		"a bomb together":       {archive(t, many(70, strings.Repeat("0,0\n", 1<<18))...), read.ErrBomb, "its 70 files together"},
		"an archive within":     {archive(t, entry{name: "b.zip", text: string(sound)}), read.ErrFormat, "archive within an archive"},
		"an Office document":    {archive(t, entry{name: "[Content_Types].xml", text: "<x/>"}), read.ErrFormat, "Office"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := readAll(t.Context(), c.file)
			require.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, c.text)
		})
	}
}

// many are files of the same text.
func many(n int, text string) []entry {
	var all []entry
	for i := range n {
		all = append(all, entry{name: fmt.Sprintf("%d.csv", i), text: text})
	}
	return all
}

// TestNamesOfMembers: they are text that can be shown and stored, each another,
// and by it a file is found again.
func TestNamesOfMembers(t *testing.T) {
	names := map[string]string{
		"rows.csv": "rows.csv", "sub/more.csv": "sub/more.csv", `sub\other.csv`: `sub\other.csv`, "舱单.csv": "舱单.csv",
		"\xc9\xea.csv": `\xC9\xEA.csv`, "a\x1b[31m.csv": `a\u001B[31m.csv`, "a\u202evsc.exe": `a\u202Evsc.exe`, "a\ufffd.csv": "a\ufffd.csv",
		"..hidden.csv": "", ".hidden": "", "sub/.hidden": "",
	}
	for name, want := range names {
		t.Run(want, func(t *testing.T) {
			file := archive(t, entry{name: "first.csv", text: table(1)}, entry{name: name, text: table(3)})
			parts, err := format.Parts(t.Context(), bytes.NewReader(file))
			require.NoError(t, err)
			if want == "" {
				require.Len(t, parts, 1)
				return
			}
			require.Equal(t, []read.Part{{Member: "first.csv"}, {Member: want}}, parts)
			assert.Len(t, rows(t, file, parts[1]), 3)
		})
	}
	for _, name := range []string{"/etc/rows.csv", "C:rows.csv", `C:\rows.csv`, `\\server\rows.csv`, "a/../../rows.csv", `a\..\rows.csv`, ".."} {
		_, err := format.Detect(t.Context(), bytes.NewReader(archive(t, entry{name: name, text: table(3)})), read.Part{Member: name}, read.Hints{})
		require.ErrorIs(t, err, read.ErrFormat, name)
		require.ErrorContains(t, err, "leads out of the archive", name)
	}
}

// TestLinksInArchivesAreNotFollowed: they are refused, and the others read.
func TestLinksInArchivesAreNotFollowed(t *testing.T) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	link := &zip.FileHeader{Name: "link.csv"}
	link.SetMode(fs.ModeSymlink | 0o777)
	into, err := w.CreateHeader(link)
	require.NoError(t, err)
	_, err = io.WriteString(into, "/etc/passwd")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	parts, err := format.Parts(t.Context(), bytes.NewReader(packed.Bytes()))
	require.NoError(t, err)
	_, err = format.Detect(t.Context(), bytes.NewReader(packed.Bytes()), parts[0], read.Hints{})
	require.ErrorIs(t, err, read.ErrFormat)
	require.ErrorContains(t, err, `"link.csv": read: format is not supported: it is a link to another file, which is not followed`)
}

// readAll reads all parts of a file, up to the first error.
func readAll(ctx context.Context, file []byte) error {
	parts, err := format.Parts(ctx, bytes.NewReader(file))
	if err != nil {
		return err
	}
	for _, part := range parts {
		d, err := format.Detect(ctx, bytes.NewReader(file), part, read.Hints{})
		if err != nil {
			return err
		}
		r, err := format.Open(ctx, bytes.NewReader(file), d)
		if err != nil {
			return err // a header that cannot be read is an error of a row, and ends it all
		}
		for err == nil || errors.As(err, new(*read.RowError)) {
			_, err = r.Next()
		}
		if err = errors.Join(err, r.Close()); !errors.Is(err, io.EOF) {
			return err
		}
	}
	return nil
}

func TestWhatIsNotThere(t *testing.T) {
	file := archive(t, entry{name: "rows.csv", text: table(5)})
	_, err := format.Detect(t.Context(), bytes.NewReader(file), read.Part{Member: "none.csv"}, read.Hints{})
	require.ErrorIs(t, err, read.ErrDialect)
	_, err = format.Open(t.Context(), bytes.NewReader(file), read.Dialect{Format: "cuneiform"})
	require.ErrorIs(t, err, read.ErrDialect)
	_, err = format.NewSpans(bytes.NewReader(file), read.Dialect{Format: "cuneiform"})
	require.ErrorIs(t, err, read.ErrDialect)
	_, err = format.NewSpans(bytes.NewReader(file), read.Dialect{Format: read.Delimited, Part: read.Part{Member: "none.csv"}})
	require.ErrorIs(t, err, read.ErrDialect)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = format.Parts(ctx, bytes.NewReader(file))
	require.ErrorIs(t, err, context.Canceled)
}

// FuzzArchive: whatever stands in an archive, its parts end with an error or their last row.
func FuzzArchive(f *testing.F) {
	f.Add(archive(f, entry{name: "rows.csv", text: table(20)}))
	f.Add(archive(f, entry{name: "a.csv", text: table(2), stored: true}, entry{name: "b/"}))
	f.Fuzz(func(t *testing.T, file []byte) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err := readAll(ctx, file)
		require.NotErrorIs(t, err, context.Canceled)
	})
}

// graph is a file with two parts.
const graph = "<graphml><graph edgedefault='directed'><node id='a'/><node id='b'/><node id='a'/><edge source='a' target='b'/></graph></graphml>"

// TestGraphFilesAreTwoParts: their nodes, and their edges; by themselves or in an
// archive, among other files.
func TestGraphFilesAreTwoParts(t *testing.T) {
	packed := archive(t, entry{name: "rows.csv", text: table(2)}, entry{name: "x/net.graphml", text: graph}, entry{name: "net.json", text: `{"nodes":[{"id":1}],"links":[{"source":1,"target":1}]}`})
	parts, err := format.Parts(t.Context(), bytes.NewReader(packed))
	require.NoError(t, err)
	require.Equal(t, []read.Part{{Member: "rows.csv"}, {Member: "x/net.graphml", Sheet: "nodes"}, {Member: "x/net.graphml", Sheet: "edges"},
		{Member: "net.json", Sheet: "nodes"}, {Member: "net.json", Sheet: "edges"}}, parts)
	for i, want := range []int{2, 3, 1, 1, 1} {
		assert.Len(t, rows(t, packed, parts[i]), want, parts[i])
	}
	alone, err := format.Parts(t.Context(), bytes.NewReader([]byte(graph)))
	require.NoError(t, err)
	require.Equal(t, []read.Part{{Sheet: "nodes"}, {Sheet: "edges"}}, alone)
	d, err := format.Detect(t.Context(), bytes.NewReader([]byte(graph)), alone[1], read.Hints{})
	require.NoError(t, err)
	assert.Equal(t, "graphml", d.Format)
	spans, err := format.NewSpans(bytes.NewReader([]byte(graph)), d)
	require.NoError(t, err)
	for _, e := range rows(t, []byte(graph), alone[1]) {
		cells, err := spans.Cells(t.Context(), e.Row.Position)
		require.NoError(t, err)
		assert.Equal(t, "a b", string(cells[0])+" "+string(cells[1]))
	}
}
