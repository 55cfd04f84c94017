package trial

import "github.com/migvet/migvet/internal/quote"

// branchSQL is SQL of the branch under review: its migrations, its before file. It
// is sent as somebody else wrote it, and only in sessions as the owner, where it can
// do what the migrations can.
func branchSQL(text string) quote.SQL { return quote.SQL(text) }
