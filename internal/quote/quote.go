// Package quote is where SQL is put together: of constants, and of names and
// texts that are quoted here.
//
// Constants become [SQL] by themselves, strings do not. So the compiler tells
//
//	"DROP ROLE " + quote.Name(role)
//
// from
//
//	"DROP ROLE " + role
//
// and what is no constant and cannot be quoted has to be converted, quote.SQL(text).
// A test keeps the list of the files that do, each with its reason.
package quote

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// SQL is text that PostgreSQL may be sent: nothing in it is a stranger's word
// outside of quotes, unless somebody converted it.
type SQL string

// ForServer is the text, for those who send it.
func (s SQL) ForServer() string { return string(s) }

// Name writes an identifier. https://www.postgresql.org/docs/current/sql-syntax-lexical.html
func Name(name string) SQL {
	return SQL(`"` + strings.ReplaceAll(withoutNUL(name), `"`, `""`) + `"`)
}

// Text writes a string constant that means the same whatever
// standard_conforming_strings says.
func Text(text string) SQL {
	quoted := "'" + strings.ReplaceAll(withoutNUL(text), "'", "''") + "'"
	if !strings.Contains(quoted, `\`) {
		return SQL(quoted)
	}
	return SQL("E" + strings.ReplaceAll(quoted, `\`, `\\`))
}

// withoutNUL leaves out what ends a message early.
func withoutNUL(text string) string { return strings.ReplaceAll(text, "\x00", "") }

// Names writes identifiers with commas between them.
func Names(names []string) SQL { return List(names, Name) }

// List writes items with commas between them.
func List[T any](items []T, write func(T) SQL) SQL {
	parts := make([]SQL, len(items))
	for i, item := range items {
		parts[i] = write(item)
	}
	return Join(parts, ", ")
}

// Join is strings.Join.
func Join(parts []SQL, between SQL) SQL {
	var all strings.Builder
	for i, part := range parts {
		if i > 0 {
			all.WriteString(string(between))
		}
		all.WriteString(string(part))
	}
	return SQL(all.String())
}

// Number writes an integer.
func Number[I ~int | ~int64 | ~uint32](n I) SQL { return SQL(strconv.FormatInt(int64(n), 10)) }

// Bool is TRUE or FALSE.
func Bool(b bool) SQL {
	if b {
		return "TRUE"
	}
	return "FALSE"
}

// Decimal writes a number as its digits stand in a text, which may be more of them
// than an integer holds: the version 20260101000000000000 of a file's name. What is
// no digit and no point is left out.
func Decimal(number string) SQL {
	return SQL(strings.Map(func(c rune) rune {
		if c == '.' || '0' <= c && c <= '9' {
			return c
		}
		return -1
	}, number))
}

// Hex writes bytes as hexadecimal digits, without quotes.
func Hex(data []byte) SQL { return SQL(hex.EncodeToString(data)) }
