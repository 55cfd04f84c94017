package drizzlekit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/program"
)

// A Project is where a repository has its own drizzle-kit generate migrations.
type Project struct {
	Root   string // of the repository, absolute
	Config string // its drizzle.config, relative to Root
	Out    string // its folder of migrations, relative to Root
	Getenv func(string) string
}

// A Generation is what drizzle-kit generate has to say of a project.
type Generation struct {
	Version string // of drizzle-kit; "" when it does not tell
	SQL     string // of the migration that is missing; "" when none is
	Asks    bool   // it asks whether something is renamed or new, so a migration is missing
}

// ErrNotInstalled is returned by Generate when the project has no drizzle-kit.
var ErrNotInstalled = errors.New("drizzle-kit is not installed; run npm install, or the like, first")

// generateTimeout is some ten times what a large schema takes.
const generateTimeout = 2 * time.Minute

// Generate runs drizzle-kit generate of the project on a copy of its
// migrations, and changes nothing in the project. That runs code of the
// project: its configuration, its schema files and what they import. They see
// none of our environment but $PATH, and that without the project's directories:
// node is the machine's.
func Generate(ctx context.Context, p Project) (Generation, error) {
	kit, err := p.program()
	if err != nil {
		return Generation{}, err
	}
	work, err := os.MkdirTemp("", "drizzle-of-migvet-")
	if err != nil {
		return Generation{}, err
	}
	defer os.RemoveAll(work)
	out := filepath.Join(work, "out")
	if err := copyFolder(out, filepath.Join(p.Root, filepath.FromSlash(p.Out))); err != nil {
		return Generation{}, fmt.Errorf("copy the migrations: %w", err)
	}
	before, err := migrationFiles(out)
	if err != nil {
		return Generation{}, err
	}
	output, err := p.run(ctx, kit, work, out)
	if err != nil {
		return Generation{}, err
	}
	g := Generation{Version: versionOf(kit)}
	if g.SQL, err = addedText(out, before); err != nil {
		return Generation{}, err
	}
	g.Asks = g.SQL == "" && asksQuestion.MatchString(output)
	if g.SQL == "" && !g.Asks && !strings.Contains(output, nothingMissing) {
		return Generation{}, fmt.Errorf("drizzle-kit generate: %s", errorLine(strings.ReplaceAll(output, p.Root+string(filepath.Separator), "")))
	}
	return g, nil
}

// program finds drizzle-kit as npm does: in the nearest node_modules.
func (p Project) program() (string, error) {
	for dir := filepath.Dir(filepath.FromSlash(p.Config)); ; dir = filepath.Dir(dir) {
		kit, err := program.Executable(filepath.Join(p.Root, dir, "node_modules", ".bin", "drizzle-kit"), p.Getenv)
		if err == nil {
			return kit, nil
		}
		if dir == "." {
			return "", ErrNotInstalled
		}
	}
}

// A project without migrations has no folder yet.
func copyFolder(to, from string) error {
	err := os.CopyFS(to, os.DirFS(from))
	if errors.Is(err, fs.ErrNotExist) {
		return os.MkdirAll(to, 0o700)
	}
	return err
}

// configTemplate is the project's own with another folder. drizzle-kit puts "./"
// in front of the folder, so that it cannot be absolute.
// https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-kit/src/cli/commands/utils.ts
const configTemplate = `import config from %s;
export default { ...config, out: %s };
`

// run executes drizzle-kit where its user would. Its exit status tells nothing:
// up to 0.31 it is 0 whatever happens.
func (p Project) run(ctx context.Context, kit, work, out string) (string, error) {
	file := filepath.Join(p.Root, filepath.FromSlash(p.Config))
	dir := filepath.Dir(file)
	folder, err := filepath.Rel(dir, out)
	if err != nil {
		return "", err
	}
	config := filepath.Join(work, "drizzle.config.ts")
	if err := os.WriteFile(config, fmt.Appendf(nil, configTemplate, inJSON(file), inJSON(folder)), 0o600); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, generateTimeout, fmt.Errorf("gave up after %v", generateTimeout))
	defer cancel()
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, kit, "generate", "--config="+config)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &output, &output
	cmd.WaitDelay = time.Second
	cmd.Env = []string{
		"PATH=" + program.SearchPath(p.Getenv, append(program.Workspaces(p.Getenv), p.Root)...), "HOME=" + work, "TMPDIR=" + work, "NO_COLOR=1",
		// Many configurations want one, and generate connects to nothing.
		"DATABASE_URL=postgres://nobody@migvet.invalid/none",
	}
	err = cmd.Run()
	if ctx.Err() != nil {
		return "", fmt.Errorf("drizzle-kit generate: %w", context.Cause(ctx))
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return "", fmt.Errorf("drizzle-kit generate: %w", err)
	}
	return output.String(), nil
}

func inJSON(path string) string {
	text, _ := json.Marshal(filepath.ToSlash(path)) // a string always has one
	return string(text)
}

const nothingMissing = "No schema changes, nothing to migrate"

// asksQuestion is what drizzle-kit writes when it wants an answer: 0.31 with and
// without a check for a terminal, and 1.0.
var asksQuestion = lazyregexp.New(`created or renamed from another|Interactive prompts require a TTY|missing_hints`)

// migrationFiles are the SQL files of both layouts, relative to the folder:
// 0001_a.sql and 20260101000000_a/migration.sql.
func migrationFiles(dir string) (map[string]bool, error) {
	files := map[string]bool{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(file string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && strings.HasSuffix(file, ".sql") {
			files[file] = true
		}
		return err
	})
	return files, err
}

// addedText returns the text of the migrations that were not there before.
func addedText(dir string, before map[string]bool) (string, error) {
	after, err := migrationFiles(dir)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, file := range slices.Sorted(maps.Keys(after)) {
		if before[file] {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil {
			return "", err
		}
		text.Write(data)
	}
	return text.String(), nil
}

// errorLine is the line of the output that says why nothing came of it.
func errorLine(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	i := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, "rror") })
	if i < 0 {
		i = len(lines) - 1
	}
	line := strings.TrimSpace(lines[i])
	if strings.HasSuffix(line, ":") && i+1 < len(lines) {
		line += " " + strings.TrimSpace(lines[i+1])
	}
	return line
}

// versionOf reads the version of the package that a program in .bin belongs to.
func versionOf(kit string) string {
	data, err := os.ReadFile(filepath.Join(filepath.Dir(kit), "..", "drizzle-kit", "package.json"))
	if err != nil {
		return ""
	}
	var manifest struct{ Version string }
	if json.Unmarshal(data, &manifest) != nil {
		return ""
	}
	return manifest.Version
}
