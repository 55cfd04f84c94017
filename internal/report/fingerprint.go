package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/migvet/migvet/lint"
)

// StatementHashes names the statement that each finding is about by its text,
// so that it is the same wherever the statement stands. Findings about a whole
// file have none: "".
func (r *Report) StatementHashes(findings []lint.Finding) []string {
	type place struct {
		path string
		at   lint.Span
	}
	known := map[place]string{} // a long statement may have a finding in every word
	return convertAll(findings, func(f lint.Finding) string {
		at, ok := r.statement(f)
		if !ok {
			return ""
		}
		p := place{f.Path, at}
		if known[p] == "" {
			known[p] = shortHash(strings.Join(strings.Fields(r.Sources[f.Path][at.Start:at.End]), " "))
		}
		return known[p]
	})
}

// statement returns where the statement stands that a finding is about; ok is
// false when there is none, or none with text.
func (r *Report) statement(f lint.Finding) (at lint.Span, ok bool) {
	source := r.Sources[f.Path]
	for _, s := range r.Statements[f.Path] {
		if s.Start <= f.Start && f.Start <= s.End && s.End <= len(source) {
			return s, s.Start < s.End
		}
	}
	return at, false
}

// Fingerprints gives each finding a name that no other has, and that it keeps
// from run to run: equal findings of equal statements are told apart by their
// order. GitLab and reviews would take the second of two equal names for the
// first.
func (r *Report) Fingerprints(findings []lint.Finding) []string {
	seen := map[string]int{}
	fingerprints := r.StatementHashes(findings)
	for i, f := range findings {
		key := strings.Join([]string{f.Rule, f.Path, fingerprints[i]}, "\x00")
		seen[key]++
		fingerprints[i] = shortHash(fmt.Sprintf("%s\x00%d", key, seen[key]))
	}
	return fingerprints
}

// shortHash is short enough to be read and long enough never to meet another.
func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
