// Package baseline keeps the findings that were there before migvet, so that an
// old repository can begin with the new ones. An entry names its statement by
// text, not by line, and so holds until the statement changes.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// version changes when old files would be misunderstood.
const version = 1

// MaxSize is how large a file may be, in bytes, and maxEntries how many findings
// it may have: far above what somebody is going to look through.
const (
	MaxSize    = 16 << 20
	maxEntries = 100_000
)

// A Baseline is the content of a file.
type Baseline struct {
	Version  int     `json:"version"`
	Findings entries `json:"findings"`
}

type entries []Entry

// UnmarshalJSON reads no more entries than there may be.
func (list *entries) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return errors.New("findings is not a list")
	}
	for d.More() {
		if len(*list) == maxEntries {
			return errTooMany
		}
		var e Entry
		if err := d.Decode(&e); err != nil {
			return err
		}
		*list = append(*list, e)
	}
	return nil
}

var errTooMany = fmt.Errorf("it has more than %d findings, the most that migvet reads", maxEntries)

// An Entry is one finding that counts as accepted.
type Entry struct {
	Rule      string `json:"rule"`
	Path      string `json:"path"`                // relative to the root of the repository
	Statement string `json:"statement,omitempty"` // hash; empty for findings about a whole file
	Message   string `json:"message,omitempty"`   // for readers of the file; it is not compared
}

// key is what makes two entries the same.
func (e Entry) key() Entry {
	e.Message = ""
	return e
}

// Read reads a file; name is what errors call it.
func Read(name string, data []byte) (*Baseline, error) {
	var b Baseline
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&b); err != nil {
		return nil, fmt.Errorf("baseline %s: %w; write it again with --write-baseline", name, err)
	}
	if b.Version != version {
		return nil, fmt.Errorf("baseline %s: version %d is not known, only %d; write it again with --write-baseline", name, b.Version, version)
	}
	return &b, nil
}

// New makes a baseline of the findings that a report has not accepted. What keeps a
// migration from being applied is no old finding to live with: leftOut counts it.
func New(r *report.Report) (b *Baseline, leftOut int) {
	b = &Baseline{Version: version, Findings: entries{}}
	hashes := r.StatementHashes(r.Findings)
	for i, f := range r.Findings {
		if !f.MayBeAccepted() {
			leftOut++
			continue
		}
		e := Entry{Rule: f.Rule, Path: f.Path, Statement: hashes[i]}
		e.Message = f.Message
		b.Findings = append(b.Findings, e)
	}
	b.sort()
	return b, leftOut
}

// Keep adds the entries of an older baseline that are about files for which
// keep is true: those that this run did not look at.
func (b *Baseline) Keep(old *Baseline, keep func(path string) bool) {
	for _, e := range old.Findings {
		if keep(e.Path) {
			b.Findings = append(b.Findings, e)
		}
	}
	b.sort()
}

func (b *Baseline) sort() {
	slices.SortFunc(b.Findings, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Statement, y.Statement), cmp.Compare(x.Message, y.Message))
	})
	b.Findings = slices.CompactFunc(b.Findings, func(x, y Entry) bool { return x.key() == y.key() })
}

// Write writes the file, if it can be read again.
func (b *Baseline) Write(w io.Writer) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(b); err != nil {
		return err
	}
	if len(b.Findings) > maxEntries || text.Len() > MaxSize {
		return fmt.Errorf("%d findings are more than a baseline may have, %d in %d MiB; switch rules off or ignore paths in the configuration", len(b.Findings), maxEntries, MaxSize>>20)
	}
	_, err := w.Write(text.Bytes())
	return err
}

// Apply accepts the findings of a report that the baseline holds, with the
// reason given, and returns the entries that no finding matched. It never accepts
// that a migration does not apply.
func (b *Baseline) Apply(r *report.Report, reason string) (unused []Entry) {
	known, used := map[Entry]bool{}, map[Entry]bool{}
	for _, e := range b.Findings {
		known[e.key()] = true
	}
	var kept []lint.Finding
	hashes := r.StatementHashes(r.Findings)
	for i, f := range r.Findings {
		e := Entry{Rule: f.Rule, Path: f.Path, Statement: hashes[i]}
		used[e] = known[e]
		if !known[e] || !f.MayBeAccepted() {
			kept = append(kept, f)
			continue
		}
		f.Accepted = reason
		r.Accepted = append(r.Accepted, f)
	}
	r.Findings = kept
	for _, e := range b.Findings {
		if !used[e.key()] {
			unused = append(unused, e)
		}
	}
	return unused
}

// Added returns how many entries of b an older baseline does not hold.
func (b *Baseline) Added(old *Baseline) int {
	known := map[Entry]bool{}
	for _, e := range old.Findings {
		known[e.key()] = true
	}
	n := 0
	for _, e := range b.Findings {
		if !known[e.key()] {
			n++
		}
	}
	return n
}
