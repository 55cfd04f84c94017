package source

import (
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// Atlas goes by versions and runs nothing unless atlas.sum fits the files.
const Atlas = "Atlas"

var (
	atlasTxNone     = lazyregexp.New(`(?m)^-- atlas:txmode +none\s*$`)
	atlasDelimiter  = lazyregexp.New(`\A(?:--[^\n]*\n)*?-- atlas:delimiter +([^\n]+)\n`)
	atlasCheckpoint = lazyregexp.New(`\A(?:--[^\n]*\n)*?-- atlas:checkpoint\b`)
)

func atlas() tool {
	v := versions{
		tool: Atlas, order: strings.Compare, late: lateRefused,
		onLate: "atlas migrate apply then runs nothing (“was added out of order”) unless --exec-order says otherwise; give it a newer version (atlas migrate rebase)",
		onTwin: "Atlas notes one row for a version, so the second one never runs; take the next free version",
	}
	l := layout{name: atlasStep, order: strings.Compare, tx: lint.TxFile, up: atlasParts}
	return tool{
		name: Atlas, key: "atlas",
		detect: func(d *directory) (Found, bool) {
			return d.claim(Atlas, slices.Contains(d.files, atlasSum) && !d.mostNamed(`\.(up|down)\.sql$`) && len(d.sql()) > 0)
		},
		load: func(d *directory, found Found) (*Folder, error) {
			f, err := l.load(d, found)
			if err != nil {
				return nil, err
			}
			return f, f.verifyAtlasSum(d)
		},
		onEdit: "Atlas does not compare it with what has run, so databases that have run it stay at the old text",
		review: v.review,
		table:  atlasTable, schemaOnly: true, tableIn: atlasTableIn,
		places: func(d *directory) []string { return settingPlace("dir", d.aboveFinds(atlasDirKey, "atlas.hcl")) },
		runner: func(r *review) Runner { return atlasLedger(v, r.to).ready(r) },

		sealed: true,
	}
}

func atlasStep(file string) (step, bool) {
	name, ok := strings.CutSuffix(file, ".sql")
	if !ok {
		return step{}, false
	}
	version, _, _ := strings.Cut(name, "_")
	return step{name: name, key: version}, true
}

func atlasParts(_ *Folder, s *step) {
	if atlasCheckpoint.MatchString(s.text) {
		s.opaque = "it is a checkpoint, which only new databases run, in place of what is before it"
		return
	}
	if atlasTxNone.MatchString(headerComments(s.text)) {
		s.tx = lint.TxNone
	}
	m := atlasDelimiter.FindStringSubmatchIndex(s.text)
	if m == nil {
		s.sendStatements()
		return
	}
	delimiter := strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t").Replace(strings.TrimSpace(s.text[m[2]:m[3]]))
	s.text = blankText(s.text[:m[1]]) + s.text[m[1]:]
	s.chunks = nil
	for start := m[1]; start < len(s.text); {
		end := len(s.text)
		next := end
		if n := strings.Index(s.text[start:], delimiter); n >= 0 {
			end, next = start+n, start+n+len(delimiter)
		}
		s.chunks = append(s.chunks, lint.Span{Start: start, End: end})
		start = next
	}
}

// headerComments returns the comments that a file begins with.
func headerComments(text string) string {
	end := 0
	for at := range textLines(text) {
		if !strings.HasPrefix(text[at.Start:at.End], "--") {
			break
		}
		end = at.End
	}
	return text[:end]
}

var (
	atlasSchemaKey = lazyregexp.New(`(?m)^\s*revisions_schema\s*=\s*"([^"]+)"`)
	atlasDirKey    = lazyregexp.New(`(?m)^\s*dir\s*=\s*"([^"]+)"`)
)

// atlasTableIn reads atlas.hcl, where its environments agree.
func atlasTableIn(d *directory) (schema, table string) {
	return d.aboveFinds(atlasSchemaKey, "atlas.hcl"), ""
}

const atlasTable = `"atlas_schema_revisions"."atlas_schema_revisions"`

func atlasLedger(v versions, f *Folder) ledger {
	schema, _ := f.historyNames(atlasTable)
	table := f.historyTable(atlasTable)
	return ledger{
		versions: v, table: table,
		setup: `CREATE SCHEMA IF NOT EXISTS ` + schema + `;
CREATE TABLE IF NOT EXISTS ` + table + ` (
	"version" character varying NOT NULL,
	"description" character varying NOT NULL,
	"type" bigint NOT NULL DEFAULT 2,
	"applied" bigint NOT NULL DEFAULT 0,
	"total" bigint NOT NULL DEFAULT 0,
	"executed_at" timestamptz NOT NULL,
	"execution_time" bigint NOT NULL,
	"error" text,
	"error_stmt" text,
	"hash" character varying NOT NULL,
	"partial_hashes" jsonb,
	"operator_version" character varying NOT NULL,
	PRIMARY KEY ("version")
)`,
		applied: `SELECT "version"::text FROM ` + table + ` ORDER BY "version"`,
		record:  func(s *step) quote.SQL { return s.record },
	}
}

// recordAtlas makes the rows, which hold the lines of atlas.sum as Atlas works
// them out.
func (f *Folder) recordAtlas(sums []string) {
	of := map[string]string{}
	for _, line := range sums[1:] {
		file, sum, _ := strings.Cut(line, " h1:")
		of[path.Join(f.Dir, file)] = sum
	}
	for i := range f.steps {
		s := &f.steps[i]
		_, description, _ := strings.Cut(s.name, "_")
		chunks := quote.Number(len(s.chunks))
		s.record = `INSERT INTO ` + f.historyTable(atlasTable) + ` ("version", "description", "type", "applied", "total", "executed_at", "execution_time", "hash", "operator_version") VALUES (` +
			quote.Text(s.key) + `, ` + quote.Text(description) + `, 2, ` + chunks + `, ` + chunks + `, now(), 0, ` + quote.Text(of[s.path]) + `, '')`
	}
}
