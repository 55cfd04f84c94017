package source

import (
	"strconv"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// yamlPlain matches what YAML reads as it is inside of braces.
var yamlPlain = lazyregexp.New(`^[A-Za-z0-9_./][A-Za-z0-9_./-]*$`)

// yamlScalar writes a word so that YAML reads it back in {key: value}: ":NAME" needs
// quotes.
func yamlScalar(word string) string {
	if yamlPlain.MatchString(word) {
		return word
	}
	return strconv.Quote(word)
}
