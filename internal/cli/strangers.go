package cli

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint/rules"
)

// theirs is what a branch that anybody may write says for itself, beside the
// base's configuration, which is the project's then.
type theirs struct {
	config *config.Config
	added  []config.Folder // that the base's configuration does not name
	known  []source.Found  // on the base tree
}

// trusted is the branch whose files may say what is checked: none where strangers
// write the branch and its base is not known.
func (p *project) trusted() fs.FS {
	switch {
	case !p.flags.Strangers:
		return p.head
	case p.tree != nil:
		return p.tree
	default:
		return embed.FS{}
	}
}

// foundForStrangers lists the folders of a branch that anybody may write: those
// that the base knows, read as the base has them, and those that only the branch
// has. So a list or a marker of the branch neither hides a folder nor makes
// another tool's of it.
func (p *project) foundForStrangers() ([]source.Found, error) {
	missing, err := p.findKnown()
	if err != nil {
		return nil, err
	}
	var found []source.Found
	for _, f := range p.theirs.known {
		if info, err := fs.Stat(p.head, f.Dir); err == nil && info.IsDir() {
			found = append(found, p.onHead(f))
		}
	}
	added, err := p.findAdded(missing)
	if err != nil {
		return nil, err
	}
	p.noteStrangers(added)
	return append(found, added...), nil
}

// onHead is a folder of the base as the branch has it. What the branch has made of
// another tool than the base's configuration says is left to asOnBase, which tells
// it.
func (p *project) onHead(known source.Found) source.Found {
	m := config.Folder{Dir: known.Dir}
	if at := slices.IndexFunc(p.config.Migrations, func(m config.Folder) bool { return m.Dir == known.Dir }); at >= 0 {
		m = p.config.Migrations[at]
	}
	now, err := p.configuredFolder(p.head, m)
	if m.Tool != "" || err != nil || now.Skip != "" || now.Tool == known.Tool {
		return known.On(p.head)
	}
	return now
}

// findKnown looks for folders on the base tree, also for those that only arguments
// make folders of migrations, and returns those of the base's list that are not
// there.
func (p *project) findKnown() (missing []config.Folder, err error) {
	if len(p.config.Migrations) == 0 && p.tree != nil {
		if p.theirs.known, err = p.detectBase(); err != nil {
			return nil, uncheckedError(fmt.Errorf("on %s: %w", p.branch, err))
		}
	}
	for _, m := range p.config.Migrations {
		f, err := p.configuredFolder(p.trusted(), m)
		if err != nil {
			missing = append(missing, m)
			continue
		}
		p.theirs.known = append(p.theirs.known, f)
	}
	for _, sel := range p.selected {
		if len(reachedBy(sel, p.theirs.known)) > 0 {
			continue
		}
		if f, err := source.At(p.trusted(), p.folderOf(sel), ""); err == nil {
			p.theirs.known = append(p.theirs.known, f)
		}
	}
	return missing, nil
}

// findAdded looks for the folders that only the branch has. Where the base names
// folders, that keeps others from being detected.
func (p *project) findAdded(missing []config.Folder) ([]source.Found, error) {
	var added []source.Found
	for _, m := range slices.Concat(missing, p.theirs.added) {
		if isFound(p.theirs.known, m.Dir) {
			continue
		}
		f, err := p.configuredFolder(p.head, m)
		if err != nil {
			return nil, usageError(err)
		}
		added = append(added, f)
	}
	if len(p.config.Migrations) > 0 {
		return added, nil
	}
	detected, passed, err := source.Survey(p.head)
	if err != nil {
		return nil, uncheckedError(err)
	}
	p.passed = passed
	for _, f := range detected {
		if !isFound(p.theirs.known, f.Dir) && !isFound(added, f.Dir) {
			added = append(added, f)
		}
	}
	return added, nil
}

func isFound(found []source.Found, dir string) bool {
	return slices.ContainsFunc(found, func(f source.Found) bool { return f.Dir == dir })
}

// noteStrangers says what of the branch's configuration has no effect, and what
// has: the folders that it adds.
func (p *project) noteStrangers(added []source.Found) {
	var apart []string
	for _, f := range added {
		apart = append(apart, f.Dir)
	}
	branch := cmp.Or(p.branch, "the base branch")
	if weaker := config.Weaker(p.config, p.theirs.config, rules.All(), apart...); len(weaker) > 0 {
		p.notes = append(p.notes, fmt.Sprintf("strangers can write this branch, so the configuration of %s counts; its own, which has no effect, %s", branch, strings.Join(weaker, ", ")))
	}
	if len(added) == 0 {
		return
	}
	adds := fmt.Sprintf("adds folders of migrations that %s does not have", branch)
	if p.tree == nil {
		adds = "alone tells where migrations are, because the base branch is not known"
	}
	p.notes = append(p.notes, fmt.Sprintf("strangers can write this branch, and it %s: %s", adds, strings.Join(p.described(added), "; ")))
}

// described says how folders are read, and what the branch's configuration has to
// do with that.
func (p *project) described(added []source.Found) []string {
	said := map[string]string{}
	for _, m := range p.theirs.added {
		said[m.Dir] = m.String()
	}
	var texts []string
	for _, f := range added {
		text := fmt.Sprintf("%s (%s)", f.Dir, f.Tool)
		if said[f.Dir] != "" {
			text += ", for which its own configuration says " + said[f.Dir]
		}
		texts = append(texts, text)
	}
	return texts
}
