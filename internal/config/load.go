package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/lint"
)

// MaxSize is how large a file may be, in bytes: far above what people write.
const MaxSize = 256 << 10

// Load reads the nearest .migvet.yml, from a directory upwards to the root of
// fsys, and returns where it was. Without one it returns Default and "". fsys
// is the repository; it should not follow symbolic links out of itself.
func Load(fsys fs.FS, from string, rules []*lint.Rule) (*Config, string, error) {
	for dir := path.Clean(from); ; dir = path.Dir(dir) {
		file := path.Join(dir, Name)
		c, err := readConfig(fsys, file, rules)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return c, file, err
		}
		if other := path.Join(dir, ".migvet.yaml"); fileExists(fsys, other) {
			return nil, other, fmt.Errorf("%s is not read; rename it to %s", other, Name)
		}
		if dir == path.Dir(dir) {
			return Default(), "", nil
		}
	}
}

func fileExists(fsys fs.FS, file string) bool {
	_, err := fs.Stat(fsys, file)
	return err == nil
}

func readConfig(fsys fs.FS, file string, rules []*lint.Rule) (*Config, error) {
	data, err := files.Read(fsys, file, MaxSize)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return Parse(file, data, rules)
}
