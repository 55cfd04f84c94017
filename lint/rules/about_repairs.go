package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// offerBehind offers to insert a word behind the first of some keywords, unless
// an option in brackets stands there.
func offerBehind(p *lint.Pass, f *lint.Finding, word string, keywords ...pg.Token) {
	tokens := p.Statement.Tokens()
	for i, t := range tokens {
		if slices.Contains(keywords, t.Token) {
			if i+1 < len(tokens) && tokens[i+1].Token != pg.Token_ASCII_40 {
				p.Offer(f, int(t.End), int(t.End), " "+word)
			}
			return
		}
	}
}

// offerAtEnd offers to write more behind the last token of the statement.
func offerAtEnd(p *lint.Pass, f *lint.Finding, text string) {
	end := len(p.Statement.SQL)
	p.Offer(f, end, end, text)
}

// separator ends a statement, so that another can follow in the same file.
func separator(p *lint.Pass) string {
	if s := p.History.Editing.Separator; s != "" {
		return s
	}
	return ";\n"
}

// offerToken offers other text in place of the token at a location.
func offerToken(p *lint.Pass, f *lint.Finding, location int32, text string) {
	for _, t := range p.Statement.Tokens() {
		if t.Start == location {
			p.Offer(f, int(t.Start), int(t.End), text)
			return
		}
	}
}

// offerType offers another type for a column whose type is written in one
// piece, with or without something in brackets behind it.
func offerType(p *lint.Pass, f *lint.Finding, declared *pg.TypeName, text string) {
	tokens := p.Statement.Tokens()
	i := slices.IndexFunc(tokens, func(t *pg.ScanToken) bool { return t.Start == declared.GetLocation() })
	if i < 0 || len(declared.GetArrayBounds()) > 0 {
		return
	}
	end := tokens[i].End
	for i++; i < len(tokens) && continuesType(tokens, i); i++ {
		end = tokens[i].End
	}
	p.Offer(f, int(declared.GetLocation()), int(end), text)
}

// continuesType tells whether a token belongs to the type before it: VARYING,
// (20), WITHOUT TIME ZONE.
func continuesType(tokens []*pg.ScanToken, i int) bool {
	switch tokens[i].Token {
	case pg.Token_VARYING, pg.Token_ASCII_40, pg.Token_WITHOUT, pg.Token_TIME, pg.Token_ZONE:
		return true
	case pg.Token_ICONST:
		return tokens[i-1].Token == pg.Token_ASCII_40
	case pg.Token_ASCII_41:
		return tokens[i-1].Token == pg.Token_ICONST
	}
	return false
}

// written returns a table's name as SQL has it.
func written(r *pg.RangeVar) string {
	if r.Schemaname == "" {
		return lint.QuoteIdentifier(r.Relname)
	}
	return lint.QuoteIdentifier(r.Schemaname) + "." + lint.QuoteIdentifier(r.Relname)
}

// writtenColumns returns columns as SQL has them, with commas between.
func writtenColumns(columns []string) string {
	var out []string
	for _, c := range columns {
		out = append(out, lint.QuoteIdentifier(c))
	}
	return strings.Join(out, ", ")
}

// writtenText returns a string constant.
func writtenText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
