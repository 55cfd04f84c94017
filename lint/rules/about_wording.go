package rules

import (
	"fmt"
	"strings"
)

// listed joins names as a sentence does: "a, b and c". More than twelve are
// cut: "…, l and 30 more".
func listed(names []string) string {
	const most = 12
	if len(names) > most {
		names = append(names[:most:most], fmt.Sprintf("%d more", len(names)-most))
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// onlyIf returns a text on a condition, "" without.
func onlyIf(condition bool, text string) string {
	if condition {
		return text
	}
	return ""
}

// columnsOf names columns of a table: "tasks.owner_id", "tasks (org_id, owner_id)".
func columnsOf(table string, columns []string) string {
	if len(columns) == 1 {
		return table + "." + columns[0]
	}
	return table + " (" + strings.Join(columns, ", ") + ")"
}
