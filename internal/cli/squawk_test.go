package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/migvet/migvet/internal/cli"
)

// squawkVersion is what docs/from-squawk.md compares with.
const squawkVersion = "2.66.0"

// TestFromSquawk holds each row of docs/from-squawk.md to what both programs say
// of its example.
func TestFromSquawk(t *testing.T) {
	dir := t.TempDir()
	archive, err := txtar.ParseFile("../../testdata/from-squawk.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if err := txtar.Write(archive, dir); err != nil {
		t.Fatal(err)
	}
	rows := squawkRows(t)
	squawk := runSquawk(t, dir, rows)
	for rule := range squawk {
		if rows[rule] == nil {
			t.Errorf("docs/from-squawk.md has no row for %s", rule)
		}
	}
	for rule, want := range rows {
		t.Run(rule, func(t *testing.T) {
			if !slices.Contains(squawk[rule], rule) {
				t.Errorf("squawk says %q of its example", squawk[rule])
			}
			for _, w := range want {
				if got := migvetRules(t, filepath.Join(dir, rule), w, want); !slices.Contains(got, w) {
					t.Errorf("migvet says %q of it, not %s", got, w)
				}
			}
		})
	}
}

// squawkRows reads the table of rules: those of migvet by that of squawk, an
// empty list where there is none.
func squawkRows(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/from-squawk.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	name := regexp.MustCompile("`([a-z-]+)`")
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z-]+-[a-z-]+) \| (.*?) \|`).FindAllStringSubmatch(string(text), -1) {
		rules := []string{}
		for _, n := range name.FindAllStringSubmatch(m[2], -1) {
			rules = append(rules, n[1])
		}
		if (len(rules) == 0) != (m[2] == "none") {
			t.Errorf("%s: %s", m[1], m[2])
		}
		rows[m[1]] = rules
	}
	if len(rows) < 30 {
		t.Fatalf("docs/from-squawk.md has %d rows", len(rows))
	}
	return rows
}

// runSquawk returns the rules that squawk names, by the folder of the file.
func runSquawk(t *testing.T, dir string, rows map[string][]string) map[string][]string {
	t.Helper()
	home := t.TempDir()
	install := exec.CommandContext(t.Context(), "npm", "install", "--prefix", home, "--no-audit", "--no-fund", "--loglevel=error", "squawk-cli@"+squawkVersion)
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm install: %v\n%s", err, out)
	}
	args := []string{"--reporter", "json", "--pg-version", "16"}
	for rule := range rows {
		args = append(args, "--include", rule)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "002_new.sql"))
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), filepath.Join(home, "node_modules", ".bin", "squawk"), append(args, files...)...)
	cmd.Stderr = &stderr
	out, _ := cmd.Output() // it exits with 1, for findings
	var findings []struct {
		File string `json:"file"`
		Rule string `json:"rule_name"`
	}
	if err := json.Unmarshal(out, &findings); err != nil {
		t.Fatalf("squawk: %v\n%s", err, stderr.String())
	}
	said := map[string][]string{}
	for _, file := range files {
		said[filepath.Base(filepath.Dir(file))] = nil
	}
	for _, f := range findings {
		rule := filepath.Base(filepath.Dir(f.File))
		said[rule] = append(said[rule], f.Rule)
	}
	return said
}

// migvetRules lints the new migration, with the rules that are opt-in switched on.
func migvetRules(t *testing.T, dir, rule string, others []string) []string {
	t.Helper()
	config := "rules: {" + rule + ": warning, "
	for _, r := range others {
		if r != rule {
			config += r + ": off, " // of one lock, one of both would tell of it
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".migvet.yml"), []byte(strings.TrimSuffix(config, ", ")+"}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"lint", "--all", "--format", "json"}
	if _, err := os.Stat(filepath.Join(dir, "001_before.sql")); err == nil {
		args = []string{"lint", "--since", "001_before.sql", "--format", "json"}
	}
	var stdout, stderr bytes.Buffer
	env := cli.Env{Dir: dir, Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }, Now: time.Now}
	cli.Main(context.Background(), env, args)
	var report struct {
		Findings []struct{ Rule string }
	}
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatalf("%v\n%s%s", err, stdout.String(), stderr.String())
	}
	var said []string
	for _, f := range report.Findings {
		said = append(said, f.Rule)
	}
	return said
}
