package sqlvalue

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// durationUnits are those of PostgreSQL's settings; without one it is milliseconds.
// https://www.postgresql.org/docs/current/config-setting.html
var durationUnits = map[string]time.Duration{
	"us": time.Microsecond, "ms": time.Millisecond, "": time.Millisecond,
	"s": time.Second, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
}

// ParseDuration reads the value of a setting: "2s", "5 min", "60000".
func ParseDuration(value string) (d time.Duration, ok bool) {
	value = strings.TrimSpace(value)
	number := strings.TrimRightFunc(value, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsSpace(r) })
	unit, known := durationUnits[strings.TrimSpace(value[len(number):])]
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	return time.Duration(n * float64(unit)), known && err == nil
}
