package source

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// A changeset is what Liquibase runs and writes down: a part of a file.
type changeset struct {
	id, author, file string
	logical          string // what it is told to call its file
	listedBy         string // the file that lists it, relative to the repository root
	comment          string
	contexts, labels string
	skipped          bool // it is for another database, or to be ignored
	program          string
	delimiter        string // "" for Liquibase's own
	whole            bool   // it is sent as one statement
	noTx             bool
	onChange, always bool
	anySum           bool // its text may change
	hasBack          bool // a changelog says how it is taken back

	line     lint.Span // that begins it
	body     []lint.Span
	rollback []lint.Span // what stands behind "--rollback"
}

// changesetOf returns what a step of Liquibase runs, nil for one of another tool.
func changesetOf(s *step) *changeset {
	c, _ := s.own.(*changeset)
	return c
}

// names are what a row is found by, as literals.
func (c *changeset) names() (id, author, file quote.SQL) {
	return quote.Text(c.id), quote.Text(c.author), quote.Text(c.file)
}

// https://github.com/liquibase/liquibase/blob/master/liquibase-standard/src/main/java/liquibase/parser/AbstractFormattedChangeLogParser.java
var (
	liquibaseFirst     = lazyregexp.New(`(?i)^\s*--\s*liquibase\s*formatted.*`)
	liquibaseChangeset = lazyregexp.New(`(?i)^\s*--\s*changeset\s+("[^"]+"|[^:]+):("[^"]+"|\S+)`)
	liquibaseAlmost    = lazyregexp.New(`(?i)^(\s*--\s*changeset|-\s*changeset\s)`)
	liquibaseComment   = lazyregexp.New(`(?i)^--\s*comment:? (.*)`)
	liquibaseSums      = lazyregexp.New(`(?i)^--\s*validCheckSum:? (.*)`)
	liquibaseRollback  = lazyregexp.New(`(?i)^\s*--\s*rollback (.*)`)
	liquibaseCondition = lazyregexp.New(`(?i)^\s*--\s*preconditions?\b`)
	liquibaseProperty  = lazyregexp.New(`(?i)^\s*--\s*property\s`)
	liquibaseIgnored   = lazyregexp.New(`(?i)^--\s*ignoreLines:(\w+)`)
	liquibaseUndo      = lazyregexp.New(`(?i)^\s*/\*\s*liquibase\s*rollback\s*$`)
	liquibaseUndoEnd   = lazyregexp.New(`\*/\s*$`)
	liquibaseAttribute = lazyregexp.New(`(?i)\b(\w+):\s*("[^"]*"|\S*)`)
)

type liquibaseParser struct {
	text       string
	changesets []*changeset
	properties map[string]string
	logical    string // of the file

	in     *changeset
	skip   int  // lines to pass over
	ignore bool // until ignoreLines:end
	undo   bool // in a comment that takes back

	wrong string
	at    lint.Span
}

// parseLiquibase takes a file apart. One that is not formatted is one changeset
// as a whole, and one message.
// https://github.com/liquibase/liquibase/blob/master/liquibase-standard/src/main/java/liquibase/parser/core/sql/SqlChangeLogParser.java
func parseLiquibase(text string) *liquibaseParser {
	p := &liquibaseParser{text: text, properties: map[string]string{}}
	first, _, _ := strings.Cut(strings.TrimLeft(text, " \t\r\n"), "\n")
	if !liquibaseFirst.MatchString(first) {
		p.changesets = []*changeset{{id: "raw", author: "includeAll", line: wholeFile, whole: true, body: []lint.Span{{Start: 0, End: len(text)}}}}
		return p
	}
	p.logical = liquibaseAttributes(first)["logicalfilepath"]
	for at := range textLines(text) {
		if p.line(strings.TrimRight(text[at.Start:at.End], "\r\n"), at); p.wrong != "" {
			return p
		}
	}
	p.close()
	return p
}

func (p *liquibaseParser) line(line string, at lint.Span) {
	switch m := liquibaseIgnored.FindStringSubmatch(line); {
	case p.skip > 0:
		p.skip--
	case p.ignore:
		p.ignore = m == nil || m[1] != "end"
	case m != nil:
		p.skip, _ = strconv.Atoi(m[1])
		p.ignore = m[1] == "start"
	case p.undo:
		p.undo = !liquibaseUndoEnd.MatchString(line)
		if p.undo {
			p.in.rollback = append(p.in.rollback, at)
		}
	case liquibaseProperty.MatchString(line):
		p.property(line)
	case liquibaseAlmost.MatchString(line):
		p.begin(line, at)
	case p.in != nil:
		p.inside(line, at)
	}
}

func (p *liquibaseParser) begin(line string, at lint.Span) {
	m := liquibaseChangeset.FindStringSubmatch(line)
	if m == nil {
		p.fail(at, "has a changeset without author:id, so Liquibase refuses the whole changelog; write --changeset author:id")
		return
	}
	if p.close(); p.wrong != "" {
		return
	}
	a := liquibaseAttributes(line[len(m[0]):])
	p.in = &changeset{
		author: strings.Trim(m[1], `"`), id: strings.Trim(m[2], `"`), line: lint.Span{Start: at.Start, End: at.Start + len(line)},
		logical: a["logicalfilepath"], contexts: cmp.Or(a["contextfilter"], a["context"]), labels: a["labels"], program: a["runwith"],
		skipped: !forPostgres(a["dbms"]) || isTrue(a["ignore"]), delimiter: a["enddelimiter"], whole: isFalse(a["splitstatements"]),
		noTx: isFalse(a["runintransaction"]), onChange: isTrue(a["runonchange"]), always: isTrue(a["runalways"]),
	}
}

func (p *liquibaseParser) inside(line string, at lint.Span) {
	if m := liquibaseComment.FindStringSubmatch(line); m != nil {
		p.in.comment = m[1]
		return
	}
	switch m := liquibaseRollback.FindStringSubmatchIndex(line); {
	case m != nil:
		p.in.rollback = append(p.in.rollback, lint.Span{Start: at.Start + m[2], End: at.Start + m[3]})
	case liquibaseSums.MatchString(line):
		p.in.anySum = true
	case liquibaseUndo.MatchString(line):
		p.undo = true
	case liquibaseCondition.MatchString(line):
	default:
		p.in.body = append(p.in.body, at)
	}
}

// close ends the changeset that is open.
func (p *liquibaseParser) close() {
	if p.in == nil {
		return
	}
	sql := ""
	for _, part := range p.in.body {
		sql += strings.TrimSpace(p.text[part.Start:part.End])
	}
	if sql == "" && !p.in.skipped {
		p.fail(p.in.line, "has a changeset without SQL, "+p.in.author+":"+p.in.id+", so Liquibase refuses the whole changelog (“No SQL for changeset”)")
		return
	}
	p.changesets = append(p.changesets, p.in)
	p.in = nil
}

func (p *liquibaseParser) property(line string) {
	a := liquibaseAttributes(line)
	if name := a["name"]; name != "" && forPostgres(a["dbms"]) {
		p.properties[name] = a["value"]
	}
}

func (p *liquibaseParser) fail(at lint.Span, why string) { p.wrong, p.at = why, at }

// liquibaseAttributes returns the values by the lower-case names.
func liquibaseAttributes(text string) map[string]string {
	values := map[string]string{}
	for _, m := range liquibaseAttribute.FindAllStringSubmatch(text, -1) {
		values[strings.ToLower(m[1])] = strings.Trim(m[2], `"`)
	}
	return values
}

func isTrue(text string) bool  { return strings.EqualFold(text, "true") }
func isFalse(text string) bool { return strings.EqualFold(text, "false") }

// forPostgres tells whether a list of databases has PostgreSQL in it.
func forPostgres(dbms string) bool {
	if dbms == "" {
		return true
	}
	others := false
	for _, name := range strings.Split(strings.ToLower(dbms), ",") {
		switch name = strings.TrimSpace(name); {
		case name == "postgresql", name == "all":
			return true
		case name == "!postgresql", name == "none":
			return false
		case strings.HasPrefix(name, "!"):
			others = true
		}
	}
	return others
}
