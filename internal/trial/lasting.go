package trial

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// Settings of the server, and what happens to its roles, databases and
// tablespaces, outlive the databases of a trial. On a server of the user nothing
// may stay behind: what a migration does to its own is taken back, what it would
// do to others is not tried.

// A clusterObject belongs to the whole server.
type clusterObject struct{ kind, name string }

// refuseLasting tells whether the migrations would change something that the
// user's server has without them; then nothing is tried, and the result says so.
func (t *trial) refuseLasting(ctx context.Context) (refused bool, err error) {
	if !t.Server.External() {
		return false, nil
	}
	there, err := t.clusterObjects(ctx)
	if err != nil {
		return false, err
	}
	for _, m := range slices.Concat(t.Source.Base, t.fresh) {
		for _, s := range m.Statements() {
			if what := lasting(s.Node, there); what != "" {
				t.notTried(m.Path, s.Start, what+" would stay as the migration leaves it on the server of --database-url, so nothing was tried; leave --database-url out, or use --docker")
				return true, nil
			}
		}
	}
	return false, nil
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

// lasting names what a statement changes of what is there; "" for nothing.
func lasting(n *pg.Node, there map[clusterObject]bool) string {
	if n.GetAlterSystemStmt() != nil {
		return "the configuration"
	}
	if g := n.GetGrantRoleStmt(); g != nil {
		return lastingMembership(g, there)
	}
	for _, o := range changedInCluster(n) {
		if o.name == "" || there[o] {
			return o.String()
		}
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
func changedInCluster(n *pg.Node) []clusterObject {
	switch n := n.GetNode().(type) {
	case *pg.Node_AlterRoleStmt:
		return []clusterObject{roleOf(n.AlterRoleStmt.Role)}
	case *pg.Node_AlterRoleSetStmt:
		return []clusterObject{roleOf(n.AlterRoleSetStmt.Role)}
	case *pg.Node_DropRoleStmt:
		return objectsIn("role", n.DropRoleStmt.Roles)
	case *pg.Node_DropdbStmt:
		return []clusterObject{{"database", n.DropdbStmt.Dbname}}
	case *pg.Node_AlterDatabaseStmt:
		return []clusterObject{{"database", n.AlterDatabaseStmt.Dbname}}
	case *pg.Node_AlterDatabaseSetStmt:
		return []clusterObject{{"database", n.AlterDatabaseSetStmt.Dbname}}
	case *pg.Node_DropTableSpaceStmt:
		return []clusterObject{{"tablespace", n.DropTableSpaceStmt.Tablespacename}}
	case *pg.Node_AlterTableSpaceOptionsStmt:
		return []clusterObject{{"tablespace", n.AlterTableSpaceOptionsStmt.Tablespacename}}
	case *pg.Node_GrantStmt:
		return objectsIn(clusterKinds[n.GrantStmt.Objtype], n.GrantStmt.Objects)
	case *pg.Node_RenameStmt:
		return objectsIn(clusterKinds[n.RenameStmt.RenameType], []*pg.Node{pg.MakeStrNode(n.RenameStmt.Subname)})
	case *pg.Node_AlterOwnerStmt:
		return objectsIn(clusterKinds[n.AlterOwnerStmt.ObjectType], []*pg.Node{n.AlterOwnerStmt.Object})
	case *pg.Node_CommentStmt:
		return objectsIn(clusterKinds[n.CommentStmt.Objtype], []*pg.Node{n.CommentStmt.Object})
	}
	return nil
}

var clusterKinds = map[pg.ObjectType]string{
	pg.ObjectType_OBJECT_ROLE: "role", pg.ObjectType_OBJECT_DATABASE: "database", pg.ObjectType_OBJECT_TABLESPACE: "tablespace",
}

// objectsIn lists what nodes name; none where the kind is that of a database's
// own objects.
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
