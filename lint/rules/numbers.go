package rules

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

// decimal reads a number; ok is false for anything else, and for numbers that
// are absurdly long.
func decimal(text string) (n *big.Rat, ok bool) {
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

// number returns the value of a default that ends up as a number, when all
// casts leave it what it is.
func (d constantDefault) number() (n *big.Rat, ok bool) {
	if d.kind != numberLiteral && d.kind != stringLiteral || !d.onlyCastTo("numeric", d.typ.name) {
		return nil, false
	}
	return decimal(d.text)
}

// integerBits are the sizes of the integer types.
var integerBits = map[string]uint{"int2": 16, "int4": 32, "int8": 64}

// roundTo rounds to digits behind the point, halves away from zero, as
// numeric does.
func roundTo(n *big.Rat, digits int) *big.Rat {
	rounded, _ := new(big.Rat).SetString(n.FloatString(digits))
	return rounded
}

// inRange tells whether a type can hold a number, after rounding; limit says
// what the type holds. Types without a limit hold everything.
func inRange(n *big.Rat, t dataType) (fits bool, limit string) {
	switch {
	case t.array:
		return true, ""
	case integerBits[t.name] > 0:
		return integerInRange(n, integerBits[t.name])
	case t.name == "numeric" && len(t.mods) > 0:
		return numericInRange(n, t.mods[0], numericScale(t))
	case t.name == "float4":
		f, _ := n.Float32()
		return !math.IsInf(float64(f), 0), "about ±3.4e38"
	case t.name == "float8":
		f, _ := n.Float64()
		return !math.IsInf(f, 0), "about ±1.8e308"
	}
	return true, ""
}

func integerInRange(n *big.Rat, size uint) (fits bool, limit string) {
	top := new(big.Int).Lsh(big.NewInt(1), size-1)
	low := new(big.Int).Neg(top)
	high := new(big.Int).Sub(top, big.NewInt(1))
	value := roundTo(n, 0).Num()
	return value.Cmp(low) >= 0 && value.Cmp(high) <= 0, low.String() + " to " + high.String()
}

func numericScale(t dataType) int {
	if len(t.mods) < 2 {
		return 0
	}
	return t.mods[1]
}

func numericInRange(n *big.Rat, precision, scale int) (fits bool, limit string) {
	if scale < 0 || precision > maxDigits || scale > maxDigits {
		return true, ""
	}
	exponent := precision - scale
	bound, ok := decimal("1e" + strconv.Itoa(exponent))
	if !ok {
		return true, ""
	}
	return new(big.Rat).Abs(roundTo(n, scale)).Cmp(bound) < 0, "values below 10^" + strconv.Itoa(exponent)
}
