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
}

var codeTools = []codeTool{
	{"Alembic", []string{"Python"}, lazyregexp.New(`(?m)^down_revision\b`), "alembic upgrade BEFORE:THIS --sql"},
	{"Django", []string{"Python"}, lazyregexp.New(`\bmigrations\.Migration\b`), "python manage.py sqlmigrate APP NAME"},
	{"Rails", []string{"Ruby"}, lazyregexp.New(`\bActiveRecord::Migration\b`), ""},
	{"TypeORM", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bMigrationInterface\b|\bqueryRunner\.\w`), ""},
	{"Sequelize", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bqueryInterface\b|\bQueryInterface\b`), ""},
	{"node-pg-migrate", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bMigrationBuilder\b|\bpgm\.\w`), "node-pg-migrate up --dry-run"},
	{"MikroORM", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bthis\.addSql\b`), ""},
	{"Kysely", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bKysely<`), ""},
	{"Knex", []string{"TypeScript", "JavaScript"}, lazyregexp.New(`\bup\b[^\n]{0,80}\b(knex|Knex)\b`), ""},
	{"Entity Framework Core", []string{"C#"}, lazyregexp.New(`\bMigrationBuilder\b`), "dotnet ef migrations script BEFORE THIS"},
	{"Ecto", []string{"Elixir"}, lazyregexp.New(`\buse Ecto\.Migration\b`), "mix ecto.migrate --log-migrations-sql"},
	{"Doctrine", []string{"PHP"}, lazyregexp.New(`\bextends AbstractMigration\b`), "doctrine-migrations migrate --write-sql"},
	{"Laravel", []string{"PHP"}, lazyregexp.New(`\bextends Migration\b`), "php artisan migrate --pretend"},
	{"goose", []string{"Go"}, lazyregexp.New(`\bgoose\.Add(Named)?Migration`), ""},
	{"Flyway", []string{"Java", "Kotlin", "Scala", "Groovy"}, lazyregexp.New(`\bBaseJavaMigration\b|\bimplements JavaMigration\b`), ""},
	{"SeaORM", []string{"Rust"}, lazyregexp.New(`\bMigrationTrait\b`), ""},
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
		if (besideSQL || CodePlace(name)) && slices.Contains(t.languages, language) && t.mark.MatchString(text) {
			return "a migration in " + language + " (" + t.name + ")", t.prints
		}
	}
	if besideSQL && numberOf(path.Base(name)) != "" {
		return "a migration in " + language, ""
	}
	return "", ""
}

// CodePlace tells whether a file is where migrations in code stand, so that it is worth
// reading.
func CodePlace(name string) bool {
	return CodeLanguage(name) != "" && (isMigrationPlace(name) || isChangelogPlace(name))
}

// isMigrationPlace tells whether a file is below a directory that is called after
// migrations.
func isMigrationPlace(name string) bool {
	parts := strings.Split(strings.ToLower(path.Dir(name)), "/")
	return slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(migrationPlaces, part) })
}
