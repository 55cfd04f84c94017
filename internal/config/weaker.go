package config

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/migvet/migvet/lint"
)

// ForStrangers is what counts on a branch that anybody may write: the base's
// configuration, and beside it the folders that only the branch names. A folder
// that the base finds without being told, by detection, is among those; it is
// for the caller to tell.
func ForStrangers(base, head *Config) (counts *Config, added []Folder) {
	for _, f := range head.Migrations {
		if _, known := base.folder(f.Dir); !known {
			added = append(added, f)
		}
	}
	return base, added
}

// Weaker says what a branch's configuration no longer checks, checks less
// severely or differently: "turns column-dropped off". It is what a reviewer
// should not overlook in a diff. Entries of migrations for the directories in
// apart are left out.
func Weaker(base, head *Config, rules []*lint.Rule, apart ...string) []string {
	return slices.Concat(
		weakerSeverities(base, head, rules), weakerIgnores(base, head), weakerAccepts(base, head),
		weakerFolders(base, head), otherReading(base, head, apart), weakerVerdict(base, head), otherTrial(base, head),
	)
}

// weakerVerdict is what decides which findings fail the run.
func weakerVerdict(base, head *Config) []string {
	var weaker []string
	if base.failsFor() < head.failsFor() {
		weaker = append(weaker, "sets fail-on to "+failOns[head.failsFor()])
	}
	if head.Baseline != base.Baseline && head.Baseline != "" {
		weaker = append(weaker, "accepts the findings in "+head.Baseline)
	}
	if head.Stats != base.Stats && head.Stats != "" {
		weaker = append(weaker, "takes the sizes of tables from "+head.Stats)
	}
	if head.SmallTable.Rows > base.SmallTable.Rows || head.SmallTable.Bytes > base.SmallTable.Bytes {
		weaker = append(weaker, "calls larger tables small")
	}
	if cmp.Or(head.MaxLockTimeout, time.Minute) > cmp.Or(base.MaxLockTimeout, time.Minute) {
		weaker = append(weaker, "lets lock_timeout be longer")
	}
	return weaker
}

// otherTrial is where and how migrations are tried. What is right there depends on
// production, so that every change counts.
func otherTrial(base, head *Config) []string {
	var other []string
	if head.Role == Superuser && base.Role != Superuser {
		other = append(other, "runs migrations as a superuser")
	}
	if head.Role != Superuser && base.Role == Superuser {
		other = append(other, "runs migrations as the owner of the database")
	}
	return append(other, changedSettings(base.trialSettings(), head.trialSettings())...)
}

// changedSettings compares the same settings of two files.
func changedSettings(was, is []setting) []string {
	var changes []string
	for i, s := range is {
		switch {
		case s.text == was[i].text:
		case s.text == "":
			changes = append(changes, "removes "+s.key)
		default:
			changes = append(changes, "sets "+s.key+" to "+s.text)
		}
	}
	return changes
}

// A setting is a key with its value as it is told; "" when it is not said.
type setting struct{ key, text string }

func (c *Config) trialSettings() []setting {
	version, runner := "", ""
	if c.Postgres != 0 {
		version = fmt.Sprint(c.Postgres)
	}
	if c.Runner != nil {
		runner = c.Runner.String()
	}
	return []setting{
		{"postgres", version}, {"search-path", listText(c.SearchPath)}, {"before", c.Before}, {"base-schema", c.BaseSchema}, {"presets", listText(c.Presets)},
		{"extensions", listText(c.Extensions)}, {"roles", listText(c.Roles)}, {"runner", runner},
	}
}

// listText tells an empty list from none: presets: [] switches detection off.
func listText(names []string) string {
	if names == nil {
		return ""
	}
	return "[" + strings.Join(names, ", ") + "]"
}

func weakerSeverities(base, head *Config, rules []*lint.Rule) []string {
	var weaker []string
	for _, r := range rules {
		before, after := base.effective(r), head.effective(r)
		switch {
		case after >= before:
		case after == lint.Off:
			weaker = append(weaker, fmt.Sprintf("turns %s off", r.ID))
		default:
			weaker = append(weaker, fmt.Sprintf("lowers %s from %s to %s", r.ID, before, after))
		}
	}
	return weaker
}

func (c *Config) effective(r *lint.Rule) lint.Severity {
	if s, ok := c.severity[r.ID]; ok {
		return s
	}
	return r.Severity
}

func weakerIgnores(base, head *Config) []string {
	known := map[string]bool{}
	for _, g := range base.ignorePaths {
		known[base.rooted(g)] = true
	}
	var weaker []string
	for _, g := range head.ignorePaths {
		if at := head.rooted(g); !known[at] {
			weaker = append(weaker, "ignores "+at)
		}
	}
	return weaker
}

func weakerAccepts(base, head *Config) []string {
	known := map[string]bool{}
	for _, a := range base.accept {
		known[a.rule+" "+base.rooted(a.path)] = true
	}
	var weaker []string
	for _, a := range head.accept {
		if at := head.rooted(a.path); !known[a.rule+" "+at] {
			weaker = append(weaker, fmt.Sprintf("accepts %s in %s", a.rule, at))
		}
	}
	return weaker
}

// weakerFolders are folders that were named and are not any more, and the detection
// that a first list of folders replaces.
func weakerFolders(base, head *Config) []string {
	if len(head.Migrations) > 0 && len(base.Migrations) == 0 {
		return []string{"checks only " + strings.Join(folderDirs(head), ", ")}
	}
	if len(head.Migrations) == 0 {
		return nil // all that can be detected
	}
	var weaker []string
	for _, f := range base.Migrations {
		if _, named := head.folder(f.Dir); !named {
			weaker = append(weaker, "no longer checks "+f.Dir)
		}
	}
	return weaker
}

// otherReading are folders whose files are read otherwise.
func otherReading(base, head *Config, apart []string) []string {
	dirs := folderDirs(head)
	if len(dirs) == 0 {
		dirs = folderDirs(base) // which are detected there
	}
	var other []string
	for _, dir := range dirs {
		if slices.Contains(apart, dir) {
			continue
		}
		was, _ := base.folder(dir)
		is, _ := head.folder(dir)
		for _, change := range changedSettings(was.settings(), is.settings()) {
			other = append(other, change+" in "+dir)
		}
	}
	return other
}

func folderDirs(c *Config) []string {
	var dirs []string
	for _, f := range c.Migrations {
		dirs = append(dirs, f.Dir)
	}
	return dirs
}

// folder returns the entry for a directory.
func (c *Config) folder(dir string) (f Folder, named bool) {
	i := slices.IndexFunc(c.Migrations, func(f Folder) bool { return f.Dir == dir })
	if i < 0 {
		return Folder{}, false
	}
	return c.Migrations[i], true
}

// rooted writes a pattern relative to the root of the repository.
func (c *Config) rooted(g glob) string { return path.Join(c.dir, strings.Join(g, "/")) }

// failOns are the values of fail-on, the one that fails most first.
var failOns = []string{"notice", "warning", "error", "never"}

func (c *Config) failsFor() int {
	if c.FailOn == "" {
		return slices.Index(failOns, "error")
	}
	return slices.Index(failOns, c.FailOn)
}
