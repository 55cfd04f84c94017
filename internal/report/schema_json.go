package report

import "github.com/migvet/migvet/internal/schema"

type jsonSchemaChange struct {
	Dir         string           `json:"dir"`
	Change      schema.What      `json:"change"`
	Kind        schema.Kind      `json:"kind"`
	Schema      string           `json:"schema"`
	Relation    string           `json:"relation,omitempty"`
	Name        string           `json:"name"`
	Differences []jsonDifference `json:"differences,omitempty"`

	// Before and After are the whole object.
	Before []jsonProperty `json:"before,omitempty"`
	After  []jsonProperty `json:"after,omitempty"`
}

type jsonProperty struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type jsonDifference struct {
	Property string `json:"property"`
	From     string `json:"from"`
	To       string `json:"to"`
}

type jsonUndo struct {
	Outcome UndoOutcome `json:"outcome"`
	Loses   []string    `json:"loses"`
}

// newSchemaChanges lists all changes; nil, and so null, when they are not known.
func newSchemaChanges(r *Report) []jsonSchemaChange {
	if r.SchemaUnknown {
		return nil
	}
	out := []jsonSchemaChange{}
	for _, folder := range r.Schema {
		for _, c := range folder.Changes {
			out = append(out, newSchemaChange(folder.Dir, c))
		}
	}
	return out
}

func newSchemaChange(dir string, c schema.Change) jsonSchemaChange {
	o := c.Object
	change := jsonSchemaChange{Dir: dir, Change: c.What, Kind: o.Kind, Schema: o.Schema, Relation: o.Relation, Name: o.Name}
	for _, d := range c.Differences {
		change.Differences = append(change.Differences, jsonDifference{d.Property, d.From, d.To})
	}
	if c.Before != nil {
		change.Before = propertiesJSON(c.Before)
	}
	if c.What != schema.Removed {
		change.After = propertiesJSON(o)
	}
	return change
}

func propertiesJSON(o *schema.Object) []jsonProperty {
	return convertAll(o.Properties, func(p schema.Property) jsonProperty { return jsonProperty(p) })
}

func newUndo(u *Undo) *jsonUndo {
	if u == nil {
		return nil
	}
	return &jsonUndo{u.Outcome, neverNil(u.Loses)}
}
