package trial

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/quote"
)

// A cluster is what the databases of a server have in common and what migrations
// can change from each of them: roles, and what those are set to.
type cluster struct {
	roles    map[string]attributes
	members  map[membership]options
	settings map[setting]string // pg_db_role_setting.setconfig as PostgreSQL writes the array
}

// attributes are a row of pg_authid.
type attributes struct {
	Super, Inherit, CreateRole, CreateDB, Login, Replication, BypassRLS bool
	Limit                                                               int
	Until, Password                                                     string // "infinity", "" for none
}

// A membership is a row of pg_auth_members.
type membership struct{ role, member, grantor string }

// options are the options of a membership: GRANT a TO b WITH ADMIN TRUE. Before
// PostgreSQL 16 there is only Admin, and the others are true.
type options struct{ Admin, Inherit, Set bool }

// A setting is of a role, "" for all, in a database, "" for all.
type setting struct{ database, role string }

func readCluster(ctx context.Context, conn *pgx.Conn, external bool) (c cluster, err error) {
	if c.roles, err = readAttributes(ctx, conn, external); err != nil {
		return c, fmt.Errorf("read roles: %w", err)
	}
	if c.members, err = readMembers(ctx, conn); err != nil {
		return c, fmt.Errorf("read memberships of roles: %w", err)
	}
	if c.settings, err = readSettings(ctx, conn); err != nil {
		return c, fmt.Errorf("read settings of roles: %w", err)
	}
	return c, nil
}

// readAttributes reads pg_roles on a server of the user, who need not be a
// superuser: it hides passwords.
func readAttributes(ctx context.Context, conn *pgx.Conn, external bool) (map[string]attributes, error) {
	query := quote.SQL(`SELECT rolname::text, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit,
		coalesce(rolvaliduntil::text, 'infinity'), coalesce(rolpassword, '') FROM pg_catalog.pg_authid`)
	if external {
		query = `SELECT rolname::text, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit,
		coalesce(rolvaliduntil::text, 'infinity'), '' FROM pg_catalog.pg_roles`
	}
	all := map[string]attributes{}
	var name string
	var a attributes
	return all, eachRow(ctx, conn, query, []any{
		&name, &a.Super, &a.Inherit, &a.CreateRole, &a.CreateDB, &a.Login, &a.Replication, &a.BypassRLS, &a.Limit, &a.Until, &a.Password,
	}, func() { all[name] = a })
}

func readMembers(ctx context.Context, conn *pgx.Conn) (map[membership]options, error) {
	all := map[membership]options{}
	var m membership
	var o options
	return all, eachRow(ctx, conn, `SELECT r.rolname::text, m.rolname::text, coalesce(g.rolname::text, ''), a.admin_option,
			coalesce((to_jsonb(a) ->> 'inherit_option')::bool, true), coalesce((to_jsonb(a) ->> 'set_option')::bool, true)
		FROM pg_catalog.pg_auth_members a
		JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
		JOIN pg_catalog.pg_roles m ON m.oid = a.member
		LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantor`,
		[]any{&m.role, &m.member, &m.grantor, &o.Admin, &o.Inherit, &o.Set}, func() { all[m] = o })
}

func readSettings(ctx context.Context, conn *pgx.Conn) (map[setting]string, error) {
	all := map[setting]string{}
	var s setting
	var config string
	return all, eachRow(ctx, conn, `SELECT coalesce(d.datname::text, ''), coalesce(r.rolname::text, ''), s.setconfig::text
		FROM pg_catalog.pg_db_role_setting s
		LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
		LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole`,
		[]any{&s.database, &s.role, &config}, func() { all[s] = config })
}

func eachRow(ctx context.Context, conn *pgx.Conn, query quote.SQL, targets []any, row func()) error {
	rows, err := conn.Query(ctx, query.ForServer())
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, targets, func() error {
		row()
		return nil
	})
	return err
}

// onlyRoles returns the roles for which keep is true, with their memberships and
// settings.
func (c cluster) onlyRoles(keep func(role string) bool) cluster {
	some := cluster{roles: maps.Clone(c.roles), members: maps.Clone(c.members), settings: maps.Clone(c.settings)}
	maps.DeleteFunc(some.roles, func(role string, _ attributes) bool { return !keep(role) })
	maps.DeleteFunc(some.members, func(m membership, _ options) bool { return !keep(m.member) })
	maps.DeleteFunc(some.settings, func(s setting, _ string) bool { return !keep(s.role) })
	return some
}

// differs names the roles that are not what they were, and memberships and
// settings that are not.
func (c cluster) differs(was cluster) []string {
	changed := map[string]bool{}
	eachDifference(was.roles, c.roles, func(role string) { changed["role "+role] = true })
	eachDifference(was.members, c.members, func(m membership) { changed["membership of "+m.member+" in "+m.role] = true })
	eachDifference(was.settings, c.settings, func(s setting) { changed[s.String()] = true })
	return slices.Sorted(maps.Keys(changed))
}

func (s setting) String() string {
	switch {
	case s.role == "":
		return "settings of database " + s.database
	case s.database == "":
		return "settings of role " + s.role
	}
	return "settings of role " + s.role + " in database " + s.database
}

// eachDifference tells the keys whose values are not the same in both.
func eachDifference[K, V comparable](was, is map[K]V, tell func(K)) {
	for k, v := range was {
		if now, there := is[k]; !there || now != v {
			tell(k)
		}
	}
	for k := range is {
		if _, there := was[k]; !there {
			tell(k)
		}
	}
}

// putBack is the SQL that makes of c what was; roles that are new stay.
func (c cluster) putBack(was cluster) []quote.SQL {
	var all []quote.SQL
	eachDifference(was.roles, c.roles, func(role string) {
		a, old := was.roles[role]
		if _, there := c.roles[role]; old && !there {
			all = append(all, "CREATE ROLE "+quote.Name(role))
		}
		if old {
			all = append(all, "ALTER ROLE "+quote.Name(role)+a.sql())
		}
	})
	var grants []quote.SQL
	eachDifference(was.members, c.members, func(m membership) {
		if _, there := c.members[m]; there {
			all = append(all, m.revoke())
		}
		if o, old := was.members[m]; old {
			grants = append(grants, m.grant(o))
		}
	})
	all = append(all, grants...)
	eachDifference(was.settings, c.settings, func(s setting) { all = append(all, s.sql(was.settings[s])...) })
	return all
}

func (a attributes) sql() quote.SQL {
	sql := a.words() + " CONNECTION LIMIT " + quote.Number(a.Limit) + " VALID UNTIL " + quote.Text(a.Until)
	if a.Password == "" {
		return sql + " PASSWORD NULL"
	}
	return sql + " PASSWORD " + quote.Text(a.Password)
}

func (a attributes) words() (sql quote.SQL) {
	for _, w := range []struct {
		on   bool
		word quote.SQL
	}{
		{a.Super, "SUPERUSER"}, {a.Inherit, "INHERIT"}, {a.CreateRole, "CREATEROLE"}, {a.CreateDB, "CREATEDB"},
		{a.Login, "LOGIN"}, {a.Replication, "REPLICATION"}, {a.BypassRLS, "BYPASSRLS"},
	} {
		if w.on {
			sql += " " + w.word
		} else {
			sql += " NO" + w.word
		}
	}
	return sql
}

// revoke: before PostgreSQL 16 nobody asks who granted it.
func (m membership) revoke() quote.SQL {
	return "REVOKE " + quote.Name(m.role) + " FROM " + quote.Name(m.member) + m.grantedBy() + " CASCADE"
}

func (m membership) grantedBy() quote.SQL {
	if m.grantor == "" {
		return ""
	}
	return " GRANTED BY " + quote.Name(m.grantor)
}

func (m membership) grant(o options) quote.SQL {
	sql := "GRANT " + quote.Name(m.role) + " TO " + quote.Name(m.member)
	switch {
	case o == options{Inherit: true, Set: true}:
	case o == options{Admin: true, Inherit: true, Set: true}:
		sql += " WITH ADMIN OPTION"
	default:
		sql += " WITH ADMIN " + quote.Bool(o.Admin) + ", INHERIT " + quote.Bool(o.Inherit) + ", SET " + quote.Bool(o.Set)
	}
	return sql + m.grantedBy()
}

// sql writes the row itself: ALTER ROLE … SET would have to take lists apart.
func (s setting) sql(config string) []quote.SQL {
	where := "(SELECT coalesce((SELECT oid FROM pg_catalog.pg_database WHERE datname = " + quote.Text(s.database) + "), 0::oid) AS d, " +
		"coalesce((SELECT oid FROM pg_catalog.pg_roles WHERE rolname = " + quote.Text(s.role) + "), 0::oid) AS r)"
	all := []quote.SQL{"DELETE FROM pg_catalog.pg_db_role_setting USING " + where + " AS x WHERE setdatabase = x.d AND setrole = x.r"}
	if config == "" {
		return all
	}
	return append(all, "INSERT INTO pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig) SELECT x.d, x.r, "+quote.Text(config)+"::text[] FROM "+where+" AS x")
}
