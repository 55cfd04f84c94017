// Package probe finds what worked before a migration and does not after it.
//
// A [Probe] is something that the version of an application that is running does, and
// that can be run in front of the migrations and behind them: insert a row that a table
// held, update a column to itself, read a table as a role. It is a function of the
// [Catalog], so that it follows what was renamed; what fails both as the running version
// writes it and under the new names is a [Break].
//
// Probes run code of strangers: triggers, policies, functions. They run in sessions of a
// role that has no rights but to become the roles that they are for, in a transaction
// that is rolled back, under deadlines, in the sandbox of the server.
package probe
