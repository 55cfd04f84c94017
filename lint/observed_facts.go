package lint

import "github.com/migvet/migvet/lint/facts"

// observedFacts returns what a server saw a statement make and drop whose text
// tells nothing: code, and syntax the parser does not know.
func observedFacts(s *Statement, e *Effect) []facts.Fact {
	if e == nil || s.Node != nil && s.Node.GetDoStmt() == nil && s.Node.GetCallStmt() == nil {
		return nil
	}
	var found []facts.Fact
	for _, o := range e.Created {
		found = append(found, facts.Fact{Verb: facts.Made, Name: facts.Identity(facts.Kind(o.Kind), o.Name)})
	}
	for _, o := range e.Dropped {
		if !o.Auto {
			found = append(found, facts.Fact{Verb: facts.Dropped, Name: facts.Identity(facts.Kind(o.Kind), o.Name)})
		}
	}
	return found
}
