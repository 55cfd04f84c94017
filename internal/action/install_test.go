package action_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A machine runs install.sh with programs of our own in place of curl and go.
type machine struct {
	dir string
	env map[string]string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{dir: t.TempDir()}
	m.env = map[string]string{
		"PATH":               m.path("bin") + ":/usr/bin:/bin",
		"RUNNER_TEMP":        m.path("temp"),
		"RUNNER_OS":          "Linux",
		"RUNNER_ARCH":        "X64",
		"GITHUB_OUTPUT":      m.path("output"),
		"MIGVET_ACTION_PATH": m.path("action"),
		"MIGVET_ACTION_REF":  "",
		"MIGVET_VERSION":     "",
		"MIGVET_BINARY":      "",
	}
	m.write(t, "action/internal/action/checksums.txt", "# a comment\n"+
		fmt.Sprintf("%x  v2.0.0/migvet-linux-amd64\n", sha256.Sum256([]byte("release 2")))+
		fmt.Sprintf("%x  v1.0.0/migvet-linux-amd64\n", sha256.Sum256([]byte("release 1")))+
		fmt.Sprintf("%x  v2.0.0/migvet-windows-arm64.exe\n", sha256.Sum256([]byte("release 2"))))
	m.program(t, "go", "exit 1")
	m.program(t, "curl", "exit 22")
	return m
}

func (m *machine) path(name string) string { return filepath.Join(m.dir, name) }

func (m *machine) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(m.path(name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(m.path(name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// program puts a script on the PATH; it leaves its arguments in a file.
func (m *machine) program(t *testing.T, name, script string) {
	t.Helper()
	m.write(t, "bin/"+name, "#!/bin/bash\nprintf '%s\\n' \"$@\" >"+m.path(name+".args")+"\n"+script+"\n")
}

// A curl that writes the given text, and a go that does; both find the file
// behind their -o.
const (
	writesRelease = `while [[ "$1" != --output ]]; do shift; done; printf 'release %s' "$(expr "$3" : '.*/v\([0-9]\)')" >"$2"`
	writesBuild   = `while [[ "$1" != -o ]]; do shift; done; printf 'build in %s' "$PWD" >"$2"; chmod +x "$2"`
)

func (m *machine) install(t *testing.T) (bin, log string, err error) {
	t.Helper()
	cmd := exec.Command("bash", "install.sh")
	for name, value := range m.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	text, err := cmd.CombinedOutput()
	output, readErr := os.ReadFile(m.path("output"))
	if readErr == nil {
		bin = strings.TrimSuffix(strings.TrimPrefix(string(output), "bin="), "\n")
	}
	return bin, string(text), err
}

// installs wants install.sh to end with an executable of the given content.
func (m *machine) installs(t *testing.T, want string) {
	t.Helper()
	bin, log, err := m.install(t)
	if err != nil {
		t.Fatalf("%v: %s", err, log)
	}
	text, err := os.ReadFile(bin)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(bin)
	if err != nil || info.Mode()&0o100 == 0 {
		t.Errorf("%s is not executable, %v", bin, err)
	}
	if string(text) != want {
		t.Errorf("installed %q, want %q; %s", text, want, log)
	}
}

func (m *machine) refuses(t *testing.T, want string) {
	t.Helper()
	bin, log, err := m.install(t)
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 3 || !strings.HasPrefix(log, "::error title=migvet%3A not installed::"+want) || bin != "" {
		t.Errorf("got %v, bin %q: %s", err, bin, log)
	}
}

func TestInstall(t *testing.T) {
	builds := func(m *machine) string { return "build in " + m.path("action") }
	for name, c := range map[string]struct {
		env       map[string]string
		curl, gob string
		want      func(*machine) string
	}{
		"tag":               {env: map[string]string{"MIGVET_ACTION_REF": "v2"}, curl: writesRelease, want: text("release 2")},
		"commit":            {env: map[string]string{"MIGVET_ACTION_REF": strings.Repeat("a1", 20)}, curl: writesRelease, want: text("release 2")},
		"version":           {env: map[string]string{"MIGVET_VERSION": "v1.0.0"}, curl: writesRelease, want: text("release 1")},
		"windows":           {env: map[string]string{"MIGVET_ACTION_REF": "v2.0.0", "RUNNER_OS": "Windows", "RUNNER_ARCH": "ARM64"}, curl: writesRelease, want: text("release 2")},
		"branch":            {env: map[string]string{"MIGVET_ACTION_REF": "main"}, curl: writesRelease, gob: writesBuild, want: builds},
		"local":             {curl: writesRelease, gob: writesBuild, want: builds},
		"no such asset":     {env: map[string]string{"MIGVET_ACTION_REF": "v2", "RUNNER_ARCH": "ARM64"}, curl: writesRelease, gob: writesBuild, want: builds},
		"unknown system":    {env: map[string]string{"MIGVET_ACTION_REF": "v2", "RUNNER_OS": "Plan9"}, curl: writesRelease, gob: writesBuild, want: builds},
		"download fails":    {env: map[string]string{"MIGVET_ACTION_REF": "v2"}, gob: writesBuild, want: builds},
		"binary beats both": {env: map[string]string{"MIGVET_ACTION_REF": "v2", "MIGVET_BINARY": "SELF/bin/mine"}, curl: writesRelease, gob: writesBuild, want: text("mine")},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			m.write(t, "bin/mine", "mine")
			for k, v := range c.env {
				m.env[k] = strings.Replace(v, "SELF", m.dir, 1)
			}
			if c.curl != "" {
				m.program(t, "curl", c.curl)
			}
			if c.gob != "" {
				m.program(t, "go", c.gob)
			}
			m.installs(t, c.want(m))
		})
	}
}

func text(s string) func(*machine) string { return func(*machine) string { return s } }

func TestInstallChecksWhatItDownloads(t *testing.T) {
	m := newMachine(t)
	m.env["MIGVET_ACTION_REF"] = "v2"
	m.program(t, "curl", `while [[ "$1" != --output ]]; do shift; done; printf evil >"$2"`)
	m.program(t, "go", writesBuild)
	m.refuses(t, "the checksum of migvet-linux-amd64 v2.0.0 is ")
	if _, err := os.Stat(m.path("temp/migvet/bin/migvet")); err == nil {
		t.Error("the download was installed all the same")
	}
}

func TestInstallRefuses(t *testing.T) {
	for want, env := range map[string]map[string]string{
		"input version: no release of that version":   {"MIGVET_VERSION": "v9.9.9"},
		"input binary: no executable file":            {"MIGVET_BINARY": "/nowhere/migvet"},
		"there is no release for Linux X64, and the ": {"MIGVET_ACTION_REF": "main"},
	} {
		m := newMachine(t)
		for k, v := range env {
			m.env[k] = v
		}
		m.refuses(t, want)
	}
}

// Containers without curl have wget, or are told.
func TestInstallWithoutCurl(t *testing.T) {
	m := newMachine(t)
	m.env["MIGVET_ACTION_REF"] = "v2"
	m.program(t, "go", writesBuild)
	if err := os.Remove(m.path("bin/curl")); err != nil {
		t.Fatal(err)
	}
	m.env["PATH"] = m.path("bin") + ":" + without(t, "curl", "wget")
	m.refuses(t, "neither curl nor wget is there")
	m.program(t, "wget", `while [[ "$1" != -O ]]; do shift; done; printf 'release %s' "$(expr "$3" : '.*/v\([0-9]\)')" >"$2"`)
	m.installs(t, "release 2")
}

func TestInstallFetchesOverHTTPSOnly(t *testing.T) {
	m := newMachine(t)
	m.env["MIGVET_ACTION_REF"] = "v2"
	m.program(t, "curl", writesRelease)
	m.installs(t, "release 2")
	args, err := os.ReadFile(m.path("curl.args"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--proto\n=https\n", "--proto-redir\n=https\n", "--fail\n", "https://github.com/migvet/migvet/releases/download/v2.0.0/migvet-linux-amd64\n"} {
		if !strings.Contains(string(args), want) {
			t.Errorf("curl lacks %q in %q", want, args)
		}
	}
}
