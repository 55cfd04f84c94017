package trial

import (
	"slices"
	"time"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/schema"
)

// frozenDefault matches a default that PostgreSQL made of 'now' in quotes: a moment.
var frozenDefault = lazyregexp.New(`^'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)?(?:[+-]\d\d(?::?\d\d)?)?'::timestamp`)

// maxTrial is longer than a trial may take.
const maxTrial = time.Hour

// withoutMoments leaves out differences between two defaults that are the
// moments at which the trial ran the same expression: they would be others in
// every run.
func withoutMoments(changes []schema.Change) []schema.Change {
	var kept []schema.Change
	for _, c := range changes {
		n := len(c.Differences)
		c.Differences = slices.DeleteFunc(slices.Clone(c.Differences), func(d schema.Difference) bool { return sameMoment(d.From, d.To) })
		if n == 0 || len(c.Differences) > 0 {
			kept = append(kept, c)
		}
	}
	return kept
}

func sameMoment(a, b string) bool {
	first, ok := parseTimestamp(a)
	second, both := parseTimestamp(b)
	return ok && both && first.Sub(second).Abs() < maxTrial
}

func parseTimestamp(text string) (time.Time, bool) {
	m := frozenDefault.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, false
	}
	at, err := time.Parse(time.DateTime, m[1])
	return at, err == nil
}
