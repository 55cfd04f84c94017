package rows

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/quote"
)

func TestValue(t *testing.T) {
	for _, test := range []struct {
		name string
		v    value
		want quote.SQL
		size int
	}{
		{"constant", constantValue("'$k'"), "'$k'", 1},
		{"per row", perRow("$k + $k"), "N + N", 0},
		{"cycle", cycleThrough([]quote.SQL{"'a'", "'$k'"}), "(ARRAY['a', '$k'])[(N - 1001) % 2 + 1]", 2},
		{"cycle of one", cycleThrough([]quote.SQL{"'a'"}), "'a'", 1},
		{"next", perRow("f($k, $k)").next(), "f((N + 1), (N + 1))", 0},
		{"next of constant", constantValue("5").next(), "5", 1},
		{"wrap", perRow("$k").wrap("f(", ")"), "f(N)", 0},
		{"join", constantValue("'$k' || ").join(perRow("$k")), "'$k' || N", 1},
	} {
		if got := test.v.sql("N"); got != test.want || test.v.size != test.size {
			t.Errorf("%s: %s, size %d; want %s, size %d", test.name, got, test.v.size, test.want, test.size)
		}
	}
}

func TestMatching(t *testing.T) {
	for _, pattern := range []string{
		`^[a-z0-9]+(-[a-z0-9]+)*$`, `^#[0-9a-fA-F]{6}$`, `^[A-Z]{2}-\d{4}$`, `^(draft|live)$`, `^\+[1-9]\d{7,14}$`,
		`^[^@\s]+@[^@\s]+\.[^@\s]+$`, `x`, `^.{3,}$`, `^\w+(?:\.\w+)?$`, `^[äöü]$`, `^a*b?$`, `(?i)^sku`,
	} {
		values := valuesMatching(pattern)
		if len(values) == 0 {
			t.Errorf("%s: nothing", pattern)
		}
		for _, v := range values {
			for _, m := range textLiteral.FindAllStringSubmatch(string(v.sql("N")), -1) {
				if text := strings.ReplaceAll(m[1], "''", "'"); !regexp.MustCompile(pattern).MatchString(text) {
					t.Errorf("%s: %q does not match", pattern, text)
				}
			}
		}
	}
	for _, pattern := range []string{`(`, `[[:foo:]]`, `(?=x)`, `(((a{1000}){1000}){1000})`, `a{1000}b{1000}c{1000}`} {
		if values := valuesMatching(pattern); len(values) != 0 {
			t.Errorf("%s: %v", pattern, values)
		}
	}
}

func TestMatchingIsDistinct(t *testing.T) {
	for _, pattern := range []string{`^[a-z]+$`, `^\d{4}$`, `^#[0-9a-f]{6}$`} {
		if v := valuesMatching(pattern)[1]; v.size < defaultRows {
			t.Errorf("%s: only %d different texts", pattern, v.size)
		}
	}
}

func TestJSONPaths(t *testing.T) {
	for _, test := range []struct{ expression, want string }{
		{`(data ->> 'a'::text)`, "a"},
		{`((data -> 'a'::text) ->> 'b'::text)`, "a.b"},
		{`(data #>> '{a,b,c}'::text[])`, "a.b.c"},
		{`((data ->> 'a'::text) = (data ->> 'b'::text))`, "a b"},
		{`(data ? 'it''s'::text)`, "it's"},
		{`jsonb_path_exists(data, '$.a.b'::jsonpath)`, "a.b"},
		{`(n > 5)`, ""},
	} {
		var got []string
		for _, p := range jsonPaths(test.expression) {
			got = append(got, strings.Join(p, "."))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.expression, got, test.want)
		}
	}
}

func TestLiterals(t *testing.T) {
	texts, numbers := literalsIn(`((a = ANY (ARRAY['x'::text, 'it''s'::text])) AND (n >= '-5'::integer) AND (m < 2.5) AND (length(b) <= 63) AND v2 = 'x')`)
	if want := []quote.SQL{"'x'", "'it''s'", "'-5'"}; !slices.Equal(texts, want) {
		t.Errorf("texts %q, want %q", texts, want)
	}
	if want := []quote.SQL{"-5", "2.5", "63"}; !slices.Equal(numbers, want) {
		t.Errorf("numbers %q, want %q", numbers, want)
	}
}

// TestSpread checks what the doc comment of spread promises: duplicates in each of two columns, and no pair twice.
func TestSpread(t *testing.T) {
	for _, test := range []struct {
		spread spread
		want   quote.SQL
	}{
		{everyRow, "N"}, {pairedRows, "((N + 1) / 2 + 500)"}, {staggeredRows, "(N / 2 + 501)"},
	} {
		if got := test.spread.row("N"); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	pairs := map[[2]int]bool{}
	for n := firstRow; n < firstRow+defaultRows; n++ {
		p := [2]int{(n+1)/2 + 500, n/2 + 501}
		if pairs[p] || p[0] < firstRow || p[1] < firstRow || p[0] >= firstRow+defaultRows || p[1] >= firstRow+defaultRows {
			t.Errorf("row %d: %v", n, p)
		}
		pairs[p] = true
	}
}

func TestLiteralDefaults(t *testing.T) {
	for expression, want := range map[string]bool{
		`'draft'::text`: true, `0`: true, `'-1'::integer`: true, `true`: true, `'a''b'::character varying(20)`: true, `'{}'::text[]`: true,
		`now()`: false, `nextval('t_id_seq'::regclass)`: false, `('a'::text || 'b'::text)`: false, `CURRENT_TIMESTAMP`: false, ``: false,
	} {
		if constantDefault.MatchString(expression) != want {
			t.Errorf("%s: want %v", expression, want)
		}
	}
}

// TestManyKeys fills a document from which a table reads more keys than one call of
// jsonb_build_object takes.
func TestManyKeys(t *testing.T) {
	for _, c := range []struct {
		document string
		keys     int
	}{{"jsonb", 50}, {"jsonb", 51}, {"json", 120}} {
		t.Run(fmt.Sprintf("%d of %s", c.keys, c.document), func(t *testing.T) {
			d := newDatabase(t)
			sql := "CREATE TABLE readings (id int PRIMARY KEY, doc " + c.document + " NOT NULL"
			for i := range c.keys {
				sql += fmt.Sprintf(", sensor_%d int GENERATED ALWAYS AS ((doc ->> 'sensor_%d')::int) STORED", i, i)
			}
			d.load(t, sql+")")
			if f := d.fill(t, Options{})["public.readings"]; f.Err != nil || f.Rows == 0 {
				t.Fatalf("%d rows, %v", f.Rows, f.Err)
			}
			for _, key := range []int{0, c.keys - 1} {
				if got := d.texts(t, fmt.Sprintf("SELECT (count(sensor_%d) > 0)::text FROM readings", key)); got[0] != "true" {
					t.Errorf("no row has the key %d", key)
				}
			}
		})
	}
}
