package rules

// integerWidths are the bits of the largest number of a type.
var integerWidths = map[string]int{"int2": 15, "int4": 31, "int8": 63}
