package lint

// A Swap is a table that takes the name of another one, of which it is often a copy:
// CREATE TABLE slim AS SELECT … FROM events, DROP TABLE events, ALTER TABLE slim RENAME TO
// events. What belonged to the other one goes with it, or stays with it under its new name.
type Swap struct {
	Table string // "public.events"
	Left  string // what the other one is called in the end, "public.events_old"; "" when it is gone

	// Lost is what the other table had and nothing makes again, under whatever name: the
	// kind is one of a schema's objects, or "not null", "default", "identity", "generated",
	// "row security" and the like, with the name of the column or none.
	Lost []CatalogObject

	// Stays is what means the other table still: views that read it, foreign keys of other
	// tables that reference it, the sequence that it owns.
	Stays []CatalogObject

	// Unfilled are columns that cannot be NULL and had a value of their own: an INSERT that
	// leaves them out fails.
	Unfilled []string
}
