package main

import (
	"cmp"
	"fmt"
	"strings"

	"rummage/cmd/rummage/internal/output"
	"rummage/ingest"
	"rummage/ingest/ident"
)

// remark says what the table does not of a file that was read.
func (s *sourceRow) remark(page *output.Page) {
	switch {
	case s.State == string(ingest.Already) && s.given != s.Name:
		page.Say("%s has the bytes of %s, which was imported on %s as %s; nothing changed", s.given, s.Name, clockTime(s.ImportedAt), s.ID)
	case s.State == string(ingest.Already):
		page.Say("%s was imported on %s as %s; nothing changed", s.Name, clockTime(s.ImportedAt), s.ID)
	case s.Repairs != "":
		page.Say("%s is the file of %s, mended: the rows in quarantine there that are sound now came in, the others say what they said, once. "+
			"Both count; rummage withdraw %s leaves the mended file alone", s.Name, s.Repairs, s.Repairs)
	case len(s.Replaces) > 0:
		page.Say("%s is a new reading of the same bytes; it takes the place of %s", s.Name, strings.Join(s.Replaces, ", "))
	}
	if mended := s.mended(); mended != "" {
		page.Say("%s mends rows of %s: those that came in are in quarantine there no longer", s.Name, mended)
	}
	switch {
	case s.unsigned:
		page.Say("%s is a case file without a signature: it is whole, and who made it is not proved; handling %s", s.Name, cmp.Or(s.Handling, "none"))
	case s.Signer != "" && !s.vouched:
		page.Say("%s is a case file signed with key %s, which no --key names: who made it is not proved; handling %s", s.Name, s.Signer, cmp.Or(s.Handling, "none"))
	case s.Signer != "":
		page.Say("%s is a case file signed by the owner of key %s; handling %s", s.Name, s.Signer, cmp.Or(s.Handling, "none"))
	}
	s.stricter(page)
	if n := len(s.SameCase); n > 0 {
		page.Say("%s is of the same case and office as %s, by what it says: rows that are in both count twice; if it takes the place of that, rummage withdraw %s",
			s.Name, strings.Join(s.SameCase, ", "), s.SameCase[0])
	}
	for _, a := range s.Amends {
		page.Say("%s: %d of its %d consignments that were looked at are in %s too, and say something else there; of two such statements one counts. If they are other consignments, "+
			"their number is none: rummage withdraw %s, then bring both in with a mapping that numbers them otherwise", s.Name, a.Count, a.Compared, a.Name, s.ID)
	}
	s.doubted(page)
	if s.Stored == 0 && s.State != string(ingest.Already) {
		page.Say("%s: no row could be stored; see why, then import it with a mapping or encoding that fits: rummage ingest --help", s.Name)
	}
}

// doubted says what was kept though something is wrong with it.
func (s *sourceRow) doubted(page *output.Page) {
	var rest []doubtRow
	for _, doubt := range s.Doubts {
		if n := int(doubt.Count); doubt.Mark == ingest.Miscounted {
			page.Say("%s: its counts of segments or messages are wrong in %s %s; what was read is stored, and more may be missing: "+
				"rummage withdraw %s takes it out until the whole file is there", s.Name, output.Count(n), plural(n, "place"), s.ID)
		} else {
			rest = append(rest, doubt)
		}
	}
	for i, doubt := range rest {
		if i == mostDoubts {
			page.Say("%s: and %s more kinds of values that are marked", s.Name, output.Count(len(rest)-mostDoubts))
			break
		}
		n := int(doubt.Count)
		if doubt.Mark == ingest.NoDay {
			page.Say("%s: %s %s without a day of the consignment; kept, and left out of what goes by days", s.Name, output.Count(n), plural(n, "row"))
			continue
		}
		page.Say("%s: %s %s of %s %s", s.Name, output.Count(n), plural(n, "value"), doubt.What, doubtful(doubt.Mark, n == 1))
	}
}

// mended names the sources whose rows a file brought in again.
func (s *sourceRow) mended() string {
	const most = 3
	if s.State == string(ingest.Already) {
		return "" // it did so before
	}
	if len(s.Mends) <= most {
		return strings.Join(s.Mends, ", ")
	}
	return fmt.Sprintf("%s and %d more sources", strings.Join(s.Mends[:most], ", "), len(s.Mends)-most)
}

// mostDoubts is how many kinds of doubtful values a summary names of a file.
const mostDoubts = 5

// doubtful says what a mark means of values that are kept, of one or several.
func doubtful(mark string, one bool) string {
	verb := func(of, ofSeveral string) string {
		if one {
			return of
		}
		return ofSeveral
	}
	switch ident.Mark(mark) {
	case ident.CheckDigit:
		return verb("has a wrong check digit; kept as it stands", "have a wrong check digit; kept as they stand") + ", marked check_digit"
	case ident.Unknown:
		return verb("stands in no list of such codes; kept as it stands", "stand in no list of such codes; kept as they stand") + ", marked unknown"
	case ident.Format:
		return verb("has not the form of such a value; kept as it stands", "have not the form of such values; kept as they stand") + ", marked format"
	case ident.Discouraged:
		return verb("is", "are") + " lawful, and of a kind that is to be avoided, such as a container number whose check digit comes to 10; kept, marked discouraged"
	}
	return verb("is kept as it stands", "are kept as they stand") + ", marked " + mark
}
