package source

import (
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A settingsFile is a file of a project that may configure its tool.
type settingsFile struct {
	name string
	read func(text string) map[string]string
}

// springFiles are those of Spring Boot, which passes on to tools what they have.
func springFiles() []settingsFile {
	return []settingsFile{{"application.properties", properties}, {"application.yml", springYAML}, {"application.yaml", springYAML}}
}

// settings reads such files, the nearest directory first, until one has what is
// wanted.
func (d *directory) settings(files []settingsFile, enough func(settings map[string]string) bool) {
	d.climb(func(up *directory) bool {
		for _, file := range files {
			if text := up.beginning(file.name); text != "" && enough(file.read(text)) {
				d.told = path.Join(up.dir, file.name)
				return true
			}
		}
		return false
	})
}

// beginsWith is the server's search path behind a schema.
func beginsWith(schema string) string { return quoteName(schema) + `, "$user", public` }

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

var property = regexp.MustCompile(`(?m)^[ \t]*([\w.-]+)[ \t]*[=:][ \t]*(.*?)[ \t\r]*$`)

func properties(text string) map[string]string {
	settings := map[string]string{}
	for _, m := range property.FindAllStringSubmatch(text, -1) {
		note(settings, m[1], m[2])
	}
	return settings
}

func springYAML(text string) map[string]string {
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
		note(settings, strings.TrimSuffix(prefix, "."), strings.Join(all, ","))
	case string:
		note(settings, strings.TrimSuffix(prefix, "."), v)
	}
}

// note keeps a setting under its name in lower case without hyphens, which Spring
// Boot takes for the same: spring.flyway.default-schema is flyway.defaultschema.
// The first one counts, as that of no profile.
func note(settings map[string]string, key, value string) {
	key = strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, "spring.")), "-", "")
	if settings[key] == "" {
		settings[key] = resolved(value)
	}
}

var springDefault = regexp.MustCompile(`\$\{[^{}:]*:([^{}]*)\}`)

// resolved takes the defaults of placeholders.
func resolved(value string) string { return springDefault.ReplaceAllString(value, "$1") }
