package postgres

import (
	"context"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// A Machine is what this machine offers to run SQL of strangers with.
type Machine struct {
	Installations []*Installation // found or fetched before, newest first
	Fetchable     []int           // major versions that npm could fetch, ascending
	Unsupported   error           // why no server can be started here at all
	Landlock      int             // ABI of the kernel; 0 for none
	LandlockNote  string          // why there is none
	Seccomp       bool            // filters of system calls that we know to write
	SeccompNotify bool            // a filter can ask: see answerMemory
	NoNewPrivs    bool
	ServerUser    int    // uid that servers run as
	ServerUserErr error  // why there is none
	ServerShared  bool   // other processes of that user can reach servers of root
	Docker        string // version of the daemon; "" for none
	DockerNote    string // why there is none
	NPM, Git      string // paths; "" for none
	NPMErr        error  // why there is none
	GitErr        error
	Cache         string // directory; "" for none
	CacheErr      error  // why it cannot be used
}

// Look finds out what there is, without starting or fetching anything.
func Look(ctx context.Context, o Options) Machine {
	m := Machine{Cache: o.CacheDir, Unsupported: platformSupported()}
	if o.CacheDir != "" {
		o.CacheDir, m.CacheErr = o.usableCache()
	}
	o.Version = 0
	m.Installations = o.all(ctx, append(o.installed(ctx), o.cached()...))
	for major := OldestMajor; major <= NewestMajor; major++ {
		if _, ok := findPin(npmPlatform(runtime.GOOS, runtime.GOARCH), major); ok {
			m.Fetchable = append(m.Fetchable, major)
		}
	}
	m.askKernel()
	if a, err := serverAccount(); err != nil {
		m.ServerUserErr = err
	} else {
		m.ServerUser, m.ServerShared = a.uid, a.other && a.alone().name == nil
	}
	m.NPM, m.NPMErr = o.lookPath("npm")
	m.Git, m.GitErr = o.lookPath("git")
	m.Docker, m.DockerNote = o.dockerVersion(ctx)
	return m
}

// Sandboxed reports whether the sandbox of a server would be complete here, as far as
// that can be told without starting one. PostgreSQL 14 needs more; see
// [Server.Sandboxed].
func (m Machine) Sandboxed() bool { return m.sandbox().closed() }

// SandboxNote says in one line what the sandbox of a server would be.
func (m Machine) SandboxNote() string { return m.sandbox().String() }

func (m Machine) sandbox() sandbox {
	return sandbox{ABI: m.Landlock, Note: m.LandlockNote, Filter: m.Seccomp, Memory: m.SeccompNotify}
}

// dockerVersion asks the daemon.
func (o Options) dockerVersion(ctx context.Context) (version, note string) {
	docker, err := o.lookPath("docker")
	if err != nil {
		return "", err.Error()
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	c := container{options: o, docker: docker}
	out, err := c.command(ctx, "version", "--format", "{{.Server.Version}}").Output()
	if err != nil {
		if exit, ok := err.(*exec.ExitError); ok && len(exit.Stderr) > 0 {
			return "", firstLine(string(exit.Stderr))
		}
		return "", "the daemon does not answer: " + err.Error()
	}
	return firstLine(string(out)), ""
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
