package rows

import (
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// Describe says, as a noun phrase, which data makes a statement fail the way e tells: what to look for in the real
// database before running it there. It reads the messages as PostgreSQL writes them with lc_messages = C; from others
// it takes less. The result is one line without control characters. It is empty when the failure has nothing to do
// with data.
//
// The codes are those of https://www.postgresql.org/docs/current/errcodes-appendix.html.
func Describe(e *pgconn.PgError) string {
	describe := describeByCode[e.Code]
	if describe == nil {
		return ""
	}
	return oneLine(describe(e))
}

var describeByCode = map[string]func(*pgconn.PgError) string{
	"23502": describeNull,
	"23503": describeReference,
	"23505": describeDuplicate,
	"23514": describeCheck,
	"23P01": describeExclusion,
	"22001": describeTooLong,
	"22003": describeOutOfRange,
	"22P02": describeBadText,
	"22007": describeBadText,
	"22008": describeAs("a date or time that is out of range"),
	"22023": describeMessage("a value refused with"),
	"22030": describeAs("a JSON object that has a key twice"),
	"22032": describeAs("text that is not valid JSON"),
	"22012": describeAs("a row where a divisor is zero"),
	"22004": describeAs("a row with a NULL where none is allowed"),
	"21000": describeAs("several rows where a subquery may find one"),
	"P0001": describeRaise("raises"),
	"P0002": describeAs("no row where SELECT INTO STRICT must find one"),
	"P0003": describeAs("several rows where SELECT INTO STRICT must find one"),
	"P0004": describeRaise("fails by ASSERT with"),
}

func describeAs(phrase string) func(*pgconn.PgError) string {
	return func(*pgconn.PgError) string { return phrase }
}

func describeMessage(phrase string) func(*pgconn.PgError) string {
	return func(e *pgconn.PgError) string { return phrase + " " + quoteExcerpt(e.Message) }
}

// raisedIn matches the function that a refusal comes from, as the innermost line of the
// context has it: a trigger's, or one that the migration calls. A DO block is
// inline_code_block, without brackets.
var raisedIn = lazyregexp.New(`^PL/pgSQL function (.+)\((.*)\) line \d+ at `)

// describeRaise says who raises: "data for which guard_orders() raises …".
func describeRaise(does string) func(*pgconn.PgError) string {
	return func(e *pgconn.PgError) string {
		who := "the migration"
		if m := raisedIn.FindStringSubmatch(e.Where); m != nil {
			who = m[1] + "()"
		}
		return "data for which " + who + " " + does + " " + quoteExcerpt(e.Message)
	}
}

func describeNull(e *pgconn.PgError) string {
	if e.ColumnName != "" {
		return "a row where " + qualifiedColumn(e.TableName, e.ColumnName) + " is NULL"
	}
	if e.DataTypeName != "" {
		return "a row where a column of type " + e.DataTypeName + " is NULL"
	}
	return "a row with a NULL where none is allowed"
}

var (
	keyDetail     = lazyregexp.New(`(?s)^Key \((.*?)\)=\(`)
	missingDetail = lazyregexp.New(`(?s) is not present in table "(.*)"\.$`)
	usedDetail    = lazyregexp.New(`(?s) is still referenced from table "(.*)"\.$`)
	lengthMessage = lazyregexp.New(`^value too long for type (.*)$`)
	rangeMessage  = lazyregexp.New(`(?s)^(?:value "(.*)" is out of range for type (.*)|(.*) out of range)$`)
	inputMessage  = lazyregexp.New(`(?s)^invalid input (syntax|value) for (?:type |enum )(.*?): "(.*)"$`)
)

func describeReference(e *pgconn.PgError) string {
	key := keyOf(e)
	if m := usedDetail.FindStringSubmatch(e.Detail); m != nil {
		return "a row that is deleted or changed while " + m[1] + " still refers to it"
	}
	if m := missingDetail.FindStringSubmatch(e.Detail); m != nil && key != "" {
		return "a row of " + e.TableName + " whose " + key + " is not in " + m[1]
	}
	return "a row whose parent is missing"
}

func describeDuplicate(e *pgconn.PgError) string {
	if key := keyOf(e); key != "" {
		return "two rows with the same " + key
	}
	return "two rows with the same key of " + e.ConstraintName
}

// keyOf returns the columns or expressions of the violated key, in parentheses when there are several.
func keyOf(e *pgconn.PgError) string {
	m := keyDetail.FindStringSubmatch(e.Detail)
	if m == nil {
		return ""
	}
	if strings.Contains(m[1], ", ") && !strings.Contains(m[1], "(") {
		return "(" + m[1] + ")"
	}
	return m[1]
}

func describeCheck(e *pgconn.PgError) string {
	switch {
	case e.DataTypeName != "":
		return "a value that domain " + e.DataTypeName + " refuses by " + e.ConstraintName
	case e.ConstraintName != "":
		return "a row" + ofTable(e.TableName) + " that violates " + e.ConstraintName
	}
	switch {
	case strings.HasPrefix(e.Message, "no partition of relation "):
		return "a row" + ofTable(e.TableName) + " that no partition takes"
	case strings.HasPrefix(e.Message, "updated partition constraint for default partition "):
		return "a row" + ofTable(e.TableName) + " that belongs to the new partition"
	case strings.Contains(e.Message, "partition constraint"):
		return "a row" + ofTable(e.TableName) + " that belongs to another partition"
	}
	return "a row" + ofTable(e.TableName) + " that code refuses with " + quoteExcerpt(e.Message)
}

func describeExclusion(e *pgconn.PgError) string {
	return "two rows" + ofTable(e.TableName) + " that exclude each other by " + e.ConstraintName
}

func describeTooLong(e *pgconn.PgError) string {
	if m := lengthMessage.FindStringSubmatch(e.Message); m != nil {
		return "a value too long for " + m[1]
	}
	return "a value that is too long"
}

func describeOutOfRange(e *pgconn.PgError) string {
	m := rangeMessage.FindStringSubmatch(e.Message)
	switch {
	case m == nil:
		return "a number that is out of range"
	case m[3] != "":
		return "a number out of range for " + m[3]
	}
	return "a number out of range for " + m[2] + ", such as " + m[1]
}

func describeBadText(e *pgconn.PgError) string {
	m := inputMessage.FindStringSubmatch(e.Message)
	switch {
	case m == nil:
		return "a value that cannot be converted: " + quoteExcerpt(e.Message)
	case m[1] == "value":
		return "a value that enum " + m[2] + " does not have, such as " + quoteExcerpt(m[3])
	}
	return "a value that is no " + m[2] + ", such as " + quoteExcerpt(m[3])
}

func qualifiedColumn(table, column string) string {
	if table == "" {
		return column
	}
	return table + "." + column
}

func ofTable(table string) string {
	if table == "" {
		return ""
	}
	return " of " + table
}

// maxQuoted bounds the characters that are repeated of a value: it may be as long as its author liked.
const maxQuoted = 60

func quoteExcerpt(text string) string {
	if runes := []rune(text); len(runes) > maxQuoted {
		text = string(runes[:maxQuoted]) + "…"
	}
	return `"` + text + `"`
}

// maxPhrase bounds the phrase as a whole; names have up to 63 bytes.
const maxPhrase = 300

func oneLine(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, text)
	if runes := []rune(clean); len(runes) > maxPhrase {
		return string(runes[:maxPhrase]) + "…"
	}
	return clean
}
