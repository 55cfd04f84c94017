package lint

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Size is how large a table is in production. Its zero value is an empty
// table.
type Size struct {
	Rows  int64 // -1 when PostgreSQL never counted them
	Bytes int64 // with indexes and TOAST
}

// String is "120 M rows, 64 GB".
func (s Size) String() string {
	if s.Rows < 0 {
		return bytesText(s.Bytes)
	}
	return rowsText(s.Rows) + ", " + bytesText(s.Bytes)
}

func rowsText(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return formatScaled(n, 1000, []string{"", " k", " M", " bn"}) + " rows"
}

func bytesText(n int64) string {
	return formatScaled(n, 1024, []string{" bytes", " kB", " MB", " GB", " TB", " PB"})
}

// formatScaled writes two digits at least, and no more than people compare.
func formatScaled(n, base int64, units []string) string {
	unit, v := 0, float64(n)
	for math.Round(v) >= float64(base) && unit < len(units)-1 {
		v /= float64(base)
		unit++
	}
	text := strconv.FormatFloat(v, 'f', 0, 64)
	if unit > 0 && v < 9.95 {
		text = strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	}
	return text + units[unit]
}

// Sizes says how large the tables of production are.
type Sizes struct {
	// Of returns the size of a table, by schema ("" when a statement names
	// none) and name; ok is false when it is not known.
	Of func(schema, name string) (size Size, ok bool)

	// Small is the largest table on which rules that scale are not listened
	// to; a limit that is negative does not count, and two negative ones mean
	// that no table is small. Both given, both must be met.
	Small Size
}

func (s *Sizes) small(size Size) bool {
	limited := s.Small.Rows >= 0 || s.Small.Bytes >= 0
	return limited &&
		(s.Small.Rows < 0 || size.Rows >= 0 && size.Rows <= s.Small.Rows) &&
		(s.Small.Bytes < 0 || size.Bytes <= s.Small.Bytes)
}

// groupsWithSizes are the groups whose findings say how large a table is.
var groupsWithSizes = []Group{GroupLock, GroupDrop, GroupData}

// applySizes writes the sizes of tables into findings, "orders (3 million rows)",
// and accepts findings of rules that Scale when all of their tables are small.
func applySizes(findings []Finding, o Options) {
	if o.Sizes == nil {
		return // then the rows of lookup tables are all that is known; see walk.acceptSmall
	}
	rules := map[string]*Rule{}
	for _, r := range o.Rules {
		rules[r.ID] = r
	}
	for i := range findings {
		f := &findings[i]
		r := rules[f.Rule]
		if f.at == nil || r == nil || !r.Scales && !slices.Contains(groupsWithSizes, r.Group) {
			continue
		}
		o.Sizes.addSizes(f, r, touchedTables(f.at, o.Observed.Effect(f.at)))
	}
}

func (s *Sizes) addSizes(f *Finding, r *Rule, tables []tableName) {
	var told []string // sizes that found no place in the message
	allSmall := true
	for _, t := range tables {
		size, ok := s.Of(t.schema, t.name)
		allSmall = allSmall && ok && s.small(size)
		if !ok {
			continue
		}
		var placed bool
		f.series.subject, _ = t.annotate(f.series.subject, size)
		if f.Message, placed = t.annotate(f.Message, size); !placed && r.Scales {
			told = append(told, fmt.Sprintf("%s has %s", t, size))
		}
	}
	if len(told) > 0 {
		f.Message += "; " + strings.Join(told, "; ")
	}
	if r.Scales && allSmall && len(tables) > 0 && f.Cause == "" && f.Accepted == "" {
		f.Accepted = smallInProduction + s.list(tables)
	}
}

// What begins the reason why a finding about small tables is accepted.
const (
	smallInProduction = "small in production: "
	smallByHistory    = "small by its history: "
)

// isAboutSmall reports whether a finding is accepted since its tables are small.
func (f *Finding) isAboutSmall() bool {
	return strings.HasPrefix(f.Accepted, smallInProduction) || strings.HasPrefix(f.Accepted, smallByHistory)
}

func (s *Sizes) list(tables []tableName) string {
	var parts []string
	for _, t := range tables {
		size, _ := s.Of(t.schema, t.name)
		parts = append(parts, fmt.Sprintf("%s has %s", t, size))
	}
	return strings.Join(parts, ", ")
}
