package report

import (
	"cmp"
	"slices"

	"github.com/migvet/migvet/lint"
)

// maxAccepted is how many accepted findings a log lists: a baseline may have 100,000.
const maxAccepted = 50

// firstAccepted are the accepted findings that a log lists, refusals before all others.
func (r *Report) firstAccepted() []lint.Finding {
	all := slices.Clone(r.Accepted)
	rank := func(f lint.Finding) int {
		if f.Stops {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b lint.Finding) int { return cmp.Compare(rank(a), rank(b)) })
	return all[:min(len(all), maxAccepted)]
}

// acceptedRefusals are the accepted findings that tell why a migration does not apply.
// They are told in every format, also where other accepted findings are not.
func (r *Report) acceptedRefusals() []lint.Finding {
	return slices.DeleteFunc(slices.Clone(r.Accepted), func(f lint.Finding) bool { return !f.Stops })
}

// refusesSome reports whether the server refused a migration under review.
func (r *Report) refusesSome() bool {
	return slices.ContainsFunc(r.Migrations, func(m Migration) bool { return m.Applied == Failed })
}

// acceptedWords is the reason, in one line.
func acceptedWords(f lint.Finding) string { return "accepted: " + oneLine(f.Accepted) }

// acceptedText is an accepted finding for formats that have no place for such.
func acceptedText(f lint.Finding) string { return acceptedWords(f) + "; " + messageText(f) }
