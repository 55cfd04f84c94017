package presets_test

import (
	"slices"
	"testing"

	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/lint"
)

func TestExtensionScriptsParse(t *testing.T) {
	names := presets.ExtensionStandIns()
	if !slices.Contains(names, "pg_cron") || len(names) < 9 {
		t.Errorf("there are stand-ins for %q only", names)
	}
	for _, name := range names {
		script, err := presets.ExtensionScript(name)
		if err != nil {
			t.Fatal(err)
		}
		statements, _ := lint.Parse(script.ForServer())
		for _, s := range statements {
			if s.ParseError != nil {
				t.Errorf("%s: %s: %v", name, s.SQL, s.ParseError)
			}
		}
	}
}
