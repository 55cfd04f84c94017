package lint

import "maps"

// Observed is what a server showed of the migrations under review. All methods
// may be called on nil, where nothing was tried; what was not seen is nil then.
type Observed struct {
	// Effects are what statements did, or how they were refused. What did not
	// run is not in it.
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

// Add takes in what the trial of other histories showed.
func (o *Observed) Add(other *Observed) {
	maps.Copy(o.Effects, other.Effects)
	maps.Copy(o.Finals, other.Finals)
}
