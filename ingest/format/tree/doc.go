// Package tree reads files that are trees, as flat rows: JSON, JSON lines
// (entities of FollowTheMoney among them) and XML.
//
// # What a row is
//
// Dialect.Record is the path of the element that makes a row. A row holds
//
//   - the leaves below that element, under their paths from it: properties.name;
//   - the leaves of the elements around it that are not on the way to it, under
//     their paths from there, with one ../ for each step up: ../../Importer.Name.
//     An item of a declaration so has the importer of its declaration.
//
// Attributes of XML are leaves called @name; namespaces are left out, as are
// their declarations. A value of the record itself, as in a list of numbers, or
// text directly in the element, is the column called "." (text beside an
// attribute keeps the path of its element: Mass, and Mass.@unit).
//
// A leaf that is repeated holds its values with read.Between between, in the
// order of the document. So do values of lists in lists, whose inner brackets are
// lost, the same key twice in one object, and the stretches of text between the
// children of one element of XML (mixed content).
//
// Where one of several repeated elements lacks a child that has a column, an empty
// value holds its place, so that the values of the children stand beside each other:
// of three addresses, the second without a city, the cell of cities is "A", an empty
// value, "C". A child that is itself repeated has more values than there are
// addresses; it is read as rows of its own by naming it as the record. Around the
// units no places are held. A cell of none but values without text is empty.
//
// # Names
//
// A name of JSON may hold anything, so in paths a backslash stands before each
// dot, slash and backslash that is part of a name, \e is the empty name, and
// control characters are \u and four hexadecimal digits. The root of JSON has no name: its path is
// a single dot. The root of XML has one, which begins every path of a record.
//
// A record within a larger repeated element, as a goods item within a
// declaration, has a slash in its path behind that element, the unit:
// Declarations.Declaration/GoodsShipment.Item. Whoever names a record may leave
// the slash out, and the first steps too if the rest is the end of one path only.
//
// # Values
//
// Numbers are as written, never rounded; true and false are words. Null, and an
// element of XML without attributes, text and children, are values without
// text, which hold their place among others; where it has others below it in
// another record, it has no column. Empty lists and objects have no
// value and make no column. Text of XML is without outer white space, CDATA
// sections in it are text, comments and processing instructions are skipped.
// Of the entities those five are known that XML itself knows; a document with a
// DOCTYPE is refused, since it can make others and have other files read.
//
// # Which element is the record
//
// In JSON lines, and in JSON that is one list or several values, it is each of
// these. Else it is the shallowest element that is repeated (a list of JSON,
// even of one; in XML two of one name side by side) and has at least two
// different leaves; of several at that depth the one with most leaves, then the
// one that is more often there, then the first. If there is none, the root.
//
// # What a unit is, and what it bounds
//
// The unit is the outermost repeated element on the way to the record, the
// record included. It is held as a whole, up to MaxUnit bytes and MaxValues
// values, so that a record has the leaves around it wherever they stand in their
// unit. What is larger is one row error. Of what stands around the units a row
// has all leaves, wherever they stand, save those of other lists with leaves of
// their own (rows of other kinds, read by naming another record) and what goes
// beyond 1 MiB altogether; the columns of those that stand behind the first unit
// come last, and cost Open a pass over the file.
//
// # What is wrong with a file
//
// A fault within a unit (no UTF-8, no number, an entity that is not known, tags
// that do not match) is one row error, for as many records as the unit has,
// provided that the unit's end is beyond doubt: the line's end in JSON lines, the
// bracket that closes with all between in order in JSON, the end tag of that name
// in XML. Where it is in doubt, as behind a quote that is not closed, and where
// the fault is around the units, the reading ends with a *read.StreamError. Bad
// characters around the units become read.Lost.
//
// The package must not know what cells mean.
package tree
