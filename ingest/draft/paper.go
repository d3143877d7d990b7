package draft

// view tells which document rows were read from.
func (d *Draft) view() string {
	if d.messages {
		return d.messageView()
	}
	number := d.find(Meaning{Consignment, Number})
	has := func(s Subject) bool { return d.find(Meaning{s, ID}) != nil || d.find(Meaning{s, Name}) != nil }
	switch {
	case d.moves():
		return "movement"
	case number != nil && number.rules["postal_item"] >= mostly:
		return "parcel"
	case number != nil && (number.rules["air_waybill"] >= mostly && number.distinct >= enough || says(number.Name, []string{"awb", "hawb", "air"})):
		return "waybill"
	case number != nil && speaks(number.Name, Document):
		return paperNamed(number.Name)
	case (d.seized() || has(Suspect)) && !d.looked(), d.looked() && !d.traded() && !has("commodity"):
		return "inspection"
	}
	return "declaration"
}

// paperNamed tells which transport document a name of its number speaks of.
func paperNamed(name string) string {
	switch {
	case says(name, []string{"warehouse", "warrant", "dock", "仓单", "倉單"}):
		return "warehouse_receipt"
	case says(name, []string{"waybill", "way", "note", "cmr", "运单", "運單"}):
		return "waybill"
	}
	return "bill_of_lading"
}
