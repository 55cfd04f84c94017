package session

import (
	"context"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

type providedKey struct{}

// WithProvided has the statements that create these extensions sent as calls of
// pg_catalog.migvet_extension(), which whoever names some has made. The rights of
// the migration stay what they are.
func WithProvided(ctx context.Context, names []string) context.Context {
	return context.WithValue(ctx, providedKey{}, names)
}

// Provided are the names given to WithProvided.
func Provided(ctx context.Context) []string {
	names, _ := ctx.Value(providedKey{}).([]string)
	return names
}

// CreateExtension is the SQL that makes an extension in a schema, "" for the first
// of the search path.
func CreateExtension(ctx context.Context, name, schema string) quote.SQL {
	if slices.Contains(Provided(ctx), name) {
		where := quote.SQL("NULL")
		if schema != "" {
			where = quote.Text(schema)
		}
		return provideNamed(quote.Text(name), where, "NULL", true, true)
	}
	sql := "CREATE EXTENSION IF NOT EXISTS " + quote.Name(name)
	if schema != "" {
		sql += " SCHEMA " + quote.Name(schema)
	}
	return sql + " CASCADE"
}

var extensionWord = lazyregexp.New(`(?i)\bextension\b`)

// CreatesExtension reports whether a migration creates an extension of which wanted
// holds, a DO block of it included. The word in its text is asked first: that saves
// parsing a long history.
func CreatesExtension(m *lint.Migration, wanted func(name string) bool) bool {
	return extensionWord.MatchString(m.Source) && slices.ContainsFunc(m.Statements(), func(s *lint.Statement) bool {
		return wanted(s.Node.GetCreateExtensionStmt().GetExtname()) || slices.ContainsFunc(inBody(s), func(c createdInBody) bool {
			return wanted(c.statement.Extname)
		})
	})
}

// statementSQL is what is sent for a statement.
func statementSQL(ctx context.Context, s *lint.Statement) quote.SQL {
	sql, from := quote.SQL(""), 0
	for _, r := range replacements(ctx, s) {
		sql += BranchSQL(s.SQL[from:r.start]) + r.sql
		from = r.end
	}
	return sql + BranchSQL(s.SQL[from:])
}

// provideExtensionSQL calls the function in place of the statement.
func provideExtensionSQL(e *pg.CreateExtensionStmt) quote.SQL {
	schema, version := quote.SQL("NULL"), quote.SQL("NULL")
	required := false
	for _, o := range e.Options {
		switch d := o.GetDefElem(); d.GetDefname() {
		case "schema":
			schema = quote.Text(d.Arg.GetString_().GetSval())
		case "new_version":
			version = quote.Text(d.Arg.GetString_().GetSval())
		case "cascade":
			required = d.Arg == nil || d.Arg.GetBoolean().GetBoolval()
		}
	}
	return provideNamed(quote.Text(e.Extname), schema, version, e.IfNotExists, required)
}

func provideNamed(name, schema, version quote.SQL, missing, required bool) quote.SQL {
	return "SELECT pg_catalog.migvet_extension(" + quote.Join([]quote.SQL{
		name, schema, version, quote.Bool(missing), quote.Bool(required), "pg_catalog.current_schema()", "CURRENT_USER",
	}, ", ") + ")"
}

// A chunkText is what is sent for a chunk, and where it differs from the file.
type chunkText struct {
	sql  quote.SQL
	cuts []cut
}

// A cut says that some bytes of the file, from at on in what was sent, stand there
// as others.
type cut struct{ at, file, sent int }

// ChunkSQL is the SQL that is sent for a chunk of a migration.
func ChunkSQL(ctx context.Context, m *lint.Migration, chunk int) quote.SQL {
	return readChunk(ctx, m, chunk).sql
}

func readChunk(ctx context.Context, m *lint.Migration, chunk int) chunkText {
	span := m.Chunks[chunk]
	whole := chunkText{sql: BranchSQL(m.Source[span.Start:span.End])}
	if len(Provided(ctx)) == 0 || !extensionWord.MatchString(m.Source[span.Start:span.End]) {
		return whole
	}
	var c chunkText
	from := span.Start
	for _, s := range m.Sent(chunk) {
		if m.Source[s.Start:s.End] != s.SQL {
			continue
		}
		for _, r := range replacements(ctx, s) {
			c.sql += BranchSQL(m.Source[from : s.Start+r.start])
			c.cuts = append(c.cuts, cut{len(c.sql), r.end - r.start, len(r.sql)})
			c.sql += r.sql
			from = s.Start + r.end
		}
	}
	c.sql += BranchSQL(m.Source[from:span.End])
	return c
}

// A replacement is what is sent in place of some bytes.
type replacement struct {
	start, end int
	sql        quote.SQL
}

// replacements are what is sent in place of a statement, or of parts of it.
func replacements(ctx context.Context, s *lint.Statement) []replacement {
	provided := Provided(ctx)
	if len(provided) == 0 {
		return nil
	}
	if e := s.Node.GetCreateExtensionStmt(); e != nil && slices.Contains(provided, e.Extname) {
		return []replacement{{0, len(s.SQL), provideExtensionSQL(e)}}
	}
	var all []replacement
	for _, c := range inBody(s) {
		if slices.Contains(provided, c.statement.Extname) {
			all = append(all, replacement{c.start, c.end, c.call()})
		}
	}
	return all
}

// inFile turns a byte of what was sent into one of the chunk in the file.
func (c chunkText) inFile(offset int) int {
	moved := offset
	for _, cut := range c.cuts {
		switch {
		case offset < cut.at:
			return moved
		case offset < cut.at+cut.sent:
			return moved - (offset - cut.at)
		}
		moved += cut.file - cut.sent
	}
	return moved
}
