package report_test

import (
	"testing"

	"github.com/migvet/migvet/internal/report"
)

func TestSchemaFormats(t *testing.T) {
	none := &report.Report{Version: "0.1.0", Base: "origin/main"}
	for _, name := range []string{"text", "json", "markdown", "mermaid"} {
		format, err := report.SchemaFormat(name)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "schema."+name, write(t, format, relay(t)))
		golden(t, "schema-none."+name, write(t, format, none))
	}
	if _, err := report.SchemaFormat("sarif"); err == nil {
		t.Error("sarif is taken for a format of schemas")
	}
}
