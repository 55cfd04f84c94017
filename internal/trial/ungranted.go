package trial

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/lint"
)

// noteUngranted adds to what statements did that roles may not use what they make.
func (t *trial) noteUngranted(f faithful, seen observed) {
	if f.schema == nil {
		return
	}
	for _, u := range schema.FindUngranted(f.schema.Before, f.schema.After, historyNames.MatchString) {
		s := naming(f.pending, seen.effects, u.Table)
		if maker := makerOf(f.pending, seen.effects, "sequence", u.Sequence); maker != nil {
			s = maker
		}
		if e := seen.effects[s]; e != nil {
			e.Ungranted = append(e.Ungranted, lint.Ungranted{Table: u.Table.Within(), Sequence: strings.ReplaceAll(u.Sequence, `"`, ""), Role: u.Role, Granted: u.Granted, Others: u.Others})
		}
	}
}

// makerOf returns the last statement that was seen to make an object; nil when none was.
func makerOf(pending []*lint.Migration, effects map[*lint.Statement]*lint.Effect, kind, name string) (maker *lint.Statement) {
	for _, m := range pending {
		for _, s := range m.Statements() {
			if e := effects[s]; e != nil && slices.ContainsFunc(e.Created, func(o lint.CatalogObject) bool { return o.Kind == kind && o.Name == name }) {
				maker = s
			}
		}
	}
	return maker
}
