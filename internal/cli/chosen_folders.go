package cli

import (
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

func namesTool(c *config.Config, dir string) bool {
	return slices.ContainsFunc(c.Migrations, func(m config.Folder) bool { return m.Dir == dir && m.Tool != "" })
}

// configuredOrDetected lists the folders of the branch. It looks for them once, since looking
// leaves notes. The caller may change the list.
func (p *project) configuredOrDetected() ([]source.Found, error) {
	if p.there == nil {
		found, err := p.listFolders()
		if err != nil {
			return nil, err
		}
		p.there = &found
	}
	return slices.Clone(*p.there), nil
}

func (p *project) listFolders() ([]source.Found, error) {
	if p.flags.Strangers {
		return p.foundForStrangers()
	}
	var found []source.Found
	for _, m := range p.config.Migrations {
		f, err := p.configuredFolder(p.head, m)
		if err != nil {
			return nil, usageError(err)
		}
		found = append(found, f)
	}
	if len(found) > 0 {
		return found, nil
	}
	found, passed, err := source.Survey(p.head)
	if err != nil {
		return nil, uncheckedError(err)
	}
	p.passed = passed
	return found, nil
}

// configuredFolder is what a tree holds in a folder that a configuration names.
func (p *project) configuredFolder(tree fs.FS, m config.Folder) (source.Found, error) {
	f, err := source.At(source.Without(tree, excludedFrom(m)), m.Dir, m.Tool)
	if err != nil {
		return f, fmt.Errorf("%s: %w%s", config.Name, err, nearFolders(tree, m.Dir))
	}
	f.Placeholders, f.Excluded = m.Placeholders, excludedFrom(m)
	f.Habits = source.Habits{Transaction: m.Transaction, Send: m.Send}
	if f.StandIns, err = p.readStandIns(m); err != nil {
		return f, err
	}
	if m.HistoryTable == "" {
		return f, nil
	}
	return f, f.NameTable(m.HistoryTable)
}

// nearFolders names the folder that somebody has misspelled, or those that there are.
func nearFolders(tree fs.FS, dir string) string {
	found, passed, err := source.Survey(tree)
	if err != nil {
		return ""
	}
	var dirs, others []string
	for _, o := range passed {
		others = append(others, o.Dir)
	}
	for _, f := range found {
		if f.Skip == "" {
			dirs = append(dirs, f.Dir)
		}
	}
	if near := lint.DidYouMean(dir, append(others, dirs...)); near != "" || len(dirs) == 0 {
		return near
	}
	return "; migrations were found in " + nameSome(dirs, "and")
}

// refuseEmpty stops at folders that the configuration names and in which their tools
// read nothing, on either branch: that is a mistake, and no all-clear.
func (p *project) refuseEmpty(head, base []*source.Folder) error {
	for _, h := range head {
		isNamed := slices.ContainsFunc(p.config.Migrations, func(m config.Folder) bool { return m.Dir == h.Dir })
		if !isNamed || !h.IsEmpty() || p.isLost(h.Dir) {
			continue
		}
		if !slices.ContainsFunc(base, func(b *source.Folder) bool { return b.Dir == h.Dir && !b.IsEmpty() }) {
			return usageError(fmt.Errorf("%s: migrations folder %s: %s", config.Name, h.Dir, h.WhyEmpty()))
		}
	}
	return nil
}

// narrowed keeps the folders that the arguments reach. A folder that was not
// detected but is named counts as migrations.
func (p *project) narrowed(found []source.Found) ([]source.Found, error) {
	var kept []source.Found
	for _, sel := range p.selected {
		reached := reachedBy(sel, found)
		if len(reached) == 0 {
			dir := p.folderOf(sel)
			f, err := source.At(p.head, dir, "")
			if err != nil && dir != sel {
				return nil, usageError(fmt.Errorf("%s is in no folder of migrations, so it would not be looked at", sel))
			}
			if err != nil {
				return nil, usageError(err)
			}
			reached = []source.Found{f}
		}
		for _, f := range reached {
			if !slices.ContainsFunc(kept, func(k source.Found) bool { return k.Dir == f.Dir }) {
				kept = append(kept, f)
			}
		}
	}
	return kept, nil
}

// reachedBy returns the folders that an argument is in, or that are below it.
func reachedBy(sel string, found []source.Found) []source.Found {
	return slices.DeleteFunc(slices.Clone(found), func(f source.Found) bool {
		return !pathWithin(f.Dir, sel) && !pathWithin(sel, f.Dir)
	})
}

func (p *project) folderOf(sel string) string {
	if info, err := fs.Stat(p.head, sel); err == nil && info.IsDir() {
		return sel
	}
	return path.Dir(sel)
}
