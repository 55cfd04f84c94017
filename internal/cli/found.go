package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// noteFound says which folders are left out, and what of others is not tried.
func (p *project) noteFound(ctx context.Context, found []source.Found) error {
	untouched, err := p.untouchedForeign(ctx, found)
	if err != nil {
		return uncheckedError(err)
	}
	for _, f := range found {
		if f.Panic != nil {
			p.lose(f.Dir, f.Skip, f.Panic)
			continue
		}
		p.blind = p.blind || f.Doubtful
		if f.IsForeign() && f.Dir != "." {
			p.mute = append(p.mute, f.Dir) // migrations of another database are no code that uses a name
		}
		if slices.Contains(untouched, f.Dir) {
			continue
		}
		if reason := cmp.Or(f.Skip, f.Untried); reason != "" { // of what is skipped nothing is tried
			p.skipped = append(p.skipped, report.Unchecked{Path: f.Dir, Start: lint.NoPos, Reason: reason})
		}
	}
	return nil
}

// untouchedForeign are the folders for other databases in which the branch changes nothing:
// who adds a migration for PostgreSQL knows that the one beside it is for MySQL. Where there
// is no other folder, they are why nothing was checked.
func (p *project) untouchedForeign(ctx context.Context, found []source.Found) ([]string, error) {
	var foreign []string
	for _, f := range found {
		if f.IsForeign() {
			foreign = append(foreign, f.Dir)
		}
	}
	if p.base == nil || len(p.selected) > 0 || len(foreign) == 0 || !slices.ContainsFunc(found, func(f source.Found) bool { return f.Skip == "" }) {
		return nil, nil
	}
	changed, err := p.changedFiles(ctx, func(name string) bool {
		return slices.ContainsFunc(foreign, func(dir string) bool { return pathWithin(name, dir) })
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(foreign, func(dir string) bool {
		return slices.ContainsFunc(changed, func(f changedFile) bool { return pathWithin(f.path, dir) })
	}), nil
}

// noteAssumed says what was taken for granted about folders of which the report tells
// something, once for all of which it is the same.
func (p *project) noteAssumed(found []source.Found, sources []*source.Source) {
	dirs := map[string][]string{}
	var reasons []string
	for _, s := range sources {
		at := slices.IndexFunc(found, func(f source.Found) bool { return f.Dir == s.Dir })
		if at < 0 || found[at].Assumed == "" || !tellsOf(s) {
			continue
		}
		reason := found[at].Assumed
		if dirs[reason] == nil {
			reasons = append(reasons, reason)
		}
		dirs[reason] = append(dirs[reason], s.Dir)
	}
	for _, s := range sources {
		switch {
		case s.Assumed == "" || !tellsOf(s):
		case s.AssumedAlone:
			p.notes = append(p.notes, s.Dir+": "+s.Assumed)
		default:
			p.assumed = append(p.assumed, s.Dir+": "+s.Assumed)
		}
	}
	for _, reason := range reasons {
		p.assumed = append(p.assumed, fmt.Sprintf("%s: %s", strings.Join(dirs[reason], ", "), reason))
	}
}

// tellsOf reports whether the branch has anything in a folder that depends on how it was
// read.
func tellsOf(s *source.Source) bool {
	return len(s.History.New)+len(s.Findings) > 0 || slices.ContainsFunc(s.Unchecked, func(u source.Unchecked) bool { return !u.Known })
}
