package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A journal is Drizzle's meta/_journal.json, as far as it can be read.
type journal struct {
	entries []journalEntry

	// broken says why Drizzle cannot read it, "" when it can; at is where.
	broken string
	at     lint.Span
}

// A journalEntry is one migration of the list. Drizzle runs by tag and when;
// idx is only for its generator.
type journalEntry struct {
	lint.Span // in the journal
	idx       int
	when      int64 // milliseconds since 1970
	tag       string
	wrong     string // what is wrong with its shape; "" when nothing is
}

// readJournal never fails: of a broken journal it returns the entries that can
// still be made out, so that the migrations behind them are checked all the
// same.
func readJournal(text string) journal {
	if at, found := conflictMarkers(text); found {
		return journal{broken: "merge conflict markers", at: at, entries: salvageEntries(text)}
	}
	if err := invalidJSON(text); err != nil {
		at := jsonOffset(err, text)
		return journal{broken: err.Error(), at: lint.Span{Start: at, End: min(at+1, len(text))}, entries: salvageEntries(text)}
	}
	j, err := parseJournal(text)
	if err != nil {
		return journal{broken: err.Error(), entries: salvageEntries(text)}
	}
	return j
}

// A journalReader reads versions of a journal one after the other. Most have the
// entries of the one before, and one more: to read 500 versions of 1,000 entries
// from the beginning takes seconds.
type journalReader struct {
	text    string // of the last one that could be read
	journal journal
}

// read is readJournal. The entries that it returned before are no longer valid.
func (r *journalReader) read(text string) journal {
	known := r.journal.entries
	same := sort.Search(len(known), func(i int) bool { return !strings.HasPrefix(text, r.text[:known[i].End]) })
	var j journal
	if same > 1 {
		j = readBehind(text, known[:same])
	} else {
		j = readJournal(text)
	}
	if j.broken == "" {
		r.text, r.journal = text, j
	}
	return j
}

// readBehind reads a journal that begins with entries that are known. It leaves
// out all of them but the last, behind which goes what would have to stand there
// anyway.
func readBehind(text string, known []journalEntry) journal {
	first, last := known[0], known[len(known)-1]
	j := readJournal(text[:first.Start] + text[last.Start:])
	if j.broken != "" {
		return readJournal(text) // which knows where it is broken
	}
	for i := range j.entries {
		j.entries[i].Start += last.Start - first.Start
		j.entries[i].End += last.Start - first.Start
	}
	j.entries = append(known[:len(known)-1], j.entries...)
	return j
}

func invalidJSON(text string) error {
	if json.Valid([]byte(text)) {
		return nil
	}
	var value any
	return json.Unmarshal([]byte(text), &value)
}

var errJournalShape = errors.New(`it is not an object with a list of "entries"`)

// parseJournal reads valid JSON token by token, to know where each entry is.
func parseJournal(text string) (journal, error) {
	var j journal
	d := json.NewDecoder(strings.NewReader(text))
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return j, errJournalShape
	}
	listed := false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return j, err
		}
		if key == "entries" {
			listed = true
			j.entries, err = parseEntries(d, text)
		} else {
			err = d.Decode(new(any))
		}
		if err != nil {
			return j, err
		}
	}
	if !listed {
		return j, errJournalShape
	}
	return j, nil
}

func parseEntries(d *json.Decoder, text string) ([]journalEntry, error) {
	if token, err := d.Token(); err != nil || token != json.Delim('[') {
		return nil, errJournalShape
	}
	entries := make([]journalEntry, 0, strings.Count(text, `"tag"`))
	for d.More() {
		start := int(d.InputOffset())
		start += len(text[start:]) - len(strings.TrimLeft(text[start:], ", \t\r\n"))
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, err
		}
		e := parseEntry(raw)
		e.Span = lint.Span{Start: start, End: int(d.InputOffset())}
		entries = append(entries, e)
	}
	_, err := d.Token()
	return entries, err
}

// parseEntry is strict about names and types, as JavaScript is.
func parseEntry(raw json.RawMessage) journalEntry {
	if fields, ok := plainFields(string(raw)); ok {
		tag, isText := strings.CutPrefix(fields["tag"], `"`)
		if !isText {
			tag = ""
		}
		return newEntry(strings.TrimSuffix(tag, `"`), fields["when"], fields["idx"])
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return journalEntry{wrong: "it is not an object"}
	}
	var tag string
	if err := json.Unmarshal(fields["tag"], &tag); err != nil {
		tag = ""
	}
	return newEntry(tag, string(fields["when"]), string(fields["idx"]))
}

func newEntry(tag, when, idx string) journalEntry {
	e := journalEntry{tag: tag}
	if tag == "" {
		e.wrong = `it has no "tag"`
	}
	var err error
	if e.when, err = strconv.ParseInt(when, 10, 64); err != nil {
		e.wrong = `its "when" is not a whole number of milliseconds`
	}
	e.idx, _ = strconv.Atoi(idx)
	return e
}

// jsonOffset returns where JSON stops making sense.
func jsonOffset(err error, text string) int {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return 0
	}
	end := len(strings.TrimRight(text, " \t\r\n"))
	return max(0, min(int(syntax.Offset)-1, end))
}

var (
	journalField   = lazyregexp.New(`"(idx|when|tag)"\s*:\s*("(?:[^"\\\n]|\\.)*"|-?\d+)`)
	journalDialect = lazyregexp.New(`"dialect"\s*:\s*"(\w+)"`)
)

// dialectOf returns what a journal says it is for, whether or not it is JSON.
func dialectOf(text string) string {
	if m := journalDialect.FindStringSubmatch(text); m != nil {
		return canonicalDialect(m[1])
	}
	return ""
}

// salvageEntries finds the entries of a journal that is no JSON: a field that repeats
// begins the next one. Both sides of a merge conflict count.
func salvageEntries(text string) []journalEntry {
	var entries []journalEntry
	var e journalEntry
	seen := map[string]bool{}
	flush := func() {
		if seen["tag"] && seen["when"] {
			entries = append(entries, e)
		}
		e, seen = journalEntry{}, map[string]bool{}
	}
	for _, m := range journalField.FindAllStringSubmatchIndex(text, -1) {
		key, value := text[m[2]:m[3]], text[m[4]:m[5]]
		if seen[key] {
			flush()
		}
		if len(seen) == 0 {
			e.Start = m[0]
		}
		seen[key], e.End = true, m[1]
		e.set(key, value)
	}
	flush()
	return entries
}

func (e *journalEntry) set(key, value string) {
	switch key {
	case "tag":
		_ = json.Unmarshal([]byte(value), &e.tag) // an odd tag stays ""
	case "when":
		e.when, _ = strconv.ParseInt(value, 10, 64)
	case "idx":
		e.idx, _ = strconv.Atoi(value)
	}
}

// problem reports a journal that Drizzle cannot read.
func (j journal) problem(path string) lint.Finding {
	return rules.JournalInvalid.At(path, j.at.Start, j.at.End,
		fmt.Sprintf("Drizzle cannot read the journal and runs nothing: %s; take the base branch's journal and generate the new migration again", j.broken))
}
