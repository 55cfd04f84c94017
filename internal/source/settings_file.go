package source

import (
	"fmt"
	"path"
)

// maxSettings is the size above which no file is taken for a project's settings, in
// bytes.
const maxSettings = 1 << 20

// A parsedFile is what was read from a file of settings.
type parsedFile struct {
	value any
	err   error
}

// parseOnce reads a file of the directory once.
func parseOnce[T any](d *directory, name string, parse func(text string) (T, error)) (T, error) {
	if known, ok := d.parsed[name]; ok {
		return known.value.(T), known.err
	}
	var value T
	text, err := d.read(name)
	if err == nil && len(text) > maxSettings {
		err = fmt.Errorf("is larger than %d MiB", maxSettings>>20)
	}
	if err == nil {
		value, err = parse(text)
	}
	d.parsed[name] = parsedFile{value, err}
	return value, err
}

// nearestFile reads the nearest of some files, in the directory or one that it is in;
// file is its path, "" for none. One that cannot be read is noted.
func nearestFile[T any](d *directory, parse func(text string) (T, error), names ...string) (value T, file string) {
	d.climb(func(up *directory) bool {
		for _, name := range names {
			if !up.has(name) {
				continue
			}
			var err error
			file = path.Join(up.dir, name)
			if value, err = parseOnce(up, name, parse); err != nil {
				d.refuse(file, err)
			}
			d.answeredBy = file
			return true
		}
		return false
	})
	return value, file
}

// refuse notes a file of settings that cannot be read.
func (d *directory) refuse(file string, err error) {
	reason := fmt.Sprintf("cannot be read as its tool reads it (%v), so what it sets is not known; correct it", err)
	d.refused = append(d.refused, Unchecked{Path: file, Reason: reason})
}
