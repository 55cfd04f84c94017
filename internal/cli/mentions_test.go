package cli

import (
	"slices"
	"testing"

	"github.com/migvet/migvet/lint"
)

// A word that is asked for and not foreseen costs a process of git.
func TestNamesBrokenBy(t *testing.T) {
	seen := &lint.Effect{Dropped: []lint.CatalogObject{
		{Kind: "table", Name: "public.seen"}, {Kind: "index", Name: "public.seen_pkey", Auto: true}, {Kind: "view", Name: "public.depends", Cascade: true},
	}}
	for _, test := range []struct {
		sql  string
		seen *lint.Effect
		want []string
	}{
		{"DROP TABLE app.tasks, notes", nil, []string{"Note", "Task", "note", "notes", "task", "tasks"}},
		{"ALTER TABLE tasks DROP COLUMN title, DROP CONSTRAINT tasks_check", nil, []string{"Task", "task", "tasks", "tasksCheck", "tasks_check", "title"}},
		{"ALTER TABLE tasks RENAME COLUMN title TO name", nil, []string{"Task", "task", "tasks", "title"}},
		{"ALTER TABLE tasks RENAME TO notes", nil, []string{"Task", "task", "tasks"}},
		{"ALTER TABLE tasks SET SCHEMA app", nil, []string{"Task", "task", "tasks"}},
		{"ALTER TABLE tasks ALTER COLUMN owner DROP NOT NULL, ALTER COLUMN rank DROP EXPRESSION", nil, []string{"Task", "owner", "rank", "task", "tasks"}},
		{"ALTER TYPE mood RENAME TO feeling", nil, []string{"mood"}},
		{"DROP FUNCTION purge(integer)", nil, []string{"purge"}},
		{"DROP SCHEMA app", nil, []string{"app"}},
		{"DROP SEQUENCE numbers", nil, []string{"numbers"}},
		{"DROP TRIGGER touch ON tasks", nil, []string{"Task", "task", "tasks", "touch"}},
		{"DO $$ BEGIN EXECUTE 'DROP TABLE seen CASCADE'; END $$", seen, []string{"Seen", "seen"}},
		{"CREATE TABLE made (id integer)", nil, nil},
	} {
		statements, _ := lint.Parse(test.sql)
		var names []string
		for _, s := range statements {
			names = append(names, namesBrokenBy(s, test.seen)...)
		}
		slices.Sort(names)
		names = slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "" })
		if !slices.Equal(names, test.want) {
			t.Errorf("%s: %q, want %q", test.sql, names, test.want)
		}
	}
}
