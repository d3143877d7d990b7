package stat

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// significant is how many digits of a computed number two processor architectures agree on.
const significant = 12

// Digits spells a number with 12 significant digits.
func Digits(x float64) string { return strconv.FormatFloat(x, 'g', significant, 64) }

// JSON spells a number as JSON does, with 12 significant digits; what is no number is null.
func JSON(x float64) ([]byte, error) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return []byte("null"), nil
	}
	rounded, err := strconv.ParseFloat(Digits(x), 64)
	if err != nil {
		return nil, fmt.Errorf("stat: number %v: %w", x, err)
	}
	return json.Marshal(rounded)
}
