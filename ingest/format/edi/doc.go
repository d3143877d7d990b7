// Package edi reads UN/EDIFACT (ISO 9735, syntax versions 1 to 4) and ANSI X12
// as flat rows.
//
// # What makes a row
//
// A table says for each type of message by which segments rows begin: CNI in
// customs and cargo reports, CST in customs declarations, EQD in messages about
// containers, LOC+147 in bay plans, a bill (LX or M11) in the customs manifest of
// X12. The message about one consignment, as those of the IFTM family, is one
// row; so is each message that is not in the table. Hints.Record asks for coarser
// or finer rows: "message" (or "declaration"), "consignment" (also "equipment",
// "bill", "bay"; it is what is done unasked), "item". The page docs/messages.md
// lists all this, and is kept equal to the tables by a test.
//
// The column "record" has the kind of each row: message, consignment, item,
// equipment, bay, port, bill, event. Equipment that a cargo report lists before
// its consignments makes rows of its own. Consignments, or their items, name it in
// SGP.number, and what it says stands on their rows too, each container once, in
// the order of naming.
//
// # Names of columns
//
//	NAD+CN.name       segment, qualifier, element
//	MEA+AAE.WT.value  segment, both qualifiers, element
//	GID.packages      a segment without qualifier
//	NAD+CN.10         an element that the tables do not name: its number,
//	XYZ.2.3           and that of the component from the second on
//	NAD+CN/COM+TE.number  a segment that belongs to the one before it
//	TDT+10/LOC+9.code     the leg before the main carriage; TDT+20 has LOC+9.code
//	EQD/MEA+AAE.G.value   in equipment on the row of a consignment
//	UNS                   holds 1 where a segment says nothing but that it is there
//
// What the envelopes, the header of the message and outer parts say stands on each
// row. Where a row itself says something under the same name, what is said
// further out stands in the column with "above/" before the name. What follows
// the last part of a message, its totals, stands on the row of that part, with
// "end/" before the name.
//
// A segment that comes several times makes a cell with several values,
// read.Between between them. The n-th values of all columns of one segment belong
// together; where one has none an empty value holds its place, except at the end.
// In a part that is repeated on one row (goods items on that of a consignment)
// the n-th value is that of the n-th part, unless an earlier part has several;
// rows by item leave no doubt. Lines of one text, as in names and free text, are
// joined by a line break.
//
// Values are as written: numbers keep their decimal mark, dates the form that
// their format qualifier names. A date of one day has a second column, "date",
// with ISO 8601; a year without century is one of 1970 to 2069. A ship is in
// "imo", "callsign" or, if no code list says what it is, "vessel_id". The two
// parts of a container number in X12 are joined in "equipment".
//
// # Characters
//
// The syntax identifier of an interchange says which it has: UNOC to UNOL parts
// of ISO 8859, UNOY UTF-8. UNOA and UNOB, and X12, have nothing beyond ASCII; if
// such stands there all the same it is UTF-8 when all of it can be, else Latin-1.
// Dialect.Encoding holds what was named or found, and then counts for the whole
// file. UNOX is read as ASCII: its escape sequences could hide separators.
//
// # What cannot be read
//
// A wrong number of segments, messages or groups, a wrong or missing reference, a
// missing end of a message and the like are a row error at the segment where they
// show. The rows of the message came before it and stay: each is whole in itself,
// and the error says that one may be lost. Bytes between interchanges, segments
// outside messages and binary objects are one row error for each stretch. A row
// at the end of a file that breaks off is an error, since no one knows how it went
// on. A row whose header cannot be read is an error too.
//
// The package must not know what cells mean, beyond what the directories call them.
package edi
