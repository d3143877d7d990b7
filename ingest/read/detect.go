package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// sampleSize is how much of a file Detect looks at, after decompression.
const sampleSize = 256 << 10

// Detect says how a file is written down, by its content and not by its name. It
// reads the first sampleSize bytes (256 KiB). What hints name is taken as given.
//
// ErrEmpty: no record in it. ErrFormat: not text, or a format that cannot be
// read; the error says which and what to do. ErrEncoding: most lines are not
// Unicode, nor plainly anything else; the error names the encodings they could be in.
func Detect(ctx context.Context, file Input, h Hints) (Dialect, error) {
	if err := ctx.Err(); err != nil {
		return Dialect{}, err
	}
	d := Dialect{Format: Delimited, Compression: Plain, Newline: LF}
	sample, whole, err := d.sample(file)
	if err != nil {
		return d, err
	}
	if h.Text != Yes {
		if err := refuse(sample); err != nil {
			return d, err
		}
	}
	d.Encoding, err = detectEncoding(sample, h, guess)
	if h.Text != Yes && noise(sample, d.Encoding, h, err) {
		return d, fmt.Errorf("%w: this is binary data, not text", ErrFormat)
	}
	if err != nil {
		return d, err
	}
	return detectLayout(ctx, sample, whole, d, h)
}

// Head returns the first bytes of a file, at most sampleSize, unpacked if they
// are packed: by them formats are told apart.
func Head(file Input) ([]byte, error) {
	sample, _, err := new(Dialect).sample(file)
	return sample, err
}

// sample returns a file's first bytes, unpacked, and whether they are all of it.
// It notes how the file is packed. If a packed file breaks off within, its
// beginning is good enough: the rows there will be read too.
func (d *Dialect) sample(file Input) (sample []byte, whole bool, err error) {
	sample, whole, err = head(io.NewSectionReader(file, 0, file.Size()))
	if d.Compression = Compression(sample); err != nil || d.Compression == Plain {
		return sample, whole, err
	}
	stream, err := Unpack(io.NewSectionReader(file, 0, file.Size()), d.Compression)
	if err != nil {
		return nil, false, fmt.Errorf("read: look at the file: %w", err)
	}
	sample, whole, err = head(stream)
	if len(sample) > 0 && (errors.Is(err, ErrTruncated) || errors.Is(err, ErrCorrupt)) {
		whole, err = false, nil
	}
	_ = stream.Close()
	return sample, whole, err
}

// head returns a stream's first bytes, and whether they are all of it.
func head(stream io.Reader) (sample []byte, whole bool, err error) {
	sample, err = io.ReadAll(io.LimitReader(stream, sampleSize+1))
	if len(sample) > sampleSize {
		return sample[:sampleSize], false, nil
	}
	if err != nil {
		err = fmt.Errorf("read: look at the file: %w", err)
	}
	return sample, true, err
}

// foreign lists the formats that are recognised and cannot be read, by their
// first bytes.
var foreign = []struct{ magic, what string }{
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office file (.xls, .doc), or one with a password; save the sheet as .xlsx, without a password"},
	{"BZh", "packed with bzip2; unpack it, or pack it with zstd"},
	{"7z\xBC\xAF\x27\x1C", "a 7-Zip archive; unpack it"},
	{"Rar!\x1A\x07", "a RAR archive; unpack it"},
	{"\x04\x22\x4D\x18", "packed with lz4; unpack it, or pack it with zstd"},
	{"SQLite format 3\x00", "an SQLite database; export its tables as CSV"},
	{"%PDF-", "a PDF document; tables must come as CSV"},
	{"{\\rtf", "an RTF document; tables must come as CSV"},
	{"\x89PNG\r\n", "a picture (PNG); tables must come as CSV"},
	{"\xFF\xD8\xFF", "a picture (JPEG); tables must come as CSV"},
	{"GIF89a", "a picture (GIF); tables must come as CSV"},
	{"GIF87a", "a picture (GIF); tables must come as CSV"},
	{"II*\x00", "a picture (TIFF); tables must come as CSV"},
	{"MM\x00*", "a picture (TIFF); tables must come as CSV"},
	{"MZ\x90\x00", "a program for Windows"},
	{"\x7FELF", "a program for Linux"},
	{"ARROW1\x00\x00", "an Arrow file (Feather); write it as Parquet"},
	{"Obj\x01", "an Avro file; write it as Parquet"},
	{"\xFF\xFE\x00\x00", "UTF-32 text; convert it to UTF-8"},
	{"\x00\x00\xFE\xFF", "UTF-32 text; convert it to UTF-8"},
	{"<!DOCTYPE", "an HTML or XML document; convert it to CSV"},
	{"<html", "an HTML document, perhaps an error page; fetch the file again or convert it to CSV"},
}

// tape is where a tar archive has its mark, which is no first byte of it.
const tape = 257

// refuse names a format that cannot be read.
func refuse(sample []byte) error {
	if packed := Compression(sample); packed != Plain {
		return fmt.Errorf("%w: this is packed twice, with %s inside; unpack it once", ErrFormat, packed)
	}
	if len(sample) > tape && bytes.HasPrefix(sample[tape:], []byte("ustar")) {
		return fmt.Errorf("%w: this is a tar archive; unpack it, or pack its files with zip", ErrFormat)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(sample, UTF8.mark()), " \t\r\n")
	for _, f := range foreign {
		if strings.HasPrefix(string(sample[:min(len(sample), len(f.magic))]), f.magic) ||
			f.magic[0] == '<' && len(text) >= len(f.magic) && bytes.EqualFold(text[:len(f.magic)], []byte(f.magic)) {
			return fmt.Errorf("%w: this is %s", ErrFormat, f.what)
		}
	}
	return nil
}

// noise says whether so many bytes are control characters that the sample is no
// text: a few stray ones make bad rows, not a bad file. Where no encoding was found,
// one in fifty is enough, since text has nearly none in any of them.
func noise(sample []byte, found Encoding, h Hints, unknown error) bool {
	n := 0
	for _, c := range sample {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != 0x1A && c != 0x1B {
			n++
		}
	}
	if unknown != nil {
		return h.Encoding == "" && 50*n > len(sample)
	}
	return found.unit() == 1 && 10*n > 3*len(sample)
}

// detectEncoding tells the Unicode encodings apart, by mark or by pattern. Where most lines
// are not Unicode, or none is beyond ASCII, other may name what they plainly are; nil names nothing. What is taken is
// kept with the source.
func detectEncoding(sample []byte, h Hints, other func(sample []byte) Encoding) (Encoding, error) {
	named, err := Encoding(""), error(nil)
	if h.Encoding != "" {
		if named, err = ParseEncoding(string(h.Encoding)); err != nil {
			return "", err
		}
	}
	for _, e := range []Encoding{UTF8, UTF16LE, UTF16BE} {
		switch marked := bytes.HasPrefix(sample, e.mark()); {
		case marked && named != "" && named != e:
			return "", fmt.Errorf("%w: %s was named, but the file begins with the mark of %s; name that, or none", ErrEncoding, named, e)
		case marked:
			return e, nil
		}
	}
	if named != "" {
		return named, nil
	}
	if e := zeros(sample); e != "" {
		return e, nil
	}
	lines, bad, wide := 0, 0, 0
	decoder := newDecoder(UTF8)
	for line := range bytes.Lines(sample) {
		lines++
		if decoder.flaw(line) >= 0 {
			bad++
		} else if !ascii(line) {
			wide++
		}
	}
	// Where no line is Unicode beyond ASCII, those that are not are no damage.
	if other != nil && (2*bad > lines || bad > 0 && wide == 0) {
		if e := other(sample); e != "" {
			return e, nil
		}
	}
	// A few bad lines become bad rows. When most are bad, the file is not UTF-8
	// and setting aside every row would help nobody.
	if bad >= 8 && 2*bad > lines {
		return "", fmt.Errorf("%w: %d of the first %d lines are not UTF-8; it could be %s: name the right one",
			ErrEncoding, bad, lines, strings.Join(candidates(sample), ", "))
	}
	return UTF8, nil
}

// zeros recognises UTF-16 without a mark: trade data is full of digits and
// delimiters, whose other byte is zero.
func zeros(sample []byte) Encoding {
	var zero [2]int
	for i, c := range sample {
		if c == 0 {
			zero[i&1]++
		}
	}
	pairs := len(sample) / 2
	many := func(n int) bool { return n > 0 && 5*n >= pairs }
	few := func(n int) bool { return 50*n <= pairs }
	switch {
	case many(zero[1]) && few(zero[0]):
		return UTF16LE
	case many(zero[0]) && few(zero[1]):
		return UTF16BE
	}
	return ""
}

// candidates lists the encodings in which the sample is text throughout.
func candidates(sample []byte) []string {
	sample = sample[:bytes.LastIndexByte(sample, '\n')+1]
	var names []string
	for _, e := range Encodings() {
		if e.legacy() == nil {
			continue
		}
		d := newDecoder(e)
		if d.flaw(d.decode(nil, sample)) < 0 {
			names = append(names, string(e))
		}
	}
	return names
}

// detectLayout finds line ends, columns and header.
func detectLayout(ctx context.Context, sample []byte, whole bool, d Dialect, h Hints) (Dialect, error) {
	text := sample
	if d.Encoding != UTF8 {
		text = newDecoder(d.Encoding).decode(nil, sample)
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0 {
		d.Newline = CR
	}
	if !whole {
		text = wholeLines(text, d.Newline)
	}
	d.Quote = detectQuote(text, h)
	best, err := detectDelimiter(ctx, text, d, h)
	if err != nil {
		return d, err
	}
	if fixed, ok, err := detectFixed(ctx, seen{raw: sample, text: text}, d, h, best); ok || err != nil {
		return fixed, err
	}
	if len(best.rows) == 0 && best.bad == 0 {
		return d, ErrEmpty
	}
	d.Delimiter = best.delimiter
	n := best.above(h)
	names, at, grouped := HeadingAt(best.rows, n)
	if grouped = grouped && h.Header == Auto && len(names) == best.columns; grouped {
		n = at
	}
	if n > 0 {
		d.First, best.rows = best.numbers[n-1]+1, best.rows[n:]
	}
	d.Header = h.Header == Yes || h.Header == Auto && LooksLikeHeader(best.rows)
	if grouped {
		first := best.numbers[len(best.numbers)-len(best.rows)+1] + 1
		d.Names, d.First, d.Header, best.rows = strings.Join(names, Between), first, true, append([][]string{names}, best.rows[2:]...)
	}
	switch {
	case len(best.rows) == 0: // nothing but bad rows: the first sound one decides
	case d.Header:
		d.Columns = len(best.rows[0])
	default:
		d.Columns = best.columns
	}
	if d.Columns > MaxColumns {
		return d, fmt.Errorf("%w: more than %d columns, which is what a spreadsheet has; if it is text of another kind, convert it to CSV",
			ErrFormat, MaxColumns)
	}
	return d.check()
}

// wholeLines is text up to the end of its last whole line.
func wholeLines(text []byte, newline string) []byte {
	end := byte('\n')
	if newline == CR {
		end = '\r'
	}
	if i := bytes.LastIndexByte(text, end); i > 0 {
		text = text[:i+1]
	}
	return text
}
