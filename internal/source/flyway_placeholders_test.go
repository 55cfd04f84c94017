package source

import (
	"strings"
	"testing"
)

// TestFlywayProfiles has the value of a placeholder in the files of Spring Boot's
// profiles, where it counts if they agree.
func TestFlywayProfiles(t *testing.T) {
	const dir = "app/src/main/resources/"
	prod := []string{dir + "application-prod.yml: spring:\n  flyway:\n    placeholders:\n      app-role: clerk\n"}
	tests := []struct {
		name  string
		files []string
		want  string // "" where nobody knows
	}{
		{"one profile", prod, "clerk"},
		{"two that agree", append([]string{dir + "application-test.properties: spring.flyway.placeholders.app-role=clerk\n"}, prod...), "clerk"},
		{"two that differ", append([]string{dir + "application-test.properties: spring.flyway.placeholders.app-role=other\n"}, prod...), ""},
		{"three, of which two agree", append([]string{dir + "application-a.properties: spring.flyway.placeholders.app-role=other\n", dir + "application-zz.properties: spring.flyway.placeholders.app-role=clerk\n"}, prod...), ""},
		{"what every profile starts from", append([]string{dir + "application.properties: spring.flyway.placeholders.app-role=all\n"}, prod...), "all"},
		{"from the environment", []string{dir + "application-prod.yml: spring:\n  flyway:\n    placeholders:\n      app-role: ${SCHEMA}\n"}, ""},
		{"no profile's", []string{dir + "logging-prod.yml: spring:\n  flyway:\n    placeholders:\n      app-role: clerk\n"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := loaded(t, nil, append([]string{dir + "db/migration/V1__a.sql: CREATE ROLE ${app-role};"}, tt.files...)...)
			s := f.steps[0]
			if tt.want == "" {
				if !strings.Contains(s.opaque, "${app-role}") {
					t.Errorf("opaque %q, sent %q", s.opaque, sent(s))
				}
				return
			}
			if got := strings.Join(sent(s), " | "); s.opaque != "" || got != "CREATE ROLE "+tt.want+";" {
				t.Errorf("sent %q, opaque %q", got, s.opaque)
			}
		})
	}
}
