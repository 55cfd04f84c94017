package rules

import (
	"regexp"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var passwordInSQL = &lint.Rule{
	ID: "password-in-sql", Group: lint.GroupSecurity, Severity: lint.Error,
	On:    facts.Made | facts.Changed,
	Title: "A password stands in a migration",
	Why: "It stays in the repository's history for everybody who ever reads it, in the server's log when statements are logged, and in every environment the migrations are run in. Changing it is the only remedy once it is pushed.\n\n" +
		"Found in `CREATE ROLE` and `ALTER ROLE`, user mappings, and connection strings of subscriptions. A SCRAM or MD5 hash instead of the password itself is a warning: it can be attacked off line.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createrole.html",
	Fix: "Create the role without a password, and set it outside of migrations, from where secrets are kept:\n\n```sql\nCREATE ROLE app LOGIN;\n```\n\n`\\password app` in `psql` sends only the hash. Change the password that is here.",
	Check: func(p *lint.Pass) {
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_CreateRoleStmt:
			reportPassword(p, n.CreateRoleStmt.Options, "role "+n.CreateRoleStmt.Role)
		case *pg.Node_AlterRoleStmt:
			reportPassword(p, n.AlterRoleStmt.Options, "role "+n.AlterRoleStmt.GetRole().GetRolename())
		case *pg.Node_CreateUserMappingStmt:
			reportPassword(p, n.CreateUserMappingStmt.Options, "server "+n.CreateUserMappingStmt.Servername)
		case *pg.Node_AlterUserMappingStmt:
			reportPassword(p, n.AlterUserMappingStmt.Options, "server "+n.AlterUserMappingStmt.Servername)
		case *pg.Node_CreateSubscriptionStmt:
			reportConnection(p, n.CreateSubscriptionStmt.Conninfo, n.CreateSubscriptionStmt.Subname)
		case *pg.Node_AlterSubscriptionStmt:
			reportConnection(p, n.AlterSubscriptionStmt.Conninfo, n.AlterSubscriptionStmt.Subname)
		}
	},
}

// reportPassword never repeats the password: reports are read by more people
// than the file.
func reportPassword(p *lint.Pass, options []*pg.Node, of string) {
	for _, o := range options {
		def := o.GetDefElem()
		secret := def.GetArg().GetString_().GetSval()
		if def.GetDefname() != "password" || secret == "" {
			continue
		}
		f := p.Reportf(def.Location, "the password of %s is in the repository for good; set it outside of migrations, and change this one", of)
		if strings.HasPrefix(secret, "SCRAM-SHA-256$") || md5Hash.MatchString(secret) {
			f.Severity = lint.Warning
		}
	}
}

var (
	md5Hash      = regexp.MustCompile(`^md5[0-9a-f]{32}$`)
	passwordWord = regexp.MustCompile(`(?i)\bpassword\s*=\s*[^\s]`)
	passwordURL  = regexp.MustCompile(`(?i)^postgres(ql)?://[^/@:]+:[^/@]+@`)
)

func reportConnection(p *lint.Pass, conninfo, name string) {
	if passwordWord.MatchString(conninfo) || passwordURL.MatchString(conninfo) {
		p.Reportf(0, "the connection string of subscription %s has a password, which is in the repository for good; set it outside of migrations, and change this one", name)
	}
}
