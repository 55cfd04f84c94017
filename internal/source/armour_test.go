package source

import (
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestDeletedFolder takes the whole folder of each tool away, with and without what is
// around it.
func TestDeletedFolder(t *testing.T) {
	for _, key := range Tools() {
		t.Run(key, func(t *testing.T) {
			base := loadOnly(t, sampleHead(t, key))
			s := ReviewAll([]*Folder{base}, nil, ReviewOptions{Base: "main"})[0]
			var deleted []string
			for _, f := range s.Findings {
				if f.Rule == rules.MigrationDeleted.ID {
					deleted = append(deleted, f.Path)
				}
			}
			if len(deleted) == 0 {
				t.Errorf("no migration-deleted in %v", s.Findings)
			}
			for _, u := range s.Unchecked {
				t.Errorf("not checked: %s: %s", u.Path, u.Reason)
			}
			if len(s.History.New)+len(s.MissingDowns()) > 0 {
				t.Error("a deleted folder has new migrations")
			}
		})
	}
}

func loadOnly(t *testing.T, fsys fs.FS) *Folder {
	t.Helper()
	found, err := Detect(fsys)
	if err != nil || len(found) != 1 {
		t.Fatalf("found %+v, %v", found, err)
	}
	f, err := Load(fsys, found[0])
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestRepairIsProvenForEveryTool reads each tool's files again with a repair in them.
func TestRepairIsProvenForEveryTool(t *testing.T) {
	offer := &lint.Rule{ID: "offers", Severity: lint.Warning, Check: func(p *lint.Pass) {
		if !strings.HasPrefix(p.Statement.SQL, "SELECT 42") {
			p.Offer(p.Reportf(0, "not the answer"), 0, len(p.Statement.SQL), "SELECT 42")
		}
	}}
	for _, key := range Tools() {
		t.Run(key, func(t *testing.T) {
			s := Review(nil, loadOnly(t, sampleHead(t, key)), ReviewOptions{})
			findings := lint.Run([]*lint.History{s.History}, nil, lint.Options{Rules: []*lint.Rule{offer}, Edits: true})
			offered, made := 0, 0
			for _, f := range findings {
				if f.Rule == lint.CheckPanicked.ID {
					t.Errorf("%s: %s", f.Path, f.Message)
				}
				if f.Rule == offer.ID {
					offered++
					made += len(f.Edits)
				}
			}
			if offered == 0 {
				t.Error("nothing was offered")
			}
			if e := s.History.Editing; !e.Sealed && !e.Generated && made == 0 {
				t.Errorf("none of %d repairs was made", offered)
			}
		})
	}
}

// A mined tree panics where one of its files is opened.
type mined struct {
	fstest.MapFS
	mine string
}

func (m mined) Open(name string) (fs.File, error) {
	if name == m.mine {
		panic("stepped on " + name)
	}
	return m.MapFS.Open(name)
}

// ReadFile keeps the tree from being read another way.
func (m mined) ReadFile(name string) ([]byte, error) {
	if name == m.mine {
		panic("stepped on " + name)
	}
	return m.MapFS.ReadFile(name)
}

func TestPanicOfAToolIsItsFolders(t *testing.T) {
	for _, key := range Tools() {
		t.Run(key, func(t *testing.T) {
			good := tree("other/migrations/001_a.sql: CREATE TABLE a (id int);\n")
			for name, file := range sampleHead(t, key) {
				good[path.Join("app", name)] = file
			}
			panicked := 0
			for name := range good {
				if !strings.HasPrefix(name, "app/") {
					continue
				}
				found, err := Detect(mined{good, name})
				if err != nil {
					t.Fatal(err)
				}
				others := 0
				for _, f := range found {
					switch {
					case f.Panic != nil:
						panicked++
						if !f.Doubtful || !strings.Contains(f.Skip, "panicked: stepped on "+name) {
							t.Errorf("found %+v", f)
						}
						continue
					case !strings.HasPrefix(f.Dir, "app"):
						others++
					}
					_, err := Load(mined{good, name}, f)
					if p := rescue.In(err); p != nil {
						panicked++
						if want := f.Dir + " as those of " + f.Tool + " panicked: stepped on " + name; !strings.Contains(err.Error(), want) {
							t.Errorf("got %v, want %q in it", err, want)
						}
					}
				}
				if others != 1 {
					t.Errorf("with a mine in %s, %+v was found", name, found)
				}
			}
			if panicked == 0 {
				t.Error("no mine was stepped on")
			}
		})
	}
}

func TestPanicOfAReviewIsItsFolders(t *testing.T) {
	good := loadOnly(t, sampleHead(t, "plain"))
	bad := &Folder{Found: Found{Dir: "odd", Tool: "no tool that is known"}}
	sources := ReviewAll(nil, []*Folder{bad, good}, ReviewOptions{})
	if len(sources) != 2 || len(sources[1].History.New) == 0 {
		t.Fatalf("got %+v", sources)
	}
	s := sources[0]
	if len(s.Unchecked) != 1 || s.Unchecked[0].Panic == nil || !strings.HasPrefix(s.Unchecked[0].Reason, "reviewing it as a folder of no tool that is known panicked: ") {
		t.Errorf("not checked: %+v", s.Unchecked)
	}
	if s.Unchecked[0].Known || len(s.History.New) > 0 {
		t.Errorf("got %+v", s)
	}
}

func TestPanicOnTheBaseIsNotKnown(t *testing.T) {
	p := &rescue.Panic{Value: "odd"}
	was, is := panickedFound(Found{Dir: "a", Tool: Plain}, p), Found{Dir: "a", Tool: Plain}
	for name, pair := range map[string][2]Found{"on the base": {was, is}, "here": {is, was}, "on both": {was, was}} {
		read, err := BaseReading{Tree: fstest.MapFS{}, Found: []Found{pair[0]}, Named: func(string) bool { return false }}.Apply(fstest.MapFS{}, []Found{pair[1]})
		if err != nil || len(read) != 1 || read[0].Panic != p || !read[0].Doubtful || read[0].Skip == "" {
			t.Errorf("%s: got %+v, %v", name, read, err)
		}
	}
}

// TestAnythingGone takes each file and each directory of each tool's project away, on the
// branch, on the base and on both: nothing panics, and of migrations that the branch
// deletes something is told.
func TestAnythingGone(t *testing.T) {
	for _, key := range Tools() {
		t.Run(key, func(t *testing.T) {
			whole, migrations := sampleHead(t, key), map[string]bool{}
			for _, s := range loadOnly(t, whole).steps {
				migrations[s.path] = !strings.HasSuffix(s.path, "/current.sql") // which is on nobody's database
			}
			for gone := range placesOf(whole) {
				less := fstest.MapFS{}
				for name, file := range whole {
					if name != gone && !strings.HasPrefix(name, gone+"/") {
						less[name] = file
					}
				}
				for _, trees := range [][2]fstest.MapFS{{whole, less}, {less, whole}, {less, less}} {
					told := tellAll(t, trees[0], trees[1])
					if t.Failed() {
						t.Fatalf("without %s", gone)
					}
					if migrations[gone] && len(trees[0]) > len(trees[1]) && told == "" {
						t.Errorf("nothing is told of %s, which is gone", gone)
					}
				}
			}
		})
	}
}

// placesOf are the files of a tree and the directories that hold them.
func placesOf(tree fstest.MapFS) map[string]bool {
	places := map[string]bool{}
	for name := range tree {
		for ; name != "."; name = path.Dir(name) {
			places[name] = true
		}
	}
	return places
}

// tellAll reviews two trees as a run does, and returns what it says of the history.
func tellAll(t *testing.T, base, head fstest.MapFS) string {
	t.Helper()
	var folders [2][]*Folder
	var told strings.Builder
	for i, tree := range []fstest.MapFS{base, head} {
		found, err := Detect(tree)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			wantNoPanic(t, f, nil)
			if f.Skip != "" {
				told.WriteString(f.Skip)
				continue
			}
			folder, err := Load(tree, f)
			wantNoPanic(t, f, err)
			if err != nil {
				told.WriteString(err.Error())
				continue
			}
			folders[i] = append(folders[i], folder)
		}
	}
	for _, s := range ReviewAll(folders[0], folders[1], ReviewOptions{Base: "main"}) {
		for _, u := range s.Unchecked {
			if u.Panic != nil {
				t.Errorf("%s\n%s", u.Reason, u.Panic.Stack)
			}
			told.WriteString(u.Reason)
		}
		for _, f := range append(s.Findings, s.MissingDowns()...) {
			told.WriteString(f.Message)
		}
	}
	return told.String()
}
