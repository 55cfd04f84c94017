//go:build !linux

package main

// hide does nothing: other systems let only a debugger with rights look.
func hide() error { return nil }
