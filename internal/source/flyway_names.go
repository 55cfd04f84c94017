package source

import (
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// What stands behind the separator describes, and may be left out together with it:
// V6.10.1.sql, U2.sql, and even R.sql are names that Flyway takes.
// https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/internal/resource/ResourceNameParser.java
var (
	flywayName     = lazyregexp.New(`^V(\d+(?:[._]\d+)*)(?:__.*)?\.sql$|^R(?:__(.*))?\.sql$`)
	flywayUndo     = lazyregexp.New(`^U(\d+(?:[._]\d+)*)(?:__.*)?\.sql$`)
	flywayBaseline = lazyregexp.New(`^B\d+(?:[._]\d+)*(?:__.*)?\.sql$`)

	// https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/api/callback/Event.java
	flywayCallback = lazyregexp.New(`^(?:(?:before|after)(?:Each)?(?:Clean|Migrate|Undo|Validate|Baseline|Repair|Info|Versioned|Repeatables|Connect|CreateSchema)(?:Applied|Statement)?(?:Error|OperationFinish)?|createSchema)(?:__.*)?\.sql$`)

	// flywayDescribed are names that no other tool gives.
	flywayDescribed = lazyregexp.New(`^[VUBR]\d*(?:[._]\d+)*__.*\.sql$`)
)

// flywayProject are where a project says that it uses Flyway.
var flywayProject = []string{"pom.xml", "build.gradle", "build.gradle.kts", "flyway.toml", "flyway.conf", "application.properties", "application.yml", "application.yaml"}

// detectFlyway takes a folder of Flyway's names. Without descriptions they may be those
// of any runner, so that the project has to name Flyway.
func detectFlyway(d *directory) (Found, bool) {
	files := d.flywayUsual()
	ours := isMost(files, isFlywayName) && (slices.ContainsFunc(files, flywayDescribed.MatchString) || d.aboveContain("flyway", flywayProject...))
	return d.claim(Flyway, ours && !d.aboveContain("refinery", "Cargo.toml"))
}

// isFlywayName tells whether Flyway has a use for a file of this name.
func isFlywayName(name string) bool {
	for _, known := range []*lazyregexp.Regexp{flywayName, flywayUndo, flywayBaseline, flywayCallback} {
		if known.MatchString(name) {
			return true
		}
	}
	return false
}

func flywayStep(file string) (step, bool) {
	name := strings.TrimSuffix(file, ".sql")
	m := flywayName.FindStringSubmatch(path.Base(file))
	switch {
	case m == nil:
		return step{}, false
	case m[1] != "":
		return step{name: name, key: strings.ReplaceAll(m[1], "_", ".")}, true
	default:
		return step{name: name, key: repeatable + strings.ReplaceAll(m[2], "_", " "), repeatable: true}, true
	}
}

// flywayMisnamed are names that are meant as those of migrations: V2_name.sql, v3__name.sql.
var flywayMisnamed = lazyregexp.New(`(?i)^[VUB][\d_]|^R_`)

// flywayKnows tells of a file that is no migration whether it need not be one.
func flywayKnows(file string) bool {
	name := path.Base(file)
	return isOddlyCased(name) || flywayUndo.MatchString(name) || flywayBaseline.MatchString(name) || !flywayMisnamed.MatchString(name)
}

// flywayLeaves says of files that are no migrations what Flyway makes of them.
func flywayLeaves(d *directory, file string) *leftOut {
	names := d.flywayNaming()
	switch name := path.Base(names.usual(file)); {
	case flywayUndo.MatchString(name):
		return nil
	case flywayCallback.MatchString(name):
		return &leftOut{runs: true, why: "is a callback, which Flyway runs at what it is named after, and migvet does not"}
	case flywayBaseline.MatchString(name):
		return &leftOut{runs: true, why: "is a baseline, which new databases alone run, in place of the migrations up to its version, and migvet does not"}
	default:
		return &leftOut{why: "is not named " + names.example() + ", so Flyway never runs it; rename it, or move it out of the folder"}
	}
}
