package report

import (
	"fmt"

	"github.com/migvet/migvet/internal/noun"
)

// folders says how each folder with new migrations was read: "drizzle: Drizzle, 2 new
// migrations".
func (r *Report) folders() (lines []string) {
	type folder struct{ dir, tool string }
	times := map[folder]int{}
	var order []folder
	for _, m := range r.Migrations {
		if m.Dir == "" || m.Status != New {
			continue
		}
		f := folder{m.Dir, m.Tool}
		if times[f] == 0 {
			order = append(order, f)
		}
		times[f]++
	}
	for _, f := range order {
		lines = append(lines, fmt.Sprintf("%s: %s, %s", f.dir, f.tool, noun.Count(times[f], "new migration")))
	}
	return lines
}
