package flag

import "rummage/algo/stat"

// Number is written with 12 significant digits, what two processor architectures agree on. What is no number is written as
// null and read as 0.
type Number float64

// MarshalJSON writes the number.
func (n Number) MarshalJSON() ([]byte, error) { return stat.JSON(float64(n)) }
