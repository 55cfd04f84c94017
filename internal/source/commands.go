package source

import (
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// A command is a line by which a project runs its tool.
type command struct {
	text string // with the lines that continue it
	file string
	dir  string // of the file
}

// commandFile matches files in which commands are kept, as far as their names tell.
var commandFile = lazyregexp.New(`(?i)^(GNU)?makefile$|\.(mk|sh|bash)$|^taskfile\.ya?ml$|^\.?justfile$|^dockerfile|\.dockerfile$|^(docker-)?compose.*\.ya?ml$|^package\.json$|^procfile$|^\.env$|^\.envrc$|^mise\.toml$|^\.mise\.toml$`)

// commandFolders are where else they are, seen from the directories that a folder is in.
var commandFolders = []string{"scripts", "script", "bin", "hack", "docker", ".github/workflows"}

// workflowFile matches what GitHub runs.
var workflowFile = lazyregexp.New(`(?i)\.(ya?ml|sh|bash|mk)$`)

// commandFiles are those of one directory.
func (d *directory) commandFiles() []string {
	var files []string
	for _, name := range d.files {
		if commandFile.MatchString(name) {
			files = append(files, name)
		}
	}
	for _, folder := range commandFolders {
		if first, _, _ := strings.Cut(folder, "/"); !slices.Contains(d.dirs, first) {
			continue
		}
		child, err := openDirectory(d.fsys, path.Join(d.dir, folder))
		if err != nil {
			continue
		}
		for _, name := range child.files {
			if commandFile.MatchString(name) || strings.HasPrefix(folder, ".") && workflowFile.MatchString(name) {
				files = append(files, path.Join(folder, name))
			}
		}
	}
	return files
}

var continuedLine = lazyregexp.New(`\\\r?\n`)

// commands visits the lines that a pattern matches, those of the nearest directory first;
// enough ends it behind the directory in which it became true.
func (d *directory) commands(pattern *lazyregexp.Regexp, visit func(command), enough func() bool) {
	d.climb(func(up *directory) bool {
		for _, file := range up.commandFiles() {
			text := continuedLine.ReplaceAllString(up.beginning(file), " ")
			for _, line := range strings.Split(text, "\n") {
				if !isCommentLine(line) && pattern.MatchString(line) {
					visit(command{line, path.Join(up.dir, file), up.dir})
				}
			}
		}
		return enough()
	})
}

func isCommentLine(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//")
}

// commandsSay is what a pattern's group has in the nearest of them, "" when it matches
// nowhere, or says different things in one directory: then, and for variables, nobody
// can be sure. is tells which commands are about this folder; nil takes all.
func (d *directory) commandsSay(pattern *lazyregexp.Regexp, is func(command) bool) (value string) {
	d.commands(pattern, func(c command) {
		if is != nil && !is(c) {
			return
		}
		for _, m := range pattern.FindAllStringSubmatch(c.text, -1) {
			said := trimQuotes(m[1])
			if value != "" && value != said {
				d.unsure = true
				return
			}
			if said = d.literalValue(said); value == "" {
				value, d.answeredBy = said, c.file
			}
		}
	}, func() bool { return value != "" || d.unsure })
	if d.unsure {
		return ""
	}
	return value
}

// concerns tells whether a command is about the folder: its option for the directory of
// migrations, if it has one, leads there.
func (d *directory) concerns(option *lazyregexp.Regexp) func(command) bool {
	return func(c command) bool {
		m := option.FindStringSubmatch(c.text)
		if m == nil || strings.ContainsAny(m[1], "$%{") {
			return true
		}
		dir := path.Clean(trimQuotes(m[1]))
		return path.Join(c.dir, dir) == d.dir || d.dir == dir || strings.HasSuffix(d.dir, "/"+strings.TrimLeft(dir, "./")) || path.IsAbs(dir)
	}
}
