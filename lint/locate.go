package lint

import "sort"

// placeFindings finds the migration and the statement of findings that were made from
// a path and an offset. A finding about another file keeps none.
func placeFindings(findings []Finding, histories []*History) {
	var files map[string][]*Migration
	for i := range findings {
		f := &findings[i]
		if f.migration != nil {
			continue
		}
		if files == nil {
			files = byFile(histories)
		}
		f.migration, f.at = statementAround(files[f.Path], f.Start)
	}
}

// byFile lists migrations by their paths. A file may hold several: change sets
// of Liquibase, or what the two branches make of it.
func byFile(histories []*History) map[string][]*Migration {
	files := map[string][]*Migration{}
	for _, h := range histories {
		for m := range h.All() {
			files[m.Path] = append(files[m.Path], m)
		}
	}
	return files
}

// statementAround returns the statement at an offset of a file and its migration. The
// last migration comes first: it is under review, or its text is the newest.
// Where no statement stands it is the migration alone.
func statementAround(inFile []*Migration, offset int) (*Migration, *Statement) {
	for i := len(inFile) - 1; i >= 0; i-- {
		if s := inFile[i].at(offset); s != nil {
			return inFile[i], s
		}
	}
	if len(inFile) == 0 {
		return nil, nil
	}
	return inFile[len(inFile)-1], nil
}

// at returns the statement around an offset, nil for none.
func (m *Migration) at(offset int) *Statement {
	if offset == NoPos {
		return nil
	}
	statements := m.Statements()
	i := sort.Search(len(statements), func(i int) bool { return statements[i].End >= offset })
	if i == len(statements) || statements[i].Start > offset {
		return nil
	}
	return statements[i]
}
