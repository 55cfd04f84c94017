package lint

import (
	"fmt"
	"strings"
)

// String says in one line what was observed, strongest first: the evidence of
// findings about locks and work.
func (e *Effect) String() string {
	var parts []string
	for _, l := range e.Locks {
		if l.Index {
			continue
		}
		if l.Mode.Strength() > RowShare.Strength() {
			parts = append(parts, fmt.Sprintf("%s on %s", l.Mode, l.Object))
		}
	}
	for _, l := range e.Held {
		parts = append(parts, fmt.Sprintf("%s on %s since an earlier statement", l.Mode, l.Object))
	}
	if len(e.Rewritten) > 0 {
		var written []string
		for _, name := range e.Rewritten {
			written = append(written, name+andIndexes(e.Rebuilt[name]))
		}
		parts = append(parts, strings.Join(written, ", ")+" rewritten")
	}
	if scanned := e.onlyScanned(); len(scanned) > 0 {
		parts = append(parts, strings.Join(scanned, ", ")+" read in full")
	}
	return strings.Join(parts, "; ")
}

func andIndexes(indexes int) string {
	switch indexes {
	case 0:
		return ""
	case 1:
		return " and its index"
	}
	return fmt.Sprintf(" and its %d indexes", indexes)
}

// onlyScanned leaves out what was rewritten, which reads it anyway.
func (e *Effect) onlyScanned() []string {
	var names []string
	for _, n := range e.Scanned {
		if !e.DidRewrite(n) {
			names = append(names, n)
		}
	}
	return names
}
