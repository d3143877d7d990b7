package graph

// Row is everything that one row of a source said: what Import.Append takes.
// Its records carry no origin, since the source and the row are the origin.
type Row struct {
	Number int64 // as a spreadsheet shows it: the header row is 1
	Offset int64 // of the row's first byte in the decompressed stream, before decoding
	Length int64 // bytes, without the line's end

	Facts      []Fact
	Statements []Statement
	Links      []Link
	Outcomes   []Outcome

	// Errors puts the row into quarantine: when it is not empty none of the
	// records above is stored, and the row counts as quarantined.
	Errors []RowError
}

// Fact is one property value of an entity, as it stood in the file.
type Fact struct {
	Entity   ID
	Property string // lower case with underscores: name, alias, country, founded ...
	Value    string // the text of the file, trimmed; never normalised
	Mark     string // why the value is doubtful (check_digit, format ...), "" if it is not
	Date     Date   // of the event in the row that states it; NoDate from a register
	Origins  []Origin
	Days     []Date // beside Origins, the day of each; Date is the first of them
}

// The properties that the house itself reads.
const (
	PropertyName    = "name"
	PropertyAlias   = "alias"
	PropertyNumber  = "number"
	PropertyCountry = "country"
	PropertyAddress = "address"
)

// Field is one value of a statement, link or outcome, as it stood in the
// file.
type Field struct {
	Name  string // lower case with underscores
	Value string // the text of the file, trimmed
	Mark  string // why the value is doubtful, "" if it is not
}

// The fields that the house itself reads; mappings may name others.
const (
	FieldValue     = "value"      // declared value
	FieldCurrency  = "currency"   // ISO 4217
	FieldGrossMass = "gross_mass" // kilograms, including packaging
	FieldNetMass   = "net_mass"   // kilograms
	FieldQuantity  = "quantity"
	FieldUnit      = "unit"
	FieldMode      = "mode"      // mode of transport
	FieldProcedure = "procedure" // customs procedure
	FieldAmount    = "amount"    // of a payment, seizure or penalty
)

// Tie says that an entity has a role in a consignment.
type Tie struct {
	Role   Role
	Entity ID
}

// Statement is what one row of one document said about a consignment.
//
// Statements of one (consignment, view, document, part) are amendments of
// each other and form a chain; statements that differ in any of these are
// united. Current gives the order of a chain.
type Statement struct {
	Consignment ID
	View        View
	Document    string // number of the document; "" when it is the consignment's own
	Part        string // line of the document; "" when it has one line
	Version     int64  // of the document; 0 when it states none
	Amended     Date   // day of the amendment; NoDate for the first version
	Date        Date   // day of the event: of declaration, arrival, sailing ...
	Fields      []Field
	Ties        []Tie
	Origins     []Origin
}

// Link says that one entity has a role towards another.
type Link struct {
	Role    Role
	From    ID
	To      ID
	Start   Date   // NoDate when unknown
	End     Date   // NoDate when unknown or still running
	Key     string // number of the event where equal links are events of their own
	Fields  []Field
	Origins []Origin
}

// Outcome is what someone found when looking at a consignment or an entity.
type Outcome struct {
	Subject ID // a consignment or an entity
	Result  Result
	Channel Channel
	Date    Date
	Fields  []Field // amount, currency, list ...
	Origins []Origin
}

// Seen returns the day on which the statement was made: the day of the
// amendment, else that of the event. A scope compares it with Until.
func (s *Statement) Seen() Date {
	if s.Amended != NoDate {
		return s.Amended
	}
	return s.Date
}
