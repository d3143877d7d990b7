package network

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

// TestOneInAHundredBroken: in a file of which one element in a hundred is broken
// in some way, all others are rows, and each broken one is one row error.
func TestOneInAHundredBroken(t *testing.T) {
	const count = 20_000
	cases := map[string]struct {
		head, tail, between string
		sound               []string
		broken              []string
	}{
		GraphML: {
			"<graphml><key id='k' for='node' attr.name='k'/><graph edgedefault='directed'>\n", "</graph></graphml>", "\n",
			[]string{"<node id='%d'><data key='k'>x</data></node>", "<node id=\"%d\"/>", "<node id='%d'><data key='k'><![CDATA[</node>]]></data></node>"},
			[]string{"<node id='%d><data key='k'>x</data></node>", "<node id=%d/>", "<node><data key='k'>%d</data></node>", "<node id='%d'><data key='k'>&nope;</data></node>",
				"<node id='%d'><data key='k'>x</dato></node>", "<node id='%d'><data key='k'>caf\xe9</data></node>", "<node id='%d'><data key='k'>a < b</data></node>", "<node id='%d'><data key='k'>",
				"<node id='%d' x/>", "<node id='%d' / >", "<node id='%d'><data key='k'>\x00</data></node>", "<node id='%d'></edge>"},
		},
		GEXF: {
			"<gexf><graph><nodes>\n", "</nodes><edges/></graph></gexf>", "\n",
			[]string{"<node id='%d' label='x'/>", "<node id='%d'><attvalues><attvalue for='0' value='1'/></attvalues></node>"},
			[]string{"<node id='%d label='x'/>", "<node label='%d'/>", "<node id='%d' label='&x;'/>", "<node id='%d'><attvalues><attvalue for='0' value='1'></attvalues></nodes></node>"},
		},
		Pajek: {
			"*Vertices 20000\n", "*Arcs\n1 2\n", "\n",
			[]string{"%d \"name\"", "%d name 0.5 0.5", "%d"},
			[]string{"%dx \"name\"", "-%d", "%d000000 \"far\"", "%d \"caf\xe9\"", "%d \"a\x00\"", "%d \"a\" 1 2 3 key"},
		},
		JSON: {
			`{"directed":false,"nodes":[` + "\n", "\n],\"links\":[]}", ",\n",
			[]string{`{"id":%d,"name":"x"}`, `{"name":"{\"}","id":"%d"}`, `{"id":"%d","a":{"b":[1,2]}}`},
			[]string{`{"id":%d,"name":"x}`, `{"id":%d,,"name":"x"}`, `{"id":%d "name":"x"}`, `{"id":"%d","name":x}`, `{"id":"%d","name":"\x"}`, `{"id":"%d","name":"caf` + "\xe9" + `"}`, `{"id":""}`, `{"id":%d,"name":"x"`},
		},
		EdgeList: {
			"# edges\n", "", "\n",
			[]string{"%d\t1", "%d 1 2.5", "%d\t\t1"},
			[]string{"%d", "%d 1 x", "%d 1 2 3 4", "%d caf\xe9"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 11))
			var file bytes.Buffer
			file.WriteString(c.head)
			want, sound := map[string]bool{}, 0
			bad := 0
			for i := 1; i <= count; i++ {
				form := c.sound[random.IntN(len(c.sound))]
				if i > 1 && i < count && random.IntN(100) == 0 {
					form = c.broken[bad%len(c.broken)]
					bad++
				} else {
					want[strconv.Itoa(i)] = true
					sound++
				}
				if i > 1 {
					file.WriteString(c.between)
				}
				file.WriteString(strings.ReplaceAll(form, "%d", strconv.Itoa(i)))
			}
			file.WriteString(c.between[len(c.between)-1:] + c.tail)
			part, column := Nodes, id
			if name == EdgeList {
				part, column = Edges, source
			}
			d, events := all(t, file.Bytes(), part, read.Hints{})
			rows, faults := 0, 0
			for _, e := range events {
				if e.Bad != nil {
					faults++
					continue
				}
				where := strings.Split(d.Names, read.Between)
				for i, n := range where {
					if n != column {
						continue
					}
					if who := string(e.Row.Cells[i]); want[who] {
						delete(want, who)
						rows++
					}
				}
			}
			require.Greater(t, bad, 100)
			require.Equal(t, bad, faults)
			require.Equal(t, sound, rows)
			require.Empty(t, want)
		})
	}
}

// TestLongElements: an element that is too long costs itself and no other.
func TestLongElements(t *testing.T) {
	long := strings.Repeat("x", 3*read.MaxRecord)
	for name, file := range map[string]string{
		GraphML: "<graphml><graph><node id='a'/><node id='b'><data key='k'>" + long + "</data></node><node id='c'/></graph></graphml>",
		GEXF:    "<gexf><graph><nodes><node id='a'/><node id='b' label='" + long + "'/><node id='c'/></nodes></graph></gexf>",
		Pajek:   "*Vertices 3\n1 a\n2 " + long + "\n3 c\n",
		JSON:    `{"directed":true,"nodes":[{"id":"a"},{"id":"b","text":"` + long + `"},{"id":"c"}],"links":[]}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, events := all(t, []byte(file), Nodes, read.Hints{})
			var bad, good int
			for _, e := range events {
				if e.Bad != nil {
					bad++
					assert.Equal(t, read.RecordTooLong, e.Bad.Reason)
					assert.Len(t, e.Bad.Raw, read.MaxRaw)
					assert.Greater(t, e.Bad.Length, int64(read.MaxRecord))
					continue
				}
				good++
			}
			assert.Equal(t, 1, bad)
			assert.GreaterOrEqual(t, good, 2)
		})
	}
	t.Run(EdgeList, func(t *testing.T) {
		file := "# edges\n1 2\n3 " + long + "\n4 5\n"
		_, events := all(t, []byte(file), Edges, read.Hints{})
		require.Len(t, events, 3)
		assert.Equal(t, read.RecordTooLong, events[1].Bad.Reason)
	})
	t.Run("what is skipped may be long", func(t *testing.T) {
		file := "<graphml><graph><node id='a'/></graph><data key='r'><x>" + long + "</x></data></graphml>"
		_, events := all(t, []byte(file), Nodes, read.Hints{})
		require.Len(t, events, 1)
		file = `{"nodes":[{"id":"a"}],"edges":[],"thumbnail":{"png":"` + long + `"}}`
		_, events = all(t, []byte(file), Nodes, read.Hints{})
		require.Len(t, events, 1)
	})
}

// TestBeginningsWithoutEnd: what would be looked for far ahead, again and again,
// is not; each file here ends with an error, or has one row error for each flaw.
func TestBeginningsWithoutEnd(t *testing.T) {
	const n = 1 << 18
	many := func(text string) string { return strings.Repeat(text, n/len(text)) }
	for name, c := range map[string]struct {
		file  string
		sound bool
	}{
		"attributes": {"<graphml><graph><node " + strings.Repeat(many("a='1' "), 8) + "/></graph></graphml>", true},
		"quotes":     {"<graphml><graph>" + many("<node id='a") + "></graph></graphml>", true},
		"sections":   {"<graphml><graph>" + strings.Repeat(many("<node id='a'><data key='k'><![CDATA["), 8), false},
		"comments":   {"<gexf><graph>" + strings.Repeat(many("<node id='a'><!-- "), 8), false},
		"lists":      {`{"directed":true,"nodes":[` + many(`{"a":[{"b":1},`) + "]}", false},
		"objects":    {`{"directed":true,"nodes":[` + many(`{"a":1,`) + "]}", false},
		"strings":    {`{"directed":true,"nodes":[` + many(`{"a":"1,`) + "]}", false},
	} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, []byte(c.file), Nodes, read.Hints{})
			events, err := rows(t, []byte(c.file), d)
			require.Equal(t, c.sound, err == nil, err)
			require.NotEmpty(t, events)
			assert.NotNil(t, events[0].Bad)
		})
	}
}

// TestManyNodes: a register finds each of many nodes again.
func TestManyNodes(t *testing.T) {
	r := newRegister()
	for i := range 50_000 {
		e := element{part: Nodes, graph: 1}
		e.addText(id, strconv.Itoa(i*7))
		e.addText(label, "label of "+strconv.Itoa(i*7))
		fresh, err := r.enter(&e, i%2 == 0)
		require.NoError(t, err)
		require.True(t, fresh)
		fresh, err = r.enter(&e, true)
		require.NoError(t, err)
		require.False(t, fresh)
	}
	for i := range 350_000 {
		n, ok := r.find([]byte(strconv.Itoa(i)))
		require.Equal(t, i%7 == 0, ok)
		if ok {
			require.Equal(t, strconv.Itoa(i), string(n.id))
			require.Equal(t, map[bool]string{true: "label of " + strconv.Itoa(i)}[i/7%2 == 0], string(n.label))
		}
	}
	n, ok := r.index(3)
	require.True(t, ok)
	require.Equal(t, "21", string(n.id))
	_, ok = r.index(50_000)
	require.False(t, ok)
	_, ok = r.index(-1)
	require.False(t, ok)
}

// TestLabelsThatAreTooMany are left out as columns.
func TestLabelsThatAreTooMany(t *testing.T) {
	label := strings.Repeat("x", 900_000)
	pieces := []string{"<graphml><graph>"}
	for i := range mostText/len(label) + 2 {
		pieces = append(pieces, "<node id='"+strconv.Itoa(i)+"'><data key='label'>", label, "</data></node>")
	}
	pieces = append(pieces, "<edge source='0' target='1'/></graph></graphml>")
	file := &patchwork{pieces: pieces}
	for _, p := range pieces {
		file.starts = append(file.starts, file.size)
		file.size += int64(len(p))
	}
	d, err := Detect(t.Context(), file, read.Part{Sheet: Edges}, read.Hints{})
	require.NoError(t, err)
	assert.Equal(t, []string{source, target, directed, weight}, strings.Split(d.Names, read.Between))
	r, err := Open(t.Context(), file, d)
	require.NoError(t, err)
	row, err := r.Next()
	require.NoError(t, err)
	assert.Equal(t, []string{"0", "1", "", ""}, row.Names())
	require.NoError(t, r.Close())
}

// patchwork is a content that is held in pieces, the same ones many times.
type patchwork struct {
	pieces []string
	starts []int64
	size   int64
}

func (p *patchwork) Size() int64 { return p.size }

func (p *patchwork) ReadAt(b []byte, offset int64) (int, error) {
	n := 0
	i := 0
	for i+1 < len(p.starts) && p.starts[i+1] <= offset {
		i++
	}
	for n < len(b) && i < len(p.pieces) {
		got := copy(b[n:], p.pieces[i][offset-p.starts[i]:])
		n += got
		offset += int64(got)
		i++
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}
