package tree_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
)

// TestOneInAHundredBroken: of a file with broken records at random places, each of
// the others is read, and each of these is reported with its reason.
func TestOneInAHundredBroken(t *testing.T) {
	type fault struct {
		record string
		reason read.Reason
	}
	jsons := []fault{
		{`{"id":%d,"v":"x","w":nul}`, read.Malformed}, {`{"id":%d "v":"x","w":1}`, read.Malformed}, {`{"id":%d,"v":["x",],"w":1}`, read.Malformed},
		{`{"id":%d,"v":"\q","w":1}`, read.Malformed}, {"{\"id\":%d,\"v\":\"\xff\",\"w\":1}", read.InvalidEncoding}, {`{"id":%d,"v":"\u0000","w":1}`, read.NULByte},
		{`{"id":0%d,"v":"x","w":1}`, read.Malformed}, {`{"id":%d,"v":"x","w":1,}`, read.Malformed}, {`{"id":%d,"new":{"v":1}}`, read.Malformed},
	}
	xmls := []fault{
		{`<r id="%d"><v>x</w><w>1</w></r>`, read.Malformed}, {`<r id="%d"><v>&x;</v></r>`, read.Malformed}, {`<r id="%d" id=""><v/></r>`, read.Malformed},
		{"<r id='%d'><v>\xff</v></r>", read.InvalidEncoding}, {"<r id='%d'><v>\x00</v></r>", read.NULByte}, {`<r id=%d><v/></r>`, read.Malformed},
		{`<r id="%d"><v><v>x</v></r>`, read.Malformed}, {`<r id="%d"></v></r>`, read.Malformed}, {`<r id="%d"><new>1</new></r>`, read.Malformed},
	}
	cut := fault{`{"id":%d,"v":"x`, read.Malformed}
	for name, c := range map[string]struct {
		begin, sound, between, end string
		faults                     []fault
	}{
		"lines": {"", `{"id":%d,"v":"x","w":1}`, "\n", "\n", append(jsons[:len(jsons):len(jsons)], cut)},
		"list":  {"[", `{"id":%d,"v":"x","w":1}`, ",", "]", jsons},
		"XML":   {"<l>", `<r id="%d"><v>x</v><w>1</w></r>`, "\n", "</l>", xmls},
	} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, c.begin+fmt.Sprintf(c.sound, 1)+c.between+fmt.Sprintf(c.sound, 2)+c.end, read.Hints{})
			random := rand.New(rand.NewPCG(7, 11))
			const n = 20_000
			want := map[int]read.Reason{}
			var b strings.Builder
			b.WriteString(c.begin)
			for i := range n {
				if i > 0 {
					b.WriteString(c.between)
				}
				record := c.sound
				if random.IntN(100) == 0 {
					f := c.faults[random.IntN(len(c.faults))]
					record, want[i+1] = f.record, f.reason
				}
				fmt.Fprintf(&b, record, i+1)
			}
			b.WriteString(c.end)
			require.NotEmpty(t, want)
			events, err := drain(t, b.String(), d)
			require.NoError(t, err)
			require.Len(t, events, n)
			for i, e := range events {
				reason, broken := want[i+1]
				if broken {
					require.NotNil(t, e.Bad, "record %d", i+1)
					require.Equal(t, reason, e.Bad.Reason, "record %d: %s", i+1, e.Bad.Detail)
					require.Equal(t, int64(i+1), e.Bad.Row)
					continue
				}
				require.NotNil(t, e.Row, "record %d", i+1)
				require.Contains(t, cells(d, e.Row.Cells), fmt.Sprintf("id=%d\n", i+1))
			}
		})
	}
}

// TestRowsCostNoAllocation: what is allocated does not grow with the rows.
func TestRowsCostNoAllocation(t *testing.T) {
	record := `{"id":1,"v":"` + strings.Repeat("x", 1000) + `","w":[1,2]}`
	for name, file := range map[string]string{
		"lines": strings.Repeat(record+"\n", 20_000),
		"list":  "[" + strings.Repeat(record+",", 20_000) + record + "]",
		"XML":   "<l>" + strings.Repeat("<r><id>1</id><v>"+strings.Repeat("x", 1000)+"</v></r>", 20_000) + "</l>",
	} {
		t.Run(name, func(t *testing.T) {
			d := detect(t, file, read.Hints{})
			got := testing.AllocsPerRun(1, func() {
				r, err := tree.Open(t.Context(), strings.NewReader(file), d)
				require.NoError(t, err)
				for err == nil {
					_, err = r.Next()
				}
				require.NoError(t, r.Close())
			})
			require.Less(t, got, 2000.0, "allocations for 20,000 rows")
		})
	}
}

// TestCutOffInGzip: a packed file that ends early gives the rows up to there, and
// says what is wrong with it.
func TestCutOffInGzip(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	var b strings.Builder
	b.WriteString(`{"m":1,"rows":[`)
	for i := range 30_000 {
		fmt.Fprintf(&b, `{"id":%d,"v":"%x"},`, i, random.Uint64())
	}
	b.WriteString(`{"id":-1}],"late":2}`)
	file := pack(t, b.String())
	cut := file[:len(file)/2]
	d := detect(t, cut, read.Hints{})
	require.Equal(t, "rows", d.Record)
	for _, d := range []read.Dialect{d, detect(t, file, read.Hints{})} {
		events, err := drain(t, cut, d)
		require.ErrorAs(t, err, new(*read.StreamError))
		require.ErrorIs(t, err, read.ErrTruncated)
		require.Greater(t, len(events), 10_000)
		for i, e := range events {
			require.Contains(t, cells(d, e.Row.Cells), fmt.Sprintf("id=%d\n", i))
		}
	}
}
