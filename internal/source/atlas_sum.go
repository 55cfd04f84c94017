package source

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

const atlasSum = "atlas.sum"

var atlasSumIgnored = lazyregexp.New(`\A-- atlas:sum +ignore\s*(\n|\z)`)

// verifyAtlasSum compares atlas.sum with the files, in the order of their
// names: each line sums up all files so far, the first one all lines.
// https://github.com/ariga/atlas/blob/master/sql/migrate/dir.go (NewHashFile)
func (f *Folder) verifyAtlasSum(d *directory) error {
	text, err := d.read(atlasSum)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file := path.Join(f.Dir, atlasSum)
	f.files[file] = text
	sums := f.atlasSums(d)
	f.recordAtlas(sums)
	at, why := firstDifferentLine(text, sums)
	if why == "" {
		return nil
	}
	f.broken = atlasSum + ": " + why
	f.problems = append(f.problems, problem{rules.JournalInvalid.At(file, at.Start, at.End, fmt.Sprintf(
		"atlas.sum does not fit the files: %s; Atlas refuses the whole folder (“checksum mismatch”); run atlas migrate hash after resolving what was merged", why)), "sum " + why})
	return nil
}

// atlasSums returns the lines that atlas.sum should have.
func (f *Folder) atlasSums(d *directory) []string {
	running, total := sha256.New(), sha256.New()
	var sums []string
	for _, name := range d.sql() {
		text := f.files[path.Join(f.Dir, name)]
		running.Write([]byte(name))
		if atlasSumIgnored.MatchString(text) {
			continue
		}
		running.Write([]byte(text))
		sum := base64.StdEncoding.EncodeToString(running.Sum(nil))
		total.Write([]byte(name + sum))
		sums = append(sums, name+" h1:"+sum)
	}
	return append([]string{"h1:" + base64.StdEncoding.EncodeToString(total.Sum(nil))}, sums...)
}

// firstDifferentLine says where a text is not the lines wanted. The first line differs
// whenever another one does, so that one is told last.
func firstDifferentLine(text string, want []string) (lint.Span, string) {
	var spans []lint.Span
	for at := range textLines(text) {
		spans = append(spans, at)
	}
	if len(spans) == 0 {
		return lint.Span{Start: lint.NoPos, End: lint.NoPos}, "it is empty or does not exist"
	}
	for i := 1; i < max(len(spans), len(want)); i++ {
		switch {
		case i >= len(spans):
			return spans[len(spans)-1], fileOf(want[i]) + " is not in it"
		case i >= len(want):
			return spans[i], "it lists " + fileOf(text[spans[i].Start:spans[i].End]) + ", which does not exist"
		case strings.TrimSpace(text[spans[i].Start:spans[i].End]) == want[i]:
		case fileOf(text[spans[i].Start:spans[i].End]) == fileOf(want[i]):
			return spans[i], fileOf(want[i]) + " was changed after it was summed up"
		default:
			return spans[i], "it has another list of files, beginning with " + fileOf(want[i])
		}
	}
	if strings.TrimSpace(text[spans[0].Start:spans[0].End]) != want[0] {
		return spans[0], "its first line is not the sum of the others"
	}
	return lint.Span{}, ""
}

func fileOf(line string) string {
	name, _, _ := strings.Cut(line, " h1:")
	return name
}
