package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// A runner reads a step's output as GitHub's runner 2.336 does, so that tests
// see what would become of it.
type runner struct {
	annotations []issue
	commands    []command // all that were recognised, annotations too
	log         []string  // lines that were plain text
	stopped     string    // the token that ends stop-commands
}

type command struct {
	name, data string
	properties map[string]string
}

type issue struct {
	severity, title, file, message   string
	line, endLine, column, endColumn int
}

// The commands that the runner registers; other names are plain text.
var registered = []string{
	"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "internal-set-repo-path",
	"notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
}

const (
	keptPerSeverity = 10
	keptUnits       = 4096
)

// Every way in which the runner's stream reader ends a line.
var lineEnds = regexp.MustCompile(`\r\n|\r|\n`)

func run(output string) *runner {
	r := &runner{}
	for _, line := range lineEnds.Split(output, -1) {
		r.read(line)
	}
	return r
}

func (r *runner) read(line string) {
	c, ok := r.parse(line)
	if !ok {
		r.log = append(r.log, line)
		return
	}
	r.commands = append(r.commands, c)
	switch c.name {
	case "error", "warning", "notice":
		r.annotate(c)
	case "stop-commands":
		r.stopped = strings.ToLower(c.data)
	}
}

// parse tries the two syntaxes in the runner's order.
func (r *runner) parse(line string) (command, bool) {
	c, ok := parseV2(line)
	if !ok || !r.knows(c.name) {
		c, ok = parseV1(line)
	}
	if !ok || !r.knows(c.name) {
		return command{}, false
	}
	if r.stopped == "" {
		return c, true
	}
	if c.name == r.stopped {
		r.stopped = ""
	}
	return command{}, false
}

func (r *runner) knows(name string) bool {
	return slices.Contains(registered, name) || name != "" && name == r.stopped
}

// parseV2 reads "::name k=v,k=v::data", after white space.
func parseV2(line string) (command, bool) {
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	rest, ok := strings.CutPrefix(line, "::")
	if !ok {
		return command{}, false
	}
	info, data, ok := strings.Cut(rest, "::")
	if !ok {
		return command{}, false
	}
	unescape := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	c := parseInfo(info, ",", unescape)
	c.data = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(data)
	return c, true
}

// parseV1 reads "##[name k=v;k=v]data", anywhere in a line.
func parseV1(line string) (command, bool) {
	_, rest, ok := strings.Cut(line, "##[")
	if !ok {
		return command{}, false
	}
	info, data, ok := strings.Cut(rest, "]")
	if !ok {
		return command{}, false
	}
	unescape := strings.NewReplacer("%3B", ";", "%0D", "\r", "%0A", "\n", "%5D", "]")
	c := parseInfo(info, ";", unescape)
	c.data = unescape.Replace(data)
	return c, true
}

func parseInfo(info, separator string, unescape *strings.Replacer) command {
	name, rest, _ := strings.Cut(info, " ")
	c := command{name: strings.ToLower(name), properties: map[string]string{}}
	for _, property := range strings.Split(strings.TrimSpace(rest), separator) {
		if key, value, ok := strings.Cut(property, "="); ok && value != "" {
			c.properties[strings.ToLower(key)] = unescape.Replace(value)
		}
	}
	return c
}

func (r *runner) annotate(c command) {
	i := issue{severity: c.name, title: c.properties["title"], file: c.properties["file"], message: firstUnits(c.data, keptUnits)}
	i.line, i.endLine = number(c, "line"), number(c, "endline")
	i.column, i.endColumn = number(c, "col"), number(c, "endcolumn")
	i.normalise()
	n := 0
	for _, other := range r.annotations {
		if other.severity == i.severity {
			n++
		}
	}
	if n < keptPerSeverity {
		r.annotations = append(r.annotations, i)
	}
}

// normalise drops the places that the runner finds inconsistent.
func (i *issue) normalise() {
	if i.line == 0 && i.endLine != 0 {
		i.line = i.endLine
	}
	if i.line == 0 && (i.column != 0 || i.endColumn != 0) {
		i.column, i.endColumn = 0, 0
	}
	if i.endLine != 0 && i.line != i.endLine {
		i.column, i.endColumn = 0, 0
	}
	if i.endLine != 0 && i.endLine < i.line {
		i.line, i.endLine = 0, 0
	}
	if i.endColumn != 0 && i.endColumn < i.column {
		i.column, i.endColumn = 0, 0
	}
}

func number(c command, key string) int {
	n, err := strconv.Atoi(c.properties[key])
	if err != nil {
		return 0
	}
	return n
}

func firstUnits(text string, limit int) string {
	units := utf16.Encode([]rune(text))
	return string(utf16.Decode(units[:min(limit, len(units))]))
}

func (i issue) String() string {
	return fmt.Sprintf("%s %s:%d:%d-%d:%d %s | %s", i.severity, i.file, i.line, i.column, i.endLine, i.endColumn, i.title, i.message)
}
