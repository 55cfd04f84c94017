package source

import (
	"slices"
	"strings"
	"testing"
)

// TestFlywayLocations reads as one history what production's configuration names together,
// and keeps apart what only a profile adds.
func TestFlywayLocations(t *testing.T) {
	const resources = "src/main/resources/"
	files := []string{resources + "db/main/V1__a.sql", resources + "db/main/V3__c.sql", resources + "db/more/V2__b.sql", resources + "db/more/U2__b.sql"}
	const together = "src/main/resources/db/main: V1__a V2__b V3__c"
	const apart = "src/main/resources/db/main: V1__a V3__c; src/main/resources/db/more: V2__b"
	for _, c := range []struct{ name, file, want, among string }{
		{"nothing", resources + "application.yml: spring: {}", apart, ""},
		{"YAML", resources + "application.yml: spring:\n  flyway:\n    locations: classpath:db/main,classpath:db/more", together, ""},
		{"a list", resources + "application.yaml: spring.flyway.locations: [ 'classpath:/db/main', 'classpath:/db/more/' ]", together, ""},
		{"properties", resources + "application.properties: spring.flyway.locations[0]=classpath:db/main\nspring.flyway.locations[1]=classpath:db/more", together, ""},
		{"flyway.conf", "flyway.conf: flyway.locations=filesystem:src/main/resources/db/main,filesystem:./src/main/resources/db/more", together, ""},
		{"flyway.toml", "flyway.toml: [flyway]\nlocations = [\"classpath:db/main\", \"classpath:db/more\"]", together, ""},
		{"one, and one that is not there", resources + "application.yml: spring.flyway.locations: classpath:db/main,classpath:db/none", apart, ""},
		{"a profile's file", resources + "application-local.yml: spring.flyway.locations: classpath:db/main,classpath:db/more", apart, "src/main/resources/application-local.yml has Flyway run"},
		{"a profile's section", resources + "application.yml: spring.flyway.enabled: true\n---\nspring:\n  config.activate.on-profile: local\n  flyway.locations: classpath:db/main,classpath:db/more", apart, "src/main/resources/application.yml has Flyway run"},
		{"a profile's section of properties", resources + "application.properties: spring.flyway.enabled=true\n#---\nspring.config.activate.on-profile=local\nspring.flyway.locations=classpath:db/main,classpath:db/more", apart, "src/main/resources/application.properties has Flyway run"},
		{"what the deploy decides", resources + "application.yml: spring.flyway.locations: 'classpath:db/main,${MORE}'", apart, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := tree(append(slices.Clone(files), c.file)...)
			found, err := Detect(tree)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			among := ""
			for _, f := range found {
				folder := mustLoad(t, tree, f)
				s := Review(nil, folder, ReviewOptions{})
				got, among = append(got, f.Dir+": "+strings.Join(folder.Names(), " ")), among+s.Among
				for _, m := range s.History.New {
					if m.Name != "V2__b" {
						continue
					}
					if down := s.Undo.Down(m); down == nil || down.Path != resources+"db/more/U2__b.sql" || m.Path != resources+"db/more/V2__b.sql" {
						t.Errorf("%s is taken back by %+v", m.Path, down)
					}
				}
			}
			if text := strings.Join(got, "; "); text != c.want || !strings.HasPrefix(among, c.among) || (among == "") != (c.among == "") {
				t.Errorf("read %s\nwant %s\namong %q", text, c.want, among)
			}
		})
	}
}

// TestFlywayLocationAdded: a folder that is read together with another one from now on is
// not deleted.
func TestFlywayLocationAdded(t *testing.T) {
	files := []string{"db/main/V1__a.sql", "db/more/V2__b.sql"}
	load := func(files ...string) (all []*Folder) {
		tree := tree(files...)
		found, err := Detect(tree)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			all = append(all, mustLoad(t, tree, f))
		}
		return all
	}
	sources := ReviewAll(load(files...), load(append(slices.Clone(files), "flyway.conf: flyway.locations=filesystem:db/main,filesystem:db/more")...), ReviewOptions{})
	if len(sources) != 1 {
		t.Fatalf("%d folders", len(sources))
	}
	if said := brief(sources[0]); len(said) != 1 || !strings.Contains(said[0], "places-changed") {
		t.Errorf("said %q", said)
	}
}
