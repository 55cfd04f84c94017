package source

import (
	"cmp"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

var (
	// versionFolder is the name of a directory that holds one version's files, or one
	// year's: v1.10, 2024, 001_init.
	versionFolder = lazyregexp.New(`^[vV]?\d+([._-]\d+)*([._-].*)?$`)

	// bareVersion is one that says nothing but the version.
	bareVersion = lazyregexp.New(`^[vV]?\d+([._]\d+)*$`)

	// dottedVersion is one of a release: 0.19, v1.2.3. Lessons and years have no dots.
	dottedVersion = lazyregexp.New(`^[vV]?\d+(\.\d+)+$`)
)

// versionedFolders are what directories of versions lie in; databaseFolders are what several
// bare ones may lie in. Elsewhere they are lessons, examples, reports.
var (
	versionedFolders = slices.Concat(migrationFolders, []string{"versioned", "versions", "changes", "upgrade", "upgrades", "updates", "patches", "deltas"})
	databaseFolders  = []string{"db", "database", "sql", "ddl", "schema", "schemas"}
)

// maxVersionDepth is how deep years and months may be nested.
const maxVersionDepth = 3

// versionedFiles are the files that migrate forwards in directories named by versions, in the
// order of the versions: v1.2/add.sql before v1.10/drop.sql. There are none where the
// directory has files of SQL of its own, but for the latest.sql of the whole schema.
func (d *directory) versionedFiles() []string {
	name := strings.ToLower(path.Base(d.dir))
	bare := len(d.dirs) > 1 && slices.Contains(databaseFolders, name) && isMost(d.dirs, bareVersion.MatchString)
	if !d.holdsNoneBut(latestSchema) || d.holdsData() || !d.named && !bare && !d.holdsReleases() && !slices.Contains(versionedFolders, name) && len(d.with("up.sql")) == 0 {
		return nil
	}
	return d.filesOfVersions()
}

// latestSchema is the whole schema that all versions make, from which new databases begin.
const latestSchema = "latest.sql"

// holdsNoneBut tells whether a directory has no file of SQL of its own that is called otherwise.
func (d *directory) holdsNoneBut(name string) bool {
	return !slices.ContainsFunc(d.sql(), func(f string) bool { return !strings.EqualFold(f, name) })
}

// holdsReleases tells whether the directories are those of releases, anywhere below one for
// migrations or a database: store/migration/postgres/0.19.
func (d *directory) holdsReleases() bool {
	releases := slices.DeleteFunc(slices.Clone(d.dirs), func(name string) bool { return !dottedVersion.MatchString(name) })
	if len(releases) < 2 || !isMost(d.dirs, dottedVersion.MatchString) {
		return false
	}
	return slices.ContainsFunc(strings.Split(strings.ToLower(d.dir), "/"), func(part string) bool {
		return slices.Contains(versionedFolders, part) || slices.Contains(databaseFolders, part)
	})
}

// filesOfVersions are the files in the directories of versions, or in those below them:
// 2024/05/001_a.sql.
func (d *directory) filesOfVersions() (files []string) {
	d.eachVersion(0, func(version *directory, own []string) {
		for _, f := range own {
			files = append(files, strings.TrimPrefix(path.Join(version.dir, f), d.dir+"/"))
		}
	})
	return files
}

// eachVersion calls a function with the directories of versions and the files in them that
// migrate forwards, in their order.
func (d *directory) eachVersion(depth int, call func(version *directory, own []string)) {
	if depth == maxVersionDepth {
		return
	}
	for _, name := range d.versionChildren() {
		child, err := openDirectory(d.fsys, path.Join(d.dir, name))
		if err != nil {
			continue
		}
		own := child.listedFirst()
		call(child, own)
		if len(own) == 0 {
			child.eachVersion(depth+1, call)
		}
	}
}

// versionChildren are the children named by versions, in their order; none where most are
// called otherwise.
func (d *directory) versionChildren() []string {
	if !isMost(d.dirs, versionFolder.MatchString) {
		return nil
	}
	children := slices.DeleteFunc(slices.Clone(d.dirs), func(name string) bool { return !versionFolder.MatchString(name) })
	slices.SortStableFunc(children, func(a, b string) int { return cmp.Or(compareVersions(a, b), strings.Compare(a, b)) })
	return children
}

// compareVersions compares the numbers that two names begin with, one by one.
func compareVersions(a, b string) int {
	split := func(name string) []string {
		return strings.FieldsFunc(numberOf(name), func(r rune) bool { return r < '0' || '9' < r })
	}
	return slices.CompareFunc(split(a), split(b), byNumber)
}

// listedFirst are the files that migrate forwards in the order of a manifest.json beside
// them, as Temporal's schema tool keeps one, and the others behind them. What it lists runs,
// whatever it is called: a down.sql, too.
// https://github.com/temporalio/temporal/blob/main/tools/common/schema/updatetask.go
func (d *directory) listedFirst() []string {
	forward := slices.DeleteFunc(slices.Clone(d.forward()), isWayBack)
	var manifest struct{ SchemaUpdateCqlFiles []string }
	if json.Unmarshal([]byte(d.text("manifest.json")), &manifest) != nil {
		return forward
	}
	files := slices.DeleteFunc(manifest.SchemaUpdateCqlFiles, func(f string) bool { return !slices.Contains(d.sql(), f) })
	for _, f := range forward {
		if !slices.Contains(files, f) {
			files = append(files, f)
		}
	}
	return files
}

// versionedAssumption tells how such a folder is read.
const versionedAssumption = "its directories run in the order of their numbers (v1.2 before v1.10), the files in one in the order of their names (tool: plain in .migvet.yml confirms that)"

// isVersioned tells whether a directory holds one history in directories of versions.
// Those that are folders of a tool are histories of their own.
func (d *directory) isVersioned() bool {
	files := d.versionedFiles()
	if len(files) == 0 {
		return false
	}
	return !d.childHasTool(files[0]) && !d.childHasTool(files[len(files)-1])
}

// childHasTool tells whether the directory that a file is in is a folder of a tool.
func (d *directory) childHasTool(file string) bool {
	child, err := openDirectory(d.fsys, path.Join(d.dir, path.Dir(file)))
	if err != nil {
		return true
	}
	child.configs = d.configs
	found, ok := child.recognise()
	return ok && found.Tool != Plain
}

// detectVersioned describes a directory whose files lie in directories of versions.
func detectVersioned(d *directory) (Found, bool) {
	if !d.isVersioned() {
		return Found{}, false
	}
	found := Found{Dir: d.dir, Tool: Plain, Dialect: postgresql, versioned: true, Assumed: versionedAssumption}
	dialect, evidence := d.otherDialect(d.versionedFiles())
	if dialect == "" {
		dialect = postgresql
	}
	if found = found.inDialect(d, dialect, evidence); found.Skip != "" {
		found.Assumed = ""
	}
	return found, true
}

func loadVersioned(d *directory, found Found) (*Folder, error) {
	f := &Folder{Found: found, files: map[string]string{}, parse: parseWhole, forward: true}
	f.leaveBeside(d, nil)
	d.eachVersion(0, func(version *directory, own []string) { f.leaveBeside(version, own) })
	files := d.filesOfVersions()
	l, down := layout{tx: lint.TxFile}, d.versionDowns(files)
	for _, file := range files {
		text, err := d.read(file)
		if err != nil {
			return nil, err
		}
		s := step{
			name: file[:len(file)-len(".sql")], path: path.Join(f.Dir, file), number: numberOf(strings.Split(file, "/")[0]),
			listed: lint.Span{Start: lint.NoPos, End: lint.NoPos}, tx: lint.TxFile,
		}
		parseWhole(f, &s, text)
		l.downFile(f, d, &s, down)
		f.forward = f.forward && down(&s) == ""
		f.steps = append(f.steps, s)
	}
	return f, nil
}

// comesBefore tells in which order the migrations of a plain folder run: that of the files,
// or of the directories of versions.
func (f *Folder) comesBefore(a, b *step) bool {
	if !f.versioned {
		if f.byNumber {
			return compareNumbers(a.file(), b.file()) < 0
		}
		return a.file() < b.file()
	}
	as, bs := strings.Split(path.Dir(a.name), "/"), strings.Split(path.Dir(b.name), "/")
	return slices.CompareFunc(as, bs, func(x, y string) int { return cmp.Or(compareVersions(x, y), strings.Compare(x, y)) }) < 0
}
