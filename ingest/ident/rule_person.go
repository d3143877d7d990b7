package ident

// personRules are identity numbers of natural persons.
func personRules() []Rule {
	return []Rule{
		{Name: "aadhaar_in", Title: "Indian Aadhaar number", Standard: "UIDAI", Country: "IN", Example: "234123412346",
			Check: Aadhaar, Checked: true, Personal: true, Chance: 0.1, least: 12, most: 12},
		{Name: "cpf_br", Title: "Brazilian taxpayer number of a person", Standard: "Receita Federal", Country: "BR", Example: "52998224725",
			Check: CPF, Checked: true, Personal: true, Chance: modulo97, least: 11, most: 11},
		{Name: "hkid", Title: "Hong Kong identity card number", Standard: "Registration of Persons Ordinance", Country: "HK", Example: "A1234563",
			Check: HKID, Checked: true, Personal: true, Chance: 0.1, least: 8, most: 9},
		{Name: "id_th", Title: "Thai national identity number", Standard: "Department of Provincial Administration", Country: "TH",
			Example: "3100600445635", Check: IDTH, Checked: true, Personal: true, Chance: 0.1, least: 13, most: 13},
		{Name: "id_tw", Title: "Taiwan identity number", Standard: "Ministry of the Interior", Country: "TW", Example: "A123456789",
			Check: IDTW, Checked: true, Personal: true, Chance: 0.05, least: 10, most: 10},
		{Name: "my_number_jp", Title: "Japanese individual number", Standard: "Ordinance 85 of 2014, Ministry of Internal Affairs", Country: "JP",
			Example: "123456789018", Check: MyNumber, Checked: true, Personal: true, Chance: 0.11, least: 12, most: 12},
		{Name: "nik_id", Title: "Indonesian identity number", Standard: "Ministry of Home Affairs", Country: "ID", Example: "3171011708450001",
			Check: NIK, Listed: true, Personal: true, Chance: 0.06, least: 16, most: 16},
		{Name: "nric_my", Title: "Malaysian identity card number", Standard: "National Registration Department", Country: "MY",
			Example: "800101145678", Check: IDMY, Listed: true, Personal: true, Chance: 0.05, least: 12, most: 12},
		{Name: "nric_sg", Title: "Singapore NRIC or FIN", Standard: "Immigration and Checkpoints Authority", Country: "SG", Example: "S1234567D",
			Check: IDSG, Checked: true, Personal: true, Chance: 0.02, least: 9, most: 9},
		{Name: "ric_cn", Title: "Chinese resident identity number", Standard: "GB 11643-1999", Country: "CN", Example: "11010519491231002X",
			Check: RIC, Checked: true, Personal: true, Chance: 0.001, least: 18, most: 18},
		{Name: "rrn_kr", Title: "Korean resident registration number", Standard: "Resident Registration Act", Country: "KR", Example: "9710139019902",
			Check: RRN, Checked: true, Personal: true, Chance: 0.01, least: 13, most: 13},
	}
}
