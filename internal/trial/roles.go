package trial

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// Roles belong to the whole cluster: one made in one database would be in the
// way of the same migration in the next, and what one is granted or set to would
// hold for the next.

// shared is what the databases of a server have in common, and what a trial does to
// it.
type shared struct {
	roles     cluster         // as they were before the trial
	made      map[string]bool // roles that the trial makes; nobody else's
	leftovers []leftover      // that migrations make, to be dropped after each part
}

func (t *trial) readShared(ctx context.Context) (s shared, err error) {
	if s.roles, err = t.readRoles(ctx); err != nil {
		return s, err
	}
	s.made = t.rolesMade(s.roles)
	s.leftovers, err = t.findLeftovers(ctx)
	return s, err
}

func (t *trial) readRoles(ctx context.Context) (c cluster, err error) {
	err = t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		c, err = readCluster(ctx, conn, t.Server.External())
		return err
	})
	return c, err
}

// putRolesBack makes roles what they were, and reports what it cannot put back: parts
// that run later have other rights than they should.
func (t *trial) putRolesBack(ctx context.Context, was cluster) error {
	now, err := t.readRoles(ctx)
	if err != nil {
		return err
	}
	err = t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		if err := t.dropRoles(ctx, conn, newRoles(was, now)); err != nil || t.Server.External() {
			return err // roles of a user's server stay as the migrations leave them
		}
		return putBack(ctx, conn, was)
	})
	if err != nil {
		return err
	}
	if now, err = t.readRoles(ctx); err != nil {
		return err
	}
	t.noteRoles(was, now)
	return nil
}

func putBack(ctx context.Context, conn *pgx.Conn, was cluster) error {
	now, err := readCluster(ctx, conn, false)
	if err != nil {
		return err
	}
	for _, sql := range now.putBack(was) {
		if err := session.Execute(ctx, conn, sql); err != nil {
			return fmt.Errorf("put roles back as they were: %w", err)
		}
	}
	return nil
}

func newRoles(was, now cluster) []string {
	var fresh []string
	for _, role := range slices.Sorted(maps.Keys(now.roles)) {
		if _, there := was.roles[role]; !there {
			fresh = append(fresh, role)
		}
	}
	return fresh
}

// dropRoles removes roles. The databases in which they own something are gone by
// then. On a server of the user, others make roles as well: there only those go
// that were made here.
func (t *trial) dropRoles(ctx context.Context, conn *pgx.Conn, roles []string) error {
	for _, name := range roles {
		if t.Server.External() && !t.shared.made[name] {
			continue
		}
		role := quote.Name(name)
		// DROP OWNED takes back what was granted on databases that stay.
		if err := session.Execute(ctx, conn, "DROP OWNED BY "+role+"; DROP ROLE "+role); err != nil {
			return fmt.Errorf("drop role %s made by the migrations: %w", name, err)
		}
	}
	return nil
}

func (t *trial) noteRoles(was, now cluster) {
	if !t.Server.External() {
		t.noteChanged(now.differs(was), "roles of the server are not what they were before, and could not be put back: %s", false)
		return
	}
	// Somebody else may have made those that are new.
	fresh := newRoles(was, now)
	t.noteChanged(fresh, "there are new roles on the server of --database-url that no statement of the migrations makes: %s; if code in them did, drop them", true)
	old := func(role string) bool { return !slices.Contains(fresh, role) }
	t.noteChanged(now.onlyRoles(old).differs(was), "roles of the server of --database-url are not what they were before: %s; if the migrations did it, put them back by hand", false)
}

func (t *trial) noteChanged(changed []string, format string, minor bool) {
	if len(changed) == 0 {
		return
	}
	u := Unchecked{Path: t.Source.Dir, Start: lint.NoPos, Minor: minor, Reason: fmt.Sprintf(format, strings.Join(changed, ", "))}
	if !slices.Contains(t.result.Unchecked, u) {
		t.leaveUnchecked(u)
	}
}

// putFillerBack gives migvet's own roles the rights that they began with: before
// PostgreSQL 16 whoever may create roles may change them.
func (t *trial) putFillerBack(ctx context.Context) error {
	if t.Server.External() {
		return nil
	}
	ours := func(role string) bool {
		return role == postgres.FillerName || role == postgres.ProberName || role == postgres.SuperuserName
	}
	return t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		now, err := readCluster(ctx, conn, false)
		if err != nil {
			return err
		}
		for _, sql := range now.onlyRoles(ours).putBack(t.shared.roles.onlyRoles(ours)) {
			if err := session.Execute(ctx, conn, sql); err != nil {
				return fmt.Errorf("put the role that fills tables back as it was: %w", err)
			}
		}
		return nil
	})
}

// setSuperuser changes what the role that runs migrations may do, in sessions
// that are open as well.
func (t *trial) setSuperuser(ctx context.Context, on bool) error {
	word := quote.SQL("NOSUPERUSER")
	if on {
		word = "SUPERUSER"
	}
	role := quote.Name(t.Server.Config(postgres.Owner, "").User)
	return t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		return session.Execute(ctx, conn, "ALTER ROLE "+role+" "+word)
	})
}
