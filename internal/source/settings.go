package source

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
)

// A settingsFile is a file of a project that may configure its tool.
type settingsFile struct {
	name string
	read func(text string) (map[string]string, error)
}

// springFiles are those of Spring Boot, which passes on to tools what they have.
func springFiles() []settingsFile {
	return []settingsFile{{"application.properties", springProperties}, {"application.yml", springYAML}, {"application.yaml", springYAML}}
}

// settings reads such files, the nearest directory first, until one has what is
// wanted.
func (d *directory) settings(files []settingsFile, enough func(settings map[string]string) bool) {
	d.climb(func(up *directory) bool {
		for _, file := range files {
			if !up.has(file.name) {
				continue
			}
			name := path.Join(up.dir, file.name)
			settings, err := parseOnce(up, file.name, file.read)
			if err != nil {
				d.refuse(name, err)
			}
			if enough(settings) {
				d.answeredBy = name
				return true
			}
		}
		return false
	})
}

// beginsWith is the server's search path behind a schema.
func beginsWith(schema string) string { return string(quote.Name(schema)) + `, "$user", public` }

// splitNames are the names of a list with commas, in brackets or without.
func splitNames(list string) []string {
	var all []string
	for name := range strings.SplitSeq(strings.Trim(list, "[]"), ",") {
		if name = trimQuotes(strings.TrimSpace(name)); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// springYAML reads what is YAML. A template of it, which a build fills in, says
// nothing here.
func springYAML(text string) (map[string]string, error) {
	settings := map[string]string{}
	var documents []map[string]any // profiles
	if yaml.Load([]byte(text), &documents, yaml.WithAllDocuments()) == nil {
		for _, d := range documents {
			flattenSettings(settings, "", d)
		}
	}
	return settings, nil
}

// flattenSettings writes nested keys with dots between them, and lists with commas.
func flattenSettings(settings map[string]string, prefix string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			flattenSettings(settings, prefix+key+".", v[key])
		}
	case []any:
		var all []string
		for _, item := range v {
			if name, ok := item.(string); ok {
				all = append(all, name)
			}
		}
		noteSetting(settings, strings.TrimSuffix(prefix, "."), strings.Join(all, ","))
	case string, bool, nil:
		noteSetting(settings, strings.TrimSuffix(prefix, "."), settingText(v))
	}
}

// noteSetting keeps a setting under its name in lower case without hyphens, which Spring
// Boot takes for the same: spring.flyway.default-schema is flyway.defaultschema.
// The first one counts: it stands before the sections of profiles.
func noteSetting(settings map[string]string, key, value string) {
	key = strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, "spring.")), "-", "")
	if settings[key] == "" {
		settings[key] = springValue(value)
	}
}

// settingText writes a value of YAML. One that is not written is empty to Spring Boot.
func settingText(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

var springDefault = lazyregexp.New(`\$\{[^{}:]*:([^{}]*)\}`)

// springValue takes the defaults of placeholders.
func springValue(value string) string { return springDefault.ReplaceAllString(value, "$1") }

// unknownValue stands for what the place where the tool runs decides.
const unknownValue = "$"

// literalValue returns a value that does not come from where the tool runs: no variable,
// no template.
func (d *directory) literalValue(value string) string {
	if strings.Contains(value, unknownValue) || strings.Contains(value, "{{") {
		d.unsure = true
		return ""
	}
	return value
}

// trimQuotes takes the quotes off that are around a whole value.
func trimQuotes(value string) string {
	if n := len(value); n > 1 && value[0] == value[n-1] && strings.ContainsRune(`"'`, rune(value[0])) {
		return value[1 : n-1]
	}
	return value
}
