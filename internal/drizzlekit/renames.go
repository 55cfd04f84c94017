package drizzlekit

import "maps"

// rename gives an entity another name, and tells those that refer to it: the
// snapshot does not.
func (s *state) rename(e, set fields) {
	was := maps.Clone(e)
	maps.Copy(e, set)
	for _, other := range s.entities {
		switch e["entityType"] {
		case "schemas":
			other.replace("schema", was["name"], e["name"])
			other.replace("schemaTo", was["name"], e["name"])
			other.replace("typeSchema", was["name"], e["name"])
		case "enums":
			if other["typeSchema"] == was["schema"] && other["type"] == was["name"] {
				other["type"], other["typeSchema"] = e["name"], e["schema"]
			}
		case "tables":
			other.moveTable("schema", "table", was, e)
			other.moveTable("schemaTo", "tableTo", was, e)
		case "columns":
			other.renameColumn(was, e)
		}
	}
}

func (f fields) replace(field string, old, new any) {
	if value, has := f[field]; has && value == old {
		f[field] = new
	}
}

// moveTable follows a table that got another name or schema.
func (f fields) moveTable(schema, table string, was, is fields) {
	if _, has := f[table]; has && f[schema] == was["schema"] && f[table] == was["name"] {
		f[schema], f[table] = is["schema"], is["name"]
	}
}

func (f fields) renameColumn(was, is fields) {
	if f["schema"] == was["schema"] && f["table"] == was["table"] {
		renameIn(f["columns"], was["name"], is["name"])
	}
	if f["schemaTo"] == was["schema"] && f["tableTo"] == was["table"] {
		renameIn(f["columnsTo"], was["name"], is["name"])
	}
}

// renameIn changes a list of names, or of an index' columns.
func renameIn(list, old, new any) {
	columns, _ := list.([]any)
	for i, c := range columns {
		column, isObject := c.(map[string]any)
		switch {
		case !isObject && c == old:
			columns[i] = new
		case isObject && column["isExpression"] == false && column["value"] == old:
			column["value"] = new
		}
	}
}
