package source

import "slices"

// flywaySettings are what a project tells Flyway about names.
// https://documentation.red-gate.com/fd/flyway-schemas-setting-277579018.html
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

func flywayTOML(text string) map[string]string {
	settings := map[string]string{}
	for key, value := range section(text, "flyway") {
		note(settings, "flyway."+key, unquoted(value))
	}
	return settings
}
