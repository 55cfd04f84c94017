package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/lint"
)

// A domain over itself cannot exist, but can be written.
func TestDomainOverItself(t *testing.T) {
	sql := strings.Repeat("CREATE DOMAIN a AS b; CREATE DOMAIN b AS a;", 50) + "CREATE TABLE t (c a DEFAULT 'x' NOT NULL)"
	start := time.Now()
	h := &lint.History{New: []*lint.Migration{{Path: "1.sql", Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}}}}}
	lint.Run([]*lint.History{h}, nil, lint.Options{Rules: All(), Panicked: func(what string, stack []byte) { t.Errorf("%s panicked:\n%s", what, stack) }})
	if spent := time.Since(start); spent > 5*time.Second {
		t.Errorf("took %s", spent)
	}
}
