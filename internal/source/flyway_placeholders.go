package source

import (
	"path"
	"strings"
)

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
		if _, found := known[m.name]; found {
			continue
		}
		if value := d.profilesAgree(key); value != "" {
			known[m.name] = value
		}
	}
}

// profilesAgree is the value of a setting in the files of Spring Boot's profiles, such as
// application-prod.yml, the nearest directory first; "" where two profiles differ: nobody
// knows which of them production chooses.
func (d *directory) profilesAgree(key string) (agreed string) {
	d.climb(func(up *directory) bool {
		differ := false
		for _, name := range up.files {
			value := up.profileSetting(name, key)
			differ = differ || value != "" && agreed != "" && value != agreed
			if value != "" {
				agreed = value
			}
		}
		found := agreed != ""
		if differ || strings.Contains(agreed, unknownValue) {
			agreed = ""
		}
		return found
	})
	return agreed
}

// profileSetting reads one setting of a file, if that is a profile's.
func (d *directory) profileSetting(name, key string) string {
	if !springFile.MatchString(name) || !strings.HasPrefix(name, "application-") {
		return ""
	}
	read := springYAML
	if path.Ext(name) == ".properties" {
		read = springProperties
	}
	settings, err := parseOnce(d, name, read)
	if err != nil {
		return "" // Spring Boot reads it only where its profile is chosen
	}
	return settings[key]
}
