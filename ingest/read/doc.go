// Package read turns the bytes of a file into rows.
//
// [Detect] looks at the content of a file and says how it is written down (a
// [Dialect]: compression, encoding, delimiter, quote, header). [Open] gives a
// [Reader] over the file in that dialect. [Spans] reads rows again from
// their byte ranges, long after the import.
//
// A row that cannot be read is data too: Next returns it as a [*RowError], with
// its number, byte range and reason, and the next call goes on behind it. Only
// a broken stream, cancellation or Close ends the reading early. So at the end
// of a file
//
//	rows returned + row errors returned + blank lines = records in the file.
//
// # What counts as what
//
//   - Row numbers are those a spreadsheet shows: the header is 1, a record whose
//     quoted cell spans lines is one row, a blank line is a row that is counted
//     and skipped. A line of nothing but spaces is blank unless the file has one
//     column only.
//   - Byte ranges are in the decompressed stream, before decoding, counted from
//     its first byte (a byte order mark included), without the line terminator.
//   - Lines end with LF or CRLF; with CR too when Detect saw no LF. Line breaks
//     inside a quoted cell stay as they stand in the file.
//   - A final Ctrl-Z (0x1A), the end mark of DOS files, is not data.
//
// # Packed files
//
// Files packed with gzip, zstd or xz are unpacked as they are read, whatever
// their names. Their positions are in the unpacked stream. See [Unpack].
//
// # Text of fixed width
//
// The columns of such a text begin and end at the same character of each line;
// see [ParseWidths]. Cells lose the blanks around them. Detect knows such a text
// by a line of rules below its header, or by blanks that line up over the sample;
// where columns touch, their widths must be named. Nothing is cut off in silence:
// a line is a bad row if it ends before the last column does, unless that goes on
// to the end of the line, and if anything stands outside all columns. A line of
// nothing but rules (-, = and _) is passed over as a blank one is.
//
// # Quotes
//
// A cell is quoted when its first character, spaces aside, is the quote. Inside,
// a doubled quote is one quote, and a quote followed by the delimiter or the
// line's end (spaces between allowed, and CR or form feed before the line's end)
// closes the cell. Real files hold names like "ACME "BEST" CO", so any other
// quote on the line where the cell began is
// taken literally, as is every quote in an unquoted cell. Once a cell has
// crossed a line, such a quote means that the cell was never closed: most likely
// it opens a cell of a later row. The line where the unclosed cell began is then
// reported, and reading goes on at the very next line, so that a forgotten quote
// costs one row and not the rest of the file. The same happens at the end of the
// file and after [MaxRecord] bytes.
//
// The package must not know what cells mean: null marks such as OFAC's "-0- ",
// dates, numbers and identifiers are its callers' business. It imports nothing
// of ours. Formats that are no lines of text are packages below ingest/format;
// they implement Reader and pass the suite in readtest.
package read
