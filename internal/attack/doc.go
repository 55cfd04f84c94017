// Package attack holds what migrations of strangers could try, as tests: each
// attack runs against real servers, as owner and as superuser, and docs/security.md
// tells what became of it.
package attack
