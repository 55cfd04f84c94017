package source

import "github.com/migvet/migvet/internal/drizzlekit"

// Declared is the schema that a tool's own files say all migrations make
// together.
type Declared struct {
	Path     string // of the newest snapshot
	Snapshot *drizzlekit.Snapshot
	Err      error // why it cannot be read; Snapshot is nil then

	// Behind is a newer migration that left no snapshot of its own, so that nobody
	// knows what the schema file says by now; "" when there is none.
	Behind string
}
