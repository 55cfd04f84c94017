package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint/rules"
)

// noteOutside reports SQL above the first changeset of a formatted file, in which there
// may be none. Liquibase passes over it in silence.
// https://github.com/liquibase/liquibase/issues/4484
func (f *Folder) noteOutside(file, text string, p *liquibaseParser) {
	above := text
	if len(p.changesets) > 0 {
		above = text[:max(0, p.changesets[0].line.Start)] // nothing of a file that is one changeset
	}
	blanked := sqlNoise.ReplaceAllStringFunc(above, func(noise string) string { return strings.Repeat(" ", len(noise)) })
	start := len(blanked) - len(strings.TrimLeft(blanked, " \t\r\n"))
	end := len(strings.TrimRight(blanked, " \t\r\n"))
	if start >= end {
		return
	}
	f.problems = append(f.problems, problem{rules.MigrationOrphaned.At(file, start, end, fmt.Sprintf(
		"this is in no changeset of %s, so Liquibase passes over it without a word; write --changeset AUTHOR:ID above it", path.Base(file))), "outside " + file + "\n" + blanked})
}

// liquibaseNaming are the files in which a project may name a file of SQL to Liquibase.
var liquibaseNaming = lazyregexp.New(`(?i)\.(ya?ml|xml|json|groovy|properties)$`)

// findUnlisted looks beside the files that the changelog names for SQL that it does not
// name: v3.sql beside v1.sql and v2.sql.
func (f *Folder) findUnlisted(d, root *directory, changelog string, c liquibaseChangelogs) {
	listed := map[string]bool{}
	var dirs []string
	for _, item := range c.items {
		listed[item.file] = true
		if dir := path.Dir(item.file); item.opaque == "" && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	var candidates []string
	naming := slices.Clone(c.seen)
	for _, dir := range dirs {
		beside, err := openDirectory(root.fsys, dir)
		if err != nil {
			continue
		}
		naming = append(naming, beside.whole().liquibaseNaming()...)
		for _, name := range beside.sql() {
			if file := path.Join(dir, name); !listed[file] && !backwardFile.MatchString(name) {
				candidates = append(candidates, file)
			}
		}
	}
	if len(candidates) == 0 {
		return
	}
	texts := textsOf(root.whole(), append(naming, d.whole().liquibaseNaming()...)) // what is excluded names files all the same
	for _, file := range candidates {
		if !namesFile(texts, path.Base(file)) {
			f.noteUnlisted(file, path.Join(d.dir, changelog))
		}
	}
}

func (f *Folder) noteUnlisted(file, changelog string) {
	f.problems = append(f.problems, problem{rules.MigrationOrphaned.AtFile(file, fmt.Sprintf(
		"%s is named by no changelog, so Liquibase never runs it; include it in %s, or move it out of the folder", path.Base(file), changelog)), "orphan " + file})
}

// liquibaseNaming are the files of the directory that may name SQL, in a sqlFile or
// another changelog.
func (d *directory) liquibaseNaming() (files []string) {
	for _, name := range d.files {
		if liquibaseNaming.MatchString(name) {
			files = append(files, path.Join(d.dir, name))
		}
	}
	return files
}

// textsOf joins the texts of files.
func textsOf(root *directory, files []string) string {
	slices.Sort(files)
	var all strings.Builder
	for _, file := range slices.Compact(files) {
		all.WriteString(root.text(file) + "\n")
	}
	return all.String()
}

// namesFile tells whether a text has the name of a file: v1.sql, and not in rev1.sql.
func namesFile(text, name string) bool {
	for start := 0; ; {
		at := strings.Index(text[start:], name)
		if at < 0 {
			return false
		}
		begin, end := start+at, start+at+len(name)
		if (begin == 0 || !isNamePart(text[begin-1])) && (end == len(text) || !isNamePart(text[end])) {
			return true
		}
		start = end
	}
}

func isNamePart(c byte) bool {
	return c == '_' || c == '-' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}
