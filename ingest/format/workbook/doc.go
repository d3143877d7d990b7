// Package workbook reads the sheets of a spreadsheet file (.xlsx, .xlsm) as rows
// of text.
//
// A workbook is a zip archive of XML parts (ECMA-376). This package reads them
// as streams: a row costs its own memory, and what is kept beside it is the
// number formats and the texts that cells share, up to a stated bound.
//
// # What a cell becomes
//
//   - A number is what a person sees, with all digits that the file holds: no
//     exponent, no thousands separators, no currency or unit. Zeros that the
//     format of the cell shows stand (00042, 1006.30), and so do the marks within
//     an identifier (2345-6789). Where the format rounds, the cell's own value
//     stands. A percentage is shown as one: 5.25%.
//   - A date is an ISO day, 2024-05-31; with a clock time when the cell's format
//     shows one, 2024-05-31T13:45:00. A clock time alone is 13:45:00, a duration
//     counts hours on, 26:30:00. Day 60 of the system of 1900 is the 29 February
//     1900 that never was, and day 0 is 1900-01-00, as spreadsheets show them.
//   - TRUE and FALSE; an error is its text, #N/A.
//   - A formula is its last value. One that was never computed is no value: its
//     row is reported.
//   - Of merged cells the first holds the value, the others are empty.
//
// # What a row is
//
// Row numbers are those of the sheet, and blank rows are counted. Lines of title
// above the table, at most fifty, belong to no row: see [Detect]. A row has as many
// cells as the table has columns; cells that are not stored are empty. The place
// of a row is its number, with length 1, in the sheet that the locator names.
//
// The package must not know what cells mean. It writes nothing, no temporary
// files either.
package workbook
