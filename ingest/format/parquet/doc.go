// Package parquet reads Apache Parquet files as rows of text.
//
// Columns are the leaves of the schema: a leaf b within a group a is the column
// a.b. The levels that lists and maps add to the schema (list.element, key_value)
// are left out of the names. Where a leaf is repeated, its cell holds all values of
// the row with [read.Between] between them; of a leaf in several lists within each
// other, the values of all of them in order. An absent value is empty.
//
// # What a value becomes
//
//   - Numbers are in decimal digits, those of floating point with as few as give
//     the number back; decimals with all places of their scale.
//   - Dates are ISO days, 2024-05-31; times 13:45:00.5; timestamps both with a T
//     between, and a Z behind those that are in UTC. Durations are written as ISO
//     8601 does, P1M2DT3.5S.
//   - Bytes that are UTF-8 text stand as they are, others as 0x and hexadecimal
//     digits. What the schema calls text and is none makes a bad row.
//   - UUIDs are written with their dashes.
//
// # Places
//
// Bytes mean nothing in a file that is stored by columns. The position of a row is
// its number from 1, with length 1; the locator names its row group.
//
// # Hostile files
//
// The library behind this package believes the sizes that a file gives. So
// everything that says how much is to come (the description at the end, the heads
// of the pages) is walked through first, and refused where it would make more than
// a stated amount of memory necessary.
//
// The package must not know what cells mean.
package parquet
