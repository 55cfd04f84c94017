package lint

import "maps"

// Observed is what a server showed of the migrations under review. A nil Observed
// means that nothing was tried: it has no effects and no schemas.
type Observed struct {
	// Effects are what statements did, or how they were refused. A statement that
	// did not run has none: behind a lost connection, or among 100 INSERTs that
	// were sent at once.
	Effects map[*Statement]*Effect

	// Finals are the schemas after the last migration of each history, for the
	// tables that its migrations under review touch.
	Finals map[*History]*Schema
}

// NewObserved returns a value that holds nothing yet, to be filled by a trial.
func NewObserved() *Observed {
	return &Observed{Effects: map[*Statement]*Effect{}, Finals: map[*History]*Schema{}}
}

// Effect returns what a statement did; nil when it was not tried.
func (o *Observed) Effect(s *Statement) *Effect {
	if o == nil {
		return nil
	}
	return o.Effects[s]
}

// Final returns the schema that a history leaves behind; nil when nobody saw it.
func (o *Observed) Final(h *History) *Schema {
	if o == nil {
		return nil
	}
	return o.Finals[h]
}

// Add takes in what the trial of other histories showed; o must not be nil.
func (o *Observed) Add(other *Observed) {
	maps.Copy(o.Effects, other.Effects)
	maps.Copy(o.Finals, other.Finals)
}
