package lint

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// fragments are what a window may end in.
var fragments = []string{
	"SELECT", "'a'", "'a''b'", "E'\\''", "U&'\\0061'", "U&\"\\0061\"", " UESCAPE '!'", "$$x;y$$", "$tag$ ' $tag$", "$1", "1.5e+3", "1..2",
	"--c\n", "/* c /* d */ */", "'a'\n'b'", "'a' --c\n 'b'", "<=", ">=", "-", "+", "/", "*", "::", ":=", ";", "\n", " ", "x", "Ä", "\"a b\"", "B'01'", "X'ff'", "@-", "ß",
}

// The windows of a text have the tokens of the text, however small they are.
func TestWindowsScanTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var b strings.Builder
		for range 1 + r.IntN(30) {
			b.WriteString(fragments[r.IntN(len(fragments))])
		}
		text := b.String()
		whole, _ := scanned(text, len(text))
		for _, size := range []int{1, 2, 7, 32} {
			if windows, _ := scanned(text, size); !slices.Equal(windows, whole) {
				t.Fatalf("%q in windows of %d bytes:\n%v\nwant\n%v", text, size, windows, whole)
			}
		}
	}
}

// scanned returns the tokens of a text and how large the largest scan was.
func scanned(text string, size int) (list []string, largest int) {
	at, err := eachWindow(text, size, func(w tokens) bool {
		largest = max(largest, len(w.list))
		for _, t := range w.list {
			list = append(list, fmt.Sprintf("%s %d-%d", pg.Token_name[int32(t.kind)], w.base+int(t.start), w.base+int(t.end)))
		}
		return true
	})
	if err != nil {
		list = append(list, fmt.Sprintf("%v at %d", err, at))
	}
	return list, largest
}

func TestWindowsBoundMemory(t *testing.T) {
	text := strings.Repeat("SELECT 1;\n", 1<<15)
	if list, largest := scanned(text, 1<<10); len(list) != 3<<15 || largest > 1<<10 {
		t.Errorf("%d tokens, %d of them at once", len(list), largest)
	}
}

func TestSlowRuns(t *testing.T) {
	tests := []struct {
		name, text string
		slow       int // where the run begins that is not scanned; -1 for none
	}{
		{"nested comments", "SELECT 1;" + strings.Repeat("/*", 2000), 9},
		{"comments without space", "SELECT 1;" + strings.Repeat("/*****/", 500), 9},
		{"signs", "SELECT 1" + strings.Repeat("+", 2000) + "1", 8},
		{"mixed signs", "SELECT 1" + strings.Repeat("+-", 1000) + "1", 8},
		{"a banner of stars", "/" + strings.Repeat("*", 100_000) + "/", -1},
		{"a banner of dashes", strings.Repeat("-", 100_000), -1},
		{"banners of plus signs", strings.Repeat("-- "+strings.Repeat("+", 80)+"\n", 20), -1},
		{"tables in comments", strings.Repeat("-- +--------+----------------+------------+\n-- | a      | b              | c          |\n", 5000), -1},
		{"nested comments with space", strings.Repeat("/* ", 10_000) + strings.Repeat("*/ ", 10_000), -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.slow
			if want < 0 {
				want = len(test.text)
			}
			if got := slowRun(test.text); got != want {
				t.Errorf("the slow run begins at %d, want %d", got, want)
			}
			if _, err := Scan(test.text); (err == errTooSlow) != (test.slow >= 0) {
				t.Errorf("scanned with %v", err)
			}
		})
	}
}

// What is too slow to be scanned costs its own statement and those behind, and
// is known as unread.
func TestSlowRunIsUnread(t *testing.T) {
	statements, _ := Parse("SELECT 1; SELECT 2 " + strings.Repeat("/*", 2000) + "; DROP TABLE t;")
	if len(statements) != 2 || statements[0].Node == nil || !statements[1].Unread || !strings.HasSuffix(statements[1].SQL, "t;") {
		t.Errorf("%+v", statements)
	}
}
