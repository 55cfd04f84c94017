package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/migvet/migvet/internal/rundir"
)

const (
	containerSocket = "/run/migvet"
	containerData   = "/migvet"
	containerDisk   = 2 << 30 // bytes, of the memory that it may use
)

// containerScript makes a data directory and becomes its server. It ends when
// its input does, so also when migvet or the client of Docker is killed.
// $1 are initdb's arguments, $2 the SQL of setup, $3 the server's.
const containerScript = `set -eu
initdb -D ` + containerData + `/data $1 >/dev/null
printf '%s' "$2" | postgres --single -F -D ` + containerData + `/data -c exit_on_error=on -c lc_messages=C template1 >/dev/null
echo 'local all all trust' >` + containerData + `/data/pg_hba.conf
exec 3<&0
postgres -D ` + containerData + `/data -k ` + containerSocket + ` $3 </dev/null 3<&- &
server=$!
(cat <&3 >/dev/null; kill -QUIT "$server") &
wait "$server"`

// StartContainer starts a throw-away server in a container of an image that has
// PostgreSQL, such as postgres:16. The container has no network, no capabilities
// and no file of this machine but the directory of the server's socket; its data
// is in memory. The image is the caller's choice: whoever makes it can make it
// lie about what migrations do.
//
// It needs the Docker client, and a daemon on this machine.
func (o Options) StartContainer(ctx context.Context, image string) (*Server, error) {
	if image == "" || strings.HasPrefix(image, "-") {
		return nil, fmt.Errorf("%q is not the name of an image", image)
	}
	if err := platformSupported(); err != nil {
		return nil, err
	}
	docker, err := o.lookPath("docker")
	if err != nil {
		return nil, fmt.Errorf("%w; install Docker, or leave --docker out", err)
	}
	run, err := sweepAndMake("/tmp") // a short path, which the daemon can see too
	if err != nil {
		return nil, err
	}
	c := container{options: o, docker: docker, image: image, name: filepath.Base(run.Path), files: &serverFiles{runs: []*runDir{run}}}
	s, err := c.start(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("PostgreSQL in Docker: %w", err), c.files.remove())
	}
	return s, nil
}

// A container is one to be, or one that runs.
type container struct {
	options Options
	docker  string // the client
	image   string
	name    string
	files   *serverFiles
}

func (c container) start(ctx context.Context) (*Server, error) {
	run := c.files.runs[0]
	c.files.socket = filepath.Join(run.Path, "s")
	// The server is another user there, whose number only the image knows. In
	// run.Path nobody else can look for it.
	if err := errors.Join(os.Chmod(run.Path, 0o700), rundir.MkdirMode(c.files.socket, 0o777)); err != nil {
		return nil, err
	}
	version, major, err := c.version(ctx)
	if err != nil {
		return nil, err
	}
	cmd := c.command(context.WithoutCancel(ctx), append(c.flags("--interactive"), "sh", "-c", containerScript, "migvet",
		strings.Join(initdbArgs(major), " "), strings.Join(setupStatements(major), ";\n")+";\n", strings.Join(containerSettings(major), " "))...)
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p, err := startProcess(cmd)
	if err != nil {
		return nil, err
	}
	p.quit, p.force = input.Close, c.remove
	s := &Server{version: version, major: major, superuser: true, process: p, files: c.files, image: c.image}
	if err := s.becomeReady(ctx, StartOptions{}); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	go s.stopWith(ctx)
	return s, nil
}

// flags confine every container. Memory holds the data too.
func (c container) flags(more ...string) []string {
	flags := []string{
		"run", "--rm", "--name", c.name, "--network", "none", "--ipc", "private", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only",
		"--user", "postgres", "--memory", strconv.Itoa(maxMemory), "--pids-limit", "256", "--ulimit", "core=0",
		"--tmpfs", containerData + ":rw,mode=1777,size=" + strconv.Itoa(containerDisk), "--tmpfs", "/tmp:rw,mode=1777,size=64m",
		"--volume", c.files.socket + ":" + containerSocket,
		"--env", "LC_ALL=C", "--env", "TZ=UTC",
	}
	flags = append(flags, more...)
	return append(flags, "--entrypoint", "", c.image)
}

func containerSettings(major int) []string {
	var args []string
	for _, setting := range serverSettings(major) {
		args = append(args, "-c", setting)
	}
	return append(args, "-c", "unix_socket_permissions=0777")
}

// imageTimeout is for some 150 MB over a slow line.
const imageTimeout = 10 * time.Minute

// version fetches the image, if it is not there, and asks its server.
func (c container) version(ctx context.Context) (version string, major int, err error) {
	ctx, cancel := context.WithTimeout(ctx, imageTimeout)
	defer cancel()
	c.options.log("asking %s for its PostgreSQL", c.image)
	output := &tail{}
	cmd := c.command(ctx, append(c.flags(), "postgres", "-V")...)
	cmd.Stderr = output
	out, err := cmd.Output()
	if err != nil {
		return "", 0, fmt.Errorf("docker run %s: %w\n%s", c.image, err, output)
	}
	version, major, err = parseVersion(string(out))
	if err == nil && major < OldestMajor {
		err = fmt.Errorf("PostgreSQL %s in %s is too old; migvet needs %d or newer", version, c.image, OldestMajor)
	}
	return version, major, err
}

// dockerVariables are all that the client gets to see of the environment.
var dockerVariables = []string{"PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "XDG_RUNTIME_DIR"}

func (c container) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.docker, args...)
	cmd.Dir = "/"
	cmd.Env = []string{}
	for _, name := range dockerVariables {
		if value := c.options.setting(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = clientAttributes()
	return cmd
}

// remove ends a container that does not end itself.
func (c container) remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := c.command(ctx, "rm", "--force", c.name)
	cmd.Stdout, cmd.Stderr = io.Discard, io.Discard
	return cmd.Run()
}
