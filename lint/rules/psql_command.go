package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
)

var psqlCommand = &lint.Rule{
	ID: holdsCommand, Group: lint.GroupMeta, Severity: lint.Error,
	Title: "A command of psql stands in a file that psql does not run",
	Why: "Lines that begin with a backslash (`\\i`, `\\set`, `\\connect`, `\\copy`) are carried out by psql and never reach the server. Other migration tools send them with the rest, and PostgreSQL refuses them.\n\n" +
		"https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMANDS",
	Fix:      "Write the SQL that the command stands for. If psql runs these files in production, as Sqitch does, name the tool in the configuration.",
	Explains: []string{"42601"},
	Check: func(p *lint.Pass) {
		if whyNotSQL(p) != holdsCommand || p.Tried() {
			return
		}
		at := psqlCommandLine.FindStringSubmatchIndex(p.Statement.SQL)
		command := p.Statement.SQL[at[2]:at[3]]
		p.Reportf(int32(at[2]), "%s is a command of psql, which %s does not run, and PostgreSQL refuses it; %s", command, toolName(p), insteadOf(command))
	},
}

// insteadOf is the way out of a command of psql.
func insteadOf(command string) string {
	switch strings.TrimPrefix(command, `\`) {
	case "i", "ir", "include", "include_relative":
		return "put what is in that file here"
	case "set":
		return "write the value where it is used"
	case "c", "connect":
		return "let the tool run this migration on that database"
	case "copy":
		return "write INSERT"
	default:
		return "remove the line"
	}
}
