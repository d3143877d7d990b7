package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsTakenForANumber(t *testing.T) {
	for _, c := range []struct {
		text, key string
		kinds     []string
		wrong     bool
		taken     bool // among names
		alone     bool // where any number will do
	}{
		{"IMO 9074729", "9074729", []string{"imo_ship", "imo_company"}, false, true, true},
		{"imo:9074729", "9074729", []string{"imo_ship", "imo_company"}, false, true, true},
		{"IMO9074729", "9074729", []string{"imo_ship", "imo_company"}, false, true, true},
		{"IMO No. 9074720", "9074720", []string{"imo_ship", "imo_company"}, true, true, true},
		{"IMO 5342883", "5342883", []string{"imo_ship", "imo_company"}, false, true, true},
		{"MMSI 477 123 400", "477123400", []string{"mmsi"}, false, true, true},
		{"Call sign VRZZ9", "VRZZ9", []string{"call_sign"}, false, true, true},
		{"Passport no. RL 0244275", "RL0244275", []string{"passport"}, false, true, true},
		{"Company Registration No: 05678-123", "05678123", []string{"registration", "tax_number"}, false, true, true},
		{"CSQU 305438-3", "CSQU3054383", nil, false, true, true},
		{"9074729", "9074729", nil, false, true, true},
		{"A1234567", "A1234567", nil, false, false, true},
		{"042833", "042833", nil, false, false, true},
		{"1234", "", nil, false, false, false},
		{"Imogen 2000 Ltd", "", nil, false, false, false},
		{"Company 12 Trading", "", nil, false, false, false},
		{"Container Lines 2000", "", nil, false, false, false},
		{"Passport Photos Ltd", "", nil, false, false, false},
		{"Kam Fung Trading Co Ltd", "", nil, false, false, false},
		{"1002 Trading 3344", "", nil, false, false, false},
		{"", "", nil, false, false, false},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, taken := numberOf(c.text, false)
			require.Equal(t, c.taken, taken)
			g, alone := numberOf(c.text, true)
			require.Equal(t, c.alone, alone)
			if alone {
				require.Equal(t, c.key, g.key)
				require.Equal(t, c.kinds, g.kinds)
				require.Equal(t, c.wrong, g.marked != "", g.marked)
			}
		})
	}
}

func TestWhatAColumnOfNumbersIsCalled(t *testing.T) {
	for name, kinds := range map[string][]string{
		"IMO": {"imo_ship", "imo_company"}, "imo_number": {"imo_ship", "imo_company"}, "MMSI": {"mmsi"}, "Passport No": {"passport"}, "Passport Number": {"passport"},
		"Call Sign": {"call_sign"}, "container_no": {"container"}, "Tax ID": {"registration", "tax_number"}, "Company Registration Number": {"registration", "tax_number"},
		"Importer": nil, "Company": nil, "Company Name": nil, "Registration date": nil, "Passport country": nil, "Equipment type": nil, "No": nil,
	} {
		require.Equal(t, kinds, called(name), name)
	}
}

func TestTheNumberInAFact(t *testing.T) {
	for value, key := range map[string]string{
		"1084010 (Egypt)": "1084010", "A 123-456": "A123456", "RL 0244275 (Lebanon) issued 2012": "RL0244275", "C12345, MT": "C12345", "IMO 5849194": "5849194",
		"D9004878 Iran": "D9004878", "P1234 expires 12 Jan 2020": "P1234", "": "", "9187629": "9187629",
	} {
		require.Equal(t, key, keyOf(value), value)
	}
}

func FuzzNumberOf(f *testing.F) {
	for _, seed := range []string{"IMO 9074729", "Passport no. RL 0244275 (Lebanon)", "CSQU 305438-3", "", "reg", "\xff 12345"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		strict, taken := numberOf(text, false)
		loose, alone := numberOf(text, true)
		if taken {
			require.True(t, alone)
			require.Equal(t, strict, loose)
			require.NotEmpty(t, strict.key)
		}
		require.Equal(t, keyOf(text), keyOf(text))
	})
}
