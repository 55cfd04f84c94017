//go:build !linux

package postgres

import "syscall"

// alone is for systems with user namespaces.
func (a account) alone() account { return a }

func (a account) attributes(attr *syscall.SysProcAttr) *syscall.SysProcAttr { return attr }
