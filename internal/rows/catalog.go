package rows

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
)

// A catalog is what was read of the schema.
type catalog struct {
	session *session
	tables  map[uint32]*table
	order   []*table // by name
	keys    []rawKey
	types   map[uint32]catalogType // of the columns, and what they are made of
	parts   map[uint32]int         // how many types each is made of, see typeParts
}

// A rawKey is a foreign key before its columns are known.
type rawKey struct {
	name             string
	table, parent    uint32
	columns, parents []int
	matchFull        bool
}

// loadCatalog reads what has to be known of the tables to fill. The columns and constraints of other tables are not read.
// hollow are those that have no partition to fill.
func loadCatalog(ctx context.Context, s *session, o Options) (tables, hollow []*table, err error) {
	c := &catalog{session: s, tables: map[uint32]*table{}}
	if err := c.loadTables(ctx); err != nil {
		return nil, nil, err
	}
	if err := c.loadKeys(ctx); err != nil {
		return nil, nil, err
	}
	tables = c.choose(o)
	oids := c.oidsWithAncestors(tables)
	for _, step := range []func(context.Context, []uint32) error{c.loadTypes, c.loadColumns, c.loadUniques, c.loadChecks, c.loadComputed} {
		if err := step(ctx, oids); err != nil {
			return nil, nil, err
		}
	}
	for _, t := range tables {
		t.addBound()
	}
	c.resolveKeys(tables, o)
	return tables, c.hollow(o), nil
}

// each runs a query and scans every row into the same targets before calling row.
func (c *catalog) each(ctx context.Context, sql quote.SQL, args []any, targets []any, row func() error) error {
	rows, err := c.session.conn.Query(ctx, sql.ForServer(), append([]any{pgx.QueryExecModeExec}, args...)...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, targets, row)
	return err
}

// catalogSQL makes SQL of an expression or a type as the server's catalog writes it: pg_get_expr, pg_get_indexdef,
// format_type. These cannot be quoted: "price > 0" and "numeric(10,2)" mean something as SQL only. Whoever wrote the
// schema chose what they call, so they run in sessions of the filler, who is no superuser.
func catalogSQL(expression string) quote.SQL { return quote.SQL(expression) }

func (c *catalog) loadTables(ctx context.Context) error {
	var t table
	var bound string
	targets := []any{&t.oid, &t.name, &t.schema, &t.relname, &t.kind, &t.strategy, &t.parent, &t.forcesRLS, &bound}
	err := c.each(ctx, tablesSQL, nil, targets, func() error {
		read := t
		read.bound = catalogSQL(bound)
		c.tables[t.oid] = &read
		c.order = append(c.order, &read)
		return nil
	})
	for _, t := range c.order {
		if parent := c.tables[t.parent]; parent != nil {
			parent.partitions++
		}
	}
	return wrapReading(err, "tables")
}

func (c *catalog) loadKeys(ctx context.Context) error {
	var k rawKey
	targets := []any{&k.name, &k.table, &k.parent, &k.columns, &k.parents, &k.matchFull}
	err := c.each(ctx, keysSQL, nil, targets, func() error {
		read := k
		read.columns, read.parents = slices.Clone(k.columns), slices.Clone(k.parents)
		c.keys = append(c.keys, read)
		return nil
	})
	return wrapReading(err, "foreign keys")
}

func (c *catalog) loadColumns(ctx context.Context, oids []uint32) error {
	var r rawColumn
	err := c.each(ctx, columnsSQL, []any{oids}, r.targets(), func() error {
		t := c.tables[r.table]
		t.columns = append(t.columns, c.column(&r, t))
		return nil
	})
	if err != nil {
		return wrapReading(err, "columns")
	}
	for _, oid := range oids {
		for _, col := range c.tables[oid].columns {
			if col.generated != "" {
				col.sources = columnsMentioned(c.tables[oid], col.generated)
			}
		}
	}
	return nil
}

// A rawColumn is a row of columnsSQL.
type rawColumn struct {
	table                 uint32
	number, modifier      int
	name, typ, expression string
	notNull, generated    bool
	domainChecks          []string
	base                  uint32
	baseType, elementType string // with the modifier
}

func (r *rawColumn) targets() []any {
	return []any{
		&r.table, &r.number, &r.modifier, &r.name, &r.typ, &r.expression, &r.notNull, &r.generated, &r.domainChecks,
		&r.base, &r.baseType, &r.elementType,
	}
}

func (c *catalog) column(r *rawColumn, t *table) *column {
	col := &column{
		table: t, number: r.number, name: r.name, typ: catalogSQL(r.typ), notNull: r.notNull,
		dataType:     c.dataType(r.base, r.modifier, 0),
		domainChecks: eachAsSQL(r.domainChecks, catalogSQL),
	}
	col.baseType = catalogSQL(r.baseType)
	if col.element != nil && r.modifier >= 0 {
		col.element.castType = catalogSQL(r.elementType)
	}
	if r.generated {
		col.generated = catalogSQL(r.expression)
	} else if constantDefault.MatchString(r.expression) {
		col.constant = catalogSQL(r.expression)
	}
	return col
}

// constantDefault matches a DEFAULT that is the same for every row, whenever it is evaluated.
var constantDefault = lazyregexp.New(`^('(?:[^']|'')*'|-?[0-9.]+|true|false)(::[a-z0-9_."\[\]() ]+)?$`)

func (c *catalog) loadUniques(ctx context.Context, oids []uint32) error {
	var oid uint32
	var u unique
	var predicate string
	var parts []string
	var columns, others []int
	targets := []any{&oid, &u.name, &u.exclusion, &u.immediate, &u.nullsNotEqual, &predicate, &parts, &columns, &others}
	err := c.each(ctx, uniquesSQL, []any{oids}, targets, func() error {
		read := u
		read.table = c.tables[oid]
		read.predicate, read.parts = catalogSQL(predicate), eachAsSQL(parts, catalogSQL)
		read.columns = read.table.columnsNumbered(columns)
		read.others = read.table.columnsNumbered(others)
		read.table.uniques = append(read.table.uniques, &read)
		return nil
	})
	return wrapReading(err, "unique indexes")
}

func (c *catalog) loadChecks(ctx context.Context, oids []uint32) error {
	err := c.eachCheck(ctx, checksSQL, oids, func(t *table, k check) { t.checks = append(t.checks, k) })
	return wrapReading(err, "check constraints")
}

func (c *catalog) loadComputed(ctx context.Context, oids []uint32) error {
	err := c.eachCheck(ctx, computedSQL, oids, func(t *table, k check) { t.computed = append(t.computed, k) })
	return wrapReading(err, "expressions of indexes")
}

func (c *catalog) eachCheck(ctx context.Context, sql quote.SQL, oids []uint32, add func(*table, check)) error {
	var oid uint32
	var name, expression string
	var columns []int
	return c.each(ctx, sql, []any{oids}, []any{&oid, &name, &expression, &columns}, func() error {
		t := c.tables[oid]
		add(t, check{name: name, expression: catalogSQL(expression), columns: t.columnsNumbered(columns)})
		return nil
	})
}

// addBound makes the partition's bounds one more check.
func (t *table) addBound() {
	if t.bound != "" {
		t.checks = append(t.checks, check{name: "partition bounds", expression: t.bound, columns: columnsMentioned(t, t.bound)})
	}
}

var identifierPattern = lazyregexp.New(`"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*`)

// columnsMentioned finds the columns in an expression for which the catalog does not list them.
func columnsMentioned(t *table, expression quote.SQL) []*column {
	names := map[string]bool{}
	for _, name := range identifierPattern.FindAllString(string(expression), -1) {
		names[name] = true
	}
	var found []*column
	for _, c := range t.columns {
		if c.generated == "" && (names[c.name] || names[string(quote.Name(c.name))]) {
			found = append(found, c)
		}
	}
	return found
}

func wrapReading(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read %s: %w", what, err)
}
