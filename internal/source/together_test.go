package source

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

func TestTogether(t *testing.T) {
	deleted := func(dir, says string, n int) (all []lint.Finding) {
		for i := range n {
			all = append(all, rules.MigrationDeleted.AtFile(fmt.Sprintf("%s/%d.sql", dir, i), fmt.Sprintf("%d is on main and %s", i, says)))
		}
		return all
	}
	edited := func(n, at int, severity lint.Severity) (all []lint.Finding) {
		for i := range n {
			f := rules.MigrationEdited.AtFile(fmt.Sprintf("a/%d.sql", i), fmt.Sprintf("%d is on main; the same", i))
			f.Severity, f.Start = severity, at
			all = append(all, f)
		}
		return all
	}
	existing := func(file string, n int) (all []lint.Finding) {
		for i := range n {
			f := rules.NoEffect.AtFile(file, fmt.Sprintf("%stable \"t%d\"%s", rules.NothingHappens, i, rules.ExistsAlready))
			f.Start = 10 * i
			all = append(all, f)
		}
		return all
	}
	for _, c := range []struct {
		name     string
		findings []lint.Finding
		want     string // whom they tell of
	}{
		{"few", deleted("a", "is gone", toldTogether-1), "0 1 2 3"},
		{"many", deleted("a", "is gone", toldTogether), "each of 5 migrations (0, 1, 2 and 2 more)"},
		{"in two folders", append(deleted("a", "is gone", 3), deleted("b", "is gone", 3)...), "0 1 2 0 1 2"},
		{"of two kinds", append(deleted("a", "is gone", 3), deleted("a", "went", 3)...), "0 1 2 0 1 2"},
		{"two rules", append(deleted("a", "is gone", 200), edited(75, lint.NoPos, lint.Notice)...), "each of 200 migrations (0, 1, 2 and 197 more) each of 75 migrations (0, 1, 2 and 72 more)"},
		{"two severities", append(edited(4, lint.NoPos, lint.Error), edited(4, lint.NoPos, lint.Notice)...), "0 1 2 3 0 1 2 3"},
		{"what exists", existing("a/1.sql", 35), `nothing happens here nor in 34 more places of this file: table "t0", table "t1", table "t2" and 32 more exist already and stay as they are; drop IF NOT EXISTS or alter what exists`},
		{"in two files", append(existing("a/1.sql", 1), existing("a/2.sql", 1)...), strings.Repeat(` nothing happens here: table "t0" exists already and stays as it is; drop IF NOT EXISTS or alter what exists`, 2)[1:]},
		{"at statements", edited(6, 0, lint.Error), "0 1 2 3 4 5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range Together(c.findings, path.Dir) {
				who, _, _ := strings.Cut(f.Message, isOnBase)
				got = append(got, who)
			}
			if joined := strings.Join(got, " "); joined != c.want {
				t.Errorf("told %s, want %s", joined, c.want)
			}
		})
	}
}
