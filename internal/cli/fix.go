package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// A repair is one file with the edits of its findings made.
type repair struct {
	path     string // relative to the root
	old, new string
	findings int
}

// repairsByFile makes the edits that findings offer, as far as they do not overlap.
// What differs from the text that was linted is left alone.
func repairsByFile(tree *files.Tree, r *report.Report) ([]repair, error) {
	byFile := map[string][]lint.Finding{}
	var order []string
	for f := range r.Places() {
		if len(f.Edits) > 0 {
			if byFile[f.Path] == nil {
				order = append(order, f.Path)
			}
			byFile[f.Path] = append(byFile[f.Path], f)
		}
	}
	var all []repair
	for _, file := range order {
		data, err := files.Read(tree, file, maxRepaired)
		if err != nil {
			return nil, fmt.Errorf("repair: %w", err)
		}
		if string(data) != r.Sources[file] {
			return nil, fmt.Errorf("repair %s: it changed while it was checked; run migvet again", file)
		}
		edits, findings := separateEdits(byFile[file])
		fixed, _ := lint.ApplyEdits(string(data), edits)
		all = append(all, repair{file, string(data), fixed, findings})
	}
	return all, nil
}

// separateEdits returns the edits of those findings whose edits touch no other's.
func separateEdits(findings []lint.Finding) (edits []lint.Edit, n int) {
	for _, f := range findings {
		touches := func(e lint.Edit) bool {
			return slices.ContainsFunc(edits, func(other lint.Edit) bool { return e.Start <= other.End && other.Start <= e.End })
		}
		if !slices.ContainsFunc(f.Edits, touches) {
			edits = append(edits, f.Edits...)
			n++
		}
	}
	return edits, n
}

// maxRepaired is the size of the largest file that is read to be repaired, in
// bytes: no migration that was linted is larger.
const maxRepaired = 16 << 20

// maxRounds bounds how often repairs are looked for again: those that touched
// each other come one after the other.
const maxRounds = 5

// fixFiles repairs files until nothing is left to repair, and returns the report of
// what remains.
func fixFiles(ctx context.Context, env Env, f reviewFlags, t *trialFlags) (*report.Report, error) {
	for round := 0; ; round++ {
		p, r, err := reviewProject(ctx, env, f, t)
		if err != nil || round == maxRounds {
			return r, err
		}
		all, err := repairsByFile(p.head, r)
		if err != nil {
			return nil, uncheckedError(err)
		}
		if len(all) == 0 {
			return r, nil
		}
		for _, fixed := range all {
			if err := fixed.write(p.head); err != nil {
				return nil, uncheckedError(fmt.Errorf("repair: %w", err))
			}
			fmt.Fprintf(env.Stderr, "migvet: repaired %s in %s\n", noun.Count(fixed.findings, "finding"), fixed.path)
		}
	}
}

// write puts the new text in the old one's place, with its permissions.
func (r repair) write(tree *files.Tree) error {
	info, err := tree.Lstat(r.path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is a symbolic link; repair the file it leads to", r.path)
	}
	return tree.Replace(r.path, info.Mode().Perm(), func(w io.Writer) error {
		_, err := io.WriteString(w, r.new)
		return err
	})
}

// showDiff prints what --fix would change, and changes nothing.
func showDiff(ctx context.Context, env Env, f reviewFlags, t *trialFlags) (*report.Report, error) {
	p, r, err := reviewProject(ctx, env, f, t)
	if err != nil {
		return nil, err
	}
	all, err := repairsByFile(p.head, r)
	if err != nil {
		return nil, uncheckedError(err)
	}
	if len(all) == 0 {
		fmt.Fprintln(env.Stderr, "migvet: nothing to repair: no finding offers an edit; without --diff the findings are reported")
	}
	for _, fixed := range all {
		if _, err := env.Stdout.Write(diff.Diff("a/"+fixed.path, []byte(fixed.old), "b/"+fixed.path, []byte(fixed.new))); err != nil {
			return nil, uncheckedError(err)
		}
	}
	return r, nil
}
