package source

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// Which transaction Drizzle's migrations run in is decided by the script that runs them:
// migrate() of drizzle-orm has one for all that is pending, that of neon-http none, and a
// script that takes readMigrationFiles() has its own.

// Bounds of the search for that script.
const (
	maxScriptEntries = 20_000
	maxScripts       = 200
)

var (
	// migratingScript matches names of files that may run migrations.
	migratingScript = lazyregexp.New(`(?i)(migrat|drizzle|^(db|database|setup|server|index|client|run)\b)[^/]*\.[mc]?[tj]s$`)
	testScript      = lazyregexp.New(`(?i)\.(test|spec)\.|\.config\.|\.d\.ts$`)

	importsMigrate = lazyregexp.New(`["']drizzle-orm/([\w-]+)/migrator["']`)
	readsFiles     = lazyregexp.New(`(?s)\breadMigrationFiles\b.*["']drizzle-orm/migrator["'].*\breadMigrationFiles\s*\(`)
	kitMigrates    = lazyregexp.New(`\bdrizzle-kit\s+migrate\b`)

	filesRead     = lazyregexp.New(`\b(?:const|let|var)\s+(\w+)[^=\n]*=\s*(?:await\s+)?readMigrationFiles\s*\(`)
	madeOf        = lazyregexp.New(`\b(?:const|let|var)\s+(\w+)[^=\n]*=\s*\[?(?:\.\.\.)?(\w+)\s*[.\]]`)
	loopOver      = lazyregexp.New(`\bfor\s*(?:await\s*)?\([^)]*?\b(?:of|in|<)\s+(\w+)|\b(\w+)\.forEach\s*\(`)
	opensOwn      = lazyregexp.New("\\.(?:transaction|begin)\\s*\\(|[\"'`]\\s*(?i:begin|start transaction)\\b")
	functionOfOwn = lazyregexp.New(`(?:function\s+(\w+)|\bconst\s+(\w+)\s*=\s*async)\b`)
)

// httpDrivers have a migrate() that opens no transaction.
var httpDrivers = map[string]bool{"neon-http": true, "xata-http": true}

// A drizzleScript is what runs the migrations of a folder.
type drizzleScript struct {
	path        string
	driver      string // whose migrate() it calls; "" for one that reads the files itself
	transaction string // InFile or InNone; "" for one around all that is pending
}

// runAsScriptsSay reads both branches' folder of Drizzle with the transactions that the
// repository's own script opens, and says so; "" where it has the usual ones, or a person has
// told. known is whether the base says so, too.
func runAsScriptsSay(base, head *Folder) (assumed string, known bool) {
	if head.Tool != Drizzle || head.Habits != (Habits{}) {
		return "", false
	}
	s := head.drizzleScript()
	if s.transaction == "" {
		return "", false
	}
	known = base != nil && base.drizzleScript().transaction == s.transaction
	for _, f := range []*Folder{base, head} {
		if f != nil {
			f.Habits.Transaction = s.transaction
			f.applyHabits()
		}
	}
	return s.assumption(head), known
}

func (s drizzleScript) assumption(f *Folder) string {
	line := f.Place.Line(f.Dir, "transaction: "+s.transaction)
	if s.driver != "" {
		return fmt.Sprintf("%s runs it with migrate() of drizzle-orm/%s, which opens no transaction; %s confirms that", s.path, s.driver, line)
	}
	return fmt.Sprintf("%s runs it with readMigrationFiles(), %s, not in the one of Drizzle's migrate(); %s confirms that", s.path,
		map[string]string{InFile: "each migration in a transaction of its own", InNone: "without a transaction"}[s.transaction], line)
}

// drizzleScript finds the script that runs the folder. Where drizzle-kit migrate or a
// migrate() with a transaction runs it as well, that is what counts: it refuses more.
func (f *Folder) drizzleScript() (found drizzleScript) {
	root := path.Dir(f.Dir)
	if f.Config != "" {
		root = path.Dir(f.Config)
	}
	for _, file := range migratingScripts(f.fsys, root) {
		data, err := fs.ReadFile(f.fsys, file)
		if err != nil {
			continue
		}
		s, runs := drizzleScriptIn(file, withoutComments(string(data)))
		if runs && s.transaction == "" {
			return drizzleScript{}
		}
		if runs && found.path == "" {
			found = s
		}
	}
	if d, err := openDirectory(f.fsys, f.Dir); found.path != "" && err == nil && d.aboveMatches(kitMigrates, "package.json") {
		return drizzleScript{}
	}
	return found
}

// migratingScripts lists the files below a directory that may run migrations, but for those
// of tests.
func migratingScripts(fsys fs.FS, root string) (found []string) {
	seen := 0
	_ = fs.WalkDir(fsys, root, func(file string, e fs.DirEntry, err error) error {
		seen++
		switch {
		case err != nil:
			return fs.SkipDir // it is not there
		case seen > maxScriptEntries || len(found) == maxScripts:
			return fs.SkipAll
		case e.IsDir() && file != root && (e.Name() == "node_modules" || strings.HasPrefix(e.Name(), ".") || PassesOver(file) != ""):
			return fs.SkipDir
		case e.Type().IsRegular() && migratingScript.MatchString(e.Name()) && !testScript.MatchString(e.Name()):
			found = append(found, file)
		}
		return nil
	})
	return found
}

func drizzleScriptIn(file, text string) (s drizzleScript, runs bool) {
	if m := importsMigrate.FindStringSubmatch(text); m != nil {
		s = drizzleScript{path: file, driver: m[1]}
		if httpDrivers[s.driver] {
			s.transaction = InNone
		}
		return s, s.driver != "pglite" // which is what tests run on
	}
	if !readsFiles.MatchString(text) {
		return s, false
	}
	transaction, known := transactionOfLoop(text)
	return drizzleScript{path: file, transaction: transaction}, known
}

// transactionOfLoop tells which transaction a script has that goes through what
// readMigrationFiles() gave it: one around each migration where one is opened in the loop.
func transactionOfLoop(text string) (transaction string, known bool) {
	names := namesOfMigrations(text)
	for _, m := range loopOver.FindAllStringSubmatchIndex(text, -1) {
		if !names[groupOf(text, m)] {
			continue
		}
		body := blockBehind(text, m[1])
		switch {
		case opensOwn.MatchString(body) || callsOneThatOpens(text, body):
			return InFile, true
		case opensOwn.MatchString(text):
			return "", true
		}
		return InNone, true
	}
	return "", false
}

// groupOf returns the first group of a match that is there.
func groupOf(text string, m []int) string {
	for i := 2; i < len(m); i += 2 {
		if m[i] >= 0 {
			return text[m[i]:m[i+1]]
		}
	}
	return ""
}

// namesOfMigrations are those of what readMigrationFiles() gave, and of what is made of it:
//
//	const all = readMigrationFiles({ migrationsFolder });
//	const pending = all.filter((m) => m.folderMillis > last);
func namesOfMigrations(text string) map[string]bool {
	names := map[string]bool{"readMigrationFiles": true}
	for _, m := range filesRead.FindAllStringSubmatch(text, -1) {
		names[m[1]] = true
	}
	for _, m := range madeOf.FindAllStringSubmatch(text, -1) {
		if names[m[2]] {
			names[m[1]] = true
		}
	}
	return names
}

// blockBehind returns the text from a place to the end of the block or call that follows it.
func blockBehind(text string, from int) string {
	depth := 0
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth <= 0 {
				return text[from : i+1]
			}
		}
	}
	return text[from:]
}

// callsOneThatOpens tells whether a body calls a function of the script that opens a
// transaction.
func callsOneThatOpens(text, body string) bool {
	for _, m := range functionOfOwn.FindAllStringSubmatchIndex(text, -1) {
		name := groupOf(text, m)
		if opensOwn.MatchString(blockBehind(text, m[1])) && strings.Contains(body, name+"(") && !strings.Contains(blockBehind(text, m[1]), body) {
			return true
		}
	}
	return false
}
