package source

import "path"

// versionDowns finds the file that takes a directory back: 3-name/down.sql for
// 3-name/up.sql. One beside several files takes none of them back by itself.
func (d *directory) versionDowns(files []string) findDown {
	inDir := map[string]int{}
	for _, file := range files {
		inDir[path.Dir(file)]++
	}
	return func(s *step) string {
		dir := path.Dir(s.name)
		if inDir[dir] != 1 {
			return ""
		}
		for _, name := range backwardNames {
			if file := path.Join(dir, name); d.has(file) && file != s.name+".sql" {
				return file
			}
		}
		return ""
	}
}
