package source

import (
	"cmp"
	"slices"
	"strings"
)

// flywaySettings are what a project tells Flyway about names.
// https://documentation.red-gate.com/fd/flyway-default-schema-setting-277578987.html
type flywaySettings struct {
	table   string   // "" for flyway_schema_history
	schemas []string // Flyway makes them; the default one first, which has the table and begins the search path
}

func flywayFiles() []settingsFile {
	own := []settingsFile{{"flyway.toml", flywayTOML}, {"conf/flyway.toml", flywayTOML}, {"flyway.conf", flywayConf}, {"conf/flyway.conf", flywayConf}}
	return slices.Concat(own, springFiles(), flywayBuilds)
}

func (d *directory) flywaySettings() (s flywaySettings) {
	d.settings(flywayFiles(), func(settings map[string]string) bool {
		s = flywaySettings{d.literalValue(settings["flyway.table"]), splitNames(d.literalValue(settings["flyway.schemas"]))}
		if first := d.literalValue(settings["flyway.defaultschema"]); first != "" {
			s.schemas = append([]string{first}, slices.DeleteFunc(s.schemas, func(n string) bool { return n == first })...)
		}
		return s.table != "" || len(s.schemas) > 0
	})
	return s
}

// flywayReplaces tells whether Flyway looks for placeholders in its files.
func (d *directory) flywayReplaces() bool {
	said := ""
	d.settings(flywayFiles(), func(settings map[string]string) bool {
		said = settings["flyway.placeholderreplacement"]
		return said != ""
	})
	return !strings.EqualFold(said, "false")
}

// flywayTOML reads flyway.toml.
func flywayTOML(text string) (map[string]string, error) {
	document, err := parseTOML(text)
	if err != nil {
		return nil, err
	}
	settings := map[string]string{}
	own, _ := document["flyway"].(map[string]any)
	flattenSettings(settings, "flyway.", own)
	environments, _ := document["environments"].(map[string]any)
	settings["flyway.schemas"] = environmentSchemas(environments, cmp.Or(settings["flyway.environment"], "default"))
	return settings, nil
}

// environmentSchemas are those of the environment that flyway.toml chooses, else
// of all that have some, if these agree.
// https://documentation.red-gate.com/fd/flyway-environment-setting-277578995.html
func environmentSchemas(environments map[string]any, chosen string) string {
	if schemas := schemasOf(environments[chosen]); schemas != "" {
		return schemas
	}
	agreed := ""
	for _, environment := range environments {
		switch schemas := schemasOf(environment); {
		case schemas == "" || schemas == agreed:
		case agreed == "":
			agreed = schemas
		default:
			return unknownValue
		}
	}
	return agreed
}

func schemasOf(environment any) string {
	settings := map[string]string{}
	flattenSettings(settings, "", environment)
	return settings["schemas"]
}
