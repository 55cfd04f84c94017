package report

import "github.com/migvet/migvet/lint"

// A Refusal is the first statement that the server did not take.
type Refusal struct {
	Path     string
	Line     int // 0 when unknown
	SQLState string
}

// Refusal returns where the migrations stopped; nil when they did not.
func (r *Report) Refusal() *Refusal {
	if r.Trial == nil {
		return nil
	}
	p := newPlaces(r)
	for _, s := range r.Trial.Statements {
		if s.Effect == nil || s.Effect.Err == nil {
			continue
		}
		at := s.Start
		if s.Effect.Err.Offset != lint.NoPos {
			at = s.Effect.Err.Offset
		}
		return &Refusal{s.Path, p.at(s.Path, at).Line, s.Effect.Err.SQLState}
	}
	for _, m := range r.Migrations {
		if m.Applied == Failed {
			return &Refusal{Path: m.Path}
		}
	}
	return nil
}
