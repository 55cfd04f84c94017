//go:build !linux

package postgres_test

import "errors"

const (
	filteredArg = "filtered"
	hosterArg   = "hoster"
)

func beFiltered([]string) error { return errors.New("seccomp is on Linux") }

func beHoster([]string) error { return errors.New("guards of servers are on Linux") }
