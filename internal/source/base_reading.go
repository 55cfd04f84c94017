package source

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/lint/rules"
)

// A BaseReading is how the base branch would have its folders read. What a branch
// adds to a folder must not decide how the folder is read: one comment for goose in
// a folder of Supabase would leave out what Supabase runs.
type BaseReading struct {
	Tree  fs.FS
	Found []Found // its folders, as its configuration has them or as they are detected

	// Whole: each of Found that is not among head's folders is one that would be read
	// no more.
	Whole bool

	// Named tells whether the configuration that counts says of which tool a folder is.
	Named func(dir string) bool

	// Strangers can write the branch, so that the base's settings of the tools count.
	Strangers bool
}

// Apply returns the folders of head as they are to be read: those that were another
// tool's on the base as that tool reads them, which Review tells.
func (b BaseReading) Apply(head fs.FS, found []Found) ([]Found, error) {
	read := slices.Clone(found)
	for i, f := range found {
		was, ok := b.was(f)
		if !ok {
			continue
		}
		again, err := rescue.Value(func() (Found, error) { return b.judge(head, f, was) })
		if p := rescue.In(err); p != nil {
			again, err = panickedFound(f, p), nil
		}
		if err != nil {
			return nil, err
		}
		read[i] = again
	}
	if !b.Whole {
		return read, nil
	}
	for _, was := range b.Found {
		again, lost, err := b.lost(head, found, was)
		if err != nil {
			return nil, err
		}
		if lost {
			read = append(read, again)
		}
	}
	return read, nil
}

// was returns what the directory of a folder holds on the base, without what the
// configuration that counts takes out of it: a file with a marker of another tool may be
// why somebody excludes it.
func (b BaseReading) was(f Found) (Found, bool) {
	excluded := f.Excluded
	for _, was := range b.Found {
		if was.Dir == f.Dir && (excluded == nil || b.Strangers) {
			return was, true
		}
	}
	if !isDirectory(b.Tree, f.Dir) {
		return Found{}, false
	}
	was, err := At(Without(b.Tree, excluded), f.Dir, "")
	return was, err == nil
}

func (b BaseReading) judge(head fs.FS, f, was Found) (Found, error) {
	switch {
	case f.Panic != nil || was.Panic != nil:
		return panickedFound(f, cmp.Or(f.Panic, was.Panic)), nil
	case f.Skip != "":
		f.Doubtful = f.Doubtful && was.Skip != f.Skip || was.Skip == ""
		return f, nil
	case was.Skip != "" || b.Named(f.Dir):
		return f, nil
	case was.Tool == Drizzle && f.Tool == Drizzle1:
		return f, nil // drizzle-kit up, which has a review of its own
	case isSameByName(f, was):
		return b.unrefuted(head, f, was)
	case was.Tool != f.Tool:
		return b.claimed(head, f, was, "it looks like one of "+f.Tool+" here")
	case b.Strangers:
		return b.placed(head, f, was)
	}
	return f, nil
}

// claimed reads a folder as the base does although head makes something else of it.
func (b BaseReading) claimed(head fs.FS, f, was Found, claim string) (Found, error) {
	again, err := b.asBefore(head, f, was)
	again.claimed = claim
	again.doubts = []Unchecked{{Path: f.Dir, Reason: fmt.Sprintf("a folder of %s on the base branch, and %s; what would run if its tool was changed was not checked", was.Tool, claim)}}
	return again, err
}

// placed reads a folder with the base's settings if the branch has its tool look
// elsewhere.
func (b BaseReading) placed(head fs.FS, f, was Found) (Found, error) {
	before, now := placesAt(b.Tree, was), placesAt(head, f)
	if slices.Equal(before.settings, now.settings) {
		return f, nil
	}
	again, err := b.asBefore(head, f, was)
	again.places = &now
	again.doubts = []Unchecked{{Path: cmp.Or(now.file, f.Dir), Reason: "it has " + f.Tool + " look elsewhere for migrations, and strangers can write this branch, so the folder was read with the settings of the base; what the new ones would run was not checked"}}
	return again, err
}

// asBefore reads a folder of head as the base does, with the base's settings of the
// tool.
func (b BaseReading) asBefore(head fs.FS, f, was Found) (Found, error) {
	t, _ := toolNamed(was.Tool)
	again, err := At(Without(withSettings{head, b.Tree}, f.Excluded), f.Dir, t.key)
	if err != nil {
		return f, err
	}
	again.Skip, again.Doubtful = "", false
	again.Placeholders, again.settings, again.chosen, again.confirmed = f.Placeholders, b.Tree, was.chosen, f.confirmed
	again.Habits, again.StandIns, again.Excluded = f.Habits, f.StandIns, f.Excluded
	if isFile(lookupMode(head, path.Join(f.Dir, was.changelog))) {
		again.changelog = was.changelog
	}
	if f.named {
		again.Schema, again.Table, again.named = f.Schema, f.Table, true
	}
	return again, nil
}

// lost returns a folder of the base that head has no more, although the directory
// still holds what would be migrations there.
func (b BaseReading) lost(head fs.FS, found []Found, was Found) (Found, bool, error) {
	if was.Skip != "" || !isDirectory(head, was.Dir) || slices.ContainsFunc(found, func(f Found) bool { return f.Dir == was.Dir || f.reaches(head, was) }) {
		return Found{}, false, nil
	}
	if looksAsBefore(head, was) && !slices.ContainsFunc(found, func(f Found) bool { return isBelow(was.Dir, f.Dir) }) {
		return was.On(head), true, nil
	}
	claim := "none is found there now"
	for _, f := range found {
		if isBelow(was.Dir, f.Dir) {
			claim = "it is taken for a part of " + f.Dir + ", a folder of " + f.Tool + ", here"
		}
	}
	again, err := b.claimed(head, was.On(head), was, claim)
	if err != nil {
		return Found{}, false, err
	}
	folder, err := Load(head, again)
	if p := rescue.In(err); p != nil {
		return panickedFound(again, p), true, nil
	}
	return again, err == nil && len(folder.steps) > 0, err
}

// looksAsBefore tells whether a folder would be found again but for what the branch adds
// elsewhere, beside which it counts less.
func looksAsBefore(head fs.FS, was Found) bool {
	d, err := openDirectory(head, was.Dir)
	if err != nil {
		return false
	}
	d.configs = configsAbove(head, was.Dir)
	now, ok := d.recognise()
	return ok && now.Tool == was.Tool && now.Skip == "" && d.passes(now) == ""
}

// reaches tells whether a folder that was found is where a symbolic link leads that
// has taken the place of another one.
func (f Found) reaches(head fs.FS, was Found) bool {
	real, err := realPath(head, was.Dir)
	return err == nil && real == f.Dir && f.Tool == was.Tool
}

// changedTool tells that the folder is read as its tool was on the base.
func (r *review) changedTool() {
	if r.to.claimed == "" {
		return
	}
	t, _ := toolNamed(r.to.Tool)
	r.report(rules.ToolChanged.AtFile(r.to.Dir, fmt.Sprintf(
		"%s is a folder of %s on %s, and %s; it was read as one of %s, which runs all that %s runs; if the tool is another one from now on, name it in .migvet.yml, else write tool: %s there",
		r.to.Dir, r.to.Tool, r.base, r.to.claimed, r.to.Tool, r.to.Tool, t.key)))
}
