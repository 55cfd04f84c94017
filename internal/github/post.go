package github

import "github.com/migvet/migvet/internal/lazyregexp"

// PostInputs are the inputs of action.yml that concern the step that writes
// into the pull request, and what that step needs to know.
type PostInputs struct {
	Comment    string // never, on-findings or always
	Review     bool
	ID         string // tells several uses apart
	Token      string
	ReportJSON string // path of the report
}

// idForm is text that can stand in a hidden comment of HTML.
var idForm = lazyregexp.New(`^[A-Za-z0-9._-]*$`)

// ReadPostInputs reads and checks the inputs; its errors name the input.
func ReadPostInputs(getenv func(string) string) (PostInputs, error) {
	r := reader{getenv: getenv}
	in := r.comments()
	in.Token = r.text("github-token", "")
	in.ReportJSON = r.text("report-json", "")
	return in, r.err
}

// comments reads what is to be written into the pull request. The step that runs does
// so as well, to tell a mistake before the migrations are tried.
func (r *reader) comments() PostInputs {
	in := PostInputs{
		Comment: r.word("comment", "never", "never", "on-findings", "always"),
		Review:  r.boolean("review", false),
		ID:      r.text("id", ""),
	}
	if !idForm.MatchString(in.ID) {
		r.fail("id", in.ID, "has other characters than letters, digits, . _ and -")
	}
	return in
}
