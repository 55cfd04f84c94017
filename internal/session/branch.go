// Package session runs SQL of migrations in one session: in messages as migration
// tools send them, each with a deadline. What the server refuses is told from what
// breaks the session.
package session

import "github.com/migvet/migvet/internal/quote"

// BranchSQL is SQL of the branch under review: its migrations, its before file. It
// is sent as somebody else wrote it, and only in sessions as the owner, where it can
// do what the migrations can.
func BranchSQL(text string) quote.SQL { return quote.SQL(text) }
