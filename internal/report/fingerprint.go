package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/migvet/migvet/lint"
)

// StatementHash names the statement that a finding is about by its text, so
// that it is the same wherever the statement stands. Findings about a whole
// file have none: "".
func (r *Report) StatementHash(f lint.Finding) string {
	sql := r.statement(f)
	if sql == "" {
		return ""
	}
	return hash(strings.Join(strings.Fields(sql), " "))
}

// statement returns the text of the statement that a finding is about, "" when
// there is none.
func (r *Report) statement(f lint.Finding) string {
	source := r.Sources[f.Path]
	for _, s := range r.Statements[f.Path] {
		if s.Start <= f.Start && f.Start <= s.End && s.End <= len(source) {
			return source[s.Start:s.End]
		}
	}
	return ""
}

// Fingerprints gives each finding a name that no other has, and that it keeps
// from run to run: equal findings of equal statements are told apart by their
// order. GitLab and reviews would take the second of two equal names for the
// first.
func (r *Report) Fingerprints(findings []lint.Finding) []string {
	seen := map[string]int{}
	return each(findings, func(f lint.Finding) string {
		key := strings.Join([]string{f.Rule, f.Path, r.StatementHash(f)}, "\x00")
		seen[key]++
		return hash(fmt.Sprintf("%s\x00%d", key, seen[key]))
	})
}

// hash is short enough to be read and long enough never to meet another.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
