package rules

import "github.com/migvet/migvet/lint"

var templateUnfilled = &lint.Rule{
	ID: holdsTemplate, Group: lint.GroupMeta, Severity: lint.Error,
	Title: "A placeholder stands in a file whose tool replaces none",
	Why: "`{{ … }}`, `${ … }` and `<% … %>` are filled in by some migration tools (tern, Flyway, Liquibase, goose with ENVSUB ON) and mean nothing to PostgreSQL. " +
		"The tool that these files were taken for sends them as they are.",
	Fix:      "Write the value. If something fills the files in before the tool sees them, check its output; if another tool runs them, name it in the configuration (`tool:`).",
	Explains: []string{"42601"},
	Check: func(p *lint.Pass) {
		if whyNotSQL(p) != holdsTemplate || p.Tried() {
			return
		}
		at := templateMark.FindStringIndex(p.Statement.SQL)
		p.Reportf(int32(at[0]), "%s is a placeholder, which %s does not replace here, and PostgreSQL refuses it; write the value, or name the tool that fills it in (tool: in .migvet.yml)",
			p.Statement.SQL[at[0]:at[1]], toolName(p))
	},
}
