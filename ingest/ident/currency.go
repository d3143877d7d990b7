package ident

import "strings"

// Currency checks a currency code of ISO 4217. Codes of money that has ended are
// Discouraged, with the successor as Expected where there is one and the same.
func Currency(text string) Result {
	value := compact(text)
	if !letters(value, 3) {
		return malformed(value)
	}
	if in(currencies, value) {
		return Result{Value: value}
	}
	if in(euroBefore, value) {
		return Result{Value: value, Mark: Discouraged, Expected: "EUR"}
	}
	if i := strings.Index(currenciesBefore, value+">"); i >= 0 {
		return Result{Value: value, Mark: Discouraged, Expected: currenciesBefore[i+4 : i+7]}
	}
	return unlisted(value)
}

// in says whether a three-letter code is in a sorted list of codes and spaces.
func in(list, code string) bool {
	low, high := 0, (len(list)+1)/4
	for low < high {
		middle := (low + high) / 2
		switch at := list[4*middle : 4*middle+3]; {
		case at == code:
			return true
		case at < code:
			low = middle + 1
		default:
			high = middle
		}
	}
	return false
}

// currencies in use, fund codes and metals included (ISO 4217, list one).
const currencies = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD " +
	"CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS " +
	"GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK " +
	"LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB " +
	"PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS " +
	"TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XCD XCG XDR XOF XPD " +
	"XPF XPT XSU XUA YER ZAR ZMW ZWG"

// euroBefore lists what the euro replaced.
const euroBefore = "ATS BEF BGN CYP DEM EEK ESP FIM FRF GRD HRK IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK XEU"

// currenciesBefore lists other money that has ended, and its successor.
const currenciesBefore = "AFA>AFN ANG>XCG AOK>AOA AZM>AZN BYR>BYN BYB>BYN BRR>BRL CSK>CZK CUC>CUP GHC>GHS MGF>MGA MRO>MRU " +
	"MXP>MXN MZM>MZN PEI>PEN PLZ>PLN ROL>RON RUR>RUB SDD>SDG SLL>SLE SRG>SRD STD>STN TMM>TMT TRL>TRY UAK>UAH VEB>VES VEF>VES " +
	"YDD>YER YUM>RSD CSD>RSD ZMK>ZMW ZRN>CDF ZWD>ZWG ZWL>ZWG BGL>EUR UYP>UYU CNH>CNY"
