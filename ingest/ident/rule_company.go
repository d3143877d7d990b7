package ident

// asiaRules are the company numbers of Asia and the Pacific.
func asiaRules() []Rule {
	return []Rule{
		{Name: "abn", Title: "Australian business number", Standard: "Australian Business Register", Country: "AU", Example: "51824753556",
			Check: ABN, Checked: true, Chance: 1.0 / 89, least: 11, most: 14},
		{Name: "acn", Title: "Australian company number", Standard: "ASIC", Country: "AU", Example: "004085616",
			Check: ACN, Checked: true, Chance: modulo10, least: 9, most: 12},
		{Name: "br_hk", Title: "Hong Kong business registration number", Standard: "Inland Revenue Department", Country: "HK", Example: "12345678",
			Check: BusinessHK, Chance: 1, least: 8, most: 24},
		{Name: "brn_kr", Title: "Korean business registration number", Standard: "National Tax Service", Country: "KR", Example: "1248100998",
			Check: BRN, Checked: true, Chance: modulo10, least: 10, most: 10},
		{Name: "corporate_jp", Title: "Japanese corporate number", Standard: "National Tax Agency", Country: "JP", Example: "7000012050002",
			Check: JapanCorporate, Checked: true, Chance: 0.1, least: 13, most: 14},
		{Name: "cr_hk", Title: "Hong Kong company number", Standard: "Companies Registry", Country: "HK", Example: "0012345",
			Check: CompanyHK, Chance: 1, least: 7, most: 9},
		{Name: "crn_kr", Title: "Korean corporate registration number", Standard: "Supreme Court registry", Country: "KR", Example: "1301110006246",
			Check: CorporateKR, Checked: true, Chance: modulo10, least: 13, most: 13},
		{Name: "gstin_in", Title: "Indian goods and services tax number", Standard: "GST Network", Country: "IN", Example: "27AAACR5055K1Z7",
			Check: GSTIN, Checked: true, Chance: 1.0 / 60, least: 15, most: 15},
		{Name: "iec_in", Title: "Indian importer exporter code", Standard: "DGFT", Country: "IN", Example: "0388066415",
			Check: IEC, Chance: 1, least: 10, most: 10},
		{Name: "mst_vn", Title: "Vietnamese tax code", Standard: "General Department of Taxation", Country: "VN", Example: "0100112437",
			Check: TaxVN, Checked: true, Persons: "mst_vn", Chance: modulo10, least: 10, most: 16},
		{Name: "npwp_id", Title: "Indonesian tax number", Standard: "Directorate General of Taxes", Country: "ID", Example: "013000666091000",
			Check: NPWP, Checked: true, Persons: "nik_id", Chance: modulo10, least: 15, most: 26},
		{Name: "pan_in", Title: "Indian permanent account number", Standard: "Income Tax Department", Country: "IN", Example: "AAACR5055K",
			Check: PAN, Listed: true, Chance: 11.0 / 26, least: 10, most: 10},
		{Name: "ssm_my", Title: "Malaysian company registration number", Standard: "SSM", Country: "MY", Example: "202001012345",
			Check: CompanyMY, Chance: 1, least: 3, most: 12},
		{Name: "tin_ph", Title: "Philippine taxpayer number", Standard: "Bureau of Internal Revenue", Country: "PH", Example: "000123456",
			Check: TaxPH, Chance: 1, least: 9, most: 14},
		{Name: "tin_th", Title: "Thai tax number", Standard: "Revenue Department", Country: "TH", Example: "0107544000108",
			Check: TaxTH, Checked: true, Persons: "id_th", Chance: modulo10, least: 13, most: 13},
		{Name: "ubn_tw", Title: "Taiwan unified business number", Standard: "Ministry of Finance", Country: "TW", Example: "22099131",
			Check: UBN, Checked: true, Chance: 0.22, least: 8, most: 8},
		{Name: "uen_sg", Title: "Singapore unique entity number", Standard: "ACRA", Country: "SG", Example: "196800306E",
			Check: UEN, Checked: true, Chance: 0.002, least: 9, most: 13},
		{Name: "uscc_cn", Title: "Chinese unified social credit code", Standard: "GB 32100-2015", Country: "CN", Example: "91350100M000100Y43",
			Check: USCC, Checked: true, Chance: 0.03, least: 18, most: 18},
	}
}

// westRules are the company numbers of Europe and those of the whole world.
func westRules() []Rule {
	return []Rule{
		{Name: "eori", Title: "economic operator number", Standard: "Regulation (EU) 952/2013", Example: "DE1234567", Check: EORI,
			Chance: 1, least: 3, most: 21},
		{Name: "gln", Title: "global location number", Standard: "GS1 General Specifications", Example: "4006381333931", Check: GLN,
			Checked: true, Chance: modulo10, least: 13, most: 16},
		{Name: "inn_ru", Title: "Russian tax number of a company", Standard: "Federal Tax Service", Country: "RU", Example: "7736050003",
			Check: INN, Checked: true, Chance: 0.1, least: 10, most: 13},
		{Name: "lei", Title: "legal entity identifier", Standard: "ISO 17442", Example: "5493001KJTIIGC8Y1R12", Check: LEI,
			Checked: true, Chance: modulo97, least: 20, most: 23},
		{Name: "org_no", Title: "Norwegian organisation number", Standard: "Register of Business Enterprises", Country: "NO", Example: "923609016",
			Check: OrgNO, Checked: true, Chance: modulo11, least: 9, most: 14},
		{Name: "uid_ch", Title: "Swiss enterprise number", Standard: "Federal Statistical Office", Country: "CH", Example: "CHE116281710",
			Check: UIDCH, Checked: true, Chance: 0.001, least: 12, most: 16},
		{Name: "vat", Title: "value added tax number of the European Union or the United Kingdom", Standard: "Directive 2006/112/EC, article 215",
			Example: "DE129273398", Check: VAT, Checked: true, Persons: "vat", Chance: 0.005, least: 4, most: 15},
	}
}

// americaRules are the company numbers of the Americas.
func americaRules() []Rule {
	return []Rule{
		{Name: "cnpj_br", Title: "Brazilian company number", Standard: "Receita Federal, Instrução Normativa 2.229/2024", Country: "BR",
			Example: "33000167000101", Check: CNPJ, Checked: true, Chance: modulo97, least: 14, most: 14},
		{Name: "cuit_ar", Title: "Argentine tax number", Standard: "ARCA", Country: "AR", Example: "30500010912",
			Check: CUIT, Checked: true, Chance: 0.01, least: 11, most: 11},
		{Name: "ein_us", Title: "United States employer number", Standard: "IRS publication 1635", Country: "US", Example: "911646860",
			Check: EIN, Listed: true, Chance: 0.85, least: 9, most: 9},
		{Name: "nit_co", Title: "Colombian tax number", Standard: "DIAN", Country: "CO", Example: "8999990681",
			Check: NIT, Checked: true, Chance: 0.1, least: 9, most: 14},
		{Name: "rfc_mx", Title: "Mexican taxpayer number", Standard: "SAT", Country: "MX", Example: "PME380607P35",
			Check: RFC, Checked: true, Chance: 0.005, least: 12, most: 14},
		{Name: "ruc_pe", Title: "Peruvian taxpayer number", Standard: "SUNAT", Country: "PE", Example: "20100113610",
			Check: RUC, Checked: true, Chance: 0.005, least: 11, most: 11},
		{Name: "rut_cl", Title: "Chilean taxpayer number", Standard: "Servicio de Impuestos Internos", Country: "CL", Example: "970040005",
			Check: RUT, Checked: true, Chance: 0.1, least: 8, most: 9},
	}
}
