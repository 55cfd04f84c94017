package yamltext_test

import (
	"path"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/yamltext"
)

// A pattern matches the file that it was made of, and no other one.
func TestPattern(t *testing.T) {
	for _, file := range []string{"a/b.sql", "a/[1] b.sql", "a/x*.sql", "a/what?.sql", `a/b\c.sql`, "**/x.sql"} {
		var got []string
		if err := yaml.Unmarshal([]byte("["+yamltext.Pattern(file)+", "+yamltext.PatternBelow(file)+"]"), &got); err != nil || len(got) != 2 {
			t.Fatalf("%s: %q, %v", file, got, err)
		}
		if ok, err := path.Match(got[0], file); err != nil || !ok {
			t.Errorf("%q does not match %q: %v", got[0], file, err)
		}
		if other := strings.NewReplacer("*", "y", "?", "y", "[1]", "1").Replace(file); other != file {
			if ok, _ := path.Match(got[0], other); ok {
				t.Errorf("%q matches %q, too", got[0], other)
			}
		}
		if got[1] != got[0]+"/**" {
			t.Errorf("%q is not below %q", got[1], got[0])
		}
	}
}

// What is written is read back as the same word.
func TestScalar(t *testing.T) {
	words := []string{"1", "1.5", "1e3", "0x1f", "1_000", ".inf", "2024-01-01", "y", "~", "db/migrations", ".", "20240101000000", "0018", ":DATABASE_VISITOR", "my folder", "a, b", "a: b", "x]", "{y}", "null", "No", `quo"te`, `back\slash`, "tab\t", "legacy/**", "*.sql", "ünï", "# none", "- x", "'", ""}
	for _, word := range words {
		var got struct {
			Dir  string
			List []string
		}
		var any struct{ Dir any }
		if err := yaml.Unmarshal([]byte("dir: "+yamltext.Scalar(word)), &any); err != nil || any.Dir != word {
			t.Errorf("%q is written %s and read as %#v, %v", word, yamltext.Scalar(word), any.Dir, err)
		}
		text := "{dir: " + yamltext.Scalar(word) + ", list: " + yamltext.List([]string{word, "b"}) + "}"
		if err := yaml.Unmarshal([]byte(text), &got); err != nil || got.Dir != word || len(got.List) != 2 || got.List[0] != word {
			t.Errorf("%q is written %s and read %+v, %v", word, text, got, err)
		}
	}
}
