package source

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// drizzleRunner does what PgDialect.migrate of drizzle-orm 0.x does.
// https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/pg-core/dialect.ts
type drizzleRunner struct {
	schema, table quote.SQL
	when          map[*lint.Migration]int64
	refuses       string // why Drizzle would run nothing; "" when it would
}

func newDrizzleRunner(r *review) Runner {
	d := drizzleRunner{
		schema: quote.Name(cmp.Or(r.to.Schema, "drizzle")), table: quote.Name(cmp.Or(r.to.Table, "__drizzle_migrations")),
		when: map[*lint.Migration]int64{}, refuses: r.to.broken,
	}
	for m, s := range r.steps {
		d.when[m] = drizzleWhen(s)
	}
	missing := slices.IndexFunc(r.to.steps, func(s step) bool { return s.missing })
	if d.refuses == "" && missing >= 0 {
		d.refuses = r.to.steps[missing].path + " does not exist"
	}
	return d
}

const drizzleTable = `"drizzle"."__drizzle_migrations"`

func (d drizzleRunner) Table() quote.SQL { return d.schema + "." + d.table }

func (d drizzleRunner) Setup() quote.SQL {
	return `CREATE SCHEMA IF NOT EXISTS ` + d.schema + `;
CREATE TABLE IF NOT EXISTS ` + d.Table() + ` (
	id SERIAL PRIMARY KEY,
	hash text NOT NULL,
	created_at bigint
)`
}

// Applied asks for the newest row. NULL comes first in descending order, so a
// row without a time hides all others; it is told as "".
func (d drizzleRunner) Applied() quote.SQL {
	return "SELECT coalesce(created_at::text, '') FROM " + d.Table() + " ORDER BY created_at DESC LIMIT 1"
}

// Pending returns what is newer than the newest row. Drizzle reads that row
// once, before it runs anything, and JavaScript takes NULL for 0.
func (d drizzleRunner) Pending(applied []string, head []*lint.Migration) ([]*lint.Migration, error) {
	if d.refuses != "" {
		return nil, fmt.Errorf("drizzle runs nothing: %s", d.refuses)
	}
	if len(applied) == 0 {
		return head, nil
	}
	var newest int64
	if applied[0] != "" {
		var err error
		if newest, err = strconv.ParseInt(applied[0], 10, 64); err != nil {
			return nil, fmt.Errorf("reading created_at of the newest row in %s: %w", d.Table(), err)
		}
	}
	var pending []*lint.Migration
	for _, m := range head {
		if d.when[m] > newest {
			pending = append(pending, m)
		}
	}
	return pending, nil
}

// Record notes the hash of the file and the time of its journal entry.
func (d drizzleRunner) Record(m *lint.Migration) quote.SQL {
	hash := sha256.Sum256([]byte(m.Source))
	return `insert into ` + d.Table() + ` ("hash", "created_at") values('` + quote.Hex(hash[:]) + `', ` + quote.Number(d.when[m]) + `)`
}
