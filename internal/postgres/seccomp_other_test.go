//go:build !linux

package postgres_test

import "errors"

const filteredArg = "filtered"

func beFiltered([]string) error { return errors.New("seccomp is on Linux") }
