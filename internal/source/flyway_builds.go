package source

import (
	"encoding/xml"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// What builds tell Flyway's plugin: flyway { schemas = ['app'] } in Gradle, the plugin's
// configuration and properties such as flyway.schemas in Maven.
// https://documentation.red-gate.com/fd/gradle-task-277579001.html
// https://documentation.red-gate.com/fd/maven-goal-277578997.html
var flywayBuilds = []settingsFile{{"build.gradle", flywayGradle}, {"build.gradle.kts", flywayGradle}, {"pom.xml", flywayMaven}}

var (
	gradleNoise   = lazyregexp.New(`(?s:/\*.*?\*/)|(?m:^\s*//[^\n]*$)`)
	gradleFlyway  = lazyregexp.New(`(?m)^\s*(?:flyway|configure<FlywayExtension>)\s*\{`)
	gradleSetting = lazyregexp.New(`(?m)^\s*(\w+)\s*[=( ]\s*(\[[^\]]*\]|(?:arrayOf|listOf)\([^)]*\)|[^\n]*)`)
	gradleText    = lazyregexp.New(`^(?:'([^']*)'|"([^"]*)")`)
	gradleLists   = lazyregexp.New(`^(?:\[|(?:arrayOf|listOf)\()([^\])]*)`)
)

func flywayGradle(text string) (map[string]string, error) {
	settings := map[string]string{}
	text = gradleNoise.ReplaceAllString(text, "")
	at := gradleFlyway.FindStringIndex(text)
	if at == nil {
		return settings, nil
	}
	for _, m := range gradleSetting.FindAllStringSubmatch(gradleBlock(text[at[1]:]), -1) {
		noteSetting(settings, "flyway."+m[1], gradleValue(strings.TrimSpace(m[2])))
	}
	return settings, nil
}

// gradleBlock is a text up to the bracket that closes what began before it.
func gradleBlock(text string) string {
	depth := 1
	for i := range len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			return text[:i]
		}
	}
	return text
}

// gradleValue reads a string or a list of them; what is computed is not known.
func gradleValue(value string) string {
	list := gradleLists.FindStringSubmatch(value)
	if list == nil {
		return gradleString(value)
	}
	var all []string
	for item := range strings.SplitSeq(list[1], ",") {
		if item = strings.TrimSpace(item); item != "" {
			all = append(all, gradleString(item))
		}
	}
	return strings.Join(all, ",")
}

func gradleString(value string) string {
	m := gradleText.FindStringSubmatch(value)
	if m == nil && (value == "true" || value == "false") {
		return value
	}
	if m == nil {
		return unknownValue
	}
	return m[1] + m[2]
}

// A mavenNode is an element of a pom.xml.
type mavenNode struct {
	XMLName xml.Name
	Text    string      `xml:",chardata"`
	Inside  []mavenNode `xml:",any"`
}

type mavenProject struct {
	Properties mavenNode     `xml:"properties"`
	Plugins    []mavenPlugin `xml:"build>plugins>plugin"`
	Managed    []mavenPlugin `xml:"build>pluginManagement>plugins>plugin"`
}

type mavenPlugin struct {
	Name          string    `xml:"artifactId"`
	Configuration mavenNode `xml:"configuration"`
}

// flywayMaven reads a pom.xml. One that is no XML, or in an encoding of its own, says
// nothing here.
func flywayMaven(text string) (map[string]string, error) {
	settings := map[string]string{}
	var p mavenProject
	if !strings.Contains(text, "flyway") || xml.Unmarshal([]byte(text), &p) != nil {
		return settings, nil
	}
	for _, plugin := range append(p.Plugins, p.Managed...) {
		if plugin.Name != "flyway-maven-plugin" {
			continue
		}
		for _, n := range plugin.Configuration.Inside {
			noteSetting(settings, "flyway."+n.XMLName.Local, n.value())
		}
	}
	for _, n := range p.Properties.Inside {
		if strings.HasPrefix(n.XMLName.Local, "flyway.") {
			noteSetting(settings, n.XMLName.Local, n.value())
		}
	}
	return settings, nil
}

// value is the text of an element, or of those inside of it with commas between them.
func (n mavenNode) value() string {
	if len(n.Inside) == 0 {
		return strings.TrimSpace(n.Text)
	}
	var all []string
	for _, item := range n.Inside {
		all = append(all, strings.TrimSpace(item.Text))
	}
	return strings.Join(all, ",")
}
