package trial

import (
	"context"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// manyInserts is the number of INSERTs in a row from which they are data: they
// run at once and are not watched one by one.
const manyInserts = 100

// insertsAhead counts the INSERTs that follow each other.
func insertsAhead(statements []*lint.Statement) int {
	n := slices.IndexFunc(statements, func(s *lint.Statement) bool { return s.Node.GetInsertStmt() == nil })
	if n < 0 {
		return len(statements)
	}
	return n
}

// inserts runs statements in one message. When one is refused, they run again
// one by one, to find out which.
func (s *stepper) inserts(ctx context.Context, m *lint.Migration, statements []*lint.Statement) error {
	var sql strings.Builder
	for _, st := range statements {
		sql.WriteString(st.SQL)
		sql.WriteString("\n;\n")
	}
	all := &lint.Statement{SQL: sql.String()}
	pe, err := s.inSavepoint(ctx, all, s.attempt)
	if pe == nil || err != nil {
		return err
	}
	for _, st := range statements {
		if err := s.statement(ctx, m, st, s.attempt); err != nil {
			return err
		}
	}
	return nil
}
