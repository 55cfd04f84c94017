package yamltext_test

import (
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/yamltext"
)

// What is written is read back as the same word.
func TestScalar(t *testing.T) {
	words := []string{"db/migrations", ".", "20240101000000", "0018", ":DATABASE_VISITOR", "my folder", "a, b", "a: b", "x]", "{y}", "null", "No", `quo"te`, `back\slash`, "tab\t", "legacy/**", "*.sql", "ünï", "# none", "- x", "'", ""}
	for _, word := range words {
		var got struct {
			Dir  string
			List []string
		}
		text := "{dir: " + yamltext.Scalar(word) + ", list: " + yamltext.List([]string{word, "b"}) + "}"
		if err := yaml.Unmarshal([]byte(text), &got); err != nil || got.Dir != word || len(got.List) != 2 || got.List[0] != word {
			t.Errorf("%q is written %s and read %+v, %v", word, text, got, err)
		}
	}
}
