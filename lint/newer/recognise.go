package newer

// at looks for a construct at token i, and returns the token to go on with.
func (b *bridge) at(i int) int {
	switch b.words[i] {
	case "NOT":
		return b.not(i)
	case "ENFORCED":
		return b.enforcement(i, i+1)
	case "INHERIT":
		return b.inherit(i, i+1)
	case "NO":
		return b.no(i)
	case "GENERATED":
		return b.generated(i)
	case "WITHOUT":
		return b.withoutOverlaps(i)
	case "PERIOD":
		return b.period(i)
	case "SET":
		return b.set(i)
	case "LARGE":
		return b.largeObjects(i)
	case "SPLIT", "MERGE":
		return b.partitions(i)
	}
	return b.query(i)
}

// query looks for what is in queries and in statements of their own.
func (b *bridge) query(i int) int {
	switch b.words[i] {
	case "RETURNING":
		return b.returning(i)
	case "DO":
		return b.conflictSelect(i)
	case "IGNORE", "RESPECT":
		return b.nullTreatment(i)
	case "GROUP":
		return b.groupByAll(i)
	case "AT":
		return b.atLocal(i)
	case "REPACK":
		return b.repack(i)
	case "ONLY", "*":
		return b.only(i)
	case "CHECKPOINT":
		return b.checkpoint(i)
	}
	return b.json(i)
}

func (b *bridge) not(i int) int {
	switch {
	case b.is(i, "NOT", "ENFORCED"):
		return b.enforcement(i, i+2)
	case b.is(i, "NOT", "NULL"):
		return b.notNull(i)
	case b.is(i, "NOT", "MATCHED", "BY", "SOURCE"):
		b.write(i, i+4, "MATCHED")
		b.add(MergeBySource, i, i+4, -1)
		return i + 4
	case b.is(i, "NOT", "MATCHED", "BY", "TARGET"):
		b.blank(i+2, i+4)
		b.add(MergeBySource, i, i+4, -1)
		return i + 4
	}
	return i
}

// set looks behind ALTER COLUMN c and ALTER TABLE t.
func (b *bridge) set(i int) int {
	switch {
	case b.is(i, "SET", "EXPRESSION", "AS", "("):
		b.write(i+1, i+3, "DEFAULT")
		b.add(SetExpression, i, i+3, b.actionStart(i))
		return i + 3
	case b.is(i, "SET", "ACCESS", "METHOD", "DEFAULT"):
		b.write(i+3, i+4, "heap")
		b.add(AccessMethodDefault, i, i+4, b.actionStart(i))
		return i + 4
	case b.is(i, "SET", "STATISTICS", "DEFAULT"):
		b.write(i+2, i+3, "-1")
		b.add(StatisticsDefault, i, i+3, b.actionStart(i))
		return i + 3
	}
	return i
}

// actionStart returns where the action of ALTER TABLE begins that token i is in, as
// far as its first word tells: ALTER before a column or a constraint.
func (b *bridge) actionStart(i int) int {
	start := i
	for k := range b.back(i) {
		if b.isOneOf(k, "ALTER", "ADD") && k > 0 {
			start = k
		}
	}
	return b.start(start)
}

func (b *bridge) largeObjects(i int) int {
	if !b.is(i, "LARGE", "OBJECTS") || !b.is(0, "ALTER", "DEFAULT", "PRIVILEGES") {
		return i
	}
	b.write(i, i+2, "TABLES")
	b.add(LargeObjects, i, i+2, -1)
	return i + 2
}

// partitions looks for the actions that make other partitions of some. INHERIT has the
// place of a table where they have theirs.
func (b *bridge) partitions(i int) int {
	if b.depth[i] != 0 || !b.is(0, "ALTER", "TABLE") {
		return i
	}
	switch {
	case b.is(i, "SPLIT", "PARTITION"):
		return b.split(i)
	case b.is(i, "MERGE", "PARTITIONS", "("):
		into := min(b.closes[i+2]+1, len(b.tokens))
		if b.is(into, "INTO") && b.write(i, into+1, "INHERIT") {
			b.add(MergePartitions, i, into+1, b.start(i))
		}
		return into
	}
	return i
}

// maxQualified is how many tokens the name of a partition has: catalog.schema.name.
const maxQualified = 5

func (b *bridge) split(i int) int {
	for k := i + 2; k <= i+2+maxQualified && k < len(b.tokens); k++ {
		if b.is(k, "INTO", "(") {
			end := min(b.closes[k+1]+1, len(b.tokens))
			b.write(i, i+2, "INHERIT")
			b.blank(k, end)
			b.add(SplitPartition, i, end, b.start(i))
			return end
		}
	}
	return i
}

func (b *bridge) repack(i int) int {
	if i != 0 {
		return i
	}
	b.write(0, 1, "VACUUM")
	b.add(Repack, 0, 1, -1)
	for k := range b.tokens {
		if b.depth[k] == 0 && b.is(k, "USING", "INDEX") {
			b.blank(k, len(b.tokens))
			return len(b.tokens)
		}
	}
	return 1
}

// only looks for ONLY t and t * in VACUUM and ANALYZE.
func (b *bridge) only(i int) int {
	if b.depth[i] != 0 || !b.isOneOf(0, "VACUUM", "ANALYZE", "ANALYSE") {
		return i
	}
	of := -1
	if b.words[i] == "ONLY" && i+1 < len(b.tokens) {
		of = b.start(i + 1)
	}
	b.blank(i, i+1)
	b.add(VacuumOnly, i, i+1, of)
	return i + 1
}

func (b *bridge) checkpoint(i int) int {
	if i != 0 || b.word(1) != "(" {
		return i
	}
	b.blank(1, len(b.tokens))
	b.add(CheckpointOption, 0, len(b.tokens), -1)
	return len(b.tokens)
}
