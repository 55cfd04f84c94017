package report

import "fmt"

// deletedTogether is from how many deleted migrations on a folder has one line for all:
// whoever squashes deletes hundreds.
const deletedTogether = 5

// A listedMigration is one line of the list of migrations.
type listedMigration struct {
	Migration
	label string
}

// listed returns the lines of the list of migrations, in their order.
func (r *Report) listed() []listedMigration {
	deleted, told := map[Migration]int{}, map[Migration]bool{}
	for _, m := range r.Migrations {
		if m.Status == Deleted {
			deleted[m.ofFolder()]++
		}
	}
	var all []listedMigration
	for i, label := range r.labels() {
		m := r.Migrations[i]
		folder := m.ofFolder()
		n := deleted[folder]
		if m.Status != Deleted || n < deletedTogether {
			all = append(all, listedMigration{m, label})
			continue
		}
		if !told[folder] {
			told[folder] = true
			all = append(all, listedMigration{m, fmt.Sprintf("%s and %d more", label, n-1)})
		}
	}
	return all
}

// ofFolder is what the migrations of a folder have in common of which one line tells.
func (m Migration) ofFolder() Migration {
	return Migration{Dir: m.Dir, Tool: m.Tool, Status: m.Status, Applied: m.Applied}
}
