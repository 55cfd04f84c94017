package lint

import (
	"regexp"
	"slices"

	"github.com/migvet/migvet/lint/facts"
)

// wrappedFacts are what a DO block makes by its text, where nobody has seen it run:
//
//	DO $$ BEGIN
//	  ALTER TABLE a ADD CONSTRAINT a_fk FOREIGN KEY (b_id) REFERENCES b (id);
//	EXCEPTION WHEN duplicate_object THEN null; END $$;
//
// All of it is made perhaps: what has the name already stays.
type wrappedFacts []facts.Fact

func wrapped(s *Statement, e *Effect) wrappedFacts {
	if e != nil || s.Node.GetDoStmt() == nil {
		return nil
	}
	return Derived(s, readWrapped)
}

// wrapper matches a block of SQL commands alone, with what it catches; guard the one IF
// that may stand around them: IF NOT EXISTS (SELECT FROM pg_type …) THEN.
var (
	wrapper = regexp.MustCompile(`(?is)^\s*BEGIN\s(.*?)(?:\sEXCEPTION\s+WHEN\s.*)?\sEND\s*;?\s*$`)
	guard   = regexp.MustCompile(`(?is)^\s*IF\s+NOT\s+EXISTS\s*\(.*?\)\s*THEN\s(.*)\sEND\s+IF\s*;\s*$`)
)

func readWrapped(s *Statement) wrappedFacts {
	language, code := facts.CodeOf(s.Node)
	if language != "plpgsql" || len(code) == 0 {
		return nil
	}
	block := wrapper.FindStringSubmatch(code[0])
	if block == nil {
		return nil
	}
	text, guarded := block[1], false
	if inner := guard.FindStringSubmatch(text); inner != nil {
		text, guarded = inner[1], true
	}
	var found wrappedFacts
	statements, _ := Parse(text)
	for _, inner := range statements {
		if inner.Node == nil {
			return nil // PL/pgSQL
		}
		if guarded && makesTable(inner) {
			continue // a table that is perhaps there would count as new
		}
		for _, f := range inner.Facts() {
			if f.Verb&facts.Made == 0 {
				continue
			}
			f.Maybe = true
			found = append(found, f)
		}
	}
	return found
}

func makesTable(s *Statement) bool {
	return slices.ContainsFunc(s.Facts(), func(f facts.Fact) bool { return f.Verb&facts.Made != 0 && f.Name.Kind == facts.Table })
}
