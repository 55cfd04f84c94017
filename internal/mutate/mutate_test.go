package mutate_test

import (
	"testing"

	"github.com/migvet/migvet/internal/mutate"
)

type example struct{ name, base, before, after string }

func check(t *testing.T, m mutate.Mutation, examples []example) {
	t.Helper()
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			out := m.Apply(mutate.Script{Base: e.base, New: []string{e.before}})
			if out.New[0] != e.after {
				t.Errorf("\n got %s\nwant %s", out.New[0], e.after)
			}
			if got, want := m.Undo(out.New[0]), m.Undo(e.before); got != want {
				t.Errorf("undone\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestRenamed(t *testing.T) {
	const base = `CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE "Line Items" (id int); CREATE TABLE gone (id int); DROP TABLE gone;`
	check(t, mutate.Renamed(), []example{
		{"statement", base, `ALTER TABLE public.orders ADD n int; -- orders`, `ALTER TABLE public.newly_orders ADD n int; -- orders`},
		{"quoted", base, `DROP TABLE "Line Items", "orders";`, `DROP TABLE "newly_Line Items", "newly_orders";`},
		{"derived names stay", base, `ALTER TABLE orders DROP CONSTRAINT orders_pkey;`, `ALTER TABLE newly_orders DROP CONSTRAINT orders_pkey;`},
		{"dropped in the base", base, `CREATE TABLE gone (id int);`, `CREATE TABLE gone (id int);`},
		{"code", base, `DO $$ BEGIN DELETE FROM orders; EXECUTE 'DELETE FROM orders'; END $$;`, `DO $$ BEGIN DELETE FROM newly_orders; EXECUTE 'DELETE FROM newly_orders'; END $$;`},
		{"texts", base, `SELECT 'orders', 'orders'::regclass;`, `SELECT 'orders', 'newly_orders'::regclass;`},
	})
	out := mutate.Renamed().Apply(mutate.Script{Base: "CREATE TABLE a (id int); CREATE VIEW b AS SELECT 1; ALTER TABLE a RENAME TO c;"})
	const want = "CREATE TABLE a (id int); CREATE VIEW b AS SELECT 1; ALTER TABLE a RENAME TO c;\n" +
		"ALTER TABLE \"c\" RENAME TO newly_c;\nALTER VIEW \"b\" RENAME TO newly_b;\n"
	if out.Base != want {
		t.Errorf("base is\n%swant\n%s", out.Base, want)
	}
}

func TestMoved(t *testing.T) {
	const base = `CREATE TABLE orders (id serial, total int); CREATE INDEX by_total ON orders (total); CREATE SEQUENCE free; CREATE TEMP TABLE t (id int);`
	check(t, mutate.Moved(), []example{
		{"statement", base, `ALTER TABLE public.orders ADD n int;`, `ALTER TABLE elsewhere.orders ADD n int;`},
		{"index", base, `CREATE INDEX a ON orders (total); DROP INDEX by_total, public.a;`, `CREATE INDEX a ON elsewhere.orders (total); DROP INDEX elsewhere.by_total, elsewhere.a;`},
		{"new tables", base, `CREATE TABLE carts (id int REFERENCES orders);`, `CREATE TABLE elsewhere.carts (id int REFERENCES elsewhere.orders);`},
		{"renamed", base, `ALTER TABLE orders RENAME TO old; DROP TABLE old;`, `ALTER TABLE elsewhere.orders RENAME TO old; DROP TABLE elsewhere.old;`},
		{"columns and aliases", base, `SELECT orders.id FROM orders AS orders;`, `SELECT orders.id FROM elsewhere.orders AS orders;`},
		{"sequences", base, `SELECT nextval('orders_id_seq'), nextval('free');`, `SELECT nextval('elsewhere.orders_id_seq'), nextval('free');`},
		{"temporary", base, `DELETE FROM t;`, `DELETE FROM t;`},
		{"column's comment", base, `COMMENT ON COLUMN orders.id IS '';`, `COMMENT ON COLUMN elsewhere.orders.id IS '';`},
	})
}

func TestQuoted(t *testing.T) {
	const base = `CREATE TABLE orders (id int PRIMARY KEY, user_id int CHECK (user_id > 0), date date, name text);`
	check(t, mutate.Quoted(), []example{
		{"statement", base, `UPDATE orders SET user_id = lower('user_id')::int;`, `UPDATE "Orders" SET "User_Id" = lower('user_id')::int;`},
		{"derived", base, `ALTER TABLE orders DROP CONSTRAINT orders_user_id_check, DROP CONSTRAINT orders_pkey;`, `ALTER TABLE "Orders" DROP CONSTRAINT "Orders_User_Id_check", DROP CONSTRAINT "Orders_pkey";`},
		{"words of SQL", base, `SELECT date, name FROM orders;`, `SELECT date, name FROM "Orders";`},
		{"function", base, `SELECT pg_get_serial_sequence('orders', 'id');`, `SELECT pg_get_serial_sequence('"Orders"', 'Id');`},
		{"quoted already", base, `ALTER TABLE orders ADD "createdAt" int;`, `ALTER TABLE "Orders" ADD "createdAt" int;`},
	})
}

func TestRenamesLater(t *testing.T) {
	got := mutate.RenamesLater(mutate.Script{
		Base: `CREATE TABLE orders (id int); CREATE TABLE gone (id int); CREATE VIEW "All" AS SELECT 1;`,
		New:  []string{"DROP TABLE gone; CREATE TABLE app.carts (id int);", "ALTER TABLE orders RENAME TO old; CREATE TEMP TABLE t (id int);"},
	})
	const want = "ALTER TABLE \"old\" RENAME TO later_old;\nALTER VIEW \"All\" RENAME TO \"later_All\";\nALTER TABLE \"app\".\"carts\" RENAME TO later_carts;\n"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
