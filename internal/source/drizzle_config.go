package source

import (
	"io/fs"
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// A drizzleConfig is what can be read from a drizzle.config file without
// running it: values that are written down as literals.
type drizzleConfig struct {
	file    string // path of the file
	out     string // folder of migrations, relative to the tree's root
	dialect string
	schema  string // of the history table; "" is the default
	table   string
	schemas []string // where the schema is declared, from the tree's root
	driver  string   // of databases that node-postgres or postgres.js do not speak to: "pglite"
}

var (
	drizzleConfigName = lazyregexp.New(`^drizzle([.-][\w-]+)*[.-]config([.-][\w-]+)*\.([mc]?[tj]s|json)$`)

	// Comments go, strings stay: "postgres://" is not a comment.
	stringOrComment = lazyregexp.New("(?s)\"(?:[^\"\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\n]|\\\\.)*'|`(?:[^`\\\\]|\\\\.)*`|//[^\n]*|/\\*.*?\\*/")
	migrationsBlock = lazyregexp.New(`(?s)\bmigrations["']?\s*:\s*\{(.*?)\}`)
)

func literalOf(key string) *lazyregexp.Regexp {
	return lazyregexp.New(`(?:^|[\s{,])["']?` + key + "[\"']?\\s*:\\s*(?:\"([^\"\n]*)\"|'([^'\n]*)'|`([^`$\n]*)`)")
}

var (
	outLiteral     = literalOf("out")
	driverLiteral  = literalOf("driver")
	dialectLiteral = literalOf("dialect")
	tableLiteral   = literalOf("table")
	schemaLiteral  = literalOf("schema")
)

// drizzleConfigs reads the configuration files that stand in a directory.
func (d *directory) drizzleConfigs() []drizzleConfig {
	var configs []drizzleConfig
	for _, f := range d.files {
		if drizzleConfigName.MatchString(f) {
			configs = append(configs, parseDrizzleConfig(path.Join(d.dir, f), d.text(f)))
		}
	}
	return configs
}

// configsAbove reads the drizzle.config files of a directory and of all that it is in.
func configsAbove(fsys fs.FS, dir string) []drizzleConfig {
	var configs []drizzleConfig
	for {
		if d, err := openDirectory(fsys, dir); err == nil {
			configs = append(configs, d.drizzleConfigs()...)
		}
		if dir == "." {
			return configs
		}
		dir = path.Dir(dir)
	}
}

func parseDrizzleConfig(file, text string) drizzleConfig {
	text = withoutComments(text)
	c := drizzleConfig{file: file, out: "drizzle"}
	if block := migrationsBlock.FindStringSubmatchIndex(text); block != nil {
		inside := text[block[2]:block[3]]
		c.table, c.schema = firstLiteral(tableLiteral, inside), firstLiteral(schemaLiteral, inside)
		text = text[:block[0]] + text[block[1]:]
	}
	if out := firstLiteral(outLiteral, text); out != "" {
		c.out = out
	}
	c.schemas = schemaFiles(file, text)
	c.out = path.Join(path.Dir(file), c.out)
	c.driver = firstLiteral(driverLiteral, text)
	c.dialect = canonicalDialect(firstLiteral(dialectLiteral, text))
	return c
}

// withoutComments leaves out the comments of a script.
func withoutComments(text string) string {
	return stringOrComment.ReplaceAllStringFunc(text, func(s string) string {
		if strings.HasPrefix(s, "/") {
			return " "
		}
		return s
	})
}

func firstLiteral(key *lazyregexp.Regexp, text string) string {
	m := key.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return m[1] + m[2] + m[3]
}

// drizzleConfig returns the configuration whose out is d.
func (d *directory) drizzleConfig() (drizzleConfig, bool) {
	for _, c := range d.configs {
		if c.out == d.dir {
			return c, true
		}
	}
	return drizzleConfig{}, false
}

// drizzleConfigOf is the configuration that names a folder of Drizzle; the zero one
// when none does.
func drizzleConfigOf(f *Folder) drizzleConfig {
	c, _ := f.detected.(drizzleConfig)
	return c
}

// drizzleTableOn reads what the configuration that was found says of the history
// table on another branch. What cannot be read there is taken to be the same.
func drizzleTableOn(f Found, fsys fs.FS) (schema, table string) {
	text, err := fs.ReadFile(fsys, f.Config)
	if err != nil {
		return f.Schema, f.Table
	}
	c := parseDrizzleConfig(f.Config, string(text))
	return c.schema, c.table
}
