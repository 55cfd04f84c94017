//go:build !linux

package postgres

import "runtime"

func (m *Machine) askKernel() { m.LandlockNote = "Landlock is not on " + runtime.GOOS }
