package lint

import "fmt"

// Severity says how bad a finding is. The zero value is Off.
type Severity uint8

const (
	Off     Severity = iota // not reported; the default of opt-in rules
	Notice                  // worth knowing before the merge
	Warning                 // safe or not depending on traffic, size or data
	Error                   // breaks the deploy, loses data, or blocks readers and writers
)

var severityNames = [...]string{"off", "notice", "warning", "error"}

// String returns the name used in configuration and reports.
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return fmt.Sprintf("severity(%d)", uint8(s))
}

// ParseSeverity is the inverse of String.
func ParseSeverity(name string) (Severity, bool) {
	for i, n := range severityNames {
		if n == name {
			return Severity(i), true
		}
	}
	return Off, false
}

// MarshalText writes the name, so that JSON and YAML carry words.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Severity) UnmarshalText(text []byte) error {
	severity, ok := ParseSeverity(string(text))
	if !ok {
		return fmt.Errorf("unknown severity %q", text)
	}
	*s = severity
	return nil
}
