package plpgsql

import "slices"

// WithoutFields is a body in which a variable is assigned to where one of its fields was: in
// place of
//
//	r.total := 1; SELECT 2 INTO r.id;
//
// it has r := 1 and INTO r. The parser knows no tables, takes a variable of a row's type for
// one value, and refuses its fields. Nothing else is left out: what is assigned, and what is
// in the brackets of a subscript, stays, and so does every place.
func WithoutFields(body string) string {
	r := newReader(body)
	text := []byte(body)
	for i := range r.tokens {
		switch {
		case r.begins(i):
			if end := r.fieldsEnd(i); slices.Contains([]string{":=", "=", "["}, r.word(end)) {
				r.blankFields(text, i, end)
			}
		case r.word(i) == "into" && r.word(i-1) != "insert" && r.word(i-1) != "merge":
			r.blankTargets(text, i+1)
		}
	}
	return string(text)
}

// CutAssignment returns both sides of an assignment.
func CutAssignment(text string) (target, value string, found bool) {
	r := newReader(text)
	at := r.find(0, ":=", "=")
	if at >= len(r.tokens) {
		return "", "", false
	}
	return text[:r.tokens[at].Start], text[r.tokens[at].End:], true
}

// begins reports whether a statement of PL/pgSQL may begin with a token.
func (r *reader) begins(i int) bool {
	return i == 0 || slices.Contains([]string{";", "begin", "then", "else", "loop", ">>"}, r.word(i-1))
}

// fieldsEnd is behind r.a.b.
func (r *reader) fieldsEnd(i int) int {
	for i++; r.word(i) == "."; {
		i += 2
	}
	return i
}

func (r *reader) blankFields(text []byte, i, end int) {
	if end > i+1 && end <= len(r.tokens) {
		blank(text[r.tokens[i].End:r.tokens[end-1].End])
	}
}

// blankTargets goes through STRICT r.a, r.b.
func (r *reader) blankTargets(text []byte, i int) {
	if r.word(i) == "strict" {
		i++
	}
	for i < len(r.tokens) {
		end := r.fieldsEnd(i)
		r.blankFields(text, i, end)
		if r.word(end) != "," {
			return
		}
		i = end + 1
	}
}
