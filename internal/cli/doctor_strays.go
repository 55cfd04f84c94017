package cli

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/source"
)

// addStrays names what check would tell of if it was changed: SQL that changes a schema and
// migrations in code, in no folder. What is passed over or left out with its folder is told
// there.
func (r *surveyed) addStrays(ctx context.Context, p *project, found []source.Found, sources []*source.Source) {
	s := p.newStrays(found, sources, true)
	there, err := p.filesThere(ctx, func(name string) bool { return s.wants(name) && !r.tellsOf(name) })
	if err != nil {
		r.stop("files", err)
		return
	}
	s.take(there)
	var g strayGroups
	g.add(s.code, func(f changedFile) string { return " of " + s.kinds[f.path] })
	g.add(s.altering, func(changedFile) string { return " of SQL that would change or drop what is there" })
	g.add(s.creating, func(changedFile) string { return " of SQL that would create objects" })
	g.add(s.excluded, func(changedFile) string { return takenOut })
	r.NotLookedAt = append(r.NotLookedAt, g.told(s.places)...)
}

const takenOut = " taken out by exclude in " + config.Name

// A strayGroup is files of one directory that do the same.
type strayGroup struct{ dir, does string }

// strayGroups are files by their groups, in the order in which those came.
type strayGroups struct {
	order []strayGroup
	names map[strayGroup][]string
}

func (g *strayGroups) add(files []changedFile, does func(changedFile) string) {
	if g.names == nil {
		g.names = map[strayGroup][]string{}
	}
	for _, f := range files {
		k := strayGroup{path.Dir(f.path), does(f)}
		if g.names[k] == nil {
			g.order = append(g.order, k)
		}
		g.names[k] = append(g.names[k], path.Base(f.path))
	}
}

// told names the groups by their directories. tools are those of directories of migrations.
func (g *strayGroups) told(tools map[string]string) (places []surveyedPlace) {
	for _, k := range g.order {
		where := "; in no folder of migrations"
		if tool := tools[k.dir]; k.does == takenOut {
			where = ""
		} else if tool != "" {
			where = "; none of the migrations that " + tool + " runs, for all that is known"
		}
		places = append(places, surveyedPlace{k.dir, noun.Count(len(g.names[k]), "file") + k.does + ": " + someNames(g.names[k]) + where})
	}
	slices.SortStableFunc(places, func(a, b surveyedPlace) int { return strings.Compare(a.Path, b.Path) })
	return places
}

// tellsOf tells whether a file is in a place that is left out as a whole.
func (r *surveyed) tellsOf(name string) bool {
	return slices.ContainsFunc(r.PassedOver, func(o surveyedPlace) bool { return pathWithin(name, o.Path) }) ||
		slices.ContainsFunc(r.Folders, func(f surveyedFolder) bool { return f.NotChecked != "" && pathWithin(name, f.Dir) })
}

func someNames(names []string) string {
	const some = 3
	if len(names) <= some {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:some], ", "), len(names)-some)
}
