package cli

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/migvet/migvet/internal/files"
)

// FromOS is the environment of a real process.
func FromOS() Env {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	env := Env{
		Dir: dir, Stdout: os.Stdout, Stderr: ownStderr(), Getenv: os.Getenv, Now: time.Now, Grace: time.Minute, Version: moduleVersion(),
		Progress: isTerminal(os.Stderr),
	}
	if cache, err := os.UserCacheDir(); err == nil {
		env.CacheDir = filepath.Join(cache, "migvet")
	}
	env.Color = wantsColor(env.Getenv, isTerminal(os.Stdout))
	return env
}

// maxEvent is the size in bytes of the largest event that is read. GitHub sends
// none above 25 MB.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
const maxEvent = 32 << 20

// readEvent reads what the runner tells about the event.
func readEvent(file string) ([]byte, error) { return files.Named{}.Read(file, maxEvent) }

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// wantsColor follows no-color.org and force-color.org. The log of a GitHub job
// is no terminal but shows colours.
func wantsColor(getenv func(string) string, terminal bool) bool {
	switch {
	case getenv("NO_COLOR") != "" || getenv("TERM") == "dumb":
		return false
	case getenv("FORCE_COLOR") != "" || getenv("CLICOLOR_FORCE") != "":
		return true
	}
	return terminal || getenv("GITHUB_ACTIONS") == "true"
}

// moduleVersion is the module's, as the Go toolchain stamped it.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
