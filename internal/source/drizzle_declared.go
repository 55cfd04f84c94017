package source

import (
	"io/fs"
	"path"
	"slices"

	"github.com/migvet/migvet/internal/drizzlekit"
)

// declared returns what the newest snapshot of a 0.x folder says; nil when
// there is none.
func (f *Folder) declared() *Declared {
	all := f.snapshots()
	if len(all) == 0 || len(f.steps) == 0 {
		return nil
	}
	newest := all[len(all)-1]
	d := &Declared{Path: newest.path}
	if last := f.steps[len(f.steps)-1]; prefixOf(last.name) != newest.prefix || isCopied(newest, all) {
		d.Behind = last.name
	}
	return d.read(f.fsys, []string{newest.path})
}

// isCopied tells whether the newest snapshot is another one under a new name, which
// is as old as that: drizzle-kit gives each its own id.
func isCopied(newest snapshotFile, all []snapshotFile) bool {
	return newest.err == nil && slices.ContainsFunc(all, func(s snapshotFile) bool { return s.err == nil && s.path != newest.path && s.ID == newest.ID })
}

// declared1 does so for 1.0, where later snapshots hold only what changed.
func (f *Folder) declared1() *Declared {
	d, err := openDirectory(f.fsys, f.Dir)
	if err != nil {
		return nil
	}
	var files []string
	var newest string
	for _, s := range f.steps {
		if file := path.Join(s.name, snapshotOf1); d.has(file) {
			files = append(files, path.Join(f.Dir, file))
			newest = s.name
		}
	}
	if len(files) == 0 {
		return nil
	}
	declared := &Declared{Path: files[len(files)-1]}
	if last := f.steps[len(f.steps)-1]; last.name != newest {
		declared.Behind = last.name
	}
	return declared.read(f.fsys, files)
}

func (d *Declared) read(fsys fs.FS, paths []string) *Declared {
	var files []drizzlekit.File
	for _, p := range paths {
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			d.Err = err
			return d
		}
		files = append(files, drizzlekit.File{Path: p, Data: data})
	}
	d.Snapshot, d.Err = drizzlekit.Read(files)
	return d
}
