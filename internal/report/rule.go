package report

import (
	"github.com/migvet/migvet/lint"
)

const (
	homepage  = "https://github.com/migvet/migvet"
	rulesPage = homepage + "/blob/main/lint/rules/README.md"
)

// helpURL is where a rule is documented, "" when this version has no such rule.
func (r *Report) helpURL(rule string) string {
	if r.Rules[rule] == nil {
		return ""
	}
	return rulesPage + "#" + rule
}

// messageText is a finding's text for formats that have one field for it.
func messageText(f lint.Finding) string {
	if f.Evidence == "" {
		return Sanitise(f.Message)
	}
	return Sanitise(f.Message + "\n" + f.Evidence)
}
