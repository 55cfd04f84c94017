package cli

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/yamltext"
)

// A surveyed is what check would look at in a repository, and what it would leave out.
type surveyed struct {
	Root          string           `json:"root"`
	Base          string           `json:"base"`          // what is new is told by; "" when nothing does
	Configuration string           `json:"configuration"` // the file, "" for none
	Problems      []check          `json:"problems"`      // that check would stop at
	Folders       []surveyedFolder `json:"folders"`
	PassedOver    []surveyedPlace  `json:"passedOver"`
	NotLookedAt   []surveyedPlace  `json:"notLookedAt"` // SQL and code in no folder
	NotSearched   []string         `json:"notSearched"` // directories in which nobody looks for folders
	Notes         []string         `json:"notes"`       // of check, about how it reads all this

	withoutConfiguration bool   // it could not be read
	configured           bool   // it names the folders
	below                string // where its paths start
	named                string // how messages call it
}

// A surveyedFolder is one folder of migrations.
type surveyedFolder struct {
	Dir        string `json:"dir"`
	Tool       string `json:"tool"`
	Sign       string `json:"sign"`          // what it is known by
	Migrations *int   `json:"migrations"`    // null when nobody has counted
	New        *int   `json:"newMigrations"` // null when nothing tells what is new
	Gone       bool   `json:"gone"`          // the base alone has it
	Assumed    string `json:"assumed,omitempty"`
	NotChecked string `json:"notChecked,omitempty"` // why check leaves it out
}

// A surveyedPlace is a file or directory, and what is to say of it.
type surveyedPlace struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

// surveyRepository finds out what check would look at here. What stands in the way is
// told, and the rest goes on without it.
func (c *doctorCmd) surveyRepository(ctx context.Context, env Env) (r *surveyed) {
	r = &surveyed{Problems: []check{}, Folders: []surveyedFolder{}, PassedOver: []surveyedPlace{}, NotLookedAt: []surveyedPlace{}, NotSearched: []string{}, Notes: []string{}}
	if p := rescue.Do(func() { c.survey(ctx, env, r) }); p != nil {
		r.Problems = append(r.Problems, check{"repository", false, fmt.Sprintf("looking at it %v%s", p, reportPanic)})
	}
	return r
}

// stop tells what check would stop at.
func (r *surveyed) stop(name string, err error) {
	r.Problems = append(r.Problems, check{name, false, fmt.Sprintf("check stops: %v", err)})
}

func (c *doctorCmd) survey(ctx context.Context, env Env, r *surveyed) {
	p := &project{env: env, flags: reviewFlags{changeFlags: changeFlags{Base: c.Base, Config: c.Config}}, text: source.NewBudget(source.MaxText), config: config.Default()}
	var err error
	if p.root, err = env.root(""); err != nil {
		r.stop("repository", err)
		p.root = env.Dir
	}
	r.Root = p.root
	if p.head, err = files.OpenTree(p.root); err != nil {
		r.stop("repository", err)
		return
	}
	r.configure(p)
	r.findBase(ctx, p)
	defer p.close() // nothing was written
	if err := p.judgeConfig(); err != nil && !r.withoutConfiguration {
		r.stop("configuration", err)
	}
	found := r.find(p)
	p.there = &found
	found, sources, err := r.pair(ctx, p, found)
	if err != nil {
		r.stop("migrations", err)
	}
	for _, f := range found {
		r.Folders = append(r.Folders, newSurveyedFolder(f, sources, p.base != nil))
	}
	r.addGone(found, sources)
	for _, o := range p.passed {
		r.PassedOver = append(r.PassedOver, surveyedPlace{o.Dir, o.Why})
	}
	r.addSkipped(p.skipped)
	r.addUnread(sources)
	r.addNotSearched(p, found)
	r.addStrays(ctx, p, found, sources)
	r.addNotes(p, sources)
}

func (r *surveyed) configure(p *project) {
	c, file, err := p.loadConfig(p.head)
	if err != nil {
		r.stop("configuration", err)
		r.withoutConfiguration = true
		return
	}
	p.config, p.configFile, r.Configuration, r.configured = c, file, file, len(c.Migrations) > 0
	r.below, r.named = c.Dir(), p.configurationFile()
}

// findBase does without a base where there is none: doctor lists folders all the same.
func (r *surveyed) findBase(ctx context.Context, p *project) {
	if err := p.findBase(ctx); err != nil {
		r.stop("base", err)
	}
	r.Base = p.baseText
}

// find lists folders as check finds them. One that is named and cannot be read is told.
func (r *surveyed) find(p *project) (found []source.Found) {
	for _, m := range p.config.Migrations {
		f, err := p.configuredFolder(p.head, m)
		if err != nil {
			r.stop("folder", err)
			continue
		}
		found = append(found, f)
	}
	if len(p.config.Migrations) > 0 {
		return found
	}
	found, passed, err := source.Survey(p.head)
	if err != nil {
		r.stop("folders", err)
	}
	p.passed = passed
	return found
}

// pair returns the folders as they were found where they cannot be read.
func (r *surveyed) pair(ctx context.Context, p *project, found []source.Found) ([]source.Found, []*source.Source, error) {
	read, sources, err := p.paired(ctx, found)
	if err != nil {
		return found, nil, err
	}
	return read, sources, nil
}

func newSurveyedFolder(f source.Found, sources []*source.Source, compared bool) surveyedFolder {
	folder := surveyedFolder{Dir: f.Dir, Tool: f.Tool, Sign: f.Sign(), Assumed: f.Assumed, NotChecked: f.Skip}
	at := slices.IndexFunc(sources, func(s *source.Source) bool { return s.Dir == f.Dir })
	if at < 0 || f.Skip != "" {
		return folder
	}
	folder.count(sources[at], compared)
	return folder
}

func (f *surveyedFolder) count(s *source.Source, compared bool) {
	all, fresh := len(s.Head), len(s.History.New)
	f.Migrations = &all
	if compared {
		f.New = &fresh
	}
}

// addGone adds the folders that the base alone has.
func (r *surveyed) addGone(found []source.Found, sources []*source.Source) {
	for _, s := range sources {
		if isFound(found, s.Dir) {
			continue
		}
		folder := surveyedFolder{Dir: s.Dir, Tool: s.Tool, Gone: true}
		folder.count(s, true)
		r.Folders = append(r.Folders, folder)
	}
}

// addSkipped names what check would tell as not checked, but for folders of which the row
// says so.
func (r *surveyed) addSkipped(skipped []report.Unchecked) {
	for _, u := range skipped {
		told := func(f surveyedFolder) bool { return f.Dir == u.Path && f.NotChecked == u.Reason }
		if !slices.ContainsFunc(r.Folders, told) {
			r.NotLookedAt = append(r.NotLookedAt, surveyedPlace{u.Path, u.Reason})
		}
	}
}

// addNotes tells how check reads the folders, new migrations or not.
func (r *surveyed) addNotes(p *project, sources []*source.Source) {
	if !r.withoutConfiguration {
		r.Notes = append(r.Notes, p.notes...)
	}
	for _, s := range sources {
		if s.Assumed != "" {
			r.Notes = append(r.Notes, s.Dir+": "+s.Assumed)
		}
	}
}

// addUnread names the files of folders that check cannot read.
func (r *surveyed) addUnread(sources []*source.Source) {
	for _, s := range sources {
		for _, u := range s.Unchecked {
			r.NotLookedAt = append(r.NotLookedAt, surveyedPlace{u.Path, u.Reason})
		}
	}
}

// addNotSearched names the directories that are not searched, without those that a
// configuration leads into.
func (r *surveyed) addNotSearched(p *project, found []source.Found) {
	dirs, err := source.NotSearched(p.head)
	if err != nil {
		return // who looked for folders has told it
	}
	for _, dir := range dirs {
		if path.Base(dir) != ".git" && !slices.ContainsFunc(found, func(f source.Found) bool { return pathWithin(f.Dir, dir) }) {
			r.NotSearched = append(r.NotSearched, dir)
		}
	}
}

// rows are what there is to say of a repository, for people.
func (r *surveyed) rows() (rows []check) {
	add := func(name string, ok bool, format string, args ...any) {
		rows = append(rows, check{name, ok, fmt.Sprintf(format, args...)})
	}
	if r.Base != "" {
		add("base", true, "%s: what it does not have is new", r.Base)
	}
	if r.Configuration != "" {
		add("configuration", true, "%s", r.Configuration)
	} else if !r.withoutConfiguration {
		add("configuration", true, "none, and none is needed: folders are found by what is in them")
	}
	rows = append(rows, r.Problems...)
	for _, f := range r.Folders {
		add("migrations", f.NotChecked == "" && !f.Gone, "%s", f.words())
	}
	if len(r.Folders) == 0 && !r.configured {
		add("migrations", false, "no folder was found; name yours in %s: %s, with its own folder and tool", cmp.Or(r.named, config.Name), (*yamltext.Place)(nil).List("db/changes", "tool: plain"))
	}
	for _, o := range r.PassedOver {
		add("passed over", false, "%s: %s", o.Path, o.Why)
	}
	for _, o := range r.NotLookedAt {
		add("not looked at", false, "%s: %s", o.Path, o.Why)
	}
	if len(r.NotSearched) > 0 {
		add("not searched", false, "%s: written by others or by a build", someNames(r.NotSearched))
	}
	for _, note := range r.Notes {
		add("note", true, "%s", note)
	}
	if len(r.PassedOver)+len(r.NotLookedAt)+len(r.NotSearched) > 0 && len(r.Folders) > 0 && !r.withoutConfiguration {
		add("to add a folder", true, "%s", r.wayToAdd())
	}
	return rows
}

// wayToAdd is what adds a folder to those that there are. The list of a configuration
// replaces what is found without it.
func (r *surveyed) wayToAdd() string {
	var dirs []string
	for _, f := range r.Folders {
		if f.NotChecked == "" && !f.Gone {
			dirs = append(dirs, f.Dir)
		}
	}
	return r.place("YOUR/FOLDER", dirs...) + ", with its own tool"
}

// place is the line that names a folder, beside those that were found.
func (r *surveyed) place(folder string, found ...string) string {
	p := yamltext.Place{Dir: r.below, Listed: r.configured, Found: found}
	return nameFile(p.Add(path.Join(r.below, folder), "tool: plain"), cmp.Or(r.named, config.Name))
}

// words say how a folder is read, or why it is not.
func (f *surveyedFolder) words() string {
	switch {
	case f.Gone:
		return fmt.Sprintf("%s: %s, on the base alone", f.Dir, f.Tool)
	case f.NotChecked != "":
		return fmt.Sprintf("%s: not checked: %s", f.Dir, f.NotChecked)
	}
	words := f.Dir + ": " + f.Tool
	if f.Assumed == "" {
		words += ", known by " + f.Sign
	}
	if f.Migrations != nil {
		words += "; " + noun.Count(*f.Migrations, "migration")
	}
	if f.New != nil && *f.New > 0 {
		words += fmt.Sprintf(", %d of them new", *f.New)
	} else if f.New != nil {
		words += ", none of them new"
	}
	if f.Assumed != "" {
		words += "; " + f.Assumed
	}
	return words
}
