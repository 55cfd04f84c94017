package postgres

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/program"
)

// hostileNpmrc is what somebody who can write to a directory above npm's would
// put there.
const hostileNpmrc = `registry=http://evil.invalid/
@embedded-postgres:registry=http://evil.invalid/
logs-dir=${EVIL}/logs
cache=${EVIL}/cache
script-shell=${EVIL}/shell
node-options=--require=${EVIL}/x.js
git=${EVIL}/git
`

// The npm of this machine is asked, with our environment and directory, what it
// would do.
func TestNpmReadsNoConfigurationAbove(t *testing.T) {
	above, home := openTempDir(t), openTempDir(t)
	npmrc := strings.ReplaceAll(hostileNpmrc, "${EVIL}", above)
	// A workspace root claims what is below.
	lay(t, filepath.Join(above, "a"), map[string]string{".npmrc": npmrc, "package.json": `{"workspaces":["*","**"]}`, "node_modules/x": ""})
	for name, text := range map[string]string{".npmrc": npmrc, "package.json": `{"workspaces":["a/*","a/**"]}`} {
		if err := os.WriteFile(filepath.Join(above, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	asking := filepath.Join(openTempDir(t), "bin")
	answers := filepath.Join(home, "answers")
	npm, err := program.Find("npm", os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	lay(t, asking, nil)
	// What comes after "pack" is kept: options count as well.
	writeScript(t, filepath.Join(asking, "npm"), `shift 2; "`+npm+`" config list --json "$@" >`+answers+`; exit 1`)
	path := asking + string(filepath.ListSeparator) + os.Getenv("PATH")
	o := Options{Getenv: environment(map[string]string{"PATH": path, "HOME": home})}
	if _, err := o.npmPack(t.Context(), pin{platform: "linux-x64", version: "1.2.3"}, filepath.Join(above, "a", "work")); err == nil {
		t.Error("no error")
	}
	text, err := os.ReadFile(answers)
	if err != nil || !strings.Contains(string(text), `"registry"`) {
		t.Fatalf("npm says %q, %v", text, err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "evil.invalid") || strings.Contains(line, filepath.Join(above, "logs")) || strings.Contains(line, filepath.Join(above, "shell")) {
			t.Errorf("npm takes %s", line)
		}
	}
	for _, made := range []string{"logs", "cache"} {
		if exists(filepath.Join(above, made)) {
			t.Errorf("npm wrote to %s", made)
		}
	}
	// Elsewhere in the same place, npm does take it.
	cmd := exec.CommandContext(t.Context(), npm, "config", "get", "registry", "--no-workspaces")
	cmd.Dir, cmd.Env = filepath.Join(above, "a"), []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
	if out, err := cmd.Output(); err != nil || !strings.Contains(string(out), "evil.invalid") {
		t.Errorf("the test's .npmrc does not count: %s, %v", out, err)
	}
}

func TestSettingsOfTheRepositoryAreNotPassedOn(t *testing.T) {
	repo, home := openTempDir(t), openTempDir(t)
	link := filepath.Join(home, "link")
	if err := errors.Join(os.Symlink(repo, link), os.WriteFile(filepath.Join(repo, ".npmrc"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{
		"HOME":                    repo,
		"NPM_CONFIG_USERCONFIG":   filepath.Join(repo, ".npmrc"),
		"NPM_CONFIG_GLOBALCONFIG": filepath.Join(link, ".npmrc"),
		"npm_config_cache":        filepath.Join(repo, "not", "yet"),
		"npm_config_prefix":       home,
		"https_proxy":             "http://gateway:3128",
	}
	o := Options{Outside: []string{repo}, Getenv: environment(vars)}
	env := o.npmEnvironment("/work")
	for _, want := range []string{"HOME=/work", "npm_config_prefix=" + home, "https_proxy=http://gateway:3128"} {
		if !slices.Contains(env, want) {
			t.Errorf("npm does not see %s", want)
		}
	}
	for _, line := range env {
		if strings.Contains(line, repo) || strings.Contains(line, link) {
			t.Errorf("npm sees %s", line)
		}
	}
	vars["DOCKER_CONFIG"] = filepath.Join(repo, ".docker")
	if line := strings.Join((container{options: o, docker: "/bin/true"}).command(t.Context()).Env, " "); strings.Contains(line, repo) {
		t.Errorf("docker sees %s", line)
	}
}
