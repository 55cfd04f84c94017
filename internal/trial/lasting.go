package trial

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// Settings of the server, roles, databases and tablespaces outlive the databases of
// a trial. On a server of the user nothing may stay behind: a role that a migration
// makes is dropped again, and nothing is tried when a migration alters a role that
// was there before.

// A clusterObject belongs to the whole server.
type clusterObject struct{ kind, name string }

// refuseLasting reports whether the migrations would change something that the
// user's server has without them; then nothing is tried, and the result says so.
func (t *trial) refuseLasting(ctx context.Context) (refused bool, err error) {
	if !t.Server.External() {
		return false, nil
	}
	there, err := t.clusterObjects(ctx)
	if err != nil {
		return false, err
	}
	for _, script := range t.scripts() {
		for _, s := range script.statements {
			if isUnread(s) || !readsBodies(s) {
				t.notTried(script.path, script.startOf(s), "what this does to other databases of the server of --database-url cannot be read, so nothing was tried; leave --database-url out, or use --docker")
				return true, nil
			}
			if what := lastingIn(s, there); what != "" {
				t.notTried(script.path, script.startOf(s), what+" would stay as the migration leaves it on the server of --database-url, so nothing was tried; leave --database-url out, or use --docker")
				return true, nil
			}
		}
	}
	return false, nil
}

// isUnread reports whether nobody has read a statement that would run. A syntax error
// is read: the server will refuse it as well.
func isUnread(s *lint.Statement) bool {
	return s.Unread || s.ParseError != nil && strings.HasPrefix(s.ParseError.Message, "several")
}

// lastingIn is lasting for a statement and what is in its body.
func lastingIn(s *lint.Statement, there map[clusterObject]bool) string {
	for _, inner := range withBodies([]*lint.Statement{s}) {
		if what := lastingChange(inner.Node, there); what != "" {
			return what
		}
	}
	return ""
}

// A script is SQL of the branch that a trial runs.
type script struct {
	path       string
	statements []*lint.Statement
	migration  *lint.Migration // whose statements they are; nil for others
}

func scriptOf(m *lint.Migration) script { return script{m.Path, m.Statements(), m} }

// startOf returns the byte of the file where a statement begins.
func (s script) startOf(st *lint.Statement) int {
	if s.migration == nil {
		return st.Start
	}
	return startOf(s.migration, st)
}

// scripts are all that a trial runs: the file of before:, the migrations, and their
// downs.
func (t *trial) scripts() []script {
	var all []script
	if t.Environment.Before != nil {
		all = append(all, scriptOf(t.Environment.Before))
	}
	for _, m := range slices.Concat(t.Source.History.Base, t.Source.Head, t.besides()) {
		all = append(all, scriptOf(m))
		if t.Source.Undo == nil {
			continue
		}
		if down := t.Source.Undo.Down(m); down != nil && down.Migration != nil {
			all = append(all, scriptOf(down.Migration))
		}
	}
	return all
}

// rolesMade are the names that the branch and its environment give to new roles.
// Those that the server has are not among them.
func (t *trial) rolesMade(there cluster) map[string]bool {
	made := map[string]bool{}
	if !t.Server.External() {
		return made
	}
	for _, name := range t.Environment.Roles {
		made[name] = true
	}
	all := t.scripts()
	for _, p := range t.Environment.Presets {
		sql, _ := p.SQL() // what cannot be made has made nothing
		statements, _ := lint.Parse(quote.Join(sql, ";").ForServer())
		all = append(all, script{statements: statements})
	}
	for _, script := range all {
		for _, s := range withBodies(script.statements) {
			facts.WalkMessages(s.Node, func(m proto.Message) bool {
				switch n := m.(type) {
				case *pg.CreateRoleStmt:
					made[n.Role] = true
				case *pg.RoleSpec:
					if t.restores(script) {
						made[n.Rolename] = true // restoring makes those that are missing
					}
				case *pg.RenameStmt:
					if n.RenameType == pg.ObjectType_OBJECT_ROLE {
						made[n.Newname] = true
					}
				}
				return true
			})
		}
	}
	maps.DeleteFunc(made, func(name string, _ bool) bool { _, old := there.roles[name]; return old })
	return made
}

// restores reports whether a script is a dump, whose roles are made.
func (t *trial) restores(s script) bool {
	return s.migration != nil && (s.migration == t.Environment.Before || t.BaseSchema != nil && s.migration == t.BaseSchema.Dump)
}

func (t *trial) clusterObjects(ctx context.Context) (map[clusterObject]bool, error) {
	there := map[clusterObject]bool{}
	err := t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, `SELECT 'role', rolname FROM pg_catalog.pg_roles UNION ALL SELECT 'database', datname FROM pg_catalog.pg_database
			UNION ALL SELECT 'tablespace', spcname FROM pg_catalog.pg_tablespace`)
		if err != nil {
			return err
		}
		var o clusterObject
		_, err = pgx.ForEachRow(rows, []any{&o.kind, &o.name}, func() error {
			there[o] = true
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what the server has: %w", err)
	}
	return there, nil
}

// lastingChange names what a statement, or one in it, changes on the user's server: "the
// configuration", or a role that is there. It is "" for nothing.
func lastingChange(n *pg.Node, there map[clusterObject]bool) (what string) {
	facts.WalkMessages(n, func(node proto.Message) bool {
		if what == "" {
			what = lastingNode(node, there)
		}
		return what == ""
	})
	return what
}

func lastingNode(node proto.Message, there map[clusterObject]bool) string {
	switch n := node.(type) {
	case *pg.AlterSystemStmt:
		return "the configuration"
	case *pg.GrantRoleStmt:
		return lastingMembership(n, there)
	case *pg.CreateSubscriptionStmt:
		return "the slot of a subscription"
	case *pg.CreateForeignServerStmt:
		if reachesDatabases[n.Fdwname] {
			return "what is reached through the foreign server " + n.Servername
		}
	case *pg.FuncCall:
		if name := calledName(n); reachesServer(name) {
			return "what " + name + "() does"
		}
	}
	for _, o := range changedInCluster(node) {
		if o.name == "" || there[o] {
			return o.String()
		}
	}
	return lastingRows(node)
}

// reachesDatabases are foreign-data wrappers that can write into other databases.
var reachesDatabases = map[string]bool{"postgres_fdw": true, "dblink_fdw": true}

// serverFunctions change or end what belongs to the whole server.
// https://www.postgresql.org/docs/current/functions-admin.html
var serverFunctions = []string{
	"pg_terminate_backend", "pg_cancel_backend", "pg_reload_conf", "pg_rotate_logfile", "pg_promote", "pg_switch_wal",
	"pg_wal_replay_pause", "pg_wal_replay_resume", "pg_backup_start", "pg_backup_stop", "pg_start_backup", "pg_stop_backup", "pg_create_restore_point",
	"pg_create_physical_replication_slot", "pg_create_logical_replication_slot", "pg_copy_physical_replication_slot",
	"pg_copy_logical_replication_slot", "pg_drop_replication_slot", "pg_replication_slot_advance", "pg_sync_replication_slots",
	"pg_replication_origin_create", "pg_replication_origin_drop", "pg_replication_origin_advance",
	"pg_stat_reset_shared", "pg_stat_reset_slru", "pg_stat_reset_replication_slot", "pg_stat_reset_subscription_stats", "pg_stat_statements_reset",
}

func reachesServer(function string) bool {
	return slices.Contains(serverFunctions, function) || strings.HasPrefix(function, "dblink")
}

func calledName(f *pg.FuncCall) string {
	if len(f.Funcname) == 0 {
		return ""
	}
	return f.Funcname[len(f.Funcname)-1].GetString_().GetSval()
}

// sharedCatalogs hold what belongs to the whole server; a superuser may write them.
// https://www.postgresql.org/docs/current/catalogs-overview.html
var sharedCatalogs = []string{
	"pg_authid", "pg_auth_members", "pg_database", "pg_db_role_setting", "pg_parameter_acl", "pg_replication_origin",
	"pg_shdepend", "pg_shdescription", "pg_shseclabel", "pg_subscription", "pg_tablespace",
}

// lastingRows is about rows of catalogs that are written as if they were tables.
func lastingRows(node any) string {
	var into *pg.RangeVar
	switch n := node.(type) {
	case *pg.InsertStmt:
		into = n.Relation
	case *pg.UpdateStmt:
		into = n.Relation
	case *pg.DeleteStmt:
		into = n.Relation
	case *pg.MergeStmt:
		into = n.Relation
	case *pg.CopyStmt:
		if n.IsFrom {
			into = n.Relation
		}
	}
	if slices.Contains(sharedCatalogs, into.GetRelname()) && slices.Contains([]string{"", "pg_catalog"}, into.GetSchemaname()) {
		return "the catalog " + into.Relname + " of the server"
	}
	return ""
}

func (o clusterObject) String() string {
	if o.name == "" {
		return "a " + o.kind + " of the server"
	}
	return o.kind + " " + o.name
}

// lastingMembership is of a role that is there in one that is there; others go
// with the role that the migrations make.
func lastingMembership(g *pg.GrantRoleStmt, there map[clusterObject]bool) string {
	for _, granted := range g.GrantedRoles {
		role := clusterObject{"role", granted.GetAccessPriv().GetPrivName()}
		for _, grantee := range g.GranteeRoles {
			member := roleOf(grantee.GetRoleSpec())
			if there[role] && (member.name == "" || there[member]) {
				return "the membership in " + role.String()
			}
		}
	}
	return ""
}

// roleOf has no name for CURRENT_USER and the like.
func roleOf(r *pg.RoleSpec) clusterObject { return clusterObject{"role", r.GetRolename()} }

// changedInCluster lists what a statement drops, alters, comments on or grants.
// A name of "" is not known from the text, but something that is there.
func changedInCluster(node any) []clusterObject {
	switch n := node.(type) {
	case *pg.AlterRoleStmt:
		return []clusterObject{roleOf(n.Role)}
	case *pg.AlterRoleSetStmt:
		if n.Database != "" {
			return []clusterObject{roleOf(n.Role), {"database", n.Database}}
		}
		return []clusterObject{roleOf(n.Role)}
	case *pg.DropRoleStmt:
		return objectsIn("role", n.Roles)
	case *pg.DropOwnedStmt:
		return objectsIn("role", n.Roles)
	case *pg.ReassignOwnedStmt:
		return append(objectsIn("role", n.Roles), roleOf(n.Newrole))
	case *pg.DropdbStmt:
		return []clusterObject{{"database", n.Dbname}}
	case *pg.AlterDatabaseStmt:
		return []clusterObject{{"database", n.Dbname}}
	case *pg.AlterDatabaseSetStmt:
		return []clusterObject{{"database", n.Dbname}}
	case *pg.AlterDatabaseRefreshCollStmt:
		return []clusterObject{{"database", n.Dbname}}
	case *pg.DropTableSpaceStmt:
		return []clusterObject{{"tablespace", n.Tablespacename}}
	case *pg.AlterTableSpaceOptionsStmt:
		return []clusterObject{{"tablespace", n.Tablespacename}}
	case *pg.GrantStmt:
		if n.Objtype == pg.ObjectType_OBJECT_PARAMETER_ACL {
			return []clusterObject{{kind: "parameter"}}
		}
		return objectsIn(clusterKinds[n.Objtype], n.Objects)
	case *pg.RenameStmt:
		return renamedInCluster(n)
	case *pg.AlterOwnerStmt:
		return objectsIn(clusterKinds[n.ObjectType], []*pg.Node{n.Object})
	case *pg.CommentStmt:
		return objectsIn(clusterKinds[n.Objtype], []*pg.Node{n.Object})
	case *pg.SecLabelStmt:
		return objectsIn(clusterKinds[n.Objtype], []*pg.Node{n.Object})
	}
	return nil
}

// renamedInCluster: databases and tablespaces are taken back by the names that they
// are made with.
func renamedInCluster(n *pg.RenameStmt) []clusterObject {
	kind := clusterKinds[n.RenameType]
	if kind == "database" || kind == "tablespace" {
		return []clusterObject{{kind: kind}}
	}
	return objectsIn(kind, []*pg.Node{pg.MakeStrNode(n.Subname)})
}

var clusterKinds = map[pg.ObjectType]string{
	pg.ObjectType_OBJECT_ROLE: "role", pg.ObjectType_OBJECT_DATABASE: "database", pg.ObjectType_OBJECT_TABLESPACE: "tablespace",
}

// objectsIn lists the objects of the whole server that nodes name. kind is "" for
// objects of a database, such as tables; then there are none.
func objectsIn(kind string, nodes []*pg.Node) []clusterObject {
	if kind == "" {
		return nil
	}
	var objects []clusterObject
	for _, n := range nodes {
		if r := n.GetRoleSpec(); r != nil {
			objects = append(objects, roleOf(r))
			continue
		}
		objects = append(objects, clusterObject{kind, n.GetString_().GetSval()})
	}
	return objects
}
