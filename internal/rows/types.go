package rows

import (
	"math"
	"slices"

	"github.com/migvet/migvet/internal/quote"
)

// benignValues lists values by pg_type.typname, the usual one first, the rest to try when a constraint refuses it. They
// are literals where the type is known from the column's cast.
var benignValues = map[string][]quote.SQL{
	"bool":        {"($k % 2 = 1)"},
	"int2":        integerValues,
	"int4":        integerValues,
	"int8":        integerValues,
	"oid":         integerValues,
	"regclass":    objectValues,
	"regtype":     objectValues,
	"regproc":     objectValues,
	"regrole":     objectValues,
	"float4":      {"$k + 0.5", "($k - 1000) / 1000.0", "$k - 1000"},
	"float8":      {"$k + 0.5", "($k - 1000) / 1000.0", "$k - 1000"},
	"money":       {"$k::numeric"},
	"text":        textValues,
	"varchar":     textValues,
	"bpchar":      textValues,
	"citext":      textValues,
	"name":        textValues,
	"uuid":        {"lpad(to_hex($k), 32, '0')", "'00000000-0000-4000-8000-' || lpad(to_hex($k), 12, '0')"},
	"timestamp":   timestampValues,
	"timestamptz": timestampValues,
	"date":        {"date '2024-01-01' + ($k - 1000)", "date '2100-01-01' + ($k - 1000)"},
	"time":        {"time '00:00' + ($k - 1000) * interval '1 minute'", "time '12:00' + ($k - 1000) * interval '1 minute'"},
	"timetz":      {"time '00:00' + ($k - 1000) * interval '1 minute'"},
	"interval":    {"$k * interval '1 minute'", "$k * interval '1 day'"},
	"json":        {`'{"k": ' || $k || '}'`, "'[' || $k || ']'", "to_json($k)", "to_json($k::text)"},
	"jsonb":       {`'{"k": ' || $k || '}'`, "'[' || $k || ']'", "to_json($k)", "to_json($k::text)"},
	"bytea":       {"decode(lpad(to_hex($k), 8, '0'), 'hex')", "decode(lpad(to_hex($k), 64, '0'), 'hex')"},
	"inet":        {"'10.0.0.0'::inet + $k"},
	"cidr":        {"'10.0.0.0'::inet + $k"},
	"macaddr":     {"'08002b' || lpad(to_hex($k), 6, '0')"},
	"macaddr8":    {"'08002b0102' || lpad(to_hex($k), 6, '0')"},
	"tsvector":    {"'w' || $k"},
	"tsquery":     {"'w' || $k"},
	"xml":         {"'<a>' || $k || '</a>'"},
	"point":       {"point($k, $k)"},
	"box":         {"box(point($k, $k), point($k + 0.5, $k + 0.5))"},
	"circle":      {"circle(point($k, $k), 0.25)"},
	"lseg":        {"lseg(point($k, $k), point($k, 0))"},
	"line":        {"line(point($k, $k), point($k, 0))"},
	"path":        {"'[(' || $k || ',0),(0,0)]'"},
	"polygon":     {"'((' || $k || ',0),(0,0),(0,1))'"},
	"hstore":      {"'k=>' || $k"},
	"ltree":       {"'a.b' || $k"},
	"lquery":      {"'a.b' || $k"},
	"pg_lsn":      {"'0/' || to_hex($k)"},
	"xid8":        {"$k::text"},
	"char":        {"chr(97 + ($k - 1001) % 26)"},
	"geometry":    {"'POINT(' || $k % 90 || ' 1)'", "'SRID=4326;POINT(' || $k % 90 || ' 1)'"},
	"geography":   {"'POINT(' || $k % 90 || ' 1)'"},
}

var (
	integerValues   = []quote.SQL{"$k", "$k - 1000", "1000000 + $k", "2 * $k", "-$k", "0", "1"}
	objectValues    = []quote.SQL{"$k"} // of no catalog: a cast from text would look for a name
	timestampValues = []quote.SQL{
		"timestamp '2024-01-01' + $k * interval '1 hour'",
		"timestamp '2100-01-01' + $k * interval '1 hour'",
		"timestamp '2020-01-01' + $k * interval '1 hour'",
	}
	textValues = []quote.SQL{
		"$k::text", "'v' || $k", "'user' || $k || '@example.com'", "'https://example.com/' || $k", "'/' || $k",
		"lpad(to_hex($k), 32, '0')::uuid::text", "lpad($k::text, 26, '0')", "'#' || lpad(to_hex($k), 6, '0')",
		"'+1555' || lpad($k::text, 7, '0')", "lpad(to_hex($k), 64, '0')", "'0x' || lpad(to_hex($k), 40, '0')",
		"upper(lpad(to_hex($k), 8, '0'))", "chr(97 + ($k - 1001) / 26) || chr(97 + ($k - 1001) % 26)", `'{"k": ' || $k || '}'`,
	}
)

// adversarialValues lists the values that find what a migration forgets, in columns that need not be unique.
var adversarialValues = map[string]quote.SQL{
	"int4":        "CASE $k % 4 WHEN 0 THEN 70000 + $k WHEN 1 THEN -$k WHEN 2 THEN 0 ELSE 700000 + $k END",
	"int8":        "CASE $k % 4 WHEN 0 THEN 3000000000 + $k WHEN 1 THEN -$k WHEN 2 THEN 0 ELSE 700000 + $k END",
	"int2":        "CASE $k % 4 WHEN 0 THEN 30000 + $k WHEN 1 THEN -$k WHEN 2 THEN 0 ELSE $k END",
	"float4":      "CASE $k % 2 WHEN 0 THEN -$k - 0.125 ELSE $k + 0.5 END",
	"float8":      "CASE $k % 2 WHEN 0 THEN -$k - 1 / 3.0::float8 ELSE $k + 0.1 END",
	"timestamp":   "timestamp '2024-01-01 12:34:56.789' + $k * interval '1 hour'",
	"timestamptz": "timestamptz '2024-01-01 12:34:56.789+00' + $k * interval '1 hour'",
	"uuid":        "CASE $k % 2 WHEN 0 THEN lpad(to_hex(70000 + $k), 32, '0') ELSE lpad(to_hex($k), 32, '0') END",
	"json":        oddJSON,
	"jsonb":       oddJSON,
}

const oddJSON = `CASE $k % 4 WHEN 0 THEN 'null' WHEN 1 THEN '{}' WHEN 2 THEN '[]' ELSE '{"k": ' || $k || '}' END`

// plain returns the values for a column of a type, the one for benign rows first. Those that the checks of a domain
// suggest are the last: a column has its own domain's from elsewhere.
func (d *dataType) plain() []value {
	values := d.ofType()
	for _, check := range d.checks {
		values = append(values, suggestValues(check, d)...)
	}
	return values
}

func (d *dataType) ofType() []value {
	switch {
	case d.typtype == "e":
		return d.enumValues()
	case d.typtype == "c":
		empty := constantValue("jsonb_populate_record(NULL::" + d.baseType + ", '{}')")
		if len(d.fields) == 0 { // or more than are looked into
			return []value{empty}
		}
		return []value{d.rowValue(), empty}
	case d.typtype == "m" && d.subtype != nil:
		return append(wrapEach(d.subtype.plain(), d.baseType+"((", ")::"+d.subtype.castType+")"), constantValue("'{}'"))
	case d.subtype != nil:
		return d.rangeValues()
	case d.element != nil:
		return append(d.arrayValues(d.element.plain()), constantValue("'{}'"))
	}
	switch d.base {
	case "numeric":
		return d.numericValues()
	case "bit", "varbit":
		return []value{perRow("right(($k - 1000)::bit(64)::text, " + quote.Number(max(d.length, 1)) + ")")}
	case "vector", "halfvec":
		return []value{perRow("'[' || array_to_string(array_fill($k, ARRAY[" + quote.Number(max(d.modifier, 1)) + "]), ',') || ']'")}
	}
	return d.listedValues()
}

func (d *dataType) enumValues() []value {
	if len(d.labels) == 0 {
		return []value{constantValue("NULL")}
	}
	labels := eachAsSQL(d.labels, quote.Text)
	values := []value{cycleThrough(labels)}
	for _, l := range labels {
		values = append(values, constantValue(l))
	}
	return values
}

// maxRangeValues is how many values of its subtype a range is made of.
const maxRangeValues = 6

// rangeValues are from one value of the subtype to the next one, and empty in the end.
func (d *dataType) rangeValues() []value {
	var values []value
	for _, v := range atMost(d.subtype.plain(), maxRangeValues) {
		low := v.wrap(d.baseType+"((", ")::"+d.subtype.castType+", ")
		high := v.next().wrap("(", ")::"+d.subtype.castType+")")
		values = append(values, low.join(high))
	}
	return append(values, constantValue("'empty'"))
}

// rowValue has every field filled.
func (d *dataType) rowValue() value {
	row := constantValue("ROW(")
	for i, f := range d.fields {
		before := quote.SQL("(")
		if i > 0 {
			before = ", ("
		}
		filled := f.plain()[0].wrap(before, ")::"+f.castType)
		differs := row.size == 0 || filled.size == 0
		if row = row.join(filled); differs {
			row.size = 0
		}
	}
	return row.wrap("", ")::"+d.baseType)
}

func wrapEach(values []value, before, after quote.SQL) []value {
	var wrapped []value
	for _, v := range values {
		wrapped = append(wrapped, v.wrap(before, after))
	}
	return wrapped
}

func (d *dataType) arrayValues(elements []value) []value {
	return wrapEach(elements, "ARRAY[(", ")::"+d.element.castType+"]")
}

// numericValues fit the precision: numeric(4,3) holds nothing above 9.999.
func (d *dataType) numericValues() []value {
	precision, scale := d.numericSize()
	if whole := precision - scale; precision > 0 && whole < 4 {
		zeros := quote.Join(slices.Repeat([]quote.SQL{"0"}, max(scale, 0)), "")
		step := perRow("($k - " + quote.Number(firstRow) + ") / 1" + zeros + ".0")
		step.size = int(math.Pow10(min(precision, 9)))
		return []value{step, constantValue("0"), constantValue("1")}
	}
	return []value{perRow("$k + 0.25"), perRow("$k"), perRow("$k - 1000"), perRow("($k - 1000) / 100.0")}
}

// numericSize decodes the modifier of numeric(precision, scale); zeros for numeric without.
func (d *dataType) numericSize() (precision, scale int) {
	if d.modifier < 4 {
		return 0, 0
	}
	m := d.modifier - 4
	precision, scale = m>>16&0xffff, m&0x7ff
	if scale >= 1024 { // negative scales are allowed since 15
		scale -= 2048
	}
	return precision, scale
}

func (d *dataType) listedValues() []value {
	var values []value
	for _, template := range benignValues[d.base] {
		v := perRow(template)
		if len(v.parts) == 1 {
			v = constantValue(template)
		}
		values = append(values, v)
	}
	switch {
	case d.base == "bool":
		values = []value{{parts: values[0].parts, size: 2}, constantValue("true"), constantValue("false")}
	case d.length > 0 && d.length < 4:
		values = append([]value{d.shortText()}, values...)
	case len(values) == 0: // a type of some extension: any of these may be its text form
		values = []value{perRow("$k::text"), constantValue("''"), constantValue("'{}'"), constantValue("'0'")}
	}
	return values
}

// shortText is text of one, two or three characters; the 26 letters must do for one.
func (d *dataType) shortText() value {
	if d.length == 1 {
		v := perRow("chr(97 + ($k - " + quote.Number(firstRow) + ") % 26)")
		v.size = 26
		return v
	}
	v := perRow("lpad(to_hex($k - " + quote.Number(firstRow) + "), " + quote.Number(d.length) + ", '0')")
	v.size = 1 << (4 * d.length)
	return v
}

// odd returns the adversarial value, if the type has one of its own.
func (d *dataType) odd() (value, bool) {
	switch {
	case d.element != nil:
		filled := d.arrayValues(d.element.plain()[:1])[0]
		return perRow("CASE WHEN $k % 2 = 0 THEN '{}' ELSE ").join(filled.wrap("", " END")), true
	case d.isText():
		return d.oddText()
	case d.base == "numeric":
		if p, s := d.numericSize(); p > 0 && p-s < 4 {
			return value{}, false
		}
		return perRow("CASE $k % 2 WHEN 0 THEN -$k - 0.75 ELSE $k + 0.25 END"), true
	}
	template, ok := adversarialValues[d.base]
	return perRow(template), ok
}

func (d *dataType) isText() bool {
	switch d.base {
	case "text", "varchar", "bpchar", "citext":
		return true
	}
	return false
}

// oddText is text that real columns hold: as long as allowed, padded and capitalised, plain, and empty.
func (d *dataType) oddText() (value, bool) {
	if d.length > 0 && d.length < 20 {
		return value{}, false
	}
	long := 300
	if d.length > 0 {
		long = min(d.length, long)
	}
	return perRow("CASE $k % 4 WHEN 0 THEN repeat('x', " + quote.Number(long) +
		") WHEN 1 THEN 'Val ' || $k || ' ' WHEN 2 THEN 'v' || $k ELSE '' END"), true
}

// caseTwins is distinct text in pairs that differ in case alone: 'a1' and 'A1'.
func (d *dataType) caseTwins() (value, bool) {
	if !d.isText() || d.base == "citext" || d.length > 0 && d.length < 8 {
		return value{}, false
	}
	return perRow("CASE WHEN $k % 2 = 0 THEN 'K' ELSE 'k' END || ($k + 1) / 2"), true
}
