package lint_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/migvet/migvet/lint"
)

// nested are the shapes in which SQL can nest, each n deep. Left-recursive
// grammar (1+1+1…) is what kills the parser: nothing else bounds it.
var nested = map[string]func(n int) string{
	"operators":       func(n int) string { return "SELECT 1" + strings.Repeat("+1", n) },
	"right operators": func(n int) string { return "SELECT " + strings.Repeat("1^", n) + "1" },
	"concatenation":   func(n int) string { return "SELECT ''" + strings.Repeat("||''", n) },
	"postfix":         func(n int) string { return "SELECT 1" + strings.Repeat(" ISNULL", n) },
	"and or":          func(n int) string { return "SELECT true" + strings.Repeat(" AND true OR true", n) },
	"not":             func(n int) string { return "SELECT " + strings.Repeat("NOT ", n) + "true" },
	"minus":           func(n int) string { return "SELECT " + strings.Repeat("- ", n) + "1" },
	"parentheses":     func(n int) string { return "SELECT " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) },
	"rows":            func(n int) string { return "SELECT " + strings.Repeat("(1,", n) + "1" + strings.Repeat(")", n) },
	"case": func(n int) string {
		return "SELECT " + strings.Repeat("CASE WHEN ", n) + "true" + strings.Repeat(" THEN true END", n)
	},
	"else": func(n int) string {
		return "SELECT " + strings.Repeat("CASE WHEN true THEN 1 ELSE ", n) + "1" + strings.Repeat(" END", n)
	},
	"casts":      func(n int) string { return "SELECT 1" + strings.Repeat("::int", n) },
	"collations": func(n int) string { return "SELECT 'a'" + strings.Repeat(` COLLATE "C"`, n) },
	"time zones": func(n int) string { return "SELECT now()" + strings.Repeat(" AT TIME ZONE 'UTC'", n) },
	"arrays":     func(n int) string { return "SELECT " + strings.Repeat("ARRAY[", n) + strings.Repeat("]", n) },
	"functions":  func(n int) string { return "SELECT " + strings.Repeat("f(1, ", n) + "1" + strings.Repeat(")", n) },
	"in":         func(n int) string { return "SELECT " + strings.Repeat("1 IN (", n) + "1" + strings.Repeat(")", n) },
	"subqueries": func(n int) string { return "SELECT " + strings.Repeat("(SELECT ", n) + "1" + strings.Repeat(")", n) },
	"tables": func(n int) string {
		return strings.Repeat("SELECT * FROM (", n) + "SELECT 1" + strings.Repeat(") x", n)
	},
	"with": func(n int) string {
		return strings.Repeat("WITH x AS (", n) + "SELECT 1" + strings.Repeat(") SELECT 1", n)
	},
	"joins":           func(n int) string { return "SELECT * FROM a" + strings.Repeat(" CROSS JOIN b", n) },
	"joins with ON":   func(n int) string { return "SELECT * FROM a" + strings.Repeat(" JOIN b ON f(1, 2)", n) },
	"unions":          func(n int) string { return "SELECT 1" + strings.Repeat(" UNION SELECT 1", n) },
	"unions of lists": func(n int) string { return "SELECT 1,1" + strings.Repeat(" UNION SELECT 1,1", n) },
	"intersect, except": func(n int) string {
		return "VALUES(1),(1)" + strings.Repeat(" EXCEPT VALUES(1),(1) INTERSECT VALUES(1),(1)", n/2)
	},
}

// A file that nests without end costs its statement, not the process and not
// the statements around it.
func TestDepthIsBounded(t *testing.T) {
	for name, sql := range nested {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := "SELECT 1;\n" + sql(40_000) + ";\nSELECT 2"
			statements, _ := lint.Parse(source)
			if len(statements) != 3 {
				t.Fatalf("%d statements, want 3", len(statements))
			}
			deep := statements[1]
			if deep.Node != nil || deep.ParseError == nil || !strings.Contains(deep.ParseError.Message, "nested too deeply") {
				t.Errorf("error is %v", deep.ParseError)
			}
			if statements[0].Node == nil || statements[2].Node == nil {
				t.Error("its neighbours were not parsed")
			}
		})
	}
}

// Lists are long, not deep: a seed of 40,000 rows is parsed.
func TestLengthIsNotDepth(t *testing.T) {
	for name, source := range map[string]string{
		"values":  "INSERT INTO t VALUES (1, 'a')" + strings.Repeat(", (1, f('a'))", 40_000),
		"columns": "CREATE TABLE t (a int" + strings.Repeat(", b text NOT NULL DEFAULT ''", 10_000) + ")",
		"in":      "SELECT 1 WHERE 1 IN (1" + strings.Repeat(", 1", 40_000) + ")",
		"atomic":  "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC " + strings.Repeat("SELECT 1; ", 20_000) + "END",
		"where":   "SELECT 1 WHERE a = 1" + strings.Repeat(" AND a = 1", 300),
		"case":    "UPDATE t SET a = CASE" + strings.Repeat(" WHEN id = 1 THEN 'a' || 'b'", 5_000) + " ELSE a END",
		"joins":   "SELECT * FROM a" + strings.Repeat(" LEFT JOIN b.c AS d ON a.x = d.x AND d.y > 1", 60),
		"unions":  "SELECT 1, 'a' AS b" + strings.Repeat(" UNION ALL SELECT 1, 'a'", 1_000),
	} {
		statements, _ := lint.Parse(source)
		if len(statements) != 1 || statements[0].Node == nil {
			t.Errorf("%s: %v", name, statements[0].ParseError)
		}
	}
}

const smallStack = "MIGVET_TEST_SMALL_STACK"

// The deepest statements that reach the parser must fit into the smallest
// stack that threads get in practice, with a margin: here 1 MiB, an eighth of
// what Linux gives and half of what glibc's threads have without a limit.
func TestDeepestFitsSmallStack(t *testing.T) {
	if os.Getenv(smallStack) != "" {
		parseDeepest(t)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	sh := exec.Command("sh", "-c", `ulimit -s 1024 && exec "$0" -test.run='^TestDeepestFitsSmallStack$' -test.v`, self)
	sh.Env = append(os.Environ(), smallStack+"=1")
	out, err := sh.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "deepest:") {
		t.Errorf("with 1 MiB of stack: %v\n%.2000s", err, out)
	}
}

// parseDeepest finds, for each shape, the deepest statement that is not
// refused; to find it is to parse it. Threads of their own, so that none of
// them is the main one.
func parseDeepest(t *testing.T) {
	var wg sync.WaitGroup
	for name, sql := range nested {
		wg.Go(func() {
			runtime.LockOSThread()
			depth := deepest(sql)
			if depth < 250 {
				t.Errorf("%s: refused beyond %d already", name, depth)
			}
			fmt.Printf("deepest: %s %d\n", name, depth)
		})
	}
	wg.Wait()
}

func deepest(sql func(int) string) int {
	accepted, refused := 0, 4_000
	for refused-accepted > 1 {
		n := (accepted + refused) / 2
		statements, _ := lint.Parse(sql(n))
		if e := statements[0].ParseError; e != nil && strings.Contains(e.Message, "nested too deeply") {
			refused = n
		} else {
			accepted = n
		}
	}
	return accepted
}
