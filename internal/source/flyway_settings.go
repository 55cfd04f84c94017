package source

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// flywaySettings are what a project tells Flyway about names.
// https://documentation.red-gate.com/fd/flyway-schemas-setting-277579018.html
type flywaySettings struct {
	table   string   // "" for flyway_schema_history
	schemas []string // Flyway makes them; the default one first, which has the table and begins the search path
}

// flywayFiles are read in this order, the nearest directory first. Spring Boot
// passes on what its own configuration has.
var flywayFiles = []struct {
	name string
	read func(text string) map[string]string
}{
	{"flyway.toml", flywayTOML}, {"conf/flyway.toml", flywayTOML},
	{"flyway.conf", properties}, {"conf/flyway.conf", properties},
	{"application.properties", properties}, {"application.yml", flywayYAML}, {"application.yaml", flywayYAML},
}

func (d *directory) flywaySettings() (s flywaySettings) {
	d.climb(func(up *directory) bool {
		for _, file := range flywayFiles {
			settings := file.read(up.beginning(file.name))
			s = flywaySettings{settings["table"], listed(settings["schemas"])}
			if first := settings["defaultschema"]; first != "" {
				s.schemas = append([]string{first}, slices.DeleteFunc(s.schemas, func(n string) bool { return n == first })...)
			}
			if s.table != "" || len(s.schemas) > 0 {
				return true
			}
		}
		return false
	})
	return s
}

// listed are the names of a list with commas, in brackets or without.
func listed(list string) []string {
	var all []string
	for name := range strings.SplitSeq(strings.Trim(list, "[]"), ",") {
		if name = unquoted(strings.TrimSpace(name)); name != "" {
			all = append(all, name)
		}
	}
	return all
}

func flywayTOML(text string) map[string]string {
	settings := map[string]string{}
	for key, value := range section(text, "flyway") {
		noteFlyway(settings, "flyway."+key, unquoted(value))
	}
	return settings
}

var property = regexp.MustCompile(`(?m)^[ \t]*([\w.-]+)[ \t]*[=:][ \t]*(.*?)[ \t\r]*$`)

func properties(text string) map[string]string {
	settings := map[string]string{}
	for _, m := range property.FindAllStringSubmatch(text, -1) {
		noteFlyway(settings, m[1], m[2])
	}
	return settings
}

func flywayYAML(text string) map[string]string {
	settings := map[string]string{}
	var documents []map[string]any // profiles
	if yaml.Load([]byte(text), &documents, yaml.WithAllDocuments()) == nil {
		for _, d := range documents {
			flatten(settings, "", d)
		}
	}
	return settings
}

// flatten writes nested keys with dots between them, and lists with commas.
func flatten(settings map[string]string, prefix string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, below := range v {
			flatten(settings, prefix+key+".", below)
		}
	case []any:
		var all []string
		for _, item := range v {
			if name, ok := item.(string); ok {
				all = append(all, name)
			}
		}
		noteFlyway(settings, strings.TrimSuffix(prefix, "."), strings.Join(all, ","))
	case string:
		noteFlyway(settings, strings.TrimSuffix(prefix, "."), v)
	}
}

// noteFlyway notes a setting of Flyway, also under the name that Spring Boot has for it:
// spring.flyway.default-schema. The first one counts, as that of no profile.
func noteFlyway(settings map[string]string, key, value string) {
	key = strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, "spring.")), "-", "")
	if name, ours := strings.CutPrefix(key, "flyway."); ours && settings[name] == "" {
		settings[name] = resolved(value)
	}
}

var springDefault = regexp.MustCompile(`\$\{[^{}:]*:([^{}]*)\}`)

// resolved takes the defaults of placeholders; "" when there is one without.
func resolved(value string) string {
	value = springDefault.ReplaceAllString(value, "$1")
	if strings.Contains(value, "${") {
		return ""
	}
	return value
}
