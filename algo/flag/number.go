package flag

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Number is written with 12 significant digits, what two processor architectures agree on. What is no number is written as
// null and read as 0.
type Number float64

// MarshalJSON writes the number.
func (n Number) MarshalJSON() ([]byte, error) {
	f := float64(n)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 12, 64), 64)
	if err != nil {
		return nil, fmt.Errorf("flag: number %v: %w", f, err)
	}
	return json.Marshal(rounded)
}
