package lint

// Remember returns what compute makes of the history, which each walk asks it for once
// for each type. It is for what is the same for every statement: which of them a walk
// asks about is nobody's business, so that nothing may be counted or noted in it.
func Remember[T any](p *Pass, compute func() T) T { return computeOnce(&p.walk.remembered, compute) }

// RememberHere is Remember for what depends on the statement: each walk computes
// it once a statement. Nobody may change it.
func RememberHere[T any](p *Pass, compute func() T) T { return computeOnce(&p.walk.here, compute) }

// computeOnce returns the value of a type from a list, into which it puts one that
// is not there yet.
func computeOnce[T any](values *[]any, compute func() T) T {
	for _, known := range *values {
		if value, is := known.(T); is {
			return value
		}
	}
	made := compute()
	*values = append(*values, made)
	return made
}
