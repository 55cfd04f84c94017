package rules

import "github.com/migvet/migvet/lint"

// FileUnreadable is about files that are not the text they should be.
var FileUnreadable = &lint.Rule{
	ID: "file-unreadable", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "A migration cannot be read as SQL text",
	Why: `The file holds merge conflict markers, a Git LFS pointer in place of its content, or bytes that are not UTF-8. PostgreSQL would refuse it.
No rule has read it and it was not tried.`,
	Fix: "Resolve the conflict, fetch the file with `git lfs pull` (better: keep migrations out of LFS), or save it as UTF-8.",
}
