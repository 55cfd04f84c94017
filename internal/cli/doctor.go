package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/migvet/migvet/internal/changes"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/report"
)

type doctorCmd struct {
	Base        string `help:"Compare with this git ref." placeholder:"REF"`
	Config      string `help:"Configuration file. Default: .migvet.yml, searched upward to the repository root." placeholder:"FILE"`
	PostgresBin string `help:"Directory with the postgres and initdb to use, outside of the repository." placeholder:"DIR" type:"path"`
	Format      string `help:"text or json." enum:"text,json" default:"text"`
}

// A diagnosis is what check would look at in a repository, and what a machine offers, each
// check in one line.
type diagnosis struct {
	Repository *surveyed `json:"repository"`
	Checks     []check   `json:"checks"`
	// CanTry tells whether check would run SQL here, ForksTried whether it would
	// run that of strangers.
	CanTry     bool `json:"canTry"`
	ForksTried bool `json:"forksTried"`
}

// A check is one thing that a machine has or lacks.
type check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Says string `json:"says"`
}

// Run tells what check would look at here, and what this machine offers. The exit status
// is 3 when migrations could not be tried here; the repository has no part in it.
func (c *doctorCmd) Run(ctx context.Context, env Env) error {
	d := c.diagnose(ctx, env)
	d.Repository = c.surveyRepository(ctx, env)
	if c.Format == "json" {
		e := json.NewEncoder(env.Stdout)
		e.SetIndent("", "  ")
		if err := e.Encode(d); err != nil {
			return err
		}
	} else {
		d.write(env)
	}
	if !d.CanTry {
		return &exitError{code: exitUnchecked}
	}
	return nil
}

func (d diagnosis) write(env Env) {
	fmt.Fprintf(env.Stdout, "Repository %s\n", d.Repository.Root)
	writeChecks(env.Stdout, d.Repository.rows())
	fmt.Fprint(env.Stdout, "\nThis machine\n")
	writeChecks(env.Stdout, d.Checks)
}

// writeChecks writes a table that keeps to the width of explanations; what is longer goes on
// below its column. Names of a branch's files are defused.
func writeChecks(w io.Writer, checks []check) {
	const column = 26
	for _, c := range checks {
		mark := "yes"
		if !c.OK {
			mark = "no"
		}
		lines := wrapLine(report.Sanitise(c.Says), explainWidth-column)
		fmt.Fprintf(w, "%-20s %-4s %s\n", c.Name, mark, strings.Join(lines, "\n"+strings.Repeat(" ", column)))
	}
}

func (c *doctorCmd) diagnose(ctx context.Context, env Env) diagnosis {
	o := postgres.Options{BinDir: c.PostgresBin, Getenv: env.Getenv, CacheDir: env.CacheDir, Outside: []string{env.checkout(ctx)}, Log: env.progress}
	m := postgres.Look(ctx, o)
	var d diagnosis
	if m.Unsupported != nil {
		d.add("start a server", false, "%v", m.Unsupported)
		d.git(m)
		return d
	}
	d.installed(m)
	d.fetched(m)
	started := d.starts(ctx, o, m)
	if !started.works {
		d.add("sandbox", m.Sandboxed(), "%s", m.SandboxNote())
	}
	d.sandbox(m)
	d.machine(m)
	fetchable := m.NPM != "" && len(m.Fetchable) > 0
	d.CanTry = started.works || len(m.Installations) == 0 && c.PostgresBin == "" && fetchable
	d.ForksTried = started.sandboxed || !started.works && d.CanTry && m.Sandboxed()
	d.forks()
	return d
}

// checkout is the repository that check would review here.
func (env Env) checkout(ctx context.Context) string {
	if root, err := changes.Root(env.Dir, env.Getenv); err == nil {
		return root
	}
	return env.Dir
}

func (d *diagnosis) add(name string, ok bool, format string, args ...any) {
	d.Checks = append(d.Checks, check{name, ok, fmt.Sprintf(format, args...)})
}

func (d *diagnosis) installed(m postgres.Machine) {
	if len(m.Installations) == 0 {
		d.add("PostgreSQL", false, "none is installed, and none was fetched")
	}
	for _, i := range m.Installations {
		ended := ""
		if end := postgres.Ended(i.Major); end != "" {
			ended = "; its last release came in " + end
		}
		d.add("PostgreSQL", true, "%s in %s (%s)%s", i.Version, i.BinDir, i.Source, ended)
	}
}

func (d *diagnosis) fetched(m postgres.Machine) {
	switch {
	case len(m.Fetchable) == 0:
		d.add("fetch PostgreSQL", false, "there are no packages for this system; install PostgreSQL")
	case m.NPM == "":
		d.add("fetch PostgreSQL", false, "%v; install Node.js to let migvet fetch the versions that are missing", m.NPMErr)
	default:
		d.add("fetch PostgreSQL", true, "%d to %d, with %s", m.Fetchable[0], m.Fetchable[len(m.Fetchable)-1], m.NPM)
	}
}

// A start is the outcome of starting a server.
type start struct{ works, sandboxed bool }

// starts tries what check would use. Nothing is fetched for that.
func (d *diagnosis) starts(ctx context.Context, o postgres.Options, m postgres.Machine) start {
	if m.ServerUserErr != nil {
		d.add("start a server", false, "%v", m.ServerUserErr)
		return start{}
	}
	if m.ServerShared {
		d.add("user of its own", false, "there are no user namespaces, so other processes of user %d can reach servers of root, and each run prepares its server anew", m.ServerUser)
	}
	if len(m.Installations) == 0 && o.BinDir == "" {
		return start{}
	}
	begin := time.Now()
	i, err := postgres.Find(ctx, o)
	if err != nil {
		d.add("start a server", false, "%v", err)
		return start{}
	}
	s, err := i.Start(ctx, postgres.StartOptions{})
	if err != nil {
		d.add("start a server", false, "%v", err)
		return start{}
	}
	took := time.Since(begin).Round(time.Millisecond)
	sandboxed, note := s.Sandboxed(), s.SandboxNote()
	if err := s.Stop(); err != nil {
		d.add("start a server", false, "it does not stop: %v", err)
		return start{}
	}
	d.add("start a server", true, "PostgreSQL %s in %v, as user %d", i.Version, took, m.ServerUser)
	d.add("sandbox", sandboxed, "%s", note)
	return start{works: true, sandboxed: sandboxed}
}

func (d *diagnosis) sandbox(m postgres.Machine) {
	if m.Landlock > 0 {
		d.add("Landlock", true, "ABI %d of the kernel", m.Landlock)
	} else {
		d.add("Landlock", false, "%s", m.LandlockNote)
	}
	d.add("seccomp", m.Seccomp && m.SeccompNotify, "%s", seccompNote(m))
	d.add("no_new_privs", m.NoNewPrivs, "%s", chooseText(m.NoNewPrivs, "setuid programs gain nothing", "setuid programs keep their power"))
	if m.Docker != "" {
		d.add("docker", true, "%s; check --docker IMAGE runs PostgreSQL in a container", m.Docker)
	} else {
		d.add("docker", false, "%s", m.DockerNote)
	}
}

func seccompNote(m postgres.Machine) string {
	switch {
	case !m.Seccomp:
		return "this kernel or processor has no filters that migvet knows"
	case !m.SeccompNotify:
		return "filters of system calls, but this kernel has none that ask, so System V shared memory is open"
	default:
		return "filters of system calls"
	}
}

func (d *diagnosis) machine(m postgres.Machine) {
	switch {
	case m.Cache == "":
		d.add("cache", false, "no home directory; each run prepares its server anew, which takes a second or two")
	case m.CacheErr != nil:
		d.add("cache", false, "%v", m.CacheErr)
	default:
		d.add("cache", true, "%s", m.Cache)
	}
	d.git(m)
}

func (d *diagnosis) git(m postgres.Machine) {
	if m.Git == "" {
		d.add("git", false, "%v; only --since and --all work", m.GitErr)
		return
	}
	d.add("git", true, "%s", m.Git)
}

func (d *diagnosis) forks() {
	says := "the Action would only lint pull requests of forks and of Dependabot, and end with status 3"
	if d.ForksTried {
		says = "the Action would try pull requests of forks and of Dependabot, in the sandbox"
	}
	d.add("SQL of strangers", d.ForksTried, "%s", says)
}

func chooseText(ok bool, yes, no string) string {
	if ok {
		return yes
	}
	return no
}
