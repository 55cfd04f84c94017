package newer

// returning looks at MERGE … RETURNING, and at RETURNING WITH (OLD AS o, NEW AS n).
func (b *bridge) returning(i int) int {
	if b.isMerge(i) {
		end := b.last(i)
		b.blank(i, end)
		b.add(MergeReturning, i, end, -1)
		return end
	}
	if !b.is(i+1, "WITH", "(") {
		return i
	}
	end := min(b.closes[i+2]+1, len(b.tokens))
	b.blank(i+1, end)
	b.add(ReturningAliases, i+1, end, -1)
	return end
}

// isMerge tells whether token i belongs to a MERGE.
func (b *bridge) isMerge(i int) bool {
	for k := b.before(i); k >= 0; k = b.before(k) {
		if b.is(k, "MERGE", "INTO") {
			return true
		}
		if b.isOneOf(k, "FROM", "RETURNING") {
			return false
		}
	}
	return false
}

// conflictSelect looks at ON CONFLICT (a) DO SELECT, which returns the rows that are
// there.
func (b *bridge) conflictSelect(i int) int {
	if !b.is(i, "DO", "SELECT") {
		return i
	}
	on := b.before(i)
	for on >= 0 && !b.is(on, "ON", "CONFLICT") {
		if on = b.before(on); b.word(on) == "DO" {
			return i
		}
	}
	if on < 0 {
		return i
	}
	end := i + 2
	for end < len(b.tokens) && b.depth[end] >= b.depth[i] && (b.depth[end] > b.depth[i] || b.words[end] != "RETURNING" && b.words[end] != ")") {
		end++
	}
	b.blank(on, end)
	b.add(ConflictSelect, on, end, b.start(on))
	return end
}

func (b *bridge) nullTreatment(i int) int {
	if b.word(i-1) != ")" || !b.is(i+1, "NULLS", "OVER") {
		return i
	}
	b.blank(i, i+2)
	b.add(NullTreatment, i, i+2, -1)
	return i + 2
}

// groupByAll leaves alone GROUP BY ALL a, where ALL is the older word before a list.
func (b *bridge) groupByAll(i int) int {
	if !b.is(i, "GROUP", "BY", "ALL") || !b.isOneOf(i+3, "", ")", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION", "INTERSECT", "EXCEPT", "RETURNING", "ON") {
		return i
	}
	b.blank(i, i+3)
	b.add(GroupByAll, i, i+3, -1)
	return i + 3
}

func (b *bridge) atLocal(i int) int {
	if i == 0 || !b.is(i, "AT", "LOCAL") {
		return i
	}
	b.blank(i, i+2)
	b.add(AtLocal, i, i+2, -1)
	return i + 2
}

// json looks at calls with clauses behind their arguments: JSON_VALUE(doc, '$.a'
// RETURNING int DEFAULT 0 ON EMPTY). The arguments stay.
func (b *bridge) json(i int) int {
	if b.word(i+1) != "(" || !b.isOneOf(i, "JSON", "JSON_SCALAR", "JSON_SERIALIZE", "JSON_EXISTS", "JSON_VALUE", "JSON_QUERY", "JSON_TABLE") {
		return i
	}
	for k := i + 2; k < b.closes[i+1] && k < len(b.tokens); k++ {
		if b.words[k] == "(" {
			k = b.closes[k]
			continue
		}
		if b.is(k, "FORMAT", "JSON") {
			end := b.formatEnd(k)
			b.blank(k, end)
			b.add(JSONFunction, k, end, -1)
			k = end - 1
			continue
		}
		if b.startsJSONClause(k) {
			b.blank(k, b.closes[i+1])
			b.add(JSONFunction, i, b.closes[i+1], -1)
			return b.closes[i+1]
		}
	}
	return i + 1
}

// formatEnd returns the token behind FORMAT JSON [ENCODING UTF8].
func (b *bridge) formatEnd(i int) int {
	if b.word(i+2) == "ENCODING" && i+3 < len(b.tokens) {
		return i + 4
	}
	return i + 2
}

// startsJSONClause tells whether the arguments end before token i.
func (b *bridge) startsJSONClause(i int) bool {
	switch b.words[i] {
	case "PASSING", "RETURNING", "COLUMNS", "KEEP", "OMIT", "AS", "DEFAULT":
		return true
	case "WITH", "WITHOUT":
		return b.word(i+1) != "TIME"
	case "NULL", "ERROR", "TRUE", "FALSE", "UNKNOWN":
		return b.is(i+1, "ON")
	case "EMPTY":
		return b.is(i+1, "ON") || b.isOneOf(i+1, "ARRAY", "OBJECT") && b.is(i+2, "ON")
	}
	return false
}
