package source

import (
	"fmt"
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/shelltext"
	"github.com/migvet/migvet/lint"
)

// MaxDump is the size of the largest dump of a schema, in bytes.
const MaxDump = 64 << 20

// psqlInDump are the commands of psql that a dump may have: what they do is nothing that
// makes a schema. \connect goes to the database that is being restored, which is the one
// that is there.
var psqlInDump = lazyregexp.New(`^\\(restrict|unrestrict|connect|c|conninfo|set|unset|pset|echo|qecho|warn|timing|encoding|x|a|t|f|H|errverbose)\b`)

var psqlConnect = lazyregexp.New(`^\\(?:connect|c)\s+(?:-reuse-previous=\w+\s+)?("(?:[^"]|"")+"|'(?:[^']|'')+'|[^\s"']+)`)

// ReadDump reads a dump of a schema as pg_dump writes it in plain form, and what Rails,
// dbmate, sqlc and others make of that: statement by statement, with the rows behind
// COPY … FROM stdin. Errors name the line and the way out.
func ReadDump(file, text string) (*lint.Migration, error) {
	if err := refuseDump(file, text); err != nil {
		return nil, err
	}
	p := scanPsql(text)
	database := ""
	for _, c := range p.commands {
		command := strings.TrimSpace(text[c.Start:c.End])
		at := fmt.Sprintf("%s:%d", file, 1+strings.Count(text[:c.Start], "\n"))
		if !psqlInDump.MatchString(command) {
			return nil, fmt.Errorf("%s: the psql command %s is not known here; write what it does as SQL, or make the file with pg_dump --schema-only", at, command)
		}
		if m := psqlConnect.FindStringSubmatch(command); m != nil {
			if database != "" && database != m[1] {
				return nil, fmt.Errorf("%s: %s goes to a second database; dump the one that the migrations run in alone, with pg_dump --schema-only", at, command)
			}
			database = m[1]
		}
	}
	s := step{text: blankSpans(text, p.commands)}
	s.sendRows(p.rows)
	s.chunks = []lint.Span{{Start: 0, End: len(s.text)}}
	if s.sendStatements(); s.opaque != "" {
		return nil, fmt.Errorf("%s: %s", file, s.opaque)
	}
	return &lint.Migration{Path: file, Name: path.Base(file), Tx: lint.TxNone, Source: s.text, Chunks: s.chunks, Rows: s.rows(), Allowance: lint.NewAllowance(lint.MaxTokens)}, nil
}

func refuseDump(file, text string) error {
	if strings.HasPrefix(text, "PGDMP") {
		return fmt.Errorf("%s is a dump in pg_dump's custom format; write it as SQL: pg_restore --schema-only -f schema.sql %s", file, shelltext.Path(path.Base(file)))
	}
	if why, bad := whyUnreadable(file, text); bad {
		return fmt.Errorf("%s: %s", file, why.Message)
	}
	if !lint.HasStatement(text) {
		return fmt.Errorf("%s holds no SQL; make it with pg_dump --schema-only", file)
	}
	return nil
}
