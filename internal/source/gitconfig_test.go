package source

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// gitGet asks git itself. Names with an underscore are none for git.
func gitGet(t *testing.T, text, key string) (value string, ok bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "_", "-")), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "config", "-z", "-f", file, "--get", strings.ReplaceAll(key, "_", "-"))
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	out, err := cmd.Output()
	return strings.ReplaceAll(strings.TrimSuffix(string(out), "\x00"), "-", "_"), err == nil
}

// Every shape is read as git reads it, or refused.
func TestGitConfig(t *testing.T) {
	const key = "core.deploy_dir"
	for _, c := range []struct{ name, text, want string }{ // want "!" for refused
		{"simple", "[core]\n\tdeploy_dir = decoy\n", "decoy"},
		{"no blanks", "[core]\ndeploy_dir=decoy", "decoy"},
		{"upper case", "[CORE]\nDEPLOY_DIR = Decoy\n", "Decoy"},
		{"a header in a comment", "[user]\nname = n\n# [core]\ndeploy_dir = decoy\n[core]\nengine = pg\n", ""},
		{"a header in another comment", "[user]\n; [core]\ndeploy_dir = decoy\n", ""},
		{"a header behind a value", "[user]\nname = [core]\ndeploy_dir = decoy\n", ""},
		{"a header in a string", "[user]\nname = \"[core]\"\ndeploy_dir = decoy\n", ""},
		{"a header in a comment behind a value", "[user]\nname = n # [core]\ndeploy_dir = decoy\n", ""},
		{"a header and a value in one line", "[core] deploy_dir = decoy\n", "decoy"},
		{"an indented header", "[user]\n \t[core]\n deploy_dir = decoy\n", "decoy"},
		{"a comment behind", "[core]\ndeploy_dir = decoy ; no # yes\n", "decoy"},
		{"quotes", "[core]\ndeploy_dir = \"de coy\" # x\n", "de coy"},
		{"comment signs in quotes", "[core]\ndeploy_dir = \"de#co;y\"\n", "de#co;y"},
		{"words", "[core]\ndeploy_dir = de coy\n", "de coy"},
		{"continued", "[core]\ndeploy_dir = de \\\ncoy\n", "de coy"},
		{"a key continued from the line before", "[core]\nx = 1 \\\ndeploy_dir = decoy\n", ""},
		{"a header continued from the line before", "[user]\nx = 1 \\\n[core]\ndeploy_dir = decoy\n", ""},
		{"continued in a comment", "[core]\nx = 1 # \\\ndeploy_dir = decoy\n", "decoy"},
		{"a section of a section", "[core \"x\"]\ndeploy_dir = decoy\n", ""},
		{"sections again", "[core]\nengine = pg\n[user]\nname = n\n[core]\ndeploy_dir = decoy\n", "decoy"},
		{"twice", "[core]\ndeploy_dir = a\ndeploy_dir = decoy\n", "!"},
		{"blanks behind", "[core]\ndeploy_dir = decoy \n", "!"},
		{"blanks between", "[core]\ndeploy_dir = de  coy\n", "!"},
		{"a # in a word", "[core]\ndeploy_dir = de#coy\n", "!"},
		{"no value", "[core]\ndeploy_dir\n", "!"},
		{"included", "[include]\npath = x\n[core]\ndeploy_dir = decoy\n", "!"},
		{"included on a condition", "[includeIf \"gitdir:x\"]\npath = x\n[core]\ndeploy_dir = decoy\n", "!"},
		{"a byte order mark", "\ufeff[core]\ndeploy_dir = decoy\n", "!"},
		{"line ends of Windows", "[core]\r\ndeploy_dir = decoy\r\n", "!"},
		{"quotes within a word", "[core]\ndeploy_dir = de\"co\"y\n", "!"},
		{"an open quote", "[user]\nname = \"n\n[core]\ndeploy_dir = decoy\n", "!"},
		{"an escape", "[core]\ndeploy_dir = de\\tcoy\n", "!"},
		{"before a section", "deploy_dir = decoy\n", "!"},
		{"a broken header", "[core\ndeploy_dir = decoy\n", "!"},
		{"a vertical tab", "[user]\n\v[core]\ndeploy_dir = decoy\n", "!"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, err := parseGitConfig(c.text)
			got := "!"
			if err == nil {
				if got, err = config.get(key); err != nil {
					got = "!"
				}
			}
			if got != c.want {
				t.Errorf("read %q (%v), want %q", got, err, c.want)
			}
			if is, _ := gitGet(t, c.text, key); got != "!" && got != is {
				t.Errorf("read %q, and git reads %q", got, is)
			}
		})
	}
}

// What is put together at random, too.
func TestGitConfigAtRandom(t *testing.T) {
	parts := []string{"[core]", "[user]", "[engine \"pg\"]", "[Core \"x\"]", "\n", "\n", "\n", " ", "\t", "deploy_dir", "deploy_dir = decoy", "x=", "=", "#", ";", "\\\n", "\\", "\"", "\"[core]\"", "a", "[", "]", "\"a b\""}
	random := rand.New(rand.NewPCG(1, 2))
	read := 0
	for range 1500 {
		text := "[core]\n"
		for range 1 + random.IntN(9) {
			text += parts[random.IntN(len(parts))]
		}
		config, err := parseGitConfig(text)
		if err != nil {
			continue
		}
		got, err := config.get("core.deploy_dir")
		if err != nil {
			continue
		}
		read++
		if is, _ := gitGet(t, text, "core.deploy_dir"); got != is {
			t.Errorf("%q: read %q, and git reads %q", text, got, is)
		}
	}
	if read < 100 {
		t.Errorf("only %d of the files could be read, which proves little", read)
	}
}
