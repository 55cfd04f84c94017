//go:build !linux

package postgres_test

import "errors"

const intruderArg = "intruder"

func beIntruder([]string) error { return errors.New("the account is another one on Linux") }
