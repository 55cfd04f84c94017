package lint

// MaxTokens is how many tokens of SQL a run parses, all migrations together.
// The tree of one takes 120 bytes in lists of values and 500 in chains of
// casts, and rules look at all trees. 10,000 migrations have some 3 million.
const MaxTokens = 5_000_000

// An Allowance is what may still be parsed; nil is no bound.
type Allowance struct{ left int }

// NewAllowance returns one of so many tokens.
func NewAllowance(tokens int) *Allowance { return &Allowance{tokens} }

// spent reports whether nothing more may be parsed.
func (a *Allowance) spent() bool { return a != nil && a.left <= 0 }

// take counts tokens. The last statement may take more than is left.
func (a *Allowance) take(n int) {
	if a != nil {
		a.left -= n
	}
}
