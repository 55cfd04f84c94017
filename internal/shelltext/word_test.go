package shelltext_test

import (
	"os/exec"
	"testing"

	"github.com/migvet/migvet/internal/shelltext"
)

// What is written is one argument, and the same word.
func TestWord(t *testing.T) {
	words := []string{"db/migrations", "my folder", "a,b", "$(echo x)", "`echo x`", "it's", `quo"te`, `back\slash`, "*", "~", "a;b", "a&b", "ünï", "#x", "{a,b}", "!x", "x=y", "=x", "new\nline", "tab\t'\\", ""}
	for _, word := range words {
		text := shelltext.Word(word)
		got, err := exec.Command("bash", "-c", "printf '%s|' "+text).Output()
		if err != nil || string(got) != word+"|" {
			t.Errorf("%q is written %s and read %q, %v", word, text, got, err)
		}
	}
}

func TestPath(t *testing.T) {
	for path, want := range map[string]string{"db/migrations": "db/migrations", "-rf": "./-rf", "-r f": "'./-r f'"} {
		if got := shelltext.Path(path); got != want {
			t.Errorf("%q is written %s, want %s", path, got, want)
		}
	}
}
