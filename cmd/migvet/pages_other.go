//go:build !linux

package main

// preferLargePages does nothing where the kernel decides by itself.
func preferLargePages() error { return nil }
