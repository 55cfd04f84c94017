package source

import (
	"fmt"
	"path"
	"slices"
)

// draftWords are words of directories that keep what is not run yet: wip, migrations_drafts.
var draftWords = []string{"wip", "draft", "drafts", "pending", "unfinished", "proposed", "proposal", "proposals", "todo", "backlog"}

// ranWords are words of directories into which what has run is moved. Beside one of these,
// pending/ holds what runs next.
var ranWords = []string{"applied", "done", "executed", "ran", "processed"}

// whySetAside says why a folder does not count beside another one by what it is called: it
// lies beside or in a folder of migrations and keeps what is not run yet, or no more. "" when
// the name says nothing of the kind.
func (c candidate) whySetAside(all []candidate) string {
	if c.passed != "" || c.Skip != "" || c.refuted != "" {
		return ""
	}
	words := wordsOf(path.Base(c.Dir))
	draft := slices.ContainsFunc(words, isDraftWord)
	rest := slices.DeleteFunc(slices.Clone(words), isAsideWord)
	if len(rest) == len(words) || draft && c.isQueue(all) {
		return ""
	}
	for _, other := range all {
		ofTool := c.Tool != Plain && (!draft || c.Tool != other.Tool) // an archive may be a program of its own
		if ofTool || !other.mayBeRun() || !c.isAsideOf(other, rest, draft) {
			continue
		}
		what := "what is not used any more"
		if draft {
			what = "what is not run yet"
		}
		return fmt.Sprintf("is called after %s, and %s is a folder of %s", what, other.Dir, other.Tool)
	}
	return ""
}

func isDraftWord(word string) bool { return slices.Contains(draftWords, word) }

func isAsideWord(word string) bool { return isDraftWord(word) || slices.Contains(formerWords, word) }

// mayBeRun tells whether a folder counts, and its name does not say that it is put aside.
func (c candidate) mayBeRun() bool {
	return c.passed == "" && c.Skip == "" && !slices.ContainsFunc(wordsOf(path.Base(c.Dir)), isAsideWord)
}

// isAsideOf tells whether what is left of a folder's name without those words is that of
// another one beside it, or nothing at all beside or in one that is called after migrations.
// orders_archive may be the folder of a second table.
func (c candidate) isAsideOf(other candidate, rest []string, draft bool) bool {
	others := wordsOf(path.Base(other.Dir))
	ofMigrations := slices.ContainsFunc(others, func(w string) bool { return slices.Contains(migrationFolders, w) })
	beside := path.Dir(c.Dir) == path.Dir(other.Dir)
	if len(rest) > 0 {
		return beside && slices.Equal(rest, others) && (draft || ofMigrations)
	}
	return ofMigrations && (beside || path.Dir(c.Dir) == other.Dir)
}

// isQueue tells whether a directory beside it keeps what has run: what is pending runs.
func (c candidate) isQueue(all []candidate) bool {
	return slices.ContainsFunc(all, func(other candidate) bool {
		return path.Dir(other.Dir) == path.Dir(c.Dir) && slices.Contains(ranWords, path.Base(other.Dir))
	})
}
