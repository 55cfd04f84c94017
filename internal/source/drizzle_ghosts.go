package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint/rules"
)

// A ghost is an entry of a journal that no database can have run, and what ran
// in its stead.
type ghost struct {
	tag, behind string
}

// ghostEntries replays the versions of a journal, the oldest first, as if each had
// been deployed, and returns the entries of the last that never ran.
func ghostEntries(versions []string) []ghost {
	ran, ranAt := map[string]int64{}, map[int64]string{}
	skipped := map[string]string{}
	var last journal
	var reader journalReader
	for _, text := range versions {
		j := reader.read(text)
		if j.broken != "" {
			continue // Drizzle ran nothing
		}
		last = j
		newest := newestOf(ran)
		for _, e := range j.entries {
			if _, done := ran[e.tag]; done || e.tag == "" {
				continue
			}
			if former, ok := ranAt[e.when]; ok && !hasEntry(j.entries, former) {
				delete(ran, former) // renamed: Drizzle knows what it has run by its time
				ran[e.tag], ranAt[e.when] = e.when, e.tag
				continue
			}
			if newest != "" && e.when <= ran[newest] {
				if _, known := skipped[e.tag]; !known {
					skipped[e.tag] = newest // what was there when it came, and not what came later
				}
				continue
			}
			ran[e.tag], ranAt[e.when] = e.when, e.tag
			delete(skipped, e.tag)
		}
	}
	var found []ghost
	for _, e := range last.entries {
		if behind, ok := skipped[e.tag]; ok {
			found = append(found, ghost{e.tag, behind})
		}
	}
	return found
}

func hasEntry(entries []journalEntry, tag string) bool {
	return slices.ContainsFunc(entries, func(e journalEntry) bool { return e.tag == tag })
}

func newestOf(ran map[string]int64) string {
	newest := ""
	for tag, when := range ran {
		if newest == "" || when > ran[newest] || when == ran[newest] && tag < newest {
			newest = tag
		}
	}
	return newest
}

// ghostEntries reports, in one finding, the entries of the base that its
// deployments skipped.
func (r *review) ghostEntries() {
	if r.versions == nil || r.from == nil || r.from.Tool != Drizzle {
		return
	}
	found := ghostEntries(r.versions(path.Join(r.from.Dir, drizzleJournal)))
	if len(found) == 0 {
		return
	}
	f := rules.MigrationGhost.AtFile(r.to.journalPath(), fmt.Sprintf(
		"not new here: %s cannot have run on a database that was deployed after every merge to %s: %s; look whether production has what was meant to run, and write it again if not",
		ghostNames(found), r.base, ghostBlockers(found)))
	for i := range r.to.steps {
		if s := &r.to.steps[i]; s.name == found[0].tag {
			f.Start, f.End = s.listed.Start, s.listed.End
		}
	}
	r.report(f)
}

// ghostNames names the first of many: a history with one entry that is far too late has
// a ghost for every one after it.
func ghostNames(found []ghost) string {
	named := found[:min(len(found), namedMigrations)]
	tags := make([]string, len(named))
	for i, g := range named {
		tags[i] = g.tag
	}
	names := strings.Join(tags, ", ")
	if more := len(found) - len(named); more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return names
}

// ghostBlockers says what had run before. Each may have been skipped for another one.
func ghostBlockers(found []ghost) string {
	first := found[0]
	if slices.ContainsFunc(found, func(g ghost) bool { return g.behind != first.behind }) {
		return fmt.Sprintf("entries with later times had run before, %s for instance before %s", first.behind, first.tag)
	}
	return first.behind + ", with a later time, had run before"
}
