package source

import (
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// CodeLanguage is the language of a file that may be a migration in code, or a changelog
// of Liquibase; "" for others.
func CodeLanguage(name string) string {
	if strings.HasSuffix(name, ".d.ts") || strings.HasSuffix(name, "_test.go") {
		return ""
	}
	if isChangelogPlace(name) {
		return changelogFormats[strings.ToLower(path.Ext(name))]
	}
	return languageOf(name)
}

// A codeTool is a tool whose migrations are code.
type codeTool struct {
	name      string
	languages []string
	mark      *lazyregexp.Regexp // is in each of its migrations
	prints    string             // the command that prints the SQL; "" where there is none

	// anywhere: nothing but its migrations has the mark, so that a number in the name is
	// enough: src/database/1700000000000-Total.ts.
	anywhere bool
}

// exportsUp is in migrations of those that have an "up" which is given a connection, or a
// builder of SQL, under whatever name: Knex, Umzug, db-migrate. What goes to collections
// is MongoDB's.
var exportsUp = lazyregexp.New(`(?s)\bup\s*[=(:].*?(\.schema\.|\.raw\(|\.query\(|\.runSql\(|\.(create|drop|alter)Table\(|\bsql` + "`" + `)`)

var codeTools = []codeTool{
	{"Alembic", []string{"Python"}, lazyregexp.New(`(?m)^down_revision\b`), "alembic upgrade BEFORE:THIS --sql", true},
	{"Django", []string{"Python"}, lazyregexp.New(`\bmigrations\.Migration\b`), "python manage.py sqlmigrate APP NAME", true},
	{"Rails", []string{"Ruby"}, lazyregexp.New(`\bActiveRecord::Migration\b`), "", true},
	{"TypeORM", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bMigrationInterface\b|\bqueryRunner\.\w`), "", true},
	{"Sequelize", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bqueryInterface\b|\bQueryInterface\b`), "", true},
	{"node-pg-migrate", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bMigrationBuilder\b|\bpgm\.\w`), "node-pg-migrate up --dry-run", false},
	{"MikroORM", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bthis\.addSql\b`), "", false},
	{"Kysely", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bKysely<`), "", false},
	{"Knex", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bup\b[^\n]{0,80}\b(knex|Knex)\b`), "", false},
	{"Entity Framework Core", []string{"C#"}, lazyregexp.New(`\bMigrationBuilder\b`), "dotnet ef migrations script BEFORE THIS", true},
	{"Ecto", []string{"Elixir"}, lazyregexp.New(`\buse Ecto\.Migration\b`), "mix ecto.migrate --log-migrations-sql", true},
	{"Doctrine", []string{"PHP"}, lazyregexp.New(`\bextends AbstractMigration\b`), "doctrine-migrations migrate --write-sql", false},
	{"Laravel", []string{"PHP"}, lazyregexp.New(`\bextends Migration\b`), "php artisan migrate --pretend", false},
	{"goose", []string{"Go"}, lazyregexp.New(`\bgoose\.Add(Named)?Migration`), "", true},
	{"Flyway", []string{"Java", "Kotlin", "Scala", "Groovy"}, lazyregexp.New(`\bBaseJavaMigration\b|\bimplements JavaMigration\b`), "", true},
	{"SeaORM", []string{"Rust"}, lazyregexp.New(`\bMigrationTrait\b`), "", false},
	{"FluentMigrator", []string{"C#"}, lazyregexp.New(`\[Migration\(\d`), "", true},
	{"", []string{"TypeScript", "JavaScript"}, exportsUp, "", false},
}

// migrationPlaces are parts of paths at which migrations in code stand.
var migrationPlaces = []string{"migrations", "migration", "migrate", "migrator", "versions", "alembic"}

// CodeMigration says what a file is if it is a migration in code: "a migration in Python
// (Alembic)" and the command that prints its SQL, "" where there is none. What is
// beside migrations of SQL is one, too, when it is called so: 0002_b.up.go.
func CodeMigration(name, text string, besideSQL bool) (what, prints string) {
	language := CodeLanguage(name)
	if language == "" {
		return "", ""
	}
	if isChangelogPlace(name) {
		if !hasChangesets(text) {
			return "", ""
		}
		return "a changelog in " + language + " (Liquibase)", "liquibase update-sql"
	}
	for _, t := range codeTools {
		if (besideSQL || isMigrationPlace(name) || t.anywhere && CodePlace(name)) && slices.Contains(t.languages, language) && t.mark.MatchString(text) {
			return t.what(language), t.prints
		}
	}
	if besideSQL && numberOf(path.Base(name)) != "" {
		return "a migration in " + language, ""
	}
	return "", ""
}

func (t codeTool) what(language string) string {
	if t.name == "" {
		return "a migration in " + language
	}
	return "a migration in " + language + " (" + t.name + ")"
}

// CodePlace tells whether a file is where migrations in code stand, or has a number as they
// have, so that it is worth reading.
func CodePlace(name string) bool {
	return CodeLanguage(name) != "" && (isMigrationPlace(name) || isChangelogPlace(name) || hasCodeNumber(name))
}

// codeNumber is in names of migrations of which the tool makes the name: 20260101_total.rb,
// V3__total.java.
var codeNumber = lazyregexp.New(`^[VR]?\d`)

func hasCodeNumber(name string) bool {
	return codeNumber.MatchString(path.Base(name)) && PassesOver(path.Dir(name)) == ""
}

// isMigrationPlace tells whether a file is below a directory that is called after
// migrations.
func isMigrationPlace(name string) bool {
	parts := strings.Split(strings.ToLower(path.Dir(name)), "/")
	return slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(migrationPlaces, part) })
}
