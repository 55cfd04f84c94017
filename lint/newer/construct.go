package newer

// A Construct is a piece of a statement that PostgreSQL 16 refuses.
type Construct struct {
	Kind
	Start, End int // bytes in the text

	// Of is where that begins which the construct is about, as the tree has it: the
	// location of a constraint, or where an action of ALTER TABLE begins. -1 is the whole
	// statement.
	Of int

	action int    // of ALTER TABLE: the index of the one that it is in
	column string // of NOT NULL as a constraint of a table
}

// A Kind is what a construct does.
type Kind uint8

// The kinds, in the order of the versions that know them.
const (
	SetExpression       Kind = iota // ALTER COLUMN c SET EXPRESSION AS (a + b)
	AccessMethodDefault             // SET ACCESS METHOD DEFAULT
	StatisticsDefault               // SET STATISTICS DEFAULT
	MergeBySource                   // MERGE … WHEN NOT MATCHED BY SOURCE, and BY TARGET
	MergeReturning                  // MERGE … RETURNING
	JSONFunction                    // JSON_TABLE, JSON_VALUE … with clauses of their own
	AtLocal                         // created AT LOCAL
	DomainNotNull                   // ALTER DOMAIN d ADD CONSTRAINT c NOT NULL

	NotNullConstraint // CONSTRAINT c NOT NULL a, of a table
	NotNullNoInherit  // NOT NULL NO INHERIT, of a column
	NotEnforced       // CHECK (…) NOT ENFORCED
	Enforced          // CHECK (…) ENFORCED, which says nothing new
	AlterEnforced     // ALTER CONSTRAINT c ENFORCED
	AlterNotEnforced  // ALTER CONSTRAINT c NOT ENFORCED
	AlterInherit      // ALTER CONSTRAINT c INHERIT, NO INHERIT
	Virtual           // GENERATED ALWAYS AS (…) VIRTUAL, or with neither word
	WithoutOverlaps   // UNIQUE (room, during WITHOUT OVERLAPS)
	Period            // FOREIGN KEY (room, PERIOD during)
	ReturningAliases  // RETURNING WITH (OLD AS o)
	VacuumOnly        // VACUUM ONLY t, ANALYZE ONLY t
	LargeObjects      // ALTER DEFAULT PRIVILEGES … ON LARGE OBJECTS

	Repack           // REPACK t
	SplitPartition   // ALTER TABLE … SPLIT PARTITION p INTO (…)
	MergePartitions  // ALTER TABLE … MERGE PARTITIONS (a, b) INTO c
	ConflictSelect   // ON CONFLICT … DO SELECT
	NullTreatment    // lag(a) IGNORE NULLS OVER w
	GroupByAll       // GROUP BY ALL
	CheckpointOption // CHECKPOINT (MODE FAST)
)

// kinds say what people call a kind, and since which version PostgreSQL has it.
// https://www.postgresql.org/docs/17/release-17.html
// https://www.postgresql.org/docs/18/release-18.html
// https://www.postgresql.org/docs/19/release-19.html
var kinds = [...]struct {
	words string
	since int
}{
	SetExpression:       {"SET EXPRESSION", 17},
	AccessMethodDefault: {"SET ACCESS METHOD DEFAULT", 17},
	StatisticsDefault:   {"SET STATISTICS DEFAULT", 17},
	MergeBySource:       {"MERGE … WHEN NOT MATCHED BY SOURCE", 17},
	MergeReturning:      {"MERGE … RETURNING", 17},
	JSONFunction:        {"the SQL/JSON functions", 17},
	AtLocal:             {"AT LOCAL", 17},
	DomainNotNull:       {"ALTER DOMAIN … ADD NOT NULL", 17},
	NotNullConstraint:   {"NOT NULL as a constraint of a table", 18},
	NotNullNoInherit:    {"NOT NULL NO INHERIT", 18},
	NotEnforced:         {"NOT ENFORCED", 18},
	Enforced:            {"ENFORCED", 18},
	AlterEnforced:       {"ALTER CONSTRAINT … ENFORCED", 18},
	AlterNotEnforced:    {"ALTER CONSTRAINT … NOT ENFORCED", 18},
	AlterInherit:        {"ALTER CONSTRAINT … INHERIT", 18},
	Virtual:             {"virtual generated columns", 18},
	WithoutOverlaps:     {"WITHOUT OVERLAPS", 18},
	Period:              {"PERIOD in a foreign key", 18},
	ReturningAliases:    {"RETURNING WITH (OLD AS …)", 18},
	VacuumOnly:          {"ONLY in VACUUM and ANALYZE", 18},
	LargeObjects:        {"default privileges on LARGE OBJECTS", 18},
	Repack:              {"REPACK", 19},
	SplitPartition:      {"SPLIT PARTITION", 19},
	MergePartitions:     {"MERGE PARTITIONS", 19},
	ConflictSelect:      {"ON CONFLICT … DO SELECT", 19},
	NullTreatment:       {"IGNORE NULLS", 19},
	GroupByAll:          {"GROUP BY ALL", 19},
	CheckpointOption:    {"CHECKPOINT with options", 19},
}

// String is what people call the syntax: "NOT ENFORCED".
func (k Kind) String() string { return kinds[k].words }

// Since is the major version that added it.
func (k Kind) Since() int { return kinds[k].since }

// Latest returns the construct that the newest version added, nil for none: who has
// that version takes the whole statement.
func Latest(all []Construct) *Construct {
	var latest *Construct
	for i := range all {
		if latest == nil || all[i].Since() > latest.Since() {
			latest = &all[i]
		}
	}
	return latest
}
