package source

import (
	"cmp"
	"regexp"
	"slices"
)

// flywaySettings are what a project tells Flyway about names.
// https://documentation.red-gate.com/fd/flyway-default-schema-setting-277578987.html
type flywaySettings struct {
	table   string   // "" for flyway_schema_history
	schemas []string // Flyway makes them; the default one first, which has the table and begins the search path
}

func (d *directory) flywaySettings() (s flywaySettings) {
	own := []settingsFile{{"flyway.toml", flywayTOML}, {"conf/flyway.toml", flywayTOML}, {"flyway.conf", properties}, {"conf/flyway.conf", properties}}
	d.settings(append(own, springFiles()...), func(settings map[string]string) bool {
		s = flywaySettings{d.known(settings["flyway.table"]), listed(d.known(settings["flyway.schemas"]))}
		if first := d.known(settings["flyway.defaultschema"]); first != "" {
			s.schemas = append([]string{first}, slices.DeleteFunc(s.schemas, func(n string) bool { return n == first })...)
		}
		return s.table != "" || len(s.schemas) > 0
	})
	return s
}

var flywayEnvironment = regexp.MustCompile(`(?m)^\s*\[(environments\.[^\]\s]+)\]`)

// flywayTOML reads flyway.toml.
func flywayTOML(text string) map[string]string {
	settings := map[string]string{}
	for key, value := range section(text, "flyway") {
		note(settings, "flyway."+key, unquoted(value))
	}
	settings["flyway.schemas"] = environmentSchemas(text, cmp.Or(settings["flyway.environment"], "default"))
	return settings
}

// environmentSchemas are those of the environment that flyway.toml chooses, else
// of all that have some, if these agree.
// https://documentation.red-gate.com/fd/flyway-environment-setting-277578995.html
func environmentSchemas(text, chosen string) string {
	if schemas := section(text, "environments."+chosen)["schemas"]; schemas != "" {
		return schemas
	}
	agreed := ""
	for _, m := range flywayEnvironment.FindAllStringSubmatch(text, -1) {
		switch schemas := section(text, m[1])["schemas"]; {
		case schemas == "" || schemas == agreed:
		case agreed == "":
			agreed = schemas
		default:
			return unknownValue
		}
	}
	return agreed
}
