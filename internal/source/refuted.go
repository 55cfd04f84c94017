package source

import (
	"cmp"
	"fmt"
	"io/fs"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// Where nothing but the names of files speaks for a tool, the folder itself may speak
// against it: golang-migrate cannot have run where two migrations have one version.

// otherRunners are libraries for Go that run 1_name.up.sql by rules of their own.
var otherRunners = lazyregexp.New(`\b((?:github\.com/)?(?:maragudk/migrate|maragu\.dev/migrate|gobuffalo/pop|ory/pop|go-pg/migrations|Boostport/migration|db-journey/migrate))\b`)

// isRefuted tells what speaks against golang-migrate in a folder that was taken for one
// of its by the names of its files; "" for nothing.
func (d *directory) isRefuted() string {
	if why := d.tooManyDigits(); why != "" {
		return why
	}
	if d.namesGolangMigrate() || d.commandsSay(golangMigratePath, d.concerns(golangMigratePath)) != "" {
		return ""
	}
	if runner := d.aboveFinds(otherRunners, "go.mod"); runner != "" {
		return "go.mod names " + runner
	}
	first := map[string]string{}
	for _, file := range d.sql() {
		s, ok := golangMigrateStep(file)
		if !ok {
			continue
		}
		if twin := first[s.key]; twin != "" {
			return fmt.Sprintf("golang-migrate refuses two migrations of one version (%s and %s)", twin, s.name)
		}
		first[s.key] = s.name
	}
	return ""
}

func (d *directory) namesGolangMigrate() bool {
	return d.aboveContain("migrate/migrate", "go.mod", "Makefile", "Dockerfile", "docker-compose.yml", "compose.yml")
}

// tooManyDigits tells of versions such as pop's 20150100000001000000, which the history
// table of golang-migrate cannot hold, whatever else names that tool. One among many is a
// slip of the hand.
func (d *directory) tooManyDigits() string {
	const largest = "9223372036854775807"
	first, large, all := "", 0, 0
	for _, file := range d.sql() {
		s, ok := golangMigrateStep(file)
		if !ok {
			continue
		}
		all++
		if numericallyAfter(s.key, largest) {
			large++
			first = cmp.Or(first, s.key)
		}
	}
	if large == 0 || large < all && (large == 1 || 2*large < all) {
		return ""
	}
	return fmt.Sprintf("golang-migrate keeps versions as bigint, which does not hold %s", first)
}

// asPlain describes the folder of a tool that is refuted: nobody knows which one it is.
func (d *directory) asPlain(f Found, why string) Found {
	again := d.plain()
	again.refuted = f.Tool
	again.assume(fmt.Sprintf("read as files that run in the order of their names, each in a transaction: they are called like those of %s, but %s (tool: plain in .migvet.yml confirms that, another one corrects it)", f.Tool, why))
	return again
}

// unrefuted reads a folder as the base does where only one of the branches refutes the
// tool: what the branch adds proves nothing about it.
func (b BaseReading) unrefuted(head fs.FS, f, was Found) (Found, error) {
	again, err := b.asBefore(head, f, was)
	if err != nil {
		return f, err
	}
	again.Assumed, again.refuted = was.Assumed, was.refuted
	return again, nil
}

// isSameByName tells whether two folders are one by the names of their files, and differ in
// what refutes that.
func isSameByName(f, was Found) bool {
	return f.refuted != "" && f.refuted == was.Tool || was.refuted != "" && was.refuted == f.Tool
}
