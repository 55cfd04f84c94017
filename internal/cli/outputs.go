package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/lint"
)

// outputs are the reports a run writes.
type outputs struct {
	format report.Format // nil writes nothing to stdout
	human  bool          // people read what is on stdout
	files  []fileOutput
	named  files.Named // opens them
	debug  bool
}

type fileOutput struct {
	name   string // as it was asked for: "json=report.json"
	path   string
	format report.Format
}

// outputs checks formats before anything runs, so that a typing error costs no
// time.
func (f reviewFlags) outputs(ctx context.Context, env Env) (outputs, error) {
	name := f.Format
	if name == "" {
		name = "text"
		if env.Getenv("GITHUB_ACTIONS") == "true" {
			name = "github"
		}
	}
	o := report.TextOptions{Color: env.Color && !f.NoColor, Source: true}
	out := outputs{debug: f.Debug, human: name == "text" || name == "github"}
	var err error
	if out.format, err = report.ByName(name, o); err != nil {
		return out, usageError(fmt.Errorf("--format: %w", err))
	}
	for _, spec := range f.Output {
		name, path, ok := strings.Cut(spec, "=")
		if !ok || path == "" {
			return out, usageError(fmt.Errorf("--output %s: write FORMAT=FILE, for example json=report.json", spec))
		}
		format, err := report.ByName(name, report.TextOptions{})
		if err != nil {
			return out, usageError(fmt.Errorf("--output %s: %w", spec, err))
		}
		out.files = append(out.files, fileOutput{spec, resolvePath(env.Dir, path), format})
	}
	root, err := env.root(f.Fetched)
	if err != nil {
		return out, uncheckedError(err)
	}
	out.named = env.named(root)
	return out, nil
}

// write writes the files, then stdout, which tells what could not be written.
func (o outputs) write(env Env, r *report.Report) error {
	w := reportWriter{env: env, debug: o.debug, report: r}
	for _, f := range o.files {
		w.add("the report "+f.name, f.format, func(text []byte) error { return f.write(o.named, text) })
	}
	if o.format != nil {
		w.add("the report on standard output", o.format, func(text []byte) error {
			_, err := env.Stdout.Write(text)
			return err
		})
	}
	w.write()
	if err := w.complain(); err != nil || o.format == nil {
		return err
	}
	if w.reports[len(w.reports)-1].failed {
		return o.standIn(env, r)
	}
	return nil
}

// standIn writes the report to stderr in another format than that of stdout, which
// failed.
func (o outputs) standIn(env Env, r *report.Report) error {
	format := report.Format(func(w io.Writer, r *report.Report) error { return report.Text(w, r, report.TextOptions{}) })
	if o.human {
		format = report.JSON
	}
	return rescue.Call(func() error { return format(env.Stderr, r) })
}

func (f fileOutput) write(named files.Named, text []byte) error {
	return named.Write(f.path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// A reportWriter writes one report in several formats, to several places. What cannot
// be written is one line in the others.
type reportWriter struct {
	env     Env
	debug   bool
	report  *report.Report
	reports []*rendering
	told    []string // what could not be written
}

// A rendering is the report in one format.
type rendering struct {
	name   string
	format report.Format
	write  func(text []byte) error
	text   []byte
	stale  bool // something has been added to the report since
	failed bool
}

func (w *reportWriter) add(name string, format report.Format, write func(text []byte) error) {
	w.reports = append(w.reports, &rendering{name: name, format: format, write: write, stale: true})
}

// write renders all before it writes the first, so that each tells which of the formats
// panicked. What cannot be written those tell that are written later.
func (w *reportWriter) write() {
	for slices.ContainsFunc(w.reports, (*rendering).wanting) {
		for _, r := range w.reports {
			w.render(r)
		}
	}
	for _, r := range w.reports {
		w.render(r)
		if r.failed {
			continue
		}
		if err := r.write(r.text); err != nil {
			w.fail(r, err)
		}
	}
}

func (r *rendering) wanting() bool { return r.stale && !r.failed }

func (w *reportWriter) render(r *rendering) {
	if !r.wanting() {
		return
	}
	var text bytes.Buffer
	r.stale = false
	if err := rescue.Call(func() error { return r.format(&text, w.report) }); err != nil {
		w.fail(r, err)
		return
	}
	r.text = text.Bytes()
}

// fail says that a report is missing: in the others, and where there is none on stderr.
func (w *reportWriter) fail(r *rendering, err error) {
	r.failed = true
	reason := fmt.Sprintf("%s could not be written: %v", r.name, err)
	if p := rescue.In(err); p != nil {
		reason += reportPanic
		debugStack(w.env, w.debug, r.name, p.Stack)
	}
	w.told = append(w.told, reason)
	w.report.Unchecked = append(w.report.Unchecked, report.Unchecked{Start: lint.NoPos, Reason: reason})
	if w.report.ExitCode != exitNotApplied {
		w.report.Result, w.report.ExitCode = report.NotChecked, exitUnchecked
	}
	for _, other := range w.reports {
		other.stale = true
	}
}

// complain tells on stderr what could not be written.
func (w *reportWriter) complain() error {
	for _, reason := range w.told {
		if _, err := fmt.Fprintf(w.env.Stderr, "migvet: %s\n", report.Sanitise(reason)); err != nil {
			return uncheckedError(err)
		}
	}
	return nil
}
