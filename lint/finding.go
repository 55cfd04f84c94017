package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/rescue"
)

// NoPos is the offset of a finding about a whole file.
const NoPos = -1

// A Finding is one thing to tell, at one place. Syntax errors, history checks,
// refusals of the server and rules all end as findings; reports know nothing
// else.
type Finding struct {
	Rule     string
	Severity Severity
	Path     string // relative to the repository root, with slashes
	Start    int    // bytes from the start of the file, or NoPos
	End      int    // bytes, exclusive; NoPos when Start is
	Message  string // object + consequence + way out, one line
	Evidence string // what was observed, one line; empty when nothing was
	Cause    string // SQLSTATE of the refusal it tells of; see Rule.Explains
	Stops    bool   // that refusal keeps the migrations from being applied at all; see MayBeAccepted
	Accepted string // the reason of the ignore or accept that silenced it

	// Edits repair it, when that needs no thought; see Options.Edits.
	Edits []Edit

	// Others are told with it, in one message, and have places and edits of their own;
	// see Pass.TellInSeries.
	Others []Finding

	// What it is about. migration is nil for a finding about another file, at for one
	// about a file as a whole. Start and End count bytes of migration.Source until
	// Run turns them into bytes of the file.
	migration *Migration
	at        *Statement

	share  share       // see Pass.TellTogether
	series series      // see Pass.TellInSeries
	work   *lockedWork // see Pass.UnderLock; nil for findings about other things
	beside *besideWork // see Pass.TellBesideRewrite

	// What panicked, in words, and with what; see CheckPanicked.
	panicked string
	panic    *rescue.Panic
}

// MayBeAccepted reports whether something that is not written for this very finding may
// accept it, as a label for a rule or a baseline of a whole repository. That a migration
// does not apply is accepted only by an ignore comment or an accept entry, which name
// rule and file, give a reason, and stand where a review sees them.
func (f Finding) MayBeAccepted() bool { return !f.Stops }

// sameStatement reports whether two findings are about one statement, or both
// about one file and none of its statements.
func (f Finding) sameStatement(g Finding) bool { return f.Path == g.Path && f.at == g.at }

// AtFile makes a finding about a whole file.
func (r *Rule) AtFile(path, message string) Finding {
	return Finding{Rule: r.ID, Severity: r.Severity, Path: path, Start: NoPos, End: NoPos, Message: oneLine(message)}
}

// At makes a finding about bytes start to end of a file.
func (r *Rule) At(path string, start, end int, message string) Finding {
	return Finding{Rule: r.ID, Severity: r.Severity, Path: path, Start: start, End: end, Message: oneLine(message)}
}

// AtStatement makes a finding about a statement of a migration.
func (r *Rule) AtStatement(m *Migration, s *Statement, message string) Finding {
	f := r.At(m.Path, s.Start, s.End, message)
	f.migration, f.at = m, s
	return f
}

// oneLine keeps names with line ends in them from breaking a message.
func oneLine(message string) string {
	if !strings.ContainsAny(message, "\r\n") {
		return message
	}
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(message)
}

// Sort orders findings by file, place, severity, rule and text, and removes
// those that say the same at the same place. It is the only order there is.
func Sort(fs []Finding) []Finding {
	slices.SortFunc(fs, compareFindings)
	return slices.CompactFunc(fs, func(a, b Finding) bool {
		return a.Path == b.Path && a.Start == b.Start && a.Rule == b.Rule && a.Message == b.Message
	})
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Start, b.Start),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Message, b.Message),
		cmp.Compare(a.End, b.End),
		cmp.Compare(a.Evidence, b.Evidence),
	)
}
