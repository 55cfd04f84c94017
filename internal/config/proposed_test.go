package config_test

import (
	"slices"
	"testing"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/yamltext"
)

// What messages propose is read as it was meant, whatever YAML makes of the words.
func TestProposedLines(t *testing.T) {
	words := []string{"1", "0018", "1e3", "0x1f", "1_000", "2024-01-01", ".5", "no", "Yes", "null", "~", "*", "&a", "!x", "$user", "my app", "a: b", "{x}", "tenant-1", "ünï", "# x"}
	for _, word := range words {
		line := "search-path: " + yamltext.List([]string{word, "public"})
		if c := parse(t, config.Name, line); !slices.Equal(c.SearchPath, []string{word, "public"}) {
			t.Errorf("%s is read as %q", line, c.SearchPath)
		}
		place := &yamltext.Place{Dir: "db", Found: []string{"db/main", "db/" + word}}
		line = place.List("db/"+word, "history-table: "+yamltext.Scalar("app.runs")+", exclude: ["+yamltext.Pattern("1.sql")+"]")
		c := parse(t, "db/"+config.Name, line)
		if len(c.Migrations) != 2 || c.Migrations[0].Dir != "db/main" || c.Migrations[1].Dir != "db/"+word || !c.Migrations[1].Excludes("db/"+word+"/1.sql") {
			t.Errorf("%s is read as %+v", line, c.Migrations)
		}
		line = "before: " + place.Path("db/"+word) + "\nignore-paths: [" + place.PatternBelow("db/"+word) + "]"
		if c := parse(t, "db/"+config.Name, line); c.Before != "db/"+word || !c.IgnoresPath("db/"+word+"/x.sql") {
			t.Errorf("%s is read as %q", line, c.Before)
		}
	}
}
