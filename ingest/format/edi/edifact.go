package edi

// edifactSegments names the elements of the segments of UN/EDIFACT directories
// D.95B to D.16B, in which they agree as far as they stand here; see newLayout
// for how to read a line. Segments that are not listed have their elements by
// number.
var edifactSegments = map[string]string{
	// Envelopes, by ISO 9735.
	"UNB": "syntax syntax_version syntax_directory encoding|sender sender_qualifier sender_internal sender_sub|" +
		"recipient recipient_qualifier recipient_internal recipient_sub|day time|reference|password password_qualifier|" +
		"application|priority|acknowledgement|agreement|test +date",
	"UNG": "type|sender sender_qualifier|recipient recipient_qualifier|day time|reference|controller|version release association|password +date",
	"UNH": "reference|type version release controller association|access|transfer transfer_position",

	// Beginning, dates, references, texts.
	"BGM": "type type_list type_list_by type_name|number version revision|function|response|status|language",
	"DTM": "! value format +date",
	"RFF": "! number line version revision",
	"FTX": "!|function|code code_list code_list_by|text*5|language|format",
	"DOC": "! type_list type_list_by type_name|number status source language version revision|channel|copies|originals",
	"GIS": "code code_list code_list_by process|code2 code2_list code2_list_by process2",
	"GEI": "!|code code_list code_list_by process|code2 code2_list code2_list_by process2",
	"STS": "! category_list category_list_by|status status_list status_list_by status_name|reason reason_list reason_list_by reason_name",
	"ERC": "error error_list error_list_by",
	"ERP": "point point_item|place",
	"AUT": "result|key",
	"CNT": "! value unit",

	// Parties.
	"NAD": "!|id list list_by|lines*5|name*5 name_format|address*4|city|region region_list region_list_by region_name|postcode|country",
	"CTA": "!|id name",
	"COM": "number !",

	// Places and transport.
	"LOC": "!|code list list_by name|terminal terminal_list terminal_list_by terminal_name|related related_list related_list_by related_name|relation",
	"TDT": "!|voyage|mode mode_name|means means_name|carrier carrier_list carrier_list_by carrier_name|direction|" +
		"excess excess_liability excess_authorisation|vessel_id vessel_list vessel_list_by vessel flag|ownership +imo +callsign",
	"TSR": "condition condition_list condition_list_by|service service_list service_list_by service2 service2_list service2_list_by|" +
		"priority priority_list priority_list_by|cargo cargo_list cargo_list_by",
	"TPL": "means_id means_list means_list_by means_name means_flag",
	"TMD": "movement movement_name|equipment_plan|haulage",
	"TOD": "function|payment|terms terms_list terms_list_by terms_text*2",
	"HAN": "code code_list code_list_by text|hazard hazard_list hazard_list_by hazard_text",
	"GDS": "cargo cargo_list cargo_list_by",

	// Equipment.
	"EQD": "!|number number_list number_list_by country|type type_list type_list_by type_name|supplier|status|full",
	"EQN": "count count_qualifier",
	"EQA": "!|number number_list number_list_by country",
	"SEL": "number|issuer issuer_list issuer_list_by issuer_name|condition|from to",
	"SGP": "number number_list number_list_by country|packages",

	// Consignments and goods.
	"CNI": "item|number status source language version revision|load",
	"GID": "item|packages package_type package_list package_list_by package_name package_related|" +
		"inner_packages inner_type inner_list inner_list_by inner_name inner_related|" +
		"third_packages third_type third_list third_list_by third_name third_related",
	"PAC": "packages|level packaging_terms|type type_list type_list_by type_name",
	"PCI": "instruction|marks*10|status|type type_list type_list_by",
	"PIA": "!|code code_type code_list code_list_by|code2 code2_type code2_list code2_list_by|code3 code3_type code3_list code3_list_by|" +
		"code4 code4_type code4_list code4_list_by|code5 code5_type code5_list code5_list_by",
	"IMD": "format|characteristic characteristic_list characteristic_list_by|code code_list code_list_by text*2 language|surface",
	"GIR": "!|id id_qualifier|id2 id2_qualifier|id3 id3_qualifier|id4 id4_qualifier|id5 id5_qualifier",
	"DGS": "regulation|class class_page class_version|un flashpoint_shipment|flashpoint flashpoint_unit|packing_group|ems|mfag|card|orange_upper orange_lower|" +
		"label label2 label3",
	"MEA": "!|! significance attribute attribute_text|unit value least most digits|surface",
	"DIM": "!|unit length width height",
	"TMP": "!|value unit",
	"RNG": "!|unit least most",
	"QTY": "! value unit",
	"CST": "item|code code_list code_list_by|code2 code2_list code2_list_by|code3 code3_list code3_list_by|code4 code4_list code4_list_by|" +
		"code5 code5_list code5_list_by",
	"ALI": "origin|regime|condition|condition2|condition3|condition4|condition5",

	// Money.
	"MOA": "! amount currency currency_qualifier status",
	"CUX": "! currency currency_qualifier base|target target_currency target_qualifier target_base|rate|market",
	"TAX": "!|! type_list type_list_by type_name|account account_list account_list_by|basis|rate_id rate_list rate_list_by rate rate_basis rate_basis_list rate_basis_list_by|" +
		"category|party|calculation",
	"PRI": "! price type specification basis unit",
	"CPI": "category category_list category_list_by|payment payment_list payment_list_by payment_text|prepaid",
	"TCC": "charge charge_list charge_list_by charge_name prepaid item|rate_class rate_class_list rate_class_list_by rate_class_name|" +
		"commodity commodity_list commodity_list_by|basis basis_list basis_list_by basis_name",
	"PAT": "terms|payment payment_list payment_list_by payment_text*2|reference relation period periods",
}

// edifactOwners says which segments belong to the one before them, so that they
// stand under its name: the contact of a party, the duties on a line.
var edifactOwners = map[string]string{
	"NAD": "CTA COM RFF",
	"TDT": "DTM TSR LOC RFF TPL",
	"DOC": "DTM LOC",
	"SGP": "MEA EQN",
	"DGS": "FTX MEA LOC CTA COM TMP",
	"TAX": "MOA GIS",
}

// edifactMessages says of which parts of a message rows are made. Directories
// agree on these, whatever else they moved.
var edifactMessages = map[string]message{
	"CUSCAR": {about: "customs cargo report", parts: []part{
		{tag: "CNI", kind: "consignment"}, {tag: "GID", under: "consignment", kind: "item", fine: true}, {tag: "EQD", kind: "equipment", named: "SGP"}}, tail: "AUT"},
	"CUSDEC": {about: "customs declaration", parts: []part{{tag: "CST", kind: "item"}}},
	"IFCSUM": {about: "consolidation summary", parts: []part{
		{tag: "CNI", kind: "consignment"}, {tag: "GID", under: "consignment", kind: "item", fine: true},
		{tag: "EQD", under: "consignment", kind: "equipment", fine: true, apart: true}, {tag: "EQD", kind: "equipment", named: "SGP"}}},
	"IFTMIN": instruction("instruction to transport"),
	"IFTMCS": instruction("contract status, the bill of lading"),
	"IFTMAN": instruction("arrival notice"),
	"IFTMBF": instruction("firm booking"),
	"IFTMBC": instruction("booking confirmation"),
	"IFTMBP": instruction("provisional booking"),
	"IFTSTA": {about: "transport status", parts: []part{{tag: "CNI", kind: "consignment"}, {tag: "STS", under: "consignment", kind: "event"}}},
	"IFTDGN": {about: "dangerous goods notification", parts: []part{
		{tag: "CNI", kind: "consignment"}, {tag: "GID", under: "consignment", kind: "item", fine: true}, {tag: "EQD", kind: "equipment", named: "SGP"}}},
	"COPRAR": containers("discharge or loading order"),
	"COARRI": containers("discharge or loading report"),
	"CODECO": containers("gate in or gate out report"),
	"COPARN": containers("container announcement"),
	"COREOR": containers("container release order"),
	"COEDOR": containers("container stock report"),
	"BAPLIE": {about: "bay plan", parts: []part{{tag: "LOC", code: "147", kind: "bay"}}},
}

// instruction is the messages of the IFTM family: one consignment each.
func instruction(about string) message {
	return message{about: about, parts: []part{
		{tag: "GID", kind: "item", fine: true}, {tag: "EQD", kind: "equipment", fine: true, apart: true}}}
}

// containers is the messages about single containers.
func containers(about string) message {
	return message{about: about, parts: []part{{tag: "EQD", kind: "equipment"}}, tail: "CNT"}
}

// edifact is UN/EDIFACT.
func edifact() *standard {
	s := newStandard(standard{
		name: EDIFACT, first: 'U',
		envelopes: [3]envelope{
			{open: "UNB", close: "UNZ", what: "interchange", reference: place{5, 1}},
			{open: "UNG", close: "UNE", what: "group", reference: place{5, 1}},
			{open: "UNH", close: "UNT", what: "message", reference: place{1, 1}, kind: place{2, 1}},
		},
		layouts:  layouts(edifactSegments, edifactOwners),
		messages: edifactMessages,
		begins:   beginsEDIFACT,
		start:    startEDIFACT,
		charset:  edifactCharset,
		names:    func(name []byte) bool { return len(name) == 3 && capitals(name) },
		section:  "UNS",
		object:   "UNO",
	})
	s.layouts[tagOf("COM")].each = true
	s.layouts[tagOf("TDT")].loose = "20"
	s.layouts[tagOf("TDT")].derive = vessel("146", "103", "11")
	s.layouts[tagOf("DTM")].derive = formattedDate
	s.layouts[tagOf("UNB")].derive = dayAndTime
	s.layouts[tagOf("UNG")].derive = dayAndTime
	return s
}
