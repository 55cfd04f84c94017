package source

import "io/fs"

// ReadableAs is the key of a tool if a directory holds migrations that it reads: the tool of
// that name, or with "" the one that the files show. "" if there is none.
func ReadableAs(fsys fs.FS, dir, name string) string {
	t, ok := toolNamed(name)
	if name != "" && !ok {
		return ""
	}
	found, err := At(fsys, dir, t.key)
	if err != nil || found.Skip != "" || found.Tool == Plain || found.Dir != dir {
		return ""
	}
	folder, err := Load(fsys, found)
	if err != nil || folder.IsEmpty() {
		return ""
	}
	if name != "" && folder.broken != "" {
		return "" // it runs nothing there, as Drizzle without a journal
	}
	t, _ = toolNamed(found.Tool)
	return t.key
}
