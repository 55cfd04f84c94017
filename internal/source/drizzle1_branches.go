package source

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/migvet/migvet/internal/drizzlekit"
	"github.com/migvet/migvet/lint/rules"
)

// conflicts1 returns the migrations of branches that nothing joins yet and that
// touch the same objects: drizzle-kit 1.0 stops at them, and takes all others.
func (f *Folder) conflicts1(all []snapshotFile) []problem {
	byID := map[string]snapshotFile{}
	parents := map[string]bool{}
	for _, s := range all {
		byID[s.ID] = s
		for _, id := range s.Parents {
			parents[id] = true
		}
	}
	ends := slices.DeleteFunc(slices.Clone(all), func(s snapshotFile) bool { return parents[s.ID] })
	var problems []problem
	for i, later := range ends {
		for _, earlier := range ends[:i] {
			old, new := lineage(byID, earlier.ID), lineage(byID, later.ID)
			if p, found := f.conflict1(without1(old, new), without1(new, old)); found {
				problems = append(problems, p)
			}
		}
	}
	return problems
}

// lineage is a snapshot and all that it was made from, by ID.
func lineage(byID map[string]snapshotFile, id string) map[string]snapshotFile {
	all := map[string]snapshotFile{}
	var add func(id string)
	add = func(id string) {
		s, exists := byID[id]
		if _, seen := all[id]; seen || !exists {
			return
		}
		all[id] = s
		for _, parent := range s.Parents {
			add(parent)
		}
	}
	add(id)
	return all
}

// without1 are the snapshots of one lineage that another does not have, in the
// order of their migrations.
func without1(some, others map[string]snapshotFile) []snapshotFile {
	var own []snapshotFile
	for id, s := range some {
		if _, shared := others[id]; !shared {
			own = append(own, s)
		}
	}
	slices.SortFunc(own, func(a, b snapshotFile) int { return localeCompare(a.prefix, b.prefix) })
	return own
}

// conflict1 compares two branches, migration by migration.
func (f *Folder) conflict1(old, new []snapshotFile) (problem, bool) {
	for _, a := range old {
		for _, b := range new {
			if what := f.footprints(a).Conflict(f.footprints(b)); what != "" {
				return problem{rules.SnapshotCollision.AtFile(b.path, fmt.Sprintf(
					"drizzle-kit stops: %s and %s were made side by side and both touch %s; generate %s again on top of the other", a.prefix, b.prefix, what, b.prefix)),
					"conflict " + a.path + " " + b.path}, true
			}
		}
	}
	return problem{}, false
}

// footprints are none where the snapshot cannot be read, which is told
// elsewhere.
func (f *Folder) footprints(s snapshotFile) drizzlekit.Footprints {
	data, err := fs.ReadFile(f.fsys, s.path)
	if err != nil {
		return nil
	}
	footprints, _ := drizzlekit.ReadFootprints(data)
	return footprints
}
