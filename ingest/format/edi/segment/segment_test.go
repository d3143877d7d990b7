package segment_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/ingest/format/edi/segment"
)

var (
	standard = segment.New(segment.Syntax{Component: ':', Element: '+', Release: '?', Repetition: '*', Terminator: '\''})
	american = segment.New(segment.Syntax{Component: '>', Element: '*', Terminator: '\n'})
)

// spell writes a segment down: tag, then each value with its place.
func spell(x *segment.Syntax, s *segment.Segment) string {
	var b strings.Builder
	b.Write(s.Tag)
	for _, v := range s.Values {
		text, odd := x.Clean(nil, s.Text(v))
		fmt.Fprintf(&b, " %d", v.Element)
		if v.Repeat > 0 {
			fmt.Fprintf(&b, "*%d", v.Repeat)
		}
		fmt.Fprintf(&b, ".%d=%s", v.Component, text)
		if odd {
			b.WriteString("(odd)")
		}
	}
	return b.String()
}

// all reads every segment of a stream: "offset+length segment", and what ended it.
func all(stream io.Reader, x *segment.Syntax) []string {
	s := segment.NewScanner(context.Background(), stream)
	var seg segment.Segment
	var out []string
	for {
		err := s.Next(x, &seg)
		switch {
		case err == nil:
			out = append(out, fmt.Sprintf("%d+%d %s", seg.Offset, seg.Length, spell(x, &seg)))
		case errors.Is(err, segment.ErrTooLong):
			out = append(out, fmt.Sprintf("%d+%d too long", seg.Offset, seg.Length))
		case errors.Is(err, segment.ErrUnterminated):
			return append(out, fmt.Sprintf("%d+%d unterminated %s", seg.Offset, seg.Length, spell(x, &seg)))
		case errors.Is(err, io.EOF):
			return out
		default:
			return append(out, err.Error())
		}
	}
}

func TestSegments(t *testing.T) {
	long := strings.Repeat("x", segment.MaxSegment)
	for name, c := range map[string]struct {
		syntax *segment.Syntax
		text   string
		want   []string
	}{
		"nothing":             {standard, "", nil},
		"blanks":              {standard, " \r\n\x1a", nil},
		"values":              {standard, "A+1+2:3++:4'", []string{"0+12 A 1.1=1 2.1=2 2.2=3 4.2=4"}},
		"line breaks between": {standard, "A+1'\r\n\r\nB'\nC'", []string{"0+4 A 1.1=1", "8+2 B", "11+2 C"}},
		"line breaks within":  {standard, "A+HONG\r\n KONG'", []string{"0+14 A 1.1=HONG KONG"}},
		"wrapped":             {standard, "T\nA\r\nG+O?\r\n'B'T2'", []string{"0+14 TAG 1.1=O'B", "14+3 T2"}},
		"released":            {standard, "A+O?'B?+?:??'B'", []string{"0+13 A 1.1=O'B+:?", "13+2 B"}},
		"released release":    {standard, "A+x??'B+y???''", []string{"0+6 A 1.1=x?", "6+8 B 1.1=y?'"}},
		"repeated":            {standard, "A+1*2:3*+4'", []string{"0+11 A 1.1=1 1*1.1=2 1*1.2=3 2.1=4"}},
		"nested tag":          {standard, "A:1:2+x'", []string{"0+8 A 1.1=x"}},
		"no tag":              {standard, "+x'", []string{"0+3  1.1=x"}},
		"terminators":         {standard, "A'''B'", []string{"0+2 A", "4+2 B"}},
		"unterminated":        {standard, "A'B+1\r\n", []string{"0+2 A", "2+3 unterminated B 1.1=1"}},
		"released end":        {standard, "A+x?", []string{"0+4 unterminated A 1.1=x"}},
		"control":             {standard, "A+\x00+\x7f+a\tb+?\x01'", []string{"0+13 A 1.1=\x00(odd) 2.1=\x7f(odd) 3.1=a\tb 4.1=\x01(odd)"}},
		"American":            {american, "ST*309*0001\r\nN1*SH*A>B'?\nSE\n", []string{"0+13 ST 1.1=309 2.1=0001", "13+12 N1 1.1=SH 2.1=A 2.2=B'?", "25+3 SE"}},
		"longest":             {standard, "A+" + long[2:] + "'B'", []string{"0+65537 A 1.1=" + long[2:], "65537+2 B"}},
		"too long":            {standard, "A+" + long + "?''B'", []string{"0+65541 too long", "65541+2 B"}},
		"too long at the end": {standard, "A+" + long, []string{"0+65538 too long"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, all(strings.NewReader(c.text), c.syntax))
			assert.Equal(t, c.want, all(iotest.OneByteReader(strings.NewReader(c.text)), c.syntax))
			assert.Equal(t, c.want, all(iotest.DataErrReader(strings.NewReader(c.text)), c.syntax))
		})
	}
}

// Separators, release characters and line ends at the border of what is read at once.
func TestBorders(t *testing.T) {
	const border = 256 << 10
	for shift := range 12 {
		fill := strings.Repeat("X+"+strings.Repeat("y", 997)+"'", border/1000) + "X+"
		text := fill + strings.Repeat("z", border-len(fill)-shift) + "?'??'\r\nB+?:'"
		got := all(strings.NewReader(text), standard)
		require.Equal(t, all(iotest.OneByteReader(strings.NewReader(text)), standard), got)
		require.True(t, strings.HasSuffix(got[len(got)-2], "z'?"), shift)
		require.True(t, strings.HasSuffix(got[len(got)-1], "B 1.1=:"), shift)
	}
}

func TestHeld(t *testing.T) {
	text := strings.Repeat("SEG+some value'\n", 40_000)
	s := segment.NewScanner(t.Context(), strings.NewReader(text))
	var seg segment.Segment
	for i := range 40_000 {
		require.NoError(t, s.Next(standard, &seg))
		if i%20_000 == 5 {
			s.Hold(seg.Offset)
		}
	}
	require.Equal(t, text[20_005*16:len(text)-1], string(s.Held(seg.Offset+seg.Length)))
	s.Release()
	require.Nil(t, s.Held(seg.Offset))
}

// What is held stays when the next segment stands behind more blanks than are
// kept, and the window does not grow.
func TestHeldBehindAGap(t *testing.T) {
	text := "A+1'B+2'" + strings.Repeat("\r\n", segment.MaxHeld) + "C'D+" + strings.Repeat("x", segment.MaxSegment) + "'"
	s := segment.NewScanner(t.Context(), strings.NewReader(text))
	var seg segment.Segment
	require.NoError(t, s.Next(standard, &seg))
	s.Hold(seg.Offset)
	require.NoError(t, s.Next(standard, &seg))
	end := seg.Offset + seg.Length
	require.NoError(t, s.Next(standard, &seg))
	require.Equal(t, "C", string(seg.Tag))
	require.Equal(t, "A+1'B+2'", string(s.Held(end)))
	require.Equal(t, text[:segment.MaxBeginning], string(s.Held(seg.Offset+seg.Length)))
	require.ErrorIs(t, s.Next(standard, &seg), segment.ErrTooLong)
	require.Equal(t, text[:segment.MaxBeginning], string(s.Beginning()))
}

func TestBeginningOfWhatIsTooLong(t *testing.T) {
	s := segment.NewScanner(t.Context(), strings.NewReader("A+1'B+"+strings.Repeat("x", 1<<20)+"'"))
	var seg segment.Segment
	require.NoError(t, s.Next(standard, &seg))
	s.Hold(seg.Offset)
	require.ErrorIs(t, s.Next(standard, &seg), segment.ErrTooLong)
	require.Equal(t, "A+1'B+"+strings.Repeat("x", segment.MaxBeginning-6), string(s.Beginning()))
	require.Nil(t, s.Held(seg.Offset), "what is too long is not held")
}

func TestSeek(t *testing.T) {
	begins := func(text []byte) bool { return bytes.HasPrefix(text, []byte("UNB+")) }
	for _, source := range []io.Reader{strings.NewReader("UNA UN UNB UNB+x"), iotest.OneByteReader(strings.NewReader("UNA UN UNB UNB+x"))} {
		s := segment.NewScanner(t.Context(), source)
		over, err := s.Seek(4, 'U', begins)
		require.NoError(t, err)
		require.EqualValues(t, 11, over)
		require.Equal(t, "UNA UN UNB ", string(s.Beginning()))
		over, err = s.Seek(4, 'U', begins)
		require.NoError(t, err)
		require.Zero(t, over)
		require.NoError(t, s.Skip(2))
		over, err = s.Seek(4, 'U', begins)
		require.ErrorIs(t, err, io.EOF)
		require.EqualValues(t, 3, over)
		require.EqualValues(t, 16, s.Offset())
		require.ErrorIs(t, s.Skip(1), io.EOF)
	}
}

func TestBackAndPeek(t *testing.T) {
	s := segment.NewScanner(t.Context(), strings.NewReader("A'B'C'"))
	var seg segment.Segment
	require.NoError(t, s.Next(standard, &seg))
	require.NoError(t, s.Next(standard, &seg))
	s.Back(seg.Offset)
	text, err := s.Peek(100)
	require.NoError(t, err)
	require.Equal(t, "B'C'", string(text))
	require.NoError(t, s.Next(standard, &seg))
	require.Equal(t, "B", string(seg.Tag))
	require.Nil(t, seg.Find(1, 1))
	require.NoError(t, s.Next(standard, &seg))
	require.Nil(t, s.Held(seg.Offset), "nothing is held")
}

func TestFaults(t *testing.T) {
	fault := errors.New("cable pulled")
	broken := func() io.Reader { return io.MultiReader(strings.NewReader("A'B"), iotest.ErrReader(fault)) }
	assert.Equal(t, []string{"0+2 A", "cable pulled"}, all(broken(), standard))
	_, err := segment.NewScanner(t.Context(), broken()).Peek(10)
	require.ErrorIs(t, err, fault)
	_, err = segment.NewScanner(t.Context(), broken()).Seek(10, 'U', func([]byte) bool { return false })
	require.ErrorIs(t, err, fault)
	require.ErrorIs(t, segment.NewScanner(t.Context(), broken()).Skip(10), fault)
	long := io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<17)), iotest.ErrReader(fault))
	assert.Equal(t, []string{"cable pulled"}, all(long, standard))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var seg segment.Segment
	require.ErrorIs(t, segment.NewScanner(ctx, strings.NewReader("A'")).Next(standard, &seg), context.Canceled)
	ctx, cancel = context.WithCancel(t.Context())
	s := segment.NewScanner(ctx, strings.NewReader(strings.Repeat("A'", 5000)))
	require.NoError(t, s.Next(standard, &seg))
	cancel()
	for err = nil; err == nil; {
		err = s.Next(standard, &seg)
	}
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, s.Offset(), int64(4096), "within what was read already")
	s.Within(t.Context())
	require.NoError(t, s.Next(standard, &seg))
	require.ErrorIs(t, segment.NewScanner(t.Context(), sleepy{}).Next(standard, &seg), io.ErrNoProgress)
}

// sleepy gives nothing, and no reason.
type sleepy struct{}

func (sleepy) Read([]byte) (int, error) { return 0, nil }

// TestWhatWasWrittenIsRead: values come back whatever they hold, and wherever line
// breaks were put.
func TestWhatWasWrittenIsRead(t *testing.T) {
	escape := strings.NewReplacer("?", "??", "'", "?'", "+", "?+", ":", "?:", "*", "?*")
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[A-Z'+:?* é香]{0,6}`)
		segments := rapid.SliceOfN(rapid.SliceOfN(rapid.SliceOfN(value, 1, 3), 1, 4), 1, 8).Draw(t, "segments")
		var text strings.Builder
		var want []string
		for _, elements := range segments {
			line := "TAG"
			text.WriteString("TAG")
			for e, components := range elements {
				for c, v := range components {
					text.WriteByte("+:"[min(c, 1)])
					text.WriteString(escape.Replace(v))
					if v != "" {
						line += fmt.Sprintf(" %d.%d=%s", e+1, c+1, v)
					}
				}
			}
			text.WriteString("'" + rapid.SampledFrom([]string{"", "\n", "\r\n", " "}).Draw(t, "line end"))
			want = append(want, line)
		}
		var got []string
		for _, s := range all(iotest.HalfReader(strings.NewReader(text.String())), standard) {
			_, s, _ = strings.Cut(s, " ")
			got = append(got, s)
		}
		require.Equal(t, want, got)
	})
}

// FuzzScanner: however the bytes come, the segments are the same, in order and
// apart, and hold nothing that is not in the stream.
func FuzzScanner(f *testing.F) {
	f.Add([]byte("UNA:+.? 'UNB+UNOA:1+A?'B+C'\r\nUNZ+0+1'"), false)
	f.Add([]byte("ISA*00*\nN1*SH*A>B\n"), true)
	f.Add([]byte("A+??'B+???'"), false)
	f.Fuzz(func(t *testing.T, text []byte, x12 bool) {
		x := standard
		if x12 {
			x = american
		}
		want := all(bytes.NewReader(text), x)
		require.Equal(t, want, all(iotest.OneByteReader(bytes.NewReader(text)), x))
		s := segment.NewScanner(t.Context(), bytes.NewReader(text))
		var seg segment.Segment
		end := int64(0)
		for s.Next(x, &seg) == nil {
			require.GreaterOrEqual(t, seg.Offset, end)
			end = seg.Offset + seg.Length
			require.Equal(t, text[seg.Offset:end-1], seg.Raw)
			for _, v := range seg.Values {
				require.NotEmpty(t, seg.Text(v))
			}
		}
	})
}

func BenchmarkScanner(b *testing.B) {
	text := []byte(strings.Repeat("GID+1+400:CT::6:CARTONS'\nFTX+AAA+++FROZEN PRAWNS:IN CARTONS'\nMEA+AAE+WT+KGM:12400.5'\nSGP+CSQU3054383+400'\n"+
		"NAD+CN+BR1234567:167++KAM FUNG (HONG KONG):TRADING LIMITED+FLAT 4 16/F O?'BRIEN TOWER:88 CANTON ROAD+KOWLOON+++HK'\n", 40_000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s := segment.NewScanner(b.Context(), bytes.NewReader(text))
		var seg segment.Segment
		for s.Next(standard, &seg) == nil {
		}
	}
}
