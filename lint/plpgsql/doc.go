// Package plpgsql reads the SQL commands in bodies of PL/pgSQL: of DO blocks, functions and procedures.
//
// It cuts a body into pieces with PostgreSQL's scanner and parses each alone, so
// that one that is not understood hides none of the others, and every command
// keeps its place. libpg_query's own parser of PL/pgSQL serves neither: it tells
// lines, refuses whole bodies that PostgreSQL runs (a loop over a bound cursor,
// a RETURNING … INTO that it knows no variable for, syntax that is newer than
// it), and ends the process where a DO has no body.
package plpgsql
