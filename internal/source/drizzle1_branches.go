package source

import (
	"fmt"
	"io"
	"strings"

	"github.com/migvet/migvet/internal/drizzlekit"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A lineage is a migration of a 1.0 folder with all that it was made from,
// itself included.
type lineage struct {
	snapshotFile
	ancestors map[string]bool // by ID of their snapshots
}

// openBranches reports newest migrations that stand side by side because none
// was made from the others. drizzle-kit merges them with the next migration it
// generates, unless they change the same.
func (r *review) openBranches() {
	added := map[string]bool{}
	for _, s := range r.added {
		added[s.name] = true
	}
	r.ownProblems(func(f *Folder) []problem { return f.openBranches(added) })
}

// openBranches blames migrations that are added, by name, if there are any.
func (f *Folder) openBranches(added map[string]bool) []problem {
	all, _ := f.snapshots1()
	ends := endsOf(all)
	if len(ends) < 2 || len(brokenChain1(all)) > 0 {
		return nil
	}
	var problems []problem
	for i, b := range ends {
		for _, a := range ends[:i] {
			collisions, err := f.collisions1(all, a, b)
			if err != nil {
				return []problem{{rules.SnapshotInvalid.AtFile(b.path, fmt.Sprintf("drizzle-kit stops: %v", err)), "footprints " + b.path}}
			}
			if len(collisions) > 0 {
				problems = append(problems, collision1(collisions, added))
			}
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return []problem{sideBySide(ends, added)}
}

// endsOf returns the migrations that no other was made from.
func endsOf(all []snapshotFile) []lineage {
	followed := map[string]bool{}
	parents := map[string][]string{}
	for _, s := range all {
		parents[s.ID] = s.Parents
		for _, id := range s.Parents {
			followed[id] = true
		}
	}
	var ends []lineage
	for _, s := range all {
		if followed[s.ID] {
			continue
		}
		end := lineage{s, map[string]bool{}}
		for open := []string{s.ID}; len(open) > 0; {
			id := open[0]
			open = open[1:]
			if !end.ancestors[id] {
				end.ancestors[id] = true
				open = append(open, parents[id]...)
			}
		}
		ends = append(ends, end)
	}
	return ends
}

// A done is a statement of a migration.
type done struct {
	drizzlekit.Footprint
	by snapshotFile
}

func (d done) String() string { return fmt.Sprintf("%s of %s", d.Footprint, d.by.prefix) }

// collisions1 returns pairs of statements, of one branch and the other, that
// drizzle-kit does not let stand side by side.
func (f *Folder) collisions1(all []snapshotFile, a, b lineage) (pairs [][2]done, err error) {
	ours, err := f.doneOnlyBy(all, a, b)
	if err != nil {
		return nil, err
	}
	theirs, err := f.doneOnlyBy(all, b, a)
	for _, x := range ours {
		for _, y := range theirs {
			if x.Collide(y.Footprint) {
				pairs = append(pairs, [2]done{x, y})
			}
		}
	}
	return pairs, err
}

// doneOnlyBy returns what the migrations that lead to one end alone do.
func (f *Folder) doneOnlyBy(all []snapshotFile, end, other lineage) ([]done, error) {
	var statements []done
	for _, s := range all {
		if !end.ancestors[s.ID] || other.ancestors[s.ID] || s.Version != drizzlekit.Footprints {
			continue
		}
		file, err := f.fsys.Open(s.path)
		if err != nil {
			return nil, err
		}
		footprints, err := drizzlekit.ReadFootprints(io.LimitReader(file, maxFile))
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("the snapshot of %s cannot be read: %w", s.prefix, err)
		}
		for _, footprint := range footprints {
			statements = append(statements, done{footprint, s})
		}
	}
	return statements, nil
}

func collision1(pairs [][2]done, added map[string]bool) problem {
	other, own := pairs[0][0], pairs[0][1]
	known := fmt.Sprintf("collision %s, %s", other, own)
	if added[other.by.prefix] && !added[own.by.prefix] {
		other, own = own, other
	}
	more := ""
	switch n := len(pairs) - 1; {
	case n == 1:
		more = "; nor does another pair of their statements"
	case n > 1:
		more = fmt.Sprintf("; nor do %d more pairs of their statements", n)
	}
	return problem{rules.SnapshotCollision.AtFile(own.by.path, fmt.Sprintf(
		"drizzle-kit stops: of two branches, %s does not go with %s%s; delete the migration that no database has run, and generate it again on top of the other", own, other, more)), known}
}

// sideBySide is nothing wrong: it is what 1.0 was made for.
func sideBySide(ends []lineage, added map[string]bool) problem {
	at := ends[len(ends)-1]
	var names []string
	comparable := true
	for _, end := range ends {
		names = append(names, end.prefix)
		comparable = comparable && end.Version == drizzlekit.Footprints
		if added[end.prefix] {
			at = end
		}
	}
	verdict := "by their snapshots they do not get into each other's way, and the next migration that drizzle-kit generates merges them"
	if !comparable {
		verdict = "drizzle-kit check tells whether they get into each other's way"
	}
	f := rules.SnapshotCollision.AtFile(at.path, fmt.Sprintf("%s were made on %d branches, and none of them from another; %s", strings.Join(names, " and "), len(ends), verdict))
	f.Severity = lint.Notice
	return problem{f, "open " + strings.Join(names, " ")}
}
