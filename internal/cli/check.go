package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/trial"
	"github.com/migvet/migvet/lint"
)

type lintCmd struct {
	reviewFlags
}

func (c *lintCmd) Run(ctx context.Context, env Env) error {
	return vetProject(ctx, env, c.reviewFlags, nil)
}

type checkCmd struct {
	reviewFlags
	trialFlags
}

func (c *checkCmd) Run(ctx context.Context, env Env) error {
	return vetProject(ctx, env, c.reviewFlags, &c.trialFlags)
}

// vetProject runs a review and writes its reports. Without trial flags nothing is
// tried.
func vetProject(ctx context.Context, env Env, f reviewFlags, t *trialFlags) error {
	out, err := f.outputs(ctx, env)
	if err != nil {
		return err
	}
	l := reviewOnce
	switch {
	case f.Fix:
		l = fixFiles
	case f.Diff:
		l = showDiff
	}
	r, err := inTime(l)(ctx, env, f, t)
	if err != nil {
		return err
	}
	if f.Diff {
		out.format = nil
	}
	if err := out.write(env, r); err != nil {
		return err
	}
	if r.ExitCode != exitClean {
		return &exitError{code: r.ExitCode}
	}
	return nil
}

// A look is one way to run a review.
type look func(context.Context, Env, reviewFlags, *trialFlags) (*report.Report, error)

// windDown is how long a review that was interrupted may take to stop its server
// and to remove what it made. The kernel ends the server with the process, and
// the next run removes what is left.
const windDown = 10 * time.Second

// awaitInterrupted waits for a review to end by itself. What reads and what lints does
// not look at the context, and may go on for ever.
func awaitInterrupted(ctx context.Context, patience time.Duration, done <-chan struct{}, r **report.Report, err *error) (*report.Report, error) {
	select {
	case <-done:
		return *r, *err
	case <-time.After(patience):
		return nil, uncheckedError(fmt.Errorf("gave up: %w", context.Cause(ctx)))
	}
}

// inTime gives a review up that is not over in time although all that waits for
// others has a deadline: what strangers write may take for ever to read. The
// process then ends, and with it all that it started.
func inTime(l look) look {
	return func(ctx context.Context, env Env, f reviewFlags, t *trialFlags) (*report.Report, error) {
		limit := defaultTimeout + env.Grace
		if t != nil {
			limit = t.Timeout + env.Grace
		}
		var r *report.Report
		var err error
		done := make(chan struct{})
		go func() {
			r, err = rescue.Value(func() (*report.Report, error) { return l(ctx, env, f, t) })
			close(done)
		}()
		timer := time.NewTimer(limit)
		defer timer.Stop()
		select {
		case <-done:
			return r, err
		case <-ctx.Done():
			return awaitInterrupted(ctx, min(env.Grace, windDown), done, &r, &err)
		case <-timer.C:
			return nil, uncheckedError(fmt.Errorf("gave up after %v: reading and linting takes longer; name the folders of migrations in .migvet.yml, split files that hold data, or raise --timeout", limit))
		}
	}
}

// reviewOnce finds what is new, tries it when asked to, lints it, and judges.
func reviewOnce(ctx context.Context, env Env, f reviewFlags, t *trialFlags) (*report.Report, error) {
	_, r, err := reviewProject(ctx, env, f, t)
	return r, err
}

func reviewProject(ctx context.Context, env Env, f reviewFlags, t *trialFlags) (*project, *report.Report, error) {
	start := time.Now()
	p, err := openProject(ctx, env, f)
	if err != nil {
		return nil, nil, err
	}
	defer p.close() // reading is over; git has nothing left to tell
	sources, err := p.sources(ctx)
	if err != nil {
		return nil, nil, err
	}
	p.timed("reading the repository", time.Since(start))
	v := verdict{project: p, sources: sources}
	if f.DrizzleGenerate {
		v.survive(".", "drizzle-kit generate", func() { v.generateAll(ctx) })
	}
	if t != nil {
		v.survive(".", "the trial", func() { v.tryAll(ctx, env, *t) })
	}
	r, err := v.report(ctx)
	return p, r, err
}

// A verdict collects what is known about the sources of one run.
type verdict struct {
	project   *project
	sources   []*source.Source
	findings  []lint.Finding
	outcomes  map[*lint.Migration]trial.Outcome
	unchecked []report.Unchecked
	blind     bool // something that matters could not be checked
	tried     *report.Trial
	observed  *lint.Observed   // nil when nothing was tried
	major     int              // of the server; 0 when nothing was tried
	refused   []*source.Source // whose new migrations do not apply
	schema    []report.SchemaChange

	statementTimeout time.Duration
}

// tryAll runs the trial of every source with new migrations. That it cannot
// run is told in the report: what lint says stands.
func (v *verdict) tryAll(ctx context.Context, env Env, t trialFlags) {
	if !v.anythingNew() {
		v.tryRepairs(ctx, env, t)
		return
	}
	start := time.Now()
	err := v.onServer(ctx, env, t, func(ctx context.Context, server *postgres.Server) {
		v.major = server.Major()
		v.noteEnd(v.major)
		v.tried = &report.Trial{Postgres: server.Version(), Sandbox: server.SandboxNote()}
		v.observed = lint.NewObserved()
		v.outcomes = map[*lint.Migration]trial.Outcome{}
		for _, s := range v.project.inOrder(v.sources) {
			v.survive(s.Dir, "the trial", func() { v.try(ctx, env, t, server, s) })
		}
		v.tried.Duration = time.Since(start)
	})
	if err != nil {
		v.cannotTry(ctx, ".", err)
	}
}

// onServer starts a server for trials, and stops it when they have run. The error is
// about the start.
func (v *verdict) onServer(ctx context.Context, env Env, t trialFlags, try func(context.Context, *postgres.Server)) error {
	start := time.Now()
	if err := v.project.rest(); err != nil {
		return err
	}
	v.statementTimeout = t.StatementTimeout
	ctx, cancel := context.WithTimeoutCause(ctx, t.Timeout, fmt.Errorf("gave up after %v (--timeout)", t.Timeout))
	defer cancel()
	server, stop, err := v.project.startServer(ctx, t)
	v.project.timed("start of PostgreSQL", time.Since(start))
	if err != nil {
		return err
	}
	defer func() {
		if err := stop(); err != nil {
			env.progress("stopping PostgreSQL: %v", err)
		}
	}()
	try(ctx, server)
	return nil
}

// noteEnd tells of a version that gets no more fixes.
func (v *verdict) noteEnd(major int) {
	if end := postgres.Ended(major); end != "" {
		v.project.notes = append(v.project.notes, fmt.Sprintf("PostgreSQL %d gets no more fixes: its last release came in %s", major, end))
	}
}

func (v *verdict) anythingNew() bool { return v.withNew() > 0 }

// withNew counts the folders that have new migrations.
func (v *verdict) withNew() int {
	n := 0
	for _, s := range v.sources {
		if len(s.History.New) > 0 {
			n++
		}
	}
	return n
}

// trialOptions are what a trial of a folder needs.
func (v *verdict) trialOptions(env Env, t trialFlags, server *postgres.Server, s *source.Source) (trial.Options, error) {
	o := trial.Options{
		Server: server, Source: s, Superuser: v.project.config.Role == config.Superuser, Log: env.progress, Timed: v.project.timed,
		Guard:            trialGuard(v.project.config.Runner),
		StatementTimeout: v.statementTimeout,
		AsOnBase:         v.project.configuredAsOnBase(),
		Only:             t.Only,
		VersionGiven:     v.project.postgresOptions(t).Version != 0,
		Platforms:        presets.Signs(v.project.head),
		SchemaFiles:      v.project.schemaFiles(s.Dir),
	}
	var err error
	if o.Environment, err = v.project.environment(s); err == nil {
		o.BaseSchema, err = v.project.baseSchema(s.Dir, t.BaseSchema)
	}
	if err == nil {
		o.Preceding, err = v.preceding(s.Dir)
	}
	if err == nil {
		err = v.project.rest() // the base may have been asked
	}
	return o, err
}

func (v *verdict) try(ctx context.Context, env Env, t trialFlags, server *postgres.Server, s *source.Source) {
	o, err := v.trialOptions(env, t, server, s)
	if err != nil {
		v.cannotTry(ctx, s.Dir, err)
		return
	}
	result, err := v.runInOrder(ctx, o)
	if err != nil && len(s.History.New) > 0 {
		v.cannotTry(ctx, s.Dir, err)
	}
	if result == nil {
		return
	}
	v.noteRepairs(s, result.Repaired)
	if len(s.History.New) == 0 {
		return // the base alone has run
	}
	v.findings = append(v.findings, result.Findings...)
	v.observed.Add(result.Observed)
	if !result.Applies {
		v.refused = append(v.refused, s)
	}
	if result.RefusedByTool {
		markStopping(s.Findings)
	}
	v.blind = v.blind || result.Hidden
	for _, o := range result.Outcomes {
		v.outcomes[o.Migration] = o
	}
	for _, u := range result.Unchecked {
		if u.Panic != nil {
			u.Reason += reportPanic
			v.project.debugStack("the trial of "+s.Dir, u.Panic.Stack)
		}
		v.unchecked = append(v.unchecked, report.Unchecked{Path: u.Path, Start: u.Start, Reason: u.Reason})
		v.blind = v.blind || !u.Minor
	}
	if c := result.Schema; c != nil && result.Applies {
		v.schema = append(v.schema, report.SchemaChange{
			Dir: s.Dir, Tool: s.Tool, Before: c.Before, After: c.After, Changes: c.Changes, ByHand: s.Undo == nil, NotRun: notRun(result),
		})
	}
	v.addTriedStatements(s, result.Observed)
}

// notRun counts the new migrations that the trial could not run, such as those that are
// no SQL. What their tool skips makes nothing.
func notRun(r *trial.Result) (n int) {
	for _, o := range r.Outcomes {
		if o.Applied == trial.NotRun {
			n++
		}
	}
	return n
}

// cannotTry is about the trial as a whole.
func (v *verdict) cannotTry(ctx context.Context, path string, err error) {
	v.blind = true
	if cause := context.Cause(ctx); cause != nil {
		err = fmt.Errorf("%w: %w", cause, err)
	}
	reason := fmt.Sprintf("not tried: %v", err)
	if p := rescue.In(err); p != nil {
		reason += reportPanic
		v.project.debugStack("the trial", p.Stack)
	}
	v.unchecked = append(v.unchecked, report.Unchecked{Path: path, Start: lint.NoPos, Reason: reason})
}

func (v *verdict) addTriedStatements(s *source.Source, o *lint.Observed) {
	for _, m := range s.History.New {
		for _, st := range m.Statements() {
			if e := o.Effect(st); e != nil {
				at := m.Place(st)
				v.tried.Statements = append(v.tried.Statements, report.Statement{
					Path: m.Path, Migration: m.Name, Start: at.Start, End: at.End, SQL: st.SQL, Effect: e,
				})
			}
		}
	}
}

// progress tells people at a terminal what is being waited for.
func (env Env) progress(format string, args ...any) {
	if env.Progress {
		fmt.Fprintf(env.Stderr, "migvet: "+format+"\n", args...)
	}
}

// trialGuard is the runner of the configuration as the trial plays it: it does not
// matter whether who finds the lock taken fails or skips.
func trialGuard(r *config.Runner) *trial.Guard {
	if r == nil {
		return nil
	}
	return &trial.Guard{Lock: r.Lock, Waits: r.Wait || r.OnBusy == config.Wait, Timeout: r.Timeout}
}
