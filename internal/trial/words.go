package trial

import "github.com/migvet/migvet/internal/quote"

// Two kinds of text are sent as somebody else wrote them, and only in sessions as
// the owner, where they can do what the migrations can.

// branchSQL is SQL of the branch under review: its migrations, its before file.
func branchSQL(text string) quote.SQL { return quote.SQL(text) }

// toolSQL is what the tool sends for itself. Names and texts in it are quoted by
// internal/source.
func toolSQL(text string) quote.SQL { return quote.SQL(text) }
