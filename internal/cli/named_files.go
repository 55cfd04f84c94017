package cli

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/source"
)

// checkNamed refuses files that were named and would not be looked at: no findings in
// a file that nobody has read are no all-clear.
func (p *project) checkNamed(sources []*source.Source) error {
	fresh := freshFiles(sources)
	for _, name := range p.selected {
		info, err := fs.Stat(p.head, name)
		if err != nil || info.IsDir() || fresh[name] {
			continue
		}
		return usageError(fmt.Errorf("%s %s", name, p.whyNotNew(name, sources)))
	}
	return nil
}

// freshFiles are those that are under review, and those that a finding is about.
func freshFiles(sources []*source.Source) map[string]bool {
	fresh := map[string]bool{}
	for _, s := range sources {
		for _, m := range slices.Concat(s.History.New, s.History.Downs) {
			fresh[m.Path] = true
		}
		for _, f := range s.Findings {
			fresh[f.Path] = true
		}
		for _, u := range s.Unchecked {
			fresh[u.Path] = fresh[u.Path] || !u.Known
		}
	}
	return fresh
}

// whyNotNew says why a file is not looked at, and how to have it looked at.
func (p *project) whyNotNew(name string, sources []*source.Source) string {
	const all = "--all takes every migration for new, --since NAME those behind NAME"
	at := slices.IndexFunc(sources, func(s *source.Source) bool { return holds(s, name) })
	switch {
	case at >= 0 && p.flags.Since != "":
		return fmt.Sprintf("is not behind %s, which --since names, so it would not be looked at; %s", p.flags.Since, all)
	case at >= 0 && p.base != nil:
		return fmt.Sprintf("is on %s already, so it would not be looked at: only new migrations are; %s, --base REF what REF does not have", p.base, all)
	}
	var tools []string
	for _, s := range sources {
		if pathWithin(name, s.Dir) {
			tools = append(tools, s.Tool+" reads no migration from it")
		}
	}
	if len(tools) == 0 {
		return "is in no folder of migrations, so it would not be looked at"
	}
	return "would not be looked at: " + strings.Join(tools, ", and ") + "; name a migration, or the folder"
}

// holds tells whether a file is a migration of the source, or its way back.
func holds(s *source.Source, name string) bool {
	for _, m := range s.Head {
		if m.Path == name {
			return true
		}
		if s.Undo == nil {
			continue
		}
		if down := s.Undo.Down(m); down != nil && down.Migration.Path == name {
			return true
		}
	}
	return false
}
