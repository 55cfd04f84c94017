package schema

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// columnAliases matches the names that PostgreSQL prints behind a function in FROM, for each
// attribute of its type one, used or not: FROM whoami() whoami(street, zip, city).
var columnAliases = lazyregexp.New(`\) (?:"[^"]+"|\w+)(\([\w", ]+\))`)

// isPrinted tells whether PostgreSQL writes a property from a tree that may hold a query. The
// body of a function is what somebody wrote.
func isPrinted(kind Kind, property string) bool {
	switch kind {
	case Policy:
		return property == "using" || property == "with check"
	case View, MaterializedView:
		return property == "definition"
	}
	return false
}

// samePrinted tells whether two texts of the catalog are the same but for attributes that a
// function's type lost or gained, which are printed with it.
func samePrinted(was, now string) bool {
	before, after := columnAliases.FindAllStringSubmatchIndex(was, -1), columnAliases.FindAllStringSubmatchIndex(now, -1)
	if len(before) == 0 || len(before) != len(after) {
		return false
	}
	from, to := 0, 0
	for i, b := range before {
		a := after[i]
		if was[from:b[2]] != now[to:a[2]] || !holdsAll(was[b[2]:b[3]], now[a[2]:a[3]]) {
			return false
		}
		from, to = b[3], a[3]
	}
	return was[from:] == now[to:]
}

// holdsAll tells whether one list of names is the other with some left out, in its order.
func holdsAll(a, b string) bool {
	long, short := strings.Split(strings.Trim(a, "()"), ", "), strings.Split(strings.Trim(b, "()"), ", ")
	if len(long) < len(short) {
		long, short = short, long
	}
	for _, name := range short {
		i := slices.Index(long, name)
		if i < 0 {
			return false
		}
		long = long[i+1:]
	}
	return true
}
