package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/migvet/migvet/lint"
)

// A ruleCase is one bad or good example of a rule: migrations that stand on the
// base branch, and those under review with the findings they want.
//
// In testdata/rules/ID.txtar, base.sql is the base of all cases; a section
// bad*.sql or good*.sql is one case, bad*/1.sql, bad*/2.sql … one case of
// several migrations. Behind a statement's first line, comments say what is
// wanted there, as regular expressions over "message [evidence]":
//
//	-- want "…"      in every run
//	-- static "…"    only without a server
//	-- measured "…"  only with one
//
// A section fixed-bad*.sql is the text of a case after the repairs that the
// rule's findings offer; a case whose findings offer some has one.
//
// A first line "-- case: tx=none postgres=17" changes how the case runs: the
// transaction mode (file, all, none; file is the default), the oldest major
// version that knows the syntax; tool=Prisma names the tool, role=superuser runs it as one,
// split=drizzle sends what stands between Drizzle's breakpoints, send=statements each statement by itself.
//
// Every case also runs with its tables called otherwise (mutations_test.go). A line
// "-- not renamed, moved, quoted, reached: why" (one of them or several) spares a case that would mean something else then.
type ruleCase struct {
	rule, name string
	base       []*lint.Migration
	new        []*lint.Migration
	major      int
	tool       string
	searchPath []string // of its sessions; nil for the server's
	superuser  bool     // migrations run as one
	stepwise   bool     // statements are sent one by one
	wants      []want
	readings   []func(string) string // of what a mutant says, as if it was the case; see compare
	fixed      map[string]string     // texts after repairs, by path

	sections []txtar.File      // base.sql and those of the case, as they stand in the file
	except   map[string]string // mutations that it is not run under, and why
}

type want struct {
	kind    string // want, static, measured
	path    string
	line    int
	pattern *regexp.Regexp
}

func (c ruleCase) bad() bool { return strings.HasPrefix(c.name, "bad") }

func (c ruleCase) history() *lint.History {
	h := &lint.History{Dir: "migrations", Tool: c.tool, Base: c.base, New: c.new, SearchPath: c.searchPath}
	if c.stepwise {
		h.Editing.Reread = func(m *lint.Migration, edits []lint.Edit) *lint.Migration {
			text, _ := lint.ApplyEdits(m.Source, edits)
			return &lint.Migration{Path: m.Path, Name: m.Name, Tx: m.Tx, Source: text, Chunks: lint.Split(text)}
		}
	}
	return h
}

var (
	wantComment = regexp.MustCompile(`--\s*((?:want|static|measured)\s+".*)$`)
	wantItem    = regexp.MustCompile(`(want|static|measured)?\s*("(?:[^"\\]|\\.)*")`)
	exception   = regexp.MustCompile(`^-- not ((?:renamed|moved|quoted|reached)(?:, (?:renamed|moved|quoted|reached))*): (.+)$`)
	caseHeader  = regexp.MustCompile(`^-- case:\s*(.*)$`)
)

func loadCases(t *testing.T) []ruleCase {
	t.Helper()
	files, err := filepath.Glob("../../testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases found: %v", err)
	}
	var cases []ruleCase
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found, err := parseCases(strings.TrimSuffix(filepath.Base(file), ".txtar"), txtar.Parse(data))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		cases = append(cases, found...)
	}
	return cases
}

func parseCases(rule string, a *txtar.Archive) ([]ruleCase, error) {
	var base *txtar.File
	byName := map[string]*ruleCase{}
	var names []string
	for i, f := range a.Files {
		if f.Name == "base.sql" {
			base = &a.Files[i]
			continue
		}
		of, isFixed := strings.CutPrefix(f.Name, "fixed-")
		name := strings.TrimSuffix(strings.SplitN(of, "/", 2)[0], ".sql")
		if !strings.HasPrefix(name, "bad") && !strings.HasPrefix(name, "good") {
			return nil, fmt.Errorf("section %s is neither base.sql nor bad* nor good*", f.Name)
		}
		c := byName[name]
		if c == nil {
			c = &ruleCase{rule: rule, name: name, fixed: map[string]string{}, except: map[string]string{}}
			byName[name] = c
			names = append(names, name)
		}
		if isFixed {
			c.fixed[migration(strings.ReplaceAll(of, "/", "-"), "").Path] = string(f.Data)
			continue
		}
		if err := c.add(f.Name, string(f.Data)); err != nil {
			return nil, err
		}
		c.sections = append(c.sections, f)
	}
	var cases []ruleCase
	for _, name := range names {
		c := byName[name]
		if base != nil {
			c.base = []*lint.Migration{migration("base.sql", string(base.Data))}
			c.sections = slices.Insert(c.sections, 0, *base)
		}
		cases = append(cases, *c)
	}
	return cases, nil
}

func migration(path, sql string) *lint.Migration {
	return &lint.Migration{
		Path: "migrations/" + path, Name: strings.TrimSuffix(path, ".sql"),
		Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}},
	}
}

func (c *ruleCase) add(name, sql string) error {
	m := migration(strings.ReplaceAll(name, "/", "-"), sql)
	if h := caseHeader.FindStringSubmatch(strings.SplitN(sql, "\n", 2)[0]); h != nil {
		if err := c.header(m, h[1]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	c.new = append(c.new, m)
	for i, line := range strings.Split(sql, "\n") {
		if e := exception.FindStringSubmatch(line); e != nil {
			for mutation := range strings.SplitSeq(e[1], ", ") {
				c.except[mutation] = e[2]
			}
		}
		comment := wantComment.FindStringSubmatch(line)
		if comment == nil {
			continue
		}
		if err := c.want(m.Path, i+1, comment[1]); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

func (c *ruleCase) header(m *lint.Migration, text string) error {
	for _, word := range strings.Fields(text) {
		k, v, _ := strings.Cut(word, "=")
		switch {
		case k == "tx" && v == "none":
			m.Tx = lint.TxNone
		case k == "tx" && v == "all":
			m.Tx = lint.TxAllPending
		case k == "tx" && v == "file":
			m.Tx = lint.TxFile
		case k == "send" && v == "statements":
			m.Chunks = lint.Split(m.Source)
			c.stepwise = true
		case k == "role" && v == "superuser":
			c.superuser = true
		case k == "tool":
			c.tool = v
		case k == "postgres":
			major, err := strconv.Atoi(v)
			if err != nil {
				return err
			}
			c.major = major
		case k == "split" && v == "drizzle":
			m.Chunks = betweenBreakpoints(m.Source)
		default:
			return fmt.Errorf("unknown setting %q", word)
		}
	}
	return nil
}

func betweenBreakpoints(sql string) []lint.Span {
	const marker = "--> statement-breakpoint"
	var chunks []lint.Span
	start := 0
	for piece := range strings.SplitSeq(sql, marker) {
		chunks = append(chunks, lint.Span{Start: start, End: start + len(piece)})
		start += len(piece) + len(marker)
	}
	return chunks
}

func (c *ruleCase) want(path string, line int, text string) error {
	kind := "want"
	for _, item := range wantItem.FindAllStringSubmatch(text, -1) {
		if item[1] != "" {
			kind = item[1]
		}
		pattern, err := strconv.Unquote(item[2])
		if err != nil {
			return fmt.Errorf("%s: %w", item[2], err)
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return err
		}
		c.wants = append(c.wants, want{kind, path, line, re})
	}
	return nil
}

// matches tells whether a pattern matches a text, which a mutation may have changed.
func (c ruleCase) matches(pattern *regexp.Regexp, text string) bool {
	return pattern.MatchString(text) || slices.ContainsFunc(c.readings, func(read func(string) string) bool { return pattern.MatchString(read(text)) })
}

// compare reports findings that nobody wants and wants that nobody meets.
func (c ruleCase) compare(t *testing.T, findings []lint.Finding, kinds ...string) {
	t.Helper()
	lines := map[string]*lint.Lines{}
	for _, m := range c.new {
		lines[m.Path] = lint.NewLines(m.Source)
	}
	met := map[int]bool{}
	for _, f := range findings {
		if f.Rule != c.rule {
			continue
		}
		line := lines[f.Path].Position(f.Start).Line
		text := f.Message + " [" + f.Evidence + "]"
		wanted := false
		for i, w := range c.wants {
			if slices.Contains(kinds, w.kind) && w.path == f.Path && w.line == line && c.matches(w.pattern, text) {
				met[i], wanted = true, true
			}
		}
		if !wanted {
			t.Errorf("%s:%d: unwanted finding: %s", f.Path, line, text)
		}
	}
	for i, w := range c.wants {
		if slices.Contains(kinds, w.kind) && !met[i] {
			t.Errorf("%s:%d: no finding of %s matches %q", w.path, w.line, c.rule, w.pattern)
		}
	}
}
