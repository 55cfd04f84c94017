package rules

import "github.com/migvet/migvet/lint"

// underRewrite says that a new column has its table written again.
func underRewrite(p *lint.Pass, f *lint.Finding, c column) {
	p.UnderLock(f, lint.Work{Kind: lint.WorkRewrite, Table: c.table, What: "new column " + c.String()})
}
