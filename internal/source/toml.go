package source

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// parseTOML reads a file of TOML into nested maps.
func parseTOML(text string) (map[string]any, error) {
	var document map[string]any
	err := toml.Unmarshal([]byte(strings.TrimPrefix(text, byteOrderMark)), &document)
	var where *toml.DecodeError
	if errors.As(err, &where) {
		row, _ := where.Position()
		return nil, fmt.Errorf("line %d: %s", row, strings.TrimPrefix(where.Error(), "toml: "))
	}
	return document, err
}
