package postgres

import (
	"debug/elf"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

const (
	maxFile   = 2 << 30
	maxMemory = 4 << 30
)

// systemDirs have libraries, time zones and collations. /proc is not here, and
// /etc is not: there is nothing in them that a server needs.
var systemDirs = []string{"/usr", "/lib", "/lib32", "/lib64", "/nix/store", debianDictionaries}

const debianDictionaries = "/var/cache/postgresql/dicts" // where links in /usr/share/postgresql lead

// confinement is what a server of this installation needs and no more.
func (i *Installation) confinement(dataDir, socketDir string) (*confinement, error) {
	server, err := filepath.EvalSymlinks(executablePath(i.BinDir, "postgres"))
	if err != nil {
		return nil, err
	}
	c := &confinement{
		ReadDirs:  append(installationDirs(server), systemDirs...),
		ReadFiles: []string{"/etc/ld.so.cache", "/etc/localtime", "/etc/ssl/openssl.cnf", "/dev/urandom", "/dev/random", "/dev/zero"},
		WriteDirs: []string{dataDir, socketDir},
		Execute:   []string{server},
		MaxFile:   maxFile,
		MaxMemory: maxMemory,
	}
	if i.Major < 15 {
		// Its statistics collector is a process that it sends UDP to.
		c.Talk = true
		c.ReadFiles = append(c.ReadFiles, "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/resolv.conf", "/etc/gai.conf")
	}
	loader, err := loaderOf(server)
	if err != nil {
		return nil, err
	}
	if loader != "" {
		c.Execute = append(c.Execute, loader)
	}
	return c, nil
}

// installationDirs are the directories of the installation itself: what lies
// next to bin is not all ours, bin may be in a home directory.
func installationDirs(server string) []string {
	const brew = "/home/linuxbrew/.linuxbrew"
	if strings.HasPrefix(server, brew+"/") {
		return []string{brew} // every library is in a package of its own
	}
	bin := filepath.Dir(server)
	prefix := filepath.Dir(bin)
	return []string{bin, filepath.Join(prefix, "lib"), filepath.Join(prefix, "lib64"), filepath.Join(prefix, "share")}
}

// loaderOf is the dynamic loader that an ELF program asks for; "" if it is
// linked statically.
func loaderOf(path string) (string, error) {
	f, err := elf.Open(path)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type != elf.PT_INTERP {
			continue
		}
		name, err := io.ReadAll(io.LimitReader(p.Open(), 4096))
		if err != nil {
			return "", fmt.Errorf("read %s: %w", path, err)
		}
		return strings.TrimRight(string(name), "\x00"), nil
	}
	return "", nil
}
