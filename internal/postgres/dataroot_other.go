//go:build !linux

package postgres

// dataRoot is where data directories are made.
func (o Options) dataRoot() string { return o.tempRoot() }
