package source

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint/rules"
)

var (
	schemaList       = lazyregexp.New(`(?s)(?:^|[\s{,])["']?schema["']?\s*:\s*\[(.*?)\]`)
	anyLiteral       = lazyregexp.New("\"([^\"\n]*)\"|'([^'\n]*)'|`([^`$\n]*)`")
	scriptFile       = lazyregexp.New(`\.[mc]?[tj]sx?$`)
	declaresSQL      = lazyregexp.New(`\bpg(Table|TableCreator|Enum|View|MaterializedView|Schema|Sequence|Policy|Role)\b|\.(table|enum|view|materializedView|sequence)\(`)
	whiteSpaces      = lazyregexp.New(`\s+`)
	atlasFromDrizzle = lazyregexp.New(`(?s)data\s+"external_schema"[^{]*\{.*?"([^"\n]*drizzle-kit[^"\n]*)"`)

	// An import ends with the name of the module: code is also written without semicolons.
	importedOnly = lazyregexp.New(`(?m)^\s*import\s[^;"']*["'][^"'\n]*["'][ \t]*;?`)
)

// schemaFiles returns what "schema" in the text of a configuration names,
// relative to the root of the tree.
func schemaFiles(file, text string) []string {
	var all []string
	if m := schemaList.FindStringSubmatch(text); m != nil {
		for _, l := range anyLiteral.FindAllStringSubmatch(m[1], -1) {
			all = append(all, l[1]+l[2]+l[3])
		}
	} else if one := firstLiteral(schemaLiteral, text); one != "" {
		all = append(all, one)
	}
	for i, name := range all {
		all[i] = path.Join(path.Dir(file), name)
	}
	return all
}

// schemaTexts reads the schema files below a name, a folder or a pattern, by
// path. What stands under the part of a pattern that has no wildcard counts,
// if it declares something, and so does what comes from elsewhere through it.
func schemaTexts(fsys fs.FS, names []string) map[string]string {
	s := schemaReader{fsys: fsys, followed: map[string]bool{}, seen: map[schemaPart]bool{}, texts: map[string]string{}}
	for _, name := range names {
		for strings.ContainsAny(name, "*?[{") {
			name = path.Dir(name)
		}
		if !fs.ValidPath(name) {
			continue
		}
		_ = fs.WalkDir(fsys, name, func(file string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fs.SkipDir // it is not there
			case e.IsDir() && e.Name() == "node_modules":
				return fs.SkipDir
			case e.Type().IsRegular() && scriptFile.MatchString(file):
				s.add(file)
			}
			return nil
		})
	}
	return s.texts
}

// withoutImports leaves out what changes no schema for sure.
func withoutImports(text string) string {
	return whiteSpaces.ReplaceAllString(importedOnly.ReplaceAllString(text, ""), "")
}

// atlasTakesSchema tells whether an atlas.hcl above the folder says that Atlas makes the
// migrations from the schema file, into a folder of its own:
//
//	data "external_schema" "shop" { program = ["npx", "drizzle-kit", "export"] }
func atlasTakesSchema(f *Folder) bool {
	d, err := openDirectory(f.fsys, f.Dir)
	return err == nil && d.aboveFinds(atlasFromDrizzle, "atlas.hcl") != ""
}

// schemaNotMigrated reports a schema file that changed without a migration. A file of SQL
// that the journal lacks is told already: it is that migration.
func (r *review) schemaNotMigrated() {
	names := drizzleConfigOf(r.to).schemas
	if r.from == nil || len(r.added)+len(r.orphans) > 0 || len(names) == 0 || atlasTakesSchema(r.from) {
		return
	}
	before, after := schemaTexts(r.from.fsys, names), schemaTexts(r.to.fsys, names)
	var changed []string
	for file, text := range after {
		if before[file] != text {
			changed = append(changed, file)
		}
	}
	for file := range before {
		if _, still := after[file]; !still {
			changed = append(changed, file)
		}
	}
	if len(before) == 0 || len(changed) == 0 {
		return
	}
	slices.Sort(changed)
	others := ""
	if n := len(changed) - 1; n > 0 {
		others = fmt.Sprintf(" and %d more", n)
	}
	r.report(rules.SchemaNotMigrated.AtFile(changed[0], fmt.Sprintf(
		"%s%s changed, but %s has no new migration, so the database stays as it is; run drizzle-kit generate, unless the change is one of types or relations only", path.Base(changed[0]), others, r.to.Dir)))
}
