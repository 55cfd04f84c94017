// Package sqlvalue knows what PostgreSQL makes of types and of the values that
// SQL writes for them: which text a type takes, which number fits it, what
// another type costs the rows that are there, whether a CHECK holds for a
// value, how often a function returns something new.
//
// It reads parse trees and knows no history and no server. What it says holds
// on PostgreSQL 14 to 18; where nobody can tell from the text alone, it says
// nothing, or that it does not know.
package sqlvalue
