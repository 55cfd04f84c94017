// The engine runs all pending migrations of a folder with a tool's own code,
// and prints the error if there is one.
//
//	engine TOOL FOLDER URL
package main

import (
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/postgres"
	_ "github.com/golang-migrate/migrate/v4/source/file"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	sqlmigrate "github.com/rubenv/sql-migrate"
)

func main() {
	run := map[string]func(dir, url string) error{
		"golang-migrate": golangMigrate, "goose": gooseUp, "sql-migrate": sqlMigrate, "atlas": atlasApply,
	}[os.Args[1]]
	if err := run(os.Args[2], os.Args[3]); err != nil {
		fmt.Println(err)
	}
}

func golangMigrate(dir, url string) error {
	m, err := migrate.New("file://"+dir, url+"?sslmode=disable")
	if err != nil {
		return err
	}
	defer m.Close()
	if err := m.Up(); !errors.Is(err, migrate.ErrNoChange) {
		return err
	}
	return nil
}

func gooseUp(dir, url string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	goose.SetLogger(goose.NopLogger())
	return goose.Up(db, dir)
}

func sqlMigrate(dir, url string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = sqlmigrate.Exec(db, "postgres", &sqlmigrate.FileMigrationSource{Dir: dir}, sqlmigrate.Up)
	return err
}
