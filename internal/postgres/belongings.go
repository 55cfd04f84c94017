package postgres

import "github.com/migvet/migvet/internal/quote"

// CREATE DATABASE … TEMPLATE copies what is in a database, and not what the
// cluster knows about it: its owner, ALTER DATABASE … SET, ALTER ROLE … IN DATABASE …
// SET, GRANT … ON DATABASE, its comment. Without them a migration that relies on
// the search_path or the TimeZone of the database would meet another one.
// https://www.postgresql.org/docs/current/manage-ag-templatedbs.html

// copyBelongings writes the catalogs themselves: GRANT would make the owner grantor of
// everything, and ALTER DATABASE … SET would have to take lists apart.
func copyBelongings(name, template string) quote.SQL {
	ids := func(alias quote.SQL, database string) quote.SQL {
		return "(SELECT oid FROM pg_catalog.pg_database WHERE datname = " + quote.Text(database) + ") AS " + alias
	}
	both := "(SELECT " + ids("copy", name) + ", " + ids("original", template) + ") AS d"
	of := quote.SQL("s.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND s.objid = d.")
	return quote.Join([]quote.SQL{
		"BEGIN",
		"UPDATE pg_catalog.pg_database AS c SET datdba = t.datdba, datacl = t.datacl, datconnlimit = t.datconnlimit " +
			"FROM pg_catalog.pg_database AS t, " + both + " WHERE c.oid = d.copy AND t.oid = d.original",
		"DELETE FROM pg_catalog.pg_shdepend AS s USING " + both + " WHERE " + of + "copy",
		"INSERT INTO pg_catalog.pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype) " +
			"SELECT s.dbid, s.classid, d.copy, s.objsubid, s.refclassid, s.refobjid, s.deptype FROM pg_catalog.pg_shdepend AS s, " + both + " WHERE " + of + "original",
		"INSERT INTO pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig) " +
			"SELECT d.copy, s.setrole, s.setconfig FROM pg_catalog.pg_db_role_setting AS s, " + both + " WHERE s.setdatabase = d.original",
		"INSERT INTO pg_catalog.pg_shdescription (objoid, classoid, description) " +
			"SELECT d.copy, s.classoid, s.description FROM pg_catalog.pg_shdescription AS s, " + both +
			" WHERE s.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND s.objoid = d.original",
		"COMMIT",
	}, "; ")
}
