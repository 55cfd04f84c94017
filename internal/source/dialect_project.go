package source

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// What a project says of its database outside of its migrations. SQL that only PostgreSQL
// has proves it wrong.

// cargoFeatures are the features of crates that talk to other databases.
var cargoFeatures = []string{"sqlite", "sqlite-unbundled", "mysql", "mssql"}

// namesPostgres is what a manifest or an environment says of PostgreSQL: tokio-postgres,
// a feature of its own that turns on sqlx/postgres, a URL.
var namesPostgres = lazyregexp.New(`(?i)postgres|\bpg\b`)

// dialectOfCrate is the other database that the nearest package has features of a crate
// for: sqlite and not postgres. A workspace says nothing by itself, for its members may
// have other features.
func (d *directory) dialectOfCrate(crate string) (dialect, evidence string) {
	if d.aboveMatches(namesPostgres, ".env", ".env.example", ".env.sample") {
		return "", ""
	}
	d.climb(func(up *directory) bool {
		text := up.beginning("Cargo.toml")
		if text == "" {
			return false
		}
		if manifest, err := parseTOML(text); err == nil && !namesPostgres.MatchString(text) {
			if dialect = dialectOfManifest(manifest, crate); dialect != "" {
				evidence = crate + "'s features in " + path.Join(up.dir, "Cargo.toml")
			}
		}
		return true
	})
	return dialect, evidence
}

func dialectOfManifest(manifest map[string]any, crate string) string {
	if manifest["package"] == nil || manifest["workspace"] != nil {
		return ""
	}
	dependencies, _ := manifest["dependencies"].(map[string]any)
	dependency, _ := dependencies[crate].(map[string]any)
	features, _ := dependency["features"].([]any)
	if slices.Contains(features, any("any")) {
		return ""
	}
	for _, feature := range cargoFeatures {
		if slices.Contains(features, any(feature)) {
			return strings.TrimSuffix(feature, "-unbundled")
		}
	}
	return ""
}

// jdbcURL matches what a URL of JDBC is for.
var jdbcURL = lazyregexp.New(`(?i)^jdbc:(?:tracing:|p6spy:|log4jdbc:)?([a-z0-9]+):`)

// dialectOfJDBC is the database that liquibase.properties names by its URL; "" when it is
// left to where Liquibase runs. H2 may play PostgreSQL.
// https://docs.liquibase.com/concepts/connections/creating-config-properties.html
func (d *directory) dialectOfJDBC() (dialect, evidence string) {
	files := []settingsFile{{"liquibase.properties", parseProperties}}
	d.settings(files, func(settings map[string]string) bool {
		url := cmp.Or(settings["liquibase.command.url"], settings["liquibase.url"], settings["url"])
		m := jdbcURL.FindStringSubmatch(url)
		if m == nil {
			return url != ""
		}
		dialect = canonicalDialect(m[1])
		if !isDialect(dialect) || strings.Contains(strings.ToLower(url), "mode=postgresql") {
			dialect = ""
		}
		return true
	})
	isEmbedded := slices.Contains([]string{"h2", "hsqldb", "derby"}, dialect) // which serves tests, too
	if dialect == "" || dialect == postgresql || isEmbedded && d.aboveMatches(namesPostgres, "pom.xml", "build.gradle", "build.gradle.kts") {
		return "", ""
	}
	return dialect, "the URL in " + d.answeredBy
}

// orElse has files whose syntax says nothing be for what the project says, unless one of
// them has what only PostgreSQL has, or names it: dbms:postgresql.
func (d *directory) orElse(files []string, dialect, evidence string, project func() (dialect, evidence string)) (string, string) {
	if dialect != "" || dialectOfPath(d.dir).dialect == postgresql || slices.ContainsFunc(files, isForPostgres) {
		return dialect, evidence
	}
	if slices.ContainsFunc(sampleFiles(files), func(f string) bool { return namesPostgres.MatchString(d.beginning(f)) }) {
		return "", ""
	}
	if seen := d.sampleSyntax(files); seen.postgres > 0 || seen.ownNames {
		return "", ""
	}
	return project()
}

func isForPostgres(file string) bool {
	return variantOf(path.Base(file)).dialect == postgresql || dialectOfPath(path.Dir(file)).dialect == postgresql
}
