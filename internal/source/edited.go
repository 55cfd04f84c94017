package source

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/newer"
	"github.com/migvet/migvet/lint/rules"
)

// edits reports migrations of the base whose text is another now.
func (r *review) edits(t tool) {
	for _, p := range r.pairs {
		if p.from.missing || p.to.missing || p.from.unreadable || p.to.unreadable {
			continue
		}
		if t.sameSum != nil && t.sameSum(p.from, p.to) {
			continue
		}
		if !t.strict && p.differsInTemplates() {
			continue
		}
		if !sameText(p.from.ownText(), p.to.ownText()) || t.strict && !sameText(p.from.raw, p.to.raw) {
			r.report(r.edit(p, t))
		}
	}
	if t.lineEnds {
		r.lineEnds(t)
	}
}

// lineEnds reports migrations of which only the line ends are others, all of
// them at once: it is seldom done one by one.
func (r *review) lineEnds(t tool) {
	var changed []*step
	for _, p := range r.pairs {
		if p.from.raw != p.to.raw && sameText(p.from.raw, p.to.raw) {
			changed = append(changed, p.to)
		}
	}
	if len(changed) == 0 {
		return
	}
	which := changed[0].name + " has"
	if n := len(changed) - 1; n > 0 {
		which = fmt.Sprintf("%s and %d more have", changed[0].name, n)
	}
	f := rules.MigrationEdited.AtFile(changed[0].path, fmt.Sprintf(
		"%s other line ends than on %s; put them back, and write *.sql text eol=lf into .gitattributes so that all checkouts are alike; %s", which, r.base, t.onEdit))
	f.Severity = lint.Warning // the checkout that deploys may have others
	r.report(f)
}

func (r *review) edit(p pair, t tool) lint.Finding {
	onEdit := t.onEdit
	if p.to.mayChange() { // validCheckSum
		t.strict, onEdit = false, t.name+" is told to accept it, so databases that have run it stay at the old text"
	}
	edited := r.new[p.to]
	before, after := r.old[p.from].Statements(), edited.Statements()
	if p.to.opaque != "" && t.strict {
		return rules.MigrationEdited.AtFile(p.to.path, fmt.Sprintf("%s is on %s and was changed here; put it back, and write a new migration instead; %s", p.to.name, r.base, onEdit))
	}
	differing := differingStatements(before, after)
	if p.sameUnfilled() {
		differing = nil
	}
	if len(differing) == 0 && t.strict {
		return rules.MigrationEdited.AtFile(p.to.path, fmt.Sprintf(
			"%s is on %s and was changed here, if only in what does not run; put it back; %s", p.to.name, r.base, onEdit))
	}
	if len(differing) == 0 {
		f := rules.MigrationEdited.AtFile(p.to.path, fmt.Sprintf(
			"%s is on %s; only its comments, white space or breakpoints were changed here, so databases are the same either way", p.to.name, r.base))
		f.Severity = lint.Notice
		return f
	}
	if !t.strict && slices.EqualFunc(before, after, makesTheSame) {
		f := rules.MigrationEdited.AtFile(p.to.path, fmt.Sprintf(
			"%s is on %s and was changed here; where it ran, both texts have made the same, since only IF EXISTS, IF NOT EXISTS or OR REPLACE came or went (%s)", p.to.name, r.base, describeDifferences(differing, len(before), len(after))))
		f.Severity = lint.Notice
		return f
	}
	message := fmt.Sprintf("%s is on %s and was changed here; write a new migration instead (%s)", p.to.name, r.base, describeDifferences(differing, len(before), len(after)))
	if onEdit != "" {
		message += "; " + onEdit
	}
	if first := differing[0]; first < len(after) {
		return rules.MigrationEdited.AtStatement(edited, after[first], message)
	}
	return rules.MigrationEdited.AtFile(p.to.path, message)
}

// differingStatements returns the indexes of statements that mean something else. When
// statements came or went, only the first one that does not fit is told.
func differingStatements(before, after []*lint.Statement) []int {
	var indexes []int
	for i := range min(len(before), len(after)) {
		if !sameStatement(before[i], after[i]) {
			indexes = append(indexes, i)
		}
	}
	if len(before) == len(after) {
		return indexes
	}
	return append(indexes, min(len(before), len(after)))[:1]
}

func describeDifferences(differing []int, before, after int) string {
	if before != after {
		return fmt.Sprintf("it had %s, now %d; the first difference is at statement %d", noun.Count(before, "statement"), after, differing[0]+1)
	}
	if len(differing) == 1 {
		return fmt.Sprintf("statement %d of %d differs", differing[0]+1, after)
	}
	numbers := make([]string, len(differing))
	for i, d := range differing {
		numbers[i] = fmt.Sprint(d + 1)
	}
	if len(numbers) > 5 {
		numbers = append(slices.Clone(numbers[:5]), "…")
	}
	return fmt.Sprintf("statements %s of %d differ", strings.Join(numbers, ", "), after)
}

// sameStatement compares what statements mean; the text of those that the
// parser does not know.
func sameStatement(a, b *lint.Statement) bool {
	if a.Node == nil || b.Node == nil || (a.ParseError == nil) != (b.ParseError == nil) {
		return a.Node == nil && b.Node == nil && sameText(a.SQL, b.SQL)
	}
	return sameNewer(a, b) && sameMessage(a.Node.ProtoReflect(), b.Node.ProtoReflect()) && lint.SameLeftOut(a, b)
}

// makesTheSame compares what statements make where they are not refused: DROP TABLE a and
// DROP TABLE IF EXISTS a.
func makesTheSame(a, b *lint.Statement) bool {
	if a.Node == nil || b.Node == nil || a.ParseError != nil || b.ParseError != nil {
		return sameStatement(a, b)
	}
	return sameNewer(a, b) && sameBut(isCondition, a.Node.ProtoReflect(), b.Node.ProtoReflect()) && lint.SameLeftOut(a, b)
}

// isCondition tells the fields of PostgreSQL's nodes that say what happens where something is
// there, or not there, already.
func isCondition(f protoreflect.FieldDescriptor) bool {
	switch f.Name() {
	case "missing_ok", "if_not_exists", "skip_if_new_val_exists", "replace":
		return f.Kind() == protoreflect.BoolKind
	}
	return false
}

// sameNewer compares what of newer syntax the trees do not hold, such as the list behind
// MERGE … RETURNING.
func sameNewer(a, b *lint.Statement) bool {
	words := func(s *lint.Statement, c newer.Construct) string {
		return strings.Join(strings.Fields(s.SQL[c.Start:c.End]), " ")
	}
	return slices.EqualFunc(a.Newer, b.Newer, func(x, y newer.Construct) bool { return x.Kind == y.Kind && words(a, x) == words(b, y) })
}

// sameMessage compares parse trees, but for where their nodes stand in the
// text.
func sameMessage(a, b protoreflect.Message) bool {
	return sameBut(func(protoreflect.FieldDescriptor) bool { return false }, a, b)
}

// sameBut is sameMessage without some fields.
func sameBut(skip func(protoreflect.FieldDescriptor) bool, a, b protoreflect.Message) bool {
	if a.Descriptor() != b.Descriptor() {
		return false
	}
	fields := a.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if isLocation(f) || skip(f) || !a.Has(f) && !b.Has(f) {
			continue
		}
		if a.Has(f) != b.Has(f) || !sameField(skip, f, a.Get(f), b.Get(f)) {
			return false
		}
	}
	return true
}

// isLocation tells the fields of PostgreSQL's nodes that hold a place in the
// text: location, stmt_location, name_location, stmt_len.
func isLocation(f protoreflect.FieldDescriptor) bool {
	name := string(f.Name())
	return f.Kind() == protoreflect.Int32Kind && (name == "location" || strings.HasSuffix(name, "_location") || name == "stmt_len")
}

func sameField(skip func(protoreflect.FieldDescriptor) bool, f protoreflect.FieldDescriptor, a, b protoreflect.Value) bool {
	if !f.IsList() {
		return sameValue(skip, f, a, b)
	}
	x, y := a.List(), b.List()
	if x.Len() != y.Len() {
		return false
	}
	for i := range x.Len() {
		if !sameValue(skip, f, x.Get(i), y.Get(i)) {
			return false
		}
	}
	return true
}

// sameValue takes literals and function bodies whose line ends git has
// converted for the same.
func sameValue(skip func(protoreflect.FieldDescriptor) bool, f protoreflect.FieldDescriptor, a, b protoreflect.Value) bool {
	switch f.Kind() {
	case protoreflect.MessageKind:
		return sameBut(skip, a.Message(), b.Message())
	case protoreflect.StringKind:
		return sameText(a.String(), b.String())
	default:
		return a.Equal(b)
	}
}
