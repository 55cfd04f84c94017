//go:build !linux || !(amd64 || arm64)

package main

// preferLargePages does nothing where the kernel decides by itself.
func preferLargePages() error { return nil }
