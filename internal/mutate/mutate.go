// Package mutate rewrites migrations so that they do the same to objects of
// other names, or in another schema. What a rule says about a migration has to
// survive that, with the new names; the tests of the rules see to it. The package is
// for tests: nothing of what ships imports it.
package mutate

// A Script is a history of SQL: what has run, and the files that run next.
type Script struct {
	Base string
	New  []string

	// Names are the new names of a mutated script by the old ones, as people
	// write them: orders, elsewhere.orders.
	Names map[string]string

	// SearchPath is what the sessions of a mutated script begin with; nil for the server's.
	SearchPath []string
}

// A Mutation is one way to call things otherwise.
type Mutation struct {
	Name  string // "renamed": what became of the objects
	Apply func(Script) Script

	// Undo takes a mutated text, SQL or prose, back to the names of before. Two
	// texts that say the same are equal once both went through it.
	Undo func(text string) string
}

// All are the mutations there are.
func All() []Mutation { return []Mutation{Renamed(), Moved(), Quoted(), Reached()} }
