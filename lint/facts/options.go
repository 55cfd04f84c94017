package facts

import pg "github.com/pganalyze/pg_query_go/v5"

// HasOption reports whether a list of options has one and does not switch it off:
// VACUUM (FULL) and VACUUM (FULL true) have "full", VACUUM (FULL off) has not.
func HasOption(options []*pg.Node, name string) bool {
	for _, o := range options {
		def := o.GetDefElem()
		if def.GetDefname() != name {
			continue
		}
		value := def.GetArg().GetString_().GetSval()
		return value != "false" && value != "off" && (def.GetArg().GetInteger() == nil || def.GetArg().GetInteger().Ival != 0)
	}
	return false
}

// Option returns the value of the first option of a name in a list, nil for one without,
// and whether there is one.
func Option(options []*pg.Node, name string) (value *pg.Node, found bool) {
	for _, o := range options {
		if def := o.GetDefElem(); def.GetDefname() == name {
			return def.Arg, true
		}
	}
	return nil, false
}
