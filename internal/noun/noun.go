// Package noun counts things in messages.
package noun

import "fmt"

// Count is "1 row", "2 rows", "0 rows": for nouns whose plural ends in s.
func Count[I ~int | ~int64](n I, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
