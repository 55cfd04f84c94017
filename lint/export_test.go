package lint

import "github.com/migvet/migvet/internal/rescue"

// PanickedOf is what reading a statement panicked with.
func PanickedOf(s *Statement) *rescue.Panic { return s.panicked }
