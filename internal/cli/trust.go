package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/github"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// loadConfig reads the configuration of a branch: the file of --config, else
// the nearest .migvet.yml. It returns where that is, too, "" for nowhere.
func (p *project) loadConfig(tree fs.FS) (*config.Config, string, error) {
	known := rules.All()
	if p.flags.Config != "" {
		data, err := p.readFile(tree, p.flags.Config, config.MaxSize)
		if err != nil {
			return nil, "", fmt.Errorf("--config: %w", err)
		}
		c, err := config.Parse(p.flags.Config, data, known)
		return c, p.flags.Config, err
	}
	from, err := filepath.Rel(p.root, p.env.Dir)
	if err != nil {
		return nil, "", err
	}
	return config.Load(tree, filepath.ToSlash(from), known)
}

// readFile reads a file that an argument names: of the branch when it belongs
// to the repository, which makes that of the base another, else of the machine.
func (p *project) readFile(tree fs.FS, name string, limit int64) ([]byte, error) {
	file := resolvePath(p.env.Dir, name)
	if rel, ok := files.Below(p.root, file); ok {
		return files.Read(tree, rel, limit)
	}
	return p.env.named(p.root).Read(file, limit)
}

// judgeConfig compares the branch's configuration with the base's and says what
// it weakens. On a branch of strangers the base's counts.
func (p *project) judgeConfig() error {
	if p.tree == nil && !p.flags.Strangers {
		return nil
	}
	base, err := p.baseConfig()
	switch {
	case err != nil && p.flags.Strangers:
		return fmt.Errorf("on %s: %w", p.branch, err)
	case err != nil: // the branch repairs it
		p.notes = append(p.notes, fmt.Sprintf("what this branch changes in the configuration is not compared: on %s: %v", p.branch, err))
		return nil
	}
	if p.flags.Strangers {
		p.theirs.config = p.config
		p.config, p.theirs.added = config.ForStrangers(base, p.config)
		return nil
	}
	if weaker := config.Weaker(base, p.config, rules.All()); len(weaker) > 0 {
		p.notes = append(p.notes, fmt.Sprintf("the configuration of this branch checks less than that of %s, or differently: it %s",
			cmp.Or(p.branch, "the base branch"), strings.Join(weaker, ", ")))
	}
	return nil
}

// A readConfig is a configuration, or why it cannot be read.
type readConfig struct {
	config *config.Config
	err    error
}

// baseConfig reads the base branch's configuration once. It is the default where the base
// has none, or is not there.
func (p *project) baseConfig() (*config.Config, error) {
	if p.tree == nil {
		return config.Default(), nil
	}
	if p.onBaseConfig == nil {
		c, _, err := p.loadConfig(p.tree)
		if errors.Is(err, fs.ErrNotExist) {
			c, err = config.Default(), nil // --config names a file that the branch adds
		}
		p.onBaseConfig = &readConfig{c, err}
	}
	return p.onBaseConfig.config, p.onBaseConfig.err
}

// approve accepts findings whose rule is in a label of the pull request, and says
// which.
func (p *project) approve(r *report.Report) {
	if p.flags.ApprovalLabel == "" {
		return
	}
	approvals, problems := github.ReadApprovals(p.flags.Labels, p.flags.ApprovalLabel, lint.RuleIDs(rules.All()))
	kept, accepted, told := github.Approve(approvals, r.Findings)
	r.Findings, r.Accepted = kept, append(r.Accepted, accepted...)
	p.notes = slices.Concat(p.notes, problems, told)
}
