package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/shelltext"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// untilSince cuts the folder that has the migration that --since names. The
// other folders have nothing new.
func (p *project) untilSince(head []*source.Folder) ([]*source.Folder, error) {
	var base []*source.Folder
	var cut, whole []string
	for _, h := range head {
		until, err := h.Until(p.flags.Since)
		switch {
		case errors.Is(err, source.ErrNoMigration):
			until = h
			whole = append(whole, h.Dir)
		case err != nil:
			return nil, usageError(fmt.Errorf("--since: %w", err))
		default:
			cut = append(cut, h.Dir)
		}
		base = append(base, until)
	}
	if len(cut) == 0 {
		return nil, usageError(p.unknownSince(head))
	}
	p.noteCut(cut, whole)
	return base, nil
}

// noteCut says in which of several folders --since has found its migration: versions of
// one folder mean nothing in another.
func (p *project) noteCut(cut, whole []string) {
	if len(cut) > 1 {
		p.notes = append(p.notes, fmt.Sprintf("--since: %s is a migration of %s, and what follows it is new in each; to look at one, name its folder: migvet check --since %s %s",
			p.flags.Since, nameSome(cut, "and"), shelltext.Word(p.flags.Since), shelltext.Path(cut[0])))
	}
	if len(whole) > 0 {
		p.notes = append(p.notes, fmt.Sprintf("--since: %s is no migration of %s, so nothing is new there", p.flags.Since, nameSome(whole, "or")))
	}
}

// nameSome lists a few names: "a, b and c".
func nameSome(names []string, and string) string {
	last := len(names) - 1
	switch {
	case last == 0:
		return names[0]
	case len(names) > maxStrays:
		return fmt.Sprintf("%s %s %d more", strings.Join(names[:maxStrays-1], ", "), and, len(names)-maxStrays+1)
	default:
		return strings.Join(names[:last], ", ") + " " + and + " " + names[last]
	}
}

// unknownSince says how versions are written in the folders that there are.
func (p *project) unknownSince(head []*source.Folder) error {
	var names, ways []string
	for _, h := range head {
		names = append(names, h.Names()...)
		if written := h.Versions(); written != "" && len(ways) < 3 {
			ways = append(ways, fmt.Sprintf("the newest one in %s is %s", h.Dir, written))
		}
	}
	if len(ways) == 0 {
		return fmt.Errorf("--since: there is no migration %q, and no other one either%s", p.flags.Since, p.passedOver())
	}
	near := lint.DidYouMean(p.flags.Since, names)
	if near == "" {
		near = ";"
	}
	return fmt.Errorf("--since: there is no migration %q%s %s", p.flags.Since, near, strings.Join(ways, ", "))
}

// passedOver says why folders are not looked at: "; drizzle: its migrations are for MySQL".
func (p *project) passedOver() string {
	var text strings.Builder
	for _, u := range p.skipped {
		if u.Path != "" {
			text.WriteString("; " + u.Path + ": " + u.Reason)
		}
	}
	return text.String()
}
