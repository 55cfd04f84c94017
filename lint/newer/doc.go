// Package newer reads syntax that PostgreSQL added after version 16, whose grammar
// the parser has.
//
// [Bridge] searches the tokens of a statement for it and writes older syntax of the
// same length in its place, so that every position in the tree is true of the text
// that people wrote. [Restore] then puts into the tree what the newer grammar has
// there, as far as the tree can hold it. What it cannot hold is a [Construct].
//
//	ALTER TABLE tasks ADD CONSTRAINT tasks_owner NOT NULL owner NOT VALID
//	ALTER TABLE tasks ADD CONSTRAINT tasks_owner CHECK(0)       NOT VALID
//
// The package does no I/O and keeps nothing. Versions 17 and 18 are held against real
// servers, 19 against its manual and release notes.
package newer
