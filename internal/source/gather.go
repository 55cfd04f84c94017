package source

import (
	"fmt"
	"path"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// fewFiles is how many findings of one kind are told one by one.
const fewFiles = 3

// gatherOrphans makes one finding of those that say the same of many files, such as those
// that stand behind the end of a journal: what is wrong is one thing then.
func gatherOrphans(findings []lint.Finding) []lint.Finding {
	same := map[string][]lint.Finding{}
	for _, f := range findings {
		if says := saidOfFile(f); says != "" {
			same[says] = append(same[says], f)
		}
	}
	var gathered []lint.Finding
	for _, f := range findings {
		all := same[saidOfFile(f)]
		switch {
		case len(all) <= fewFiles:
			gathered = append(gathered, f)
		case f.Path == all[0].Path:
			f.Message = fmt.Sprintf("each of %d files, from %s to %s, %s", len(all), path.Base(f.Path), path.Base(all[len(all)-1].Path), saidOfFile(f))
			gathered = append(gathered, f)
		}
	}
	return gathered
}

// saidOfFile is the message behind the name of the file; "" for findings of other kinds.
func saidOfFile(f lint.Finding) string {
	rest, ok := strings.CutPrefix(f.Message, path.Base(f.Path)+" ")
	if !ok || f.Rule != rules.MigrationOrphaned.ID {
		return ""
	}
	return rest
}
