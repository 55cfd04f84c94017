package source

import "strings"

// addFlywayPlaceholders adds to known the values that Flyway's configuration gives to the
// placeholders of a file.
// https://documentation.red-gate.com/fd/flyway-placeholders-namespace-277579010.html
func (d *directory) addFlywayPlaceholders(known map[string]string, marks []mark) {
	for _, m := range marks {
		if _, own := known[m.name]; own {
			continue
		}
		key := "flyway.placeholders." + strings.ReplaceAll(strings.ToLower(m.name), "-", "")
		d.settings(flywayFiles(), func(settings map[string]string) bool {
			value := settings[key]
			if value == "" || strings.Contains(value, unknownValue) {
				return false
			}
			known[m.name] = value
			return true
		})
	}
}
