package source

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Where sqitch.conf says that a project is.
func TestSqitchPlaces(t *testing.T) {
	const plan = "%syntax-version=1.0.0\n%project=x\n\na 2026-01-01T10:00:00Z A <a@example.com>\n@v1 2026-01-01T10:00:00Z A <a@example.com>\na [a@v1] 2026-01-02T10:00:00Z A <a@example.com>\n"
	for _, c := range []struct {
		name, conf string
		files      string // beside sqitch.conf
		want       string // folder and the files of its migrations
	}{
		{"nothing said", "[core]\nengine = pg\n", "sqitch.plan deploy/a@v1.sql deploy/a.sql", ". deploy/a@v1.sql deploy/a.sql"},
		{"a plan elsewhere", "[core]\ntop_dir = other\n", "db/sqitch.plan db/deploy/a@v1.sql db/deploy/a.sql", "db db/deploy/a@v1.sql db/deploy/a.sql"},
		{"top_dir", "[core]\n\ttop_dir = db\n", "db/sqitch.plan db/deploy/a@v1.sql db/deploy/a.sql", "db db/deploy/a@v1.sql db/deploy/a.sql"},
		{"a copy of the plan that top_dir left", "[core]\n\ttop_dir = ./db\n", "sqitch.plan db/sqitch.plan db/deploy/a@v1.sql db/deploy/a.sql", "db db/deploy/a@v1.sql db/deploy/a.sql"},
		{"plan_file", "[core]\nplan_file = db/app.plan\n", "db/app.plan deploy/a@v1.sql deploy/a.sql", ". deploy/a@v1.sql deploy/a.sql"},
		{"of the engine", "[core]\nplan_file = no.plan\n[engine \"pg\"]\nplan_file = db/pg.plan\ndeploy_dir = \"db/up\"\nrevert_dir = db/down\n", "db/pg.plan db/up/a@v1.sql db/up/a.sql", "db db/up/a@v1.sql db/up/a.sql"},
		{"of another engine", "[engine \"sqlite\"]\nplan_file = db/lite.plan\n", "sqitch.plan deploy/a@v1.sql deploy/a.sql", ". deploy/a@v1.sql deploy/a.sql"},
		{"reworked_dir", "[core]\nreworked_dir = old\n", "sqitch.plan old/deploy/a@v1.sql deploy/a.sql", ". old/deploy/a@v1.sql deploy/a.sql"},
		{"verified", "[core]\nengine = pg\n[deploy]\n\tverify = true\n", "sqitch.plan deploy/a@v1.sql deploy/a.sql", ". untried: sqitch.conf lets each deploy run the verify scripts, and what they would say is not tried deploy/a@v1.sql deploy/a.sql"},
		{"not verified", "[deploy]\nverify = false\n", "sqitch.plan deploy/a@v1.sql deploy/a.sql", ". deploy/a@v1.sql deploy/a.sql"},
		{"extension", "[core]\nextension = ddl\n", "sqitch.plan deploy/a@v1.ddl deploy/a.ddl deploy/notes.txt", ". deploy/a@v1.ddl deploy/a.ddl"},
		{"out of the repository", "[core]\ndeploy_dir = ../x\n", "sqitch.plan deploy/a.sql", ". skipped: sqitch.conf puts its plan or its scripts outside of the repository, where migvet does not read"},
		{"absolute", "[core]\nplan_file = /etc/passwd\n", "sqitch.plan deploy/a@v1.sql deploy/a.sql", ". deploy/a@v1.sql deploy/a.sql"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := fstest.MapFS{"sqitch.conf": {Data: []byte(c.conf)}}
			for _, file := range strings.Fields(c.files) {
				text := "SELECT '" + file + "';\n"
				if strings.HasSuffix(file, ".plan") {
					text = plan
				}
				tree[file] = &fstest.MapFile{Data: []byte(text)}
			}
			found, err := Detect(tree)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				if f.Tool != Sqitch {
					continue
				}
				if f.Skip != "" {
					got = append(got, f.Dir, "skipped:", f.Skip)
					continue
				}
				folder, err := Load(tree, f)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, f.Dir)
				if f.Untried != "" {
					got = append(got, "untried:", f.Untried)
				}
				for _, s := range folder.steps {
					got = append(got, s.path)
				}
				for _, p := range folder.problems {
					got = append(got, p.Path+": "+p.Message)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}
