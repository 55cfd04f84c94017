package trial

import (
	"fmt"
	"regexp"

	"github.com/migvet/migvet/internal/session"
)

// setupLack is about what a file makes that the tool runs on a new database, such as
// afterReset of graphile-migrate.
func (t *trial) setupLack(r *session.Refused) string {
	o, found := missingObject(r.Err.Message)
	if !found || t.Environment.Before != nil {
		return ""
	}
	makes := regexp.MustCompile(`(?i)\bcreate\b[^;]*(?:^|[^\w$])` + regexp.QuoteMeta(o.name) + `(?:[^\w$]|$)`)
	extension := extensionOf(o)
	creates := regexp.MustCompile(`(?i)\bcreate\s+extension\b[^;]*(?:^|[^\w$-])` + regexp.QuoteMeta(extension) + `(?:[^\w$-]|$)`)
	for _, file := range t.Source.Setup {
		if makes.MatchString(file.Text) || extension != "" && creates.MatchString(file.Text) {
			return fmt.Sprintf("%s has %s run %s on a new database, which makes it and is not run here; write before: %s in .migvet.yml", file.By, t.Source.Tool, file.Path, t.Source.Place.Path(file.Path))
		}
	}
	return ""
}
