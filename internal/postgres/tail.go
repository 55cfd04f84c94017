package postgres

import (
	"bytes"
	"strings"
	"sync"
)

const tailSize = 8 << 10

// A tail keeps the last bytes of a program's output. What untrusted SQL makes
// the server print must not fill our memory.
type tail struct {
	mu    sync.Mutex
	bytes []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bytes = append(t.bytes, p[max(0, len(p)-tailSize):]...)
	if extra := len(t.bytes) - tailSize; extra > 0 {
		t.bytes = append(t.bytes[:0], t.bytes[extra:]...)
	}
	return len(p), nil
}

// String is what was kept, valid UTF-8, without blank lines at its ends.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ToValidUTF8(string(bytes.TrimSpace(t.bytes)), "�")
}
