package source

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// settingsText writes settings in the order of their names.
func settingsText(settings map[string]string) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if settings[key] != "" {
			all = append(all, key+"="+settings[key])
		}
	}
	return strings.Join(all, " ")
}

// What is in a comment, in a string or in the value of another key sets nothing.
func TestSettingsFiles(t *testing.T) {
	for _, c := range []struct {
		name string
		read func(text string) (map[string]string, error)
		text string
		want string // "!" for refused
	}{
		{"properties", parseProperties, "a.b = c d \n", "a.b=c d"},
		{"properties with colons and blanks", parseProperties, "a: b\nc d\n  e=f", "a=b c=d e=f"},
		{"properties, comments", parseProperties, "# a=b\n!a=b\n x=1 # y\n", "x=1 # y"},
		{"properties, continued", parseProperties, "a=\\\n  flyway.table=x\nb=1\\\\\nc=2\n", `a=flyway.table=x b=1\ c=2`},
		{"properties, continued by nothing", parseProperties, "a=b\\\n\nc=d\n", "a=b c=d"},
		{"properties, a comment goes not on", parseProperties, "# x \\\na=b\n", "a=b"},
		{"properties, escapes", parseProperties, "a\\=b=c\\u0041\\td\n", "a=b=cA\td"},
		{"properties, broken escapes", parseProperties, "a=\\u00\n", "!"},
		{"properties, twice", parseProperties, "a=1\na=2\n", "a=2"},
		{"properties, line ends", parseProperties, "a=1\r\nb=2\rc=3", "a=1 b=2 c=3"},
		{"of profiles", springProperties, "a=1\n#---\na=2\nb=3\n", "a=1"},
		{"flyway.conf", flywayConf, "flyway.table=x\n# flyway.table=y\\\nflyway.url=C:\\x\n", `flyway.table=x flyway.url=C:\x`},
		{"flyway.conf, continued", flywayConf, "a=\\\nflyway.table=x\n", "!"},
		{"flyway.toml", flywayTOML, "[flyway]\ntable = \"x\" # [flyway]\n[environments.default]\nschemas = ['a', \"b\"]\n", "flyway.schemas=a,b flyway.table=x"},
		{"flyway.toml, a header in a comment", flywayTOML, "[other]\n# [flyway]\ntable = \"x\"\n", ""},
		{"flyway.toml, a header in a string", flywayTOML, "[other]\na = \"\"\"\n[flyway]\ntable = 'x'\n\"\"\"\n", ""},
		{"flyway.toml, a header in a list", flywayTOML, "[other]\na = [\n[ 'flyway' ]\n]\ntable = 'x'\n", ""},
		{"flyway.toml, dots", flywayTOML, "flyway.table = 'x'\nenvironments = { default = { schemas = ['a'] } }\n", "flyway.schemas=a flyway.table=x"},
		{"flyway.toml, upper case is another", flywayTOML, "[FLYWAY]\ntable = 'x'\n", ""},
		{"flyway.toml, line ends and mark", flywayTOML, "\ufeff[flyway]\r\ntable = 'x'\r\n", "flyway.table=x"},
		{"flyway.toml, twice", flywayTOML, "[flyway]\ntable = 'x'\n[flyway]\ntable = 'y'\n", "!"},
		{"flyway.toml, open", flywayTOML, "[flyway]\ntable = 'x\n", "!"},
	} {
		settings, err := c.read(c.text)
		got := settingsText(settings)
		if err != nil {
			got = "!"
		}
		if got != c.want {
			t.Errorf("%s: read %q (%v), want %q", c.name, got, err, c.want)
		}
	}
}

func TestTernConf(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{ // of [data]
		{"simple", "[data]\na = b c \n", "a=b c"},
		{"a header in a comment", "[other]\n# [data]\n; [data]\na = b\n", ""},
		{"a header in a value", "[other]\nx = [data]\na = b\n", ""},
		{"comments are lines of their own", "[data]\na = b # c\n", "a=b # c"},
		{"upper case is another", "[DATA]\na = b\n", ""},
		{"indented, line ends of Windows", "  [data]\r\n\ta = b\r\n", "a=b"},
		{"twice", "[data]\na = b\n[x]\n[data]\na = c\n", "a=c"},
		{"quotes are kept", "[data]\na = \"b\"\n", `a="b"`},
		{"a template", "[data]\na = {{env \"A\"}}\nb = c\n", "a={{}} b=c"},
		{"a header in a comment of the template", "[other]\n{{/*\n[data]\n*/}}\na = b\n", ""},
		{"a condition", "[data]\n{{if env \"A\"}}\na = b\n{{end}}", "!"},
		{"no setting", "[data]\na\n", "!"},
		{"a byte order mark", "\ufeff[data]\na = b\n", "!"},
	} {
		conf, err := parseTernConf(c.text)
		got := settingsText(conf["data"])
		if err != nil {
			got = "!"
		}
		if got != c.want {
			t.Errorf("%s: read %q (%v), want %q", c.name, got, err, c.want)
		}
	}
}

func TestTOMLOfTools(t *testing.T) {
	for text, want := range map[string]string{
		"provider = \"postgresql\"\n": "postgresql", "# provider = \"mysql\"\nprovider = \"sqlite\"\n": "sqlite",
		"-- by hand\r\nprovider = \"mysql\"\r\nprovider = \"sqlite\"\r\n": "mysql", "[x]\n provider = \"mysql\"\n": "", "provider = \"x\n": "x", "": "",
	} {
		if got := prismaProvider(text); got != want {
			t.Errorf("%q: the provider is %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]bool{
		"run_in_transaction = false\n": false, "run_in_transaction = true # x\r\n": true, "": false, "# nothing": false,
		"x = \"\"\"\nrun_in_transaction = true\n\"\"\"\n": false, "[x]\nrun_in_transaction = true\n": false, "no toml": true, "run_in_transaction = 1": true,
	} {
		if got := dieselInTransaction(text); got != want {
			t.Errorf("%q: in a transaction is %t, want %t", text, got, want)
		}
	}
}
