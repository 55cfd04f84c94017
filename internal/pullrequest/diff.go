package pullrequest

import (
	"context"
	"strconv"
	"strings"

	gh "github.com/google/go-github/v89/github"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// lines are the lines of a file that can be commented on: the new version's, as far
// as the diff shows them, hunk by hunk.
type lines []hunk

// A hunk is a range of lines, from 1, inclusive.
type hunk struct{ first, last int }

// clip returns the last line up to end that is in the same hunk as start; ok is
// false when start is in none.
func (l lines) clip(start, end int) (last int, ok bool) {
	for _, h := range l {
		if h.first <= start && start <= h.last {
			return min(end, h.last), true
		}
	}
	return 0, false
}

// changed returns the lines of each file in the diff. Files whose diff GitHub
// leaves out, because they are large, have none.
func (p *PullRequest) changed(ctx context.Context) (map[string]lines, error) {
	files := map[string]lines{}
	for f, err := range p.client.PullRequests.ListFilesIter(ctx, p.owner, p.repo, p.number, &gh.ListOptions{PerPage: 100}) {
		if err != nil {
			return nil, err
		}
		files[f.GetFilename()] = readPatch(f.GetPatch())
	}
	return files, nil
}

var hunkHeader = lazyregexp.New(`^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@`)

// readPatch reads the headers of a unified diff: "@@ -1,4 +2,6 @@".
func readPatch(patch string) lines {
	var all lines
	for line := range strings.SplitSeq(patch, "\n") {
		m := hunkHeader.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		first, count := hunkNumber(m[1]), 1
		if m[2] != "" {
			count = hunkNumber(m[2])
		}
		if count > 0 {
			all = append(all, hunk{first, first + count - 1})
		}
	}
	return all
}

func hunkNumber(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
