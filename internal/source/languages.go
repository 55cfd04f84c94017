package source

import (
	"path"
	"strings"
)

// languages are those that migrations are written in, by the ends of their files.
var languages = map[string]string{
	".go": "Go", ".rs": "Rust", ".java": "Java", ".kt": "Kotlin", ".scala": "Scala", ".groovy": "Groovy", ".py": "Python", ".rb": "Ruby", ".php": "PHP", ".cs": "C#", ".ex": "Elixir", ".exs": "Elixir",
	".clj": "Clojure", ".sh": "shell", ".ps1": "PowerShell",
	".ts": "TypeScript", ".mts": "TypeScript", ".cts": "TypeScript", ".tsx": "TypeScript",
	".js": "JavaScript", ".mjs": "JavaScript", ".cjs": "JavaScript",
}

// languageOf is the language that a file is written in; "" for one that is no program.
func languageOf(file string) string { return languages[strings.ToLower(path.Ext(file))] }
