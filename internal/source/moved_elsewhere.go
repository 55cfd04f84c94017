package source

import (
	"fmt"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// newElsewhere are the migrations that other folders of the same tool have and did not
// have on the base, and the folder of each.
func (r *review) newElsewhere() map[string]*Folder {
	if len(r.folders) == 0 {
		return nil
	}
	was := map[[2]string]bool{}
	for _, f := range r.former {
		for i := range f.steps {
			was[[2]string{f.Dir, f.steps[i].nameAndText()}] = true
		}
	}
	elsewhere := map[string]*Folder{}
	for _, f := range r.folders {
		if f.Tool != r.to.Tool || f.Dir == r.to.Dir {
			continue
		}
		for i := range f.steps {
			if key := f.steps[i].nameAndText(); !f.steps[i].missing && !was[[2]string{f.Dir, key}] {
				elsewhere[key] = f
			}
		}
	}
	return elsewhere
}

func (s *step) nameAndText() string { return s.identity() + "\x00" + unixLines(s.ownText()) }

// movedElsewhere reports a migration that left for another folder. Whether anything is
// lost depends on whether both folders are run on one database, which no file says.
func (r *review) movedElsewhere(s *step, to *Folder) {
	f := rules.MigrationDeleted.AtFile(s.path, fmt.Sprintf(
		"%s%s%s and moved from %s to %s here; databases that have run it keep what it made, and those for which only %s is run never get it; make sure that both are run on the same databases",
		s.name, isOnBase, r.base, r.to.Dir, to.Dir, r.to.Dir))
	f.Severity = lint.Warning
	r.report(f)
}
