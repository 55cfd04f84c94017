// Package facts reads what one statement says from its parse tree: which
// objects it names and what it does with them. It knows no other statement and
// no server, and does no I/O.
package facts
