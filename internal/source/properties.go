package source

import (
	"errors"
	"strconv"
	"strings"
)

// parseProperties reads a file as java.util.Properties does: a line that ends in a
// backslash goes on in the next one, and the last one of two counts.
// https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
func parseProperties(text string) (map[string]string, error) {
	values := map[string]string{}
	var order []string
	for _, line := range logicalLines(text) {
		key, value, err := parseProperty(line)
		if err != nil {
			return nil, err
		}
		if _, twice := values[key]; !twice {
			order = append(order, key)
		}
		values[key] = value
	}
	settings := map[string]string{}
	for _, key := range order {
		noteSetting(settings, key, values[key])
	}
	return settings, nil
}

// springProperties reads the first document of application.properties. The others
// belong to profiles.
func springProperties(text string) (map[string]string, error) {
	for at := range textLines(text) {
		if line := strings.TrimSpace(text[at.Start:at.End]); line == "#---" || line == "!---" {
			return parseProperties(text[:at.Start])
		}
	}
	return parseProperties(text)
}

// flywayConf reads flyway.conf. Flyway takes backslashes for themselves, but for one
// at the end of some lines.
// https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/internal/configuration/ConfigUtils.java
func flywayConf(text string) (map[string]string, error) {
	for at := range textLines(text) {
		line := strings.TrimSpace(text[at.Start:at.End])
		if strings.HasSuffix(line, `\`) && !isPropertyComment(line) {
			return nil, errors.New("a line ends in a backslash")
		}
	}
	return parseProperties(strings.ReplaceAll(text, `\`, `\\`))
}

func isPropertyComment(line string) bool {
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "!")
}

// logicalLines are the lines without comments, each with those that continue it.
func logicalLines(text string) []string {
	var all []string
	open := false
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		line = strings.TrimLeft(line, " \t\f")
		if !open && (line == "" || isPropertyComment(line)) {
			continue
		}
		continues := (len(line)-len(strings.TrimRight(line, `\`)))%2 == 1
		part := line
		if continues {
			part = line[:len(line)-1]
		}
		if open {
			all[len(all)-1] += part
		} else {
			all = append(all, part)
		}
		open = continues
	}
	return all
}

// parseProperty parts a line at the first =, : or white space that no backslash is before.
func parseProperty(line string) (key, value string, err error) {
	end := 0
	for end < len(line) && !strings.ContainsRune("=: \t\f", rune(line[end])) {
		if line[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(line))
	rest := strings.TrimLeft(line[end:], " \t\f")
	if rest != "" && (rest[0] == '=' || rest[0] == ':') {
		rest = strings.TrimLeft(rest[1:], " \t\f")
	}
	if key, err = unescapeProperty(line[:end]); err != nil {
		return "", "", err
	}
	value, err = unescapeProperty(rest)
	return key, strings.TrimRight(value, " \t"), err
}

var propertyEscapes = map[byte]string{'t': "\t", 'n': "\n", 'r': "\r", 'f': "\f"}

func unescapeProperty(text string) (string, error) {
	if !strings.Contains(text, `\`) {
		return text, nil
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		if text[i] != 'u' {
			if escape, known := propertyEscapes[text[i]]; known {
				b.WriteString(escape)
			} else {
				b.WriteByte(text[i])
			}
			continue
		}
		n, err := strconv.ParseUint(text[i+1:min(i+5, len(text))], 16, 16)
		if err != nil || i+5 > len(text) {
			return "", errors.New("it has \\u without four hexadecimal digits")
		}
		b.WriteRune(rune(n))
		i += 4
	}
	return b.String(), nil
}
