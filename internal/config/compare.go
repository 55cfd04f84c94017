package config

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// Trusted is the configuration for a branch that anybody may write: the base's,
// but for where the migrations are, which the branch may change. What a Folder
// says has to stay harmless for that.
func Trusted(base, head *Config) *Config {
	c := *base
	c.Migrations = head.Migrations
	return &c
}

// Weaker says what a branch no longer checks, or checks less severely, by its
// configuration: "turns column-dropped off". It is what a reviewer should not
// overlook in a diff.
func Weaker(base, head *Config, rules []*lint.Rule) []string {
	weaker := slices.Concat(lowered(base, head, rules), ignored(base, head), accepted(base, head), dropped(base, head))
	if base.failsFor() < head.failsFor() {
		weaker = append(weaker, "sets fail-on to "+failOns[head.failsFor()])
	}
	if head.Role == Superuser && base.Role != Superuser {
		weaker = append(weaker, "runs migrations as a superuser")
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
	return weaker
}

func lowered(base, head *Config, rules []*lint.Rule) []string {
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

func ignored(base, head *Config) []string {
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

func accepted(base, head *Config) []string {
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

// dropped are folders that were named and are not any more, and the detection
// that a first list of folders replaces.
func dropped(base, head *Config) []string {
	if len(head.Migrations) > 0 && len(base.Migrations) == 0 {
		return []string{"checks only " + strings.Join(folders(head), ", ")}
	}
	if len(head.Migrations) == 0 {
		return nil // all that can be detected
	}
	var weaker []string
	for _, dir := range folders(base) {
		if !slices.Contains(folders(head), dir) {
			weaker = append(weaker, "no longer checks "+dir)
		}
	}
	return weaker
}

func folders(c *Config) []string {
	var dirs []string
	for _, f := range c.Migrations {
		dirs = append(dirs, f.Dir)
	}
	return dirs
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
