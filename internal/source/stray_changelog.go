package source

import (
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// changelogFormats are those of changelogs whose changesets say in Liquibase's own words
// what they do, by the ends of their files.
var changelogFormats = map[string]string{".xml": "XML", ".yaml": "YAML", ".yml": "YAML", ".json": "JSON"}

var (
	// changelogPlace is in the paths of such changelogs: db/changelog/1.xml,
	// resources/liquibase/users.yaml, db/release-2/3.yml. What a changelog includes may have
	// any name, and of XML there is little else. Of JSON there is too much among migrations,
	// as the snapshots of Drizzle.
	changelogPlace = lazyregexp.New(`(?i)(change[-_.]?(log|set)|liquibase).*\.\w+$|\.xml$|(migration|(^|/)(db|database|sql|schema|changes|ddl)/).*\.ya?ml$|(^|/)changes/[^/]*\.json$`)

	// ownChangeset is in changelogs that say themselves what to change. Those that only
	// include others are not told, for the others are.
	ownChangeset = lazyregexp.New(`<(\w+:)?changeSet\b|\bchangeSet"?\s*:`)
)

// isChangelogPlace tells whether a file may be such a changelog by its name.
func isChangelogPlace(name string) bool {
	return changelogFormats[strings.ToLower(path.Ext(name))] != "" && changelogPlace.MatchString(name)
}

func hasChangesets(text string) bool {
	return strings.Contains(text, "databaseChangeLog") && ownChangeset.MatchString(text)
}
