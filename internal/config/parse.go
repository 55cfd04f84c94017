package config

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// Parse reads a file's content. The path is relative to the repository's root;
// the paths in the file then start from its directory, and from the root when
// the file is outside. All mistakes are reported at once, each a [Problem].
func Parse(file string, data []byte, rules []*lint.Rule) (*Config, error) {
	var documents []yaml.Node
	if err := yaml.Load(data, &documents, yaml.WithAllDocuments()); err != nil {
		return nil, syntaxProblem(file, err)
	}
	p := &parser{problems: problems{path: file}, ruleIDs: lint.RuleIDs(rules), groups: rulesByGroup(rules), config: Default()}
	if fs.ValidPath(file) {
		p.config.dir = path.Dir(file)
	}
	if len(documents) > 1 {
		p.at(&documents[1], "a second document is not read; remove the line with ---")
	}
	if len(documents) > 0 {
		p.document(&documents[0])
		p.checkPrecedences()
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	return p.config, nil
}

type parser struct {
	problems
	ruleIDs []string            // that may be named
	groups  map[string][]string // their rules, by the name that the file has for them
	config  *Config

	precedences []precedence // that after: has said so far
}

func (p *parser) document(n *yaml.Node) {
	if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
		n = n.Content[0]
	}
	if isNull(n) {
		return
	}
	p.mapping(n, "the configuration", p.fields())
}

// fields are the keys of the file.
func (p *parser) fields() []field {
	return []field{
		{"migrations", unlessNull(p.migrations)},
		{"postgres", p.postgres},
		{"role", p.role},
		{"runner", unlessNull(p.runner)},
		{"extensions", unlessNull(func(n *yaml.Node) { p.config.Extensions = p.names(n, "extensions") })},
		{"roles", unlessNull(func(n *yaml.Node) { p.config.Roles = p.names(n, "roles") })},
		{"presets", unlessNull(p.presets)},
		{"search-path", unlessNull(func(n *yaml.Node) { p.config.SearchPath = p.schemas(n) })},
		{"before", func(n *yaml.Node) { p.config.Before = p.path(n, "before") }},
		{"base-schema", func(n *yaml.Node) { p.config.BaseSchema = p.path(n, "base-schema") }},
		{"stats", p.stats},
		{"small-table", unlessNull(p.smallTable)},
		{"max-lock-timeout", p.maxLockTimeout},
		{"rules", unlessNull(p.rules)},
		{"ignore-paths", unlessNull(p.ignorePaths)},
		{"accept", unlessNull(p.accept)},
		{"fail-on", p.failOn},
		{"baseline", func(n *yaml.Node) { p.config.Baseline = p.path(n, "baseline") }},
	}
}

func (p *parser) migrations(n *yaml.Node) {
	p.items(n, "migrations", func(item *yaml.Node) {
		var f Folder
		first := len(p.precedences)
		p.mapping(item, "an item of migrations", p.folderFields(&f))
		p.ownPrecedences(first, f.Dir)
		switch {
		case item.Kind != yaml.MappingNode:
		case !hasKey(item, "dir"):
			p.at(item, "dir is missing")
		case slices.ContainsFunc(p.config.Migrations, func(other Folder) bool { return other.Dir == f.Dir }):
			p.at(item, "dir %s is listed twice", quoteExcerpt(f.Dir))
		case f.Dir != "":
			p.config.Migrations = append(p.config.Migrations, f)
		}
	})
}

func (p *parser) folderFields(f *Folder) []field {
	return []field{
		{"dir", func(n *yaml.Node) { f.Dir = p.path(n, "dir") }},
		{"tool", func(n *yaml.Node) { f.Tool, _ = p.choice(n, "tool", source.Tools()) }},
		{"placeholders", unlessNull(func(n *yaml.Node) { f.Placeholders = p.placeholders(n) })},
		{"history-table", func(n *yaml.Node) { f.HistoryTable = p.table(n) }},
		{"transaction", func(n *yaml.Node) { f.Transaction, _ = p.choice(n, "transaction", source.Transactions()) }},
		{"send", func(n *yaml.Node) { f.Send, _ = p.choice(n, "send", source.Sendings()) }},
		{"stand-in", unlessNull(func(n *yaml.Node) { f.StandIn = p.standIn(n) })},
		{"after", unlessNull(func(n *yaml.Node) { f.After = p.after(n) })},
		{"base-schema", func(n *yaml.Node) { f.BaseSchema = p.path(n, "base-schema") }},
		{"exclude", unlessNull(func(n *yaml.Node) { p.exclude(n, f) })},
	}
}

// standIn reads files by the versions of migrations, which YAML takes for numbers
// where they have no quotes.
func (p *parser) standIn(n *yaml.Node) map[string]string {
	files := map[string]string{}
	p.entries(n, "stand-in", func(key, value *yaml.Node) {
		if key.Value == "" {
			p.at(key, "the version of a migration is empty")
			return
		}
		if file := p.path(value, "the file that stands in for "+quoteExcerpt(key.Value)); file != "" {
			files[key.Value] = file
		}
	})
	return files
}

// placeholders reads values of any scalar; "" is one too.
func (p *parser) placeholders(n *yaml.Node) map[string]string {
	values := map[string]string{}
	p.entries(n, "placeholders", func(key, value *yaml.Node) {
		if value.Kind != yaml.ScalarNode || isNull(value) {
			p.at(value, "the value of a placeholder is text, not %s", nodeKind(value))
			return
		}
		values[key.Value] = value.Value
	})
	return values
}

// table is the name of a table, with its schema or without.
func (p *parser) table(n *yaml.Node) string {
	text, _ := p.text(n, "history-table")
	schema, table := source.SplitTable(text)
	if text != "" && (table == "" || strings.HasPrefix(text, ".") || strings.Contains(table, ".") || strings.ContainsAny(text, "\"\x00") || len(schema) > maxName || len(table) > maxName) {
		p.at(n, "history-table %s is not the name of a table, such as schema_migrations or app.schema_migrations", quoteExcerpt(text))
		return ""
	}
	return text
}

// maxName is the longest name that PostgreSQL has, in bytes.
const maxName = 63

func (p *parser) stats(n *yaml.Node) { p.config.Stats = p.path(n, "stats") }

// path is a path below the file's directory, relative to the root.
func (p *parser) path(n *yaml.Node, what string) string {
	text, ok := p.text(n, what)
	if !ok {
		return ""
	}
	clean, err := cleanLocalPath(text)
	if err != nil {
		p.at(n, "%s %s: %v", what, quoteExcerpt(text), err)
		return ""
	}
	return path.Join(p.config.dir, clean)
}

func (p *parser) postgres(n *yaml.Node) {
	text, ok := p.text(n, "postgres")
	if !ok {
		return
	}
	major, err := strconv.Atoi(text)
	if err != nil || postgres.CheckMajor(major) != nil {
		p.at(n, "postgres is a major version from %d to %d, not %s", postgres.OldestMajor, postgres.KnownMajor, quoteExcerpt(text))
		return
	}
	p.config.Postgres = major
}

func (p *parser) role(n *yaml.Node) {
	if word, ok := p.choice(n, "role", []string{string(Owner), string(Superuser)}); ok {
		p.config.Role = Role(word)
	}
}

// rules reads severities of rules, and of groups for those of their rules that
// the file does not name.
func (p *parser) rules(n *yaml.Node) {
	names := slices.Concat(p.ruleIDs, slices.Sorted(maps.Keys(p.groups)))
	said := map[string]lint.Severity{}
	p.entries(n, "rules", func(key, value *yaml.Node) {
		name, known := p.choice(key, "rule", names)
		word, ok := p.choice(value, "severity", []string{"error", "warning", "notice", "off"})
		if severity, _ := lint.ParseSeverity(word); known && ok {
			said[name] = severity
		}
	})
	for name, severity := range said {
		for _, rule := range p.groups[name] {
			p.config.severity[rule] = severity
		}
	}
	for _, rule := range p.ruleIDs {
		if severity, ok := said[rule]; ok {
			p.config.severity[rule] = severity
		}
	}
}

// rulesByGroup returns the rules of each group, by the group's name in lower case.
func rulesByGroup(rules []*lint.Rule) map[string][]string {
	byName := map[string][]string{}
	for _, r := range rules {
		name := strings.ToLower(string(r.Group))
		byName[name] = append(byName[name], r.ID)
	}
	return byName
}

func (p *parser) failOn(n *yaml.Node) {
	p.config.FailOn, _ = p.choice(n, "fail-on", []string{"error", "warning", "notice", "never"})
}

func (p *parser) maxLockTimeout(n *yaml.Node) {
	text, ok := p.text(n, "max-lock-timeout")
	if !ok {
		return
	}
	d, known := sqlvalue.ParseDuration(text)
	if !known || d <= 0 {
		p.at(n, "max-lock-timeout is a time as PostgreSQL writes it, such as 5s, not %s", quoteExcerpt(text))
		return
	}
	p.config.MaxLockTimeout = d
}

func (p *parser) ignorePaths(n *yaml.Node) {
	p.items(n, "ignore-paths", func(item *yaml.Node) {
		if g := p.glob(item, "a path to ignore"); g != nil {
			p.config.ignorePaths = append(p.config.ignorePaths, g)
		}
	})
}

func (p *parser) glob(n *yaml.Node, what string) glob {
	text, ok := p.text(n, what)
	if !ok {
		return nil
	}
	g, err := parseGlob(text)
	if err != nil {
		p.at(n, "%s %s: %v", what, quoteExcerpt(text), err)
		return nil
	}
	return g
}

func (p *parser) accept(n *yaml.Node) {
	p.items(n, "accept", func(item *yaml.Node) {
		var a acceptance
		p.mapping(item, "an item of accept", p.acceptFields(&a))
		p.config.accept = append(p.config.accept, a)
		for _, key := range []string{"rule", "path", "reason"} {
			if item.Kind == yaml.MappingNode && !hasKey(item, key) {
				p.at(item, "%s is missing; an accepted finding has a rule, a path and a reason", key)
			}
		}
	})
}

func (p *parser) acceptFields(a *acceptance) []field {
	return []field{
		{"rule", func(n *yaml.Node) { a.rule, _ = p.choice(n, "rule", p.ruleIDs) }},
		{"path", func(n *yaml.Node) { a.path = p.glob(n, "path") }},
		{"reason", func(n *yaml.Node) { a.reason = p.reason(n) }},
	}
}

// reason returns text that people read, on one line.
func (p *parser) reason(n *yaml.Node) string {
	text, ok := p.text(n, "reason")
	line := strings.Join(strings.Fields(text), " ")
	if ok && line == "" {
		p.at(n, "reason is empty")
	}
	return line
}

func hasKey(mapping *yaml.Node, key string) bool {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return true
		}
	}
	return false
}
