package source

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/yamltext"
)

// flywayLocations are the directories of the repository that one configuration has Flyway
// read as one history.
type flywayLocations struct {
	file    string
	profile bool // it counts where a profile of Spring Boot is chosen
	dirs    []string
}

var (
	springFile = lazyregexp.New(`^application(-[\w.-]+)?\.(ya?ml|properties)$`)

	// springSection parts the documents of a file of properties.
	springSection = lazyregexp.New(`(?m)^[ \t]*[#!]---[ \t]*\r?$`)
)

// flywayConfigs are the configurations in the directory and above that name several
// locations, the nearest first.
func (d *directory) flywayConfigs() (all []flywayLocations) {
	d.climb(func(up *directory) bool {
		for _, name := range up.files {
			for _, settings := range up.flywayDocuments(name) {
				l := flywayLocations{file: path.Join(up.dir, name), dirs: up.locationDirs(settings)}
				l.profile = strings.Contains(name, "-") || settings["config.activate.onprofile"] != "" || settings["profiles"] != ""
				if len(l.dirs) > 1 {
					all = append(all, l)
				}
			}
		}
		return false
	})
	return all
}

// flywayDocuments are the settings of a file, one for each section of it.
func (d *directory) flywayDocuments(name string) (all []map[string]string) {
	read := func(settings map[string]string, err error) {
		if err == nil {
			all = append(all, settings)
		}
	}
	switch extension := path.Ext(name); {
	case name == "flyway.toml":
		read(flywayTOML(d.beginning(name)))
	case name == "flyway.conf":
		read(flywayConf(d.beginning(name)))
	case !springFile.MatchString(name):
	case extension == ".properties":
		for _, section := range propertySections(d.beginning(name)) {
			read(parseProperties(section))
		}
	default:
		var documents []map[string]any
		if yaml.Load([]byte(d.beginning(name)), &documents, yaml.WithAllDocuments()) != nil {
			return nil
		}
		for _, document := range documents {
			settings := map[string]string{}
			flattenSettings(settings, "", document)
			all = append(all, settings)
		}
	}
	return all
}

// propertySections are the documents of a file of properties.
func propertySections(text string) (all []string) {
	start := 0
	for _, at := range springSection.FindAllStringIndex(text, -1) {
		all = append(all, text[start:at[0]])
		start = at[1]
	}
	return append(all, text[start:])
}

// locationDirs are the directories that locations lead to, seen from the configuration.
func (d *directory) locationDirs(settings map[string]string) (dirs []string) {
	names := splitNames(settings["flyway.locations"])
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if strings.HasPrefix(key, "flyway.locations[") {
			names = append(names, settings[key])
		}
	}
	for _, name := range names {
		_, after, found := strings.Cut(name, ":")
		if found {
			name = after
		}
		name = strings.Trim(strings.ReplaceAll(name, "{vendor}", "postgresql"), "/")
		for _, top := range []string{d.dir, path.Join(d.dir, "src/main/resources")} {
			if dir := path.Join(top, name); !strings.ContainsAny(name, "$*") && isDirectory(d.fsys, dir) && !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
				break
			}
		}
	}
	return dirs
}

// furtherLocations are the directories that Flyway reads together with this one, which its
// configuration names first. What only a profile adds is no part of production's history.
func (d *directory) furtherLocations() []string {
	for _, l := range d.flywayConfigs() {
		if !l.profile && l.dirs[0] == d.dir {
			return slices.DeleteFunc(l.dirs[1:], func(dir string) bool { return isBelow(dir, d.dir) || isBelow(d.dir, dir) })
		}
	}
	return nil
}

// amongOthers says of a directory that a configuration names behind another one, but not
// together with it for production, that it does not run by itself.
func (d *directory) amongOthers(place *yamltext.Place) string {
	for _, l := range d.flywayConfigs() {
		if at := slices.Index(l.dirs, d.dir); at > 0 {
			return fmt.Sprintf("%s has Flyway run %s among the migrations of %s, in the order of their versions, and it was tried by itself or behind all of them; to leave it out, %s",
				l.file, d.dir, l.dirs[0], place.Without(d.dir, l.dirs[0]))
		}
	}
	return ""
}

// withoutFurther leaves out folders that are read together with another one.
func withoutFurther(all []candidate) []candidate {
	further := map[string]bool{}
	for _, c := range all {
		if c.Tool == Flyway && c.Skip == "" && c.passed == "" {
			for _, dir := range c.directory.furtherLocations() {
				further[dir] = true
			}
		}
	}
	return slices.DeleteFunc(all, func(c candidate) bool { return further[c.Dir] && c.Tool == Flyway })
}

// A flywayPlace is a directory of a history, with the way to it from the folder.
type flywayPlace struct {
	*directory
	way string // "../../tenants/"
}

// flywayPlaces are the directories of the folder's history: of one that a person named,
// the folder alone.
func (d *directory) flywayPlaces(found Found) []flywayPlace {
	places := []flywayPlace{{d, ""}}
	if found.confirmed {
		return places
	}
	for _, dir := range d.furtherLocations() {
		if further, err := openDirectory(d.fsys, dir); err == nil {
			places = append(places, flywayPlace{further, strings.Repeat("../", strings.Count(d.dir, "/")+1) + dir + "/"})
		}
	}
	return places
}

// flywayFolderFiles are the files of SQL of a history, seen from the folder.
func flywayFolderFiles(places []flywayPlace) (files []string) {
	for _, p := range places {
		for _, file := range p.sqlBelow("") {
			files = append(files, p.way+file)
		}
	}
	return files
}

// stepIn is flywayStep for a file of one of several places: its name begins at its own.
func stepIn(places []flywayPlace, names flywayNaming) func(file string) (step, bool) {
	return func(file string) (step, bool) {
		for _, p := range places[1:] {
			file = strings.TrimPrefix(file, p.way)
		}
		s, ok := flywayStep(names.usual(file))
		s.name = strings.TrimSuffix(file, ".sql")
		return s, ok
	}
}
