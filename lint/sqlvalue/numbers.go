package sqlvalue

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

var decimalText = regexp.MustCompile(`^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?$`)

// maxDigits bounds the numbers that are computed with: a default of a stranger
// can be 1e1000000000.
const maxDigits = 400

// ParseNumber reads a number as numeric's input function does: "12.50", "1e3".
// ok is false for anything else, NaN among it, and for numbers that are absurdly
// long.
func ParseNumber(text string) (n *big.Rat, ok bool) {
	text = strings.TrimSpace(text)
	match := decimalText.FindStringSubmatch(text)
	if match == nil || len(text) > maxDigits {
		return nil, false
	}
	if match[1] != "" {
		if exponent, err := strconv.Atoi(match[1]); err != nil || exponent > maxDigits || exponent < -maxDigits {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}

// integerBits are the sizes of the integer types.
var integerBits = map[string]uint{"int2": 16, "int4": 32, "int8": 64}

// Round rounds to so many digits behind the point, halves away from zero, as
// numeric does: 1.005 to 1.01.
func Round(n *big.Rat, digits int) *big.Rat {
	rounded, _ := new(big.Rat).SetString(n.FloatString(digits))
	return rounded
}

// Fits reports whether the type can hold a number, after rounding. limit says what
// the type holds: "-32768 to 32767" for int2, "values below 10^3" for
// numeric(5,2). Types without a limit hold everything.
func (t Type) Fits(n *big.Rat) (fits bool, limit string) {
	switch {
	case t.Array:
		return true, ""
	case integerBits[t.Name] > 0:
		return integerInRange(n, integerBits[t.Name])
	case t.Name == "numeric" && len(t.Mods) > 0:
		return numericInRange(n, t.Mods[0], t.Scale())
	case t.Name == "float4":
		f, _ := n.Float32()
		return !math.IsInf(float64(f), 0), "about ±3.4e38"
	case t.Name == "float8":
		f, _ := n.Float64()
		return !math.IsInf(f, 0), "about ±1.8e308"
	}
	return true, ""
}

func integerInRange(n *big.Rat, size uint) (fits bool, limit string) {
	top := new(big.Int).Lsh(big.NewInt(1), size-1)
	low := new(big.Int).Neg(top)
	high := new(big.Int).Sub(top, big.NewInt(1))
	value := Round(n, 0).Num()
	return value.Cmp(low) >= 0 && value.Cmp(high) <= 0, low.String() + " to " + high.String()
}

func numericInRange(n *big.Rat, precision, scale int) (fits bool, limit string) {
	if scale < 0 || precision > maxDigits || scale > maxDigits {
		return true, ""
	}
	exponent := precision - scale
	bound, ok := ParseNumber("1e" + strconv.Itoa(exponent))
	if !ok {
		return true, ""
	}
	return new(big.Rat).Abs(Round(n, scale)).Cmp(bound) < 0, "values below 10^" + strconv.Itoa(exponent)
}
