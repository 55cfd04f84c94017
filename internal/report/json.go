package report

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"time"

	"github.com/migvet/migvet/lint"
)

// jsonVersion changes only when a reader of the old format could be misled;
// new keys may come without.
const jsonVersion = 1

// JSON writes a report for programs, as docs/report.schema.json describes it.
func JSON(w io.Writer, r *Report) error { return writeJSON(w, newDocument(r), "  ") }

// writeJSON ends with a line end. GitHub's runner obeys "##[name]" anywhere in
// a line, so that no text may hold its marker as it is.
func writeJSON(w io.Writer, v any, indent string) error {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetIndent("", indent)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(bytes.ReplaceAll(out.Bytes(), []byte("##["), []byte(`##\u005b`)))
	return err
}

// A Document is a report as its JSON holds it.
type Document struct {
	Version    int             `json:"version"`
	Tool       string          `json:"tool"`
	Result     Result          `json:"result"`
	ExitCode   int             `json:"exitCode"`
	Base       string          `json:"base"`
	Migrations []jsonMigration `json:"migrations"`
	Findings   []jsonFinding   `json:"findings"`
	Accepted   []jsonFinding   `json:"accepted"`
	Trial      *jsonTrial      `json:"trial"`
	NotChecked []jsonUnchecked `json:"notChecked"`
	Notes      []string        `json:"notes"`

	SchemaChanges []jsonSchemaChange `json:"schemaChanges"`
}

type jsonMigration struct {
	Path       string  `json:"path"`
	Name       string  `json:"name"`
	Tool       string  `json:"tool"`
	Status     Status  `json:"status"`
	Applied    Outcome `json:"applied"`
	DurationMS float64 `json:"durationMs"`

	Undo *jsonUndo `json:"undo,omitempty"`
}

type jsonFinding struct {
	Rule        string        `json:"rule"`
	Severity    lint.Severity `json:"severity"`
	Fingerprint string        `json:"fingerprint"`
	Path        string        `json:"path"`
	Line        int           `json:"line,omitempty"`
	Column      int           `json:"column,omitempty"`
	EndLine     int           `json:"endLine,omitempty"`
	EndColumn   int           `json:"endColumn,omitempty"`
	Message     string        `json:"message"`
	Evidence    string        `json:"evidence,omitempty"`
	Reason      string        `json:"reason,omitempty"`
	Edits       []jsonEdit    `json:"edits,omitempty"`
	Suggestion  string        `json:"suggestion,omitempty"`
	Others      []jsonPlace   `json:"others,omitempty"`
}

type jsonPlace struct {
	Line      int `json:"line"`
	Column    int `json:"column"`
	EndLine   int `json:"endLine"`
	EndColumn int `json:"endColumn"`
}

type jsonEdit struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Text      string `json:"text"`
}

type jsonTrial struct {
	Postgres   string          `json:"postgres"`
	Statements []jsonStatement `json:"statements"`
}

type jsonStatement struct {
	Path          string       `json:"path"`
	Line          int          `json:"line,omitempty"`
	SQL           string       `json:"sql"`
	Locks         []jsonLock   `json:"locks"`
	Held          []jsonLock   `json:"held"`
	Rewritten     []string     `json:"rewritten"`
	Scanned       []string     `json:"scanned"`
	Lost          []jsonLoss   `json:"lost"`
	Changed       []jsonLoss   `json:"changed"`
	Created       []jsonObject `json:"created"`
	Altered       []jsonObject `json:"altered"`
	Dropped       []jsonObject `json:"dropped"`
	LeftUnchecked []jsonObject `json:"leftUnchecked"`
	Notices       []string     `json:"notices"`
	NotObserved   string       `json:"notObserved,omitempty"`
	Error         *jsonError   `json:"error,omitempty"`
	DurationMS    float64      `json:"durationMs"`
}

type jsonLoss struct {
	Object string `json:"object"`
	Rows   int64  `json:"rows"`
}

type jsonLock struct {
	Object string        `json:"object"`
	Mode   lint.LockMode `json:"mode"`
}

type jsonObject struct {
	Object  string `json:"object"`
	Kind    string `json:"kind"`
	Cascade bool   `json:"cascade"`
}

type jsonError struct {
	SQLState string `json:"sqlstate"`
	Message  string `json:"message"`
}

type jsonUnchecked struct {
	Path   string `json:"path,omitempty"`
	Line   int    `json:"line,omitempty"`
	Reason string `json:"reason"`
}

func newDocument(r *Report) Document {
	p := newPlaces(r)
	return Document{
		Version:    jsonVersion,
		Tool:       "migvet " + r.Version,
		Result:     r.Result,
		ExitCode:   r.ExitCode,
		Base:       r.Base,
		Migrations: convertAll(r.Migrations, newMigration),
		Findings:   p.findings(r, r.Findings),
		Accepted:   p.findings(r, r.Accepted),
		Trial:      p.trial(r.Trial),
		NotChecked: convertAll(r.unchecked(), p.notChecked),

		SchemaChanges: newSchemaChanges(r),
		Notes:         neverNil(r.allNotes()),
	}
}

// convertAll converts a list; an empty one becomes [], never null.
func convertAll[A, B any](in []A, convert func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, convert(a))
	}
	return out
}

func newMigration(m Migration) jsonMigration {
	return jsonMigration{m.Path, m.Name, m.Tool, m.Status, m.Applied, inMilliseconds(m.Duration), newUndo(m.Undo)}
}

// inMilliseconds keeps three decimals: the server's own precision.
func inMilliseconds(d time.Duration) float64 {
	return math.Round(d.Seconds()*1e6) / 1e3
}

func (p *places) findings(r *Report, findings []lint.Finding) []jsonFinding {
	out := make([]jsonFinding, len(findings))
	for i, fingerprint := range r.Fingerprints(findings) {
		out[i] = p.finding(findings[i], fingerprint)
	}
	return out
}

func (p *places) finding(f lint.Finding, fingerprint string) jsonFinding {
	start, end := p.span(f)
	out := jsonFinding{
		Rule: f.Rule, Severity: f.Severity, Fingerprint: fingerprint, Path: f.Path,
		Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column,
		Message: f.Message, Evidence: f.Evidence, Reason: f.Accepted, Suggestion: p.suggestion(f),
	}
	for _, other := range f.Others {
		from, to := p.span(other)
		out.Others = append(out.Others, jsonPlace{from.Line, from.Column, to.Line, to.Column})
	}
	for _, e := range allEdits(f) {
		from, to := p.at(f.Path, e.Start), p.at(f.Path, e.End)
		out.Edits = append(out.Edits, jsonEdit{from.Line, from.Column, to.Line, to.Column, e.Text})
	}
	return out
}

func (p *places) trial(t *Trial) *jsonTrial {
	if t == nil {
		return nil
	}
	return &jsonTrial{t.Postgres, convertAll(t.Statements, p.statement)}
}

func (p *places) statement(s Statement) jsonStatement {
	e := s.Effect
	if e == nil {
		e = &lint.Effect{}
	}
	out := jsonStatement{
		Path: s.Path, Line: p.at(s.Path, s.Start).Line, SQL: s.SQL,
		Locks: convertAll(e.Locks, newLock), Held: convertAll(e.Held, newLock), Rewritten: neverNil(e.Rewritten), Scanned: neverNil(e.Scanned),
		Lost:    convertAll(e.Lost, func(l lint.RowLoss) jsonLoss { return jsonLoss{l.Table, l.Rows} }),
		Changed: convertAll(e.Changed, func(c lint.ColumnChange) jsonLoss { return jsonLoss{c.Table + "." + c.Column, c.Rows} }),
		Created: convertAll(e.Created, newObject), Altered: convertAll(e.Altered, newObject), Dropped: convertAll(e.Dropped, newObject),
		LeftUnchecked: convertAll(e.LeftInvalid(), newObject),
		Notices:       neverNil(e.Notices), NotObserved: e.Incomplete, DurationMS: inMilliseconds(e.Duration),
	}
	if e.Err != nil {
		out.Error = &jsonError{e.Err.SQLState, e.Err.Message}
	}
	return out
}

func newLock(l lint.Lock) jsonLock { return jsonLock{l.Object, l.Mode} }

func neverNil(in []string) []string { return append([]string{}, in...) }

func newObject(o lint.CatalogObject) jsonObject { return jsonObject{o.Name, o.Kind, o.Cascade} }

func (p *places) notChecked(u Unchecked) jsonUnchecked {
	return jsonUnchecked{u.Path, p.at(u.Path, u.Start).Line, u.Reason}
}
