package source

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

var (
	liquibaseChangelogName = lazyregexp.New(`(?i)\.(ya?ml|xml|json)$`)

	// liquibaseRoot is how the changelogs are called that nobody includes.
	liquibaseRoot = lazyregexp.New(`(?i)(change[-_.]?log|liquibase|master|root).*\.(ya?ml|xml|json)$`)
)

// A liquibaseItem is a file that a changelog lists.
type liquibaseItem struct {
	file       string // relative to the repository root
	opaque     string // why nobody knows what it does; "" for SQL
	properties map[string]string

	// changeset is the changelog's own one that runs the file with sqlFile; nil for a file
	// that is included, which has changesets of its own.
	changeset *changeset
	back      string // the file that its rollback runs; "" for none that is read
	missing   string // the file as the changeset names it, where there is none
	text      string // of a changeset that is no SQL: what it says
}

// liquibaseChangelogs follows changelogs that name others. Of what their own
// changesets do, sqlFile alone is known.
type liquibaseChangelogs struct {
	fsys       fs.FS
	items      []liquibaseItem
	properties map[string]string
	sql        int // items that are SQL
	seen       []string
}

func (c *liquibaseChangelogs) read(file string, depth int) {
	if depth > maxDepth || slices.Contains(c.seen, file) {
		return
	}
	c.seen = append(c.seen, file)
	root, err := openDirectory(c.fsys, ".")
	if err != nil {
		return
	}
	logical := ""
	for _, e := range liquibaseEntries(file, root.text(file)) {
		switch e.kind {
		case "logicalFilePath":
			logical = e.values["value"]
		case "property":
			if c.properties == nil {
				c.properties = map[string]string{}
			}
			if forPostgres(e.values["dbms"]) {
				c.properties[e.values["name"]] = e.values["value"]
			}
		case "include":
			c.include(c.find(file, e.values["file"], isTrue(e.values["relativeToChangelogFile"]), isFile), depth)
		case "includeAll":
			for _, f := range c.filesBelow(c.find(file, e.values["path"], isTrue(e.values["relativeToChangelogFile"]), isFolder)) {
				c.include(f, depth)
			}
		case "changeSet":
			item, runs := c.changeset(file, logical, e)
			if !runs {
				continue
			}
			if item.missing == "" && item.opaque == "" {
				c.sql++
			}
			c.items = append(c.items, item)
		}
	}
}

func (c *liquibaseChangelogs) include(file string, depth int) {
	switch {
	case strings.HasSuffix(strings.ToLower(file), ".sql"):
		c.sql++
		c.items = append(c.items, liquibaseItem{file: file, properties: c.properties})
	case liquibaseChangelogName.MatchString(file):
		c.read(file, depth+1)
	}
}

func isFile(mode fs.FileMode) bool   { return mode.IsRegular() }
func isFolder(mode fs.FileMode) bool { return mode.IsDir() }

// find returns the path that a changelog means: from its own directory, or from
// the nearest one above that has it, which is where the class path begins.
func (c *liquibaseChangelogs) find(changelog, name string, relative bool, is func(fs.FileMode) bool) string {
	name = strings.TrimPrefix(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "classpath:"), "/")
	if name == "" {
		return ""
	}
	for dir := path.Dir(changelog); ; dir = path.Dir(dir) {
		full := path.Join(dir, name)
		if fs.ValidPath(full) && !isGitsOwn(full) {
			if info, err := statContent(c.fsys, full); err == nil && is(info.Mode()) {
				return full
			}
		}
		if relative || dir == "." {
			return ""
		}
	}
}

// filesBelow returns the files below a directory in the order of their paths.
func (c *liquibaseChangelogs) filesBelow(dir string) []string {
	if dir == "" {
		return nil
	}
	d, err := openDirectory(c.fsys, dir)
	if err != nil {
		return nil
	}
	var files []string
	for _, sub := range d.withSubdirectories() {
		for _, f := range sub.files {
			files = append(files, path.Join(dir, sub.path, f))
		}
	}
	slices.Sort(files)
	return files
}
