package source

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/lint/rules"
)

// toolPlaces are where a tool is told to look for migrations: "deploy = sql/deploy".
type toolPlaces struct {
	settings []string
	file     string // that says so; "" for none
}

func (d *directory) placesOf(t tool) toolPlaces {
	if t.places == nil {
		return toolPlaces{}
	}
	d.answeredBy = ""
	return toolPlaces{t.places(d), d.answeredBy}
}

// placesAt are where the tool of a folder looks for migrations, as a tree has its
// settings.
func placesAt(fsys fs.FS, f Found) toolPlaces {
	t, _ := toolNamed(f.Tool)
	d, err := openDirectory(fsys, f.Dir)
	if err != nil {
		return toolPlaces{}
	}
	return d.placesOf(t)
}

// movedPlaces reports that the tool is told to look elsewhere for migrations.
func (r *review) movedPlaces(t tool) {
	if r.from == nil || len(r.from.steps) == 0 || slices.Equal(r.from.configuredPlaces.settings, r.to.configuredPlaces.settings) {
		return
	}
	was, is := r.from.configuredPlaces.settings, r.to.configuredPlaces.settings
	file := cmp.Or(r.to.configuredPlaces.file, r.from.configuredPlaces.file, r.to.Dir)
	r.report(rules.PlacesChanged.AtFile(file, fmt.Sprintf(
		"%s is told to look for migrations elsewhere than on %s (now: %s; there: %s); what stands in the old place runs no more, and what is in the new one has not been reviewed as migrations",
		t.name, r.base, placesMissing(is, was), placesMissing(was, is))))
}

// placesMissing are the places that the other branch does not have.
func placesMissing(places, others []string) string {
	only := slices.DeleteFunc(slices.Clone(places), func(p string) bool { return slices.Contains(others, p) })
	if len(only) == 0 {
		return "by default"
	}
	return strings.Join(only, ", ")
}

// settingPlace is one of them; none where nothing is said.
func settingPlace(key, value string) []string {
	if value == "" {
		return nil
	}
	return []string{key + " = " + value}
}

func (p sqitchPlaces) settings() []string {
	all := slices.Concat(settingPlace("plan", p.named), settingPlace("deploy", p.deploy), settingPlace("revert", p.revert), settingPlace("extension", p.extension))
	if p.reworkedDeploy != p.deploy {
		all = append(all, settingPlace("reworked deploy", p.reworkedDeploy)...)
	}
	if p.reworkedRevert != p.revert {
		all = append(all, settingPlace("reworked revert", p.reworkedRevert)...)
	}
	return all
}

// settingPlaces is the first of some settings that has a value.
func (d *directory) settingPlaces(files []settingsFile, keys ...string) (places []string) {
	d.settings(files, func(settings map[string]string) bool {
		for _, key := range keys {
			places = append(places, settingPlace(key, settings[key])...)
			if value, isSet := settings[key]; isSet && value == "" && key == flywayPrefix {
				places = append(places, key+" is empty")
			}
		}
		return len(places) > 0
	})
	return places
}

// dotenvPlaces is a variable of the nearest .env.
func (d *directory) dotenvPlaces(variable string) []string {
	return settingPlace(variable, d.dotenv(variable))
}

// dieselPlaces reads diesel.toml.
// https://diesel.rs/guides/configuring-diesel-cli.html
func (d *directory) dieselPlaces() []string {
	document, _ := nearestFile(d, parseTOML, "diesel.toml")
	migrations, _ := document["migrations_directory"].(map[string]any)
	dir, _ := migrations["dir"].(string)
	return settingPlace("migrations_directory.dir", dir)
}

// sqlMigratePlaces reads dbconfig.yml.
func (d *directory) sqlMigratePlaces() (places []string) {
	environments, _ := nearestFile(d, parseDBConfig, "dbconfig.yml")
	for _, name := range slices.Sorted(maps.Keys(environments)) {
		places = append(places, settingPlace(name+".dir", environments[name].Dir)...)
	}
	return places
}

// A dbEnvironment is one of dbconfig.yml.
type dbEnvironment struct{ Schema, Table, Dir string }

func parseDBConfig(text string) (environments map[string]dbEnvironment, err error) {
	return environments, yaml.Load([]byte(text), &environments)
}
