package lint

// Remember returns what compute makes of the history, which it is asked for once
// a run for each type. It is for what is the same for every statement.
func Remember[T any](p *Pass, compute func() T) T {
	for _, known := range p.walk.remembered {
		if value, is := known.(T); is {
			return value
		}
	}
	made := compute()
	p.walk.remembered = append(p.walk.remembered, made)
	return made
}

// RememberHere is Remember for what depends on the statement: each walk computes
// it once a statement. Nobody may change it.
func RememberHere[T any](p *Pass, compute func() T) T {
	for _, known := range p.walk.here {
		if value, is := known.(T); is {
			return value
		}
	}
	made := compute()
	p.walk.here = append(p.walk.here, made)
	return made
}
