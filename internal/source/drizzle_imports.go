package source

import (
	"io/fs"
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// maxFollowed bounds how many files are read because others name them.
const maxFollowed = 2000

var (
	exportedFrom = lazyregexp.New(`\bexport\s*(?:\*|\{[^}]*\})\s*from\s*["'](\.[^"'\n]*)["']`)
	exportedHere = lazyregexp.New(`\bexport\s*(?:\{([^}]*)\}(\s*from\b)?|default\s+(\w+)\s*(?:;|\n|$))`)
	importedFrom = lazyregexp.New(`\bimport\s+([\w$*{}\s,]+?)\s*from\s*["'](\.[^"'\n]*)["']`)
	importedType = lazyregexp.New(`^type\s+[\w{*]`)
	importedName = lazyregexp.New(`(?:^|[{,])\s*(?:type\s+)?(?:[\w$]+\s+as\s+)?([\w$]+)`)
	usesDrizzle  = lazyregexp.New(`\bimport\s+[{*][^;"']*["']drizzle-orm/pg-core["']`)
	declaresRows = lazyregexp.New(`\bpg(?:Table|View|MaterializedView)\s*\(|\.(?:table|view|materializedView)\s*\(`)
)

// A schemaReader reads files of a schema and what drizzle-kit sees through them. It takes
// the values that a file exports, so those of an index are
//
//	export * from "./orders";
//	import { users } from "./users"; export { users };
//
// and not what is imported to be referred to, or exported within a name:
//
//	export * as people from "./users";
//
// https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-kit/src/serializer/pgImports.ts
type schemaReader struct {
	fsys     fs.FS
	followed map[string]bool
	seen     map[schemaPart]bool
	texts    map[string]string
}

// A schemaPart is a file that is a part of a schema.
type schemaPart struct {
	file string
	// used says that a table is made with what it exports, and it exports none itself:
	//
	//	export const times = { created: timestamp("created") };
	used bool
}

// add reads a file of the schema, and what it takes from others.
func (s *schemaReader) add(file string) {
	open := []schemaPart{{file: file}}
	for len(open) > 0 {
		part := open[0]
		open = open[1:]
		if !s.seen[part] {
			s.seen[part] = true
			open = append(open, s.read(part)...)
		}
	}
}

// read keeps the text of a part, and returns the parts that it names.
func (s *schemaReader) read(part schemaPart) []schemaPart {
	data, err := fs.ReadFile(s.fsys, part.file)
	if err != nil {
		return nil // told by whoever needs it
	}
	text := withoutComments(string(data))
	makes := declaresSQL.MatchString(text)
	if part.used {
		if declaresRows.MatchString(text) {
			return nil
		}
		makes = usesDrizzle.MatchString(text)
	}
	if makes {
		s.texts[part.file] = withoutImports(text)
	}
	parts := s.exported(part, text)
	if part.used && !makes {
		return parts
	}
	return append(parts, s.imported(part, text)...)
}

// exported returns the files that a part exports everything or something of.
func (s *schemaReader) exported(part schemaPart, text string) []schemaPart {
	var parts []schemaPart
	for _, m := range exportedFrom.FindAllStringSubmatch(text, -1) {
		if file := s.find(part.file, m[1]); file != "" {
			parts = append(parts, schemaPart{file, part.used})
		}
	}
	return parts
}

// imported returns the files that a part imports values of.
func (s *schemaReader) imported(part schemaPart, text string) []schemaPart {
	exported := namesExported(text)
	var parts []schemaPart
	for _, m := range importedFrom.FindAllStringSubmatch(text, -1) {
		if importedType.MatchString(m[1]) {
			continue
		}
		if file := s.find(part.file, m[2]); file != "" {
			parts = append(parts, schemaPart{file, part.used || !exportsAgain(m[1], exported)})
		}
	}
	return parts
}

// namesExported returns what export { a, b as c } and export default d name.
func namesExported(text string) map[string]bool {
	names := map[string]bool{}
	for _, m := range exportedHere.FindAllStringSubmatch(text, -1) {
		if m[2] != "" {
			continue // of another file
		}
		for name := range strings.SplitSeq(m[1]+m[3], ",") {
			if words := strings.Fields(name); len(words) > 0 && words[0] != "type" {
				names[words[0]] = true
			}
		}
	}
	return names
}

// exportsAgain tells whether a name that an import makes is exported.
func exportsAgain(clause string, exported map[string]bool) bool {
	for _, m := range importedName.FindAllStringSubmatch(clause, -1) {
		if exported[m[1]] {
			return true
		}
	}
	return false
}

// find returns the file that a program means by a relative path without an ending, or with
// that of what is compiled: ./orders, ./orders.js, ./orders for orders/index.ts. "" if there
// is none in the repository.
func (s *schemaReader) find(from, name string) string {
	name = path.Join(path.Dir(from), name)
	bare := scriptFile.ReplaceAllString(name, "")
	for _, file := range []string{
		bare + ".ts", bare + ".tsx", bare + ".mts", bare + ".cts", bare + ".js", bare + ".jsx", bare + ".mjs", bare + ".cjs",
		name + "/index.ts", name + "/index.js",
	} {
		if info, err := statContent(s.fsys, file); err == nil && info.Mode().IsRegular() {
			return s.follow(file)
		}
	}
	return ""
}

// follow returns the file, unless that makes too many.
func (s *schemaReader) follow(file string) string {
	if len(s.followed) == maxFollowed && !s.followed[file] {
		return ""
	}
	s.followed[file] = true
	return file
}
