package config

import (
	"strings"
	"testing"
	"time"
)

func TestRunner(t *testing.T) {
	tests := []struct {
		text string
		want Runner
		err  string
	}{
		{text: "runner: {lock: 728492}", want: Runner{Lock: 728492, OnBusy: Skip, Timeout: 30 * time.Second}},
		{text: "runner: {lock: -1, mode: wait, timeout: 2m}", want: Runner{Lock: -1, Wait: true, OnBusy: Skip, Timeout: 2 * time.Minute}},
		{text: "runner: {lock: 5, mode: try, on-busy: fail}", want: Runner{Lock: 5, OnBusy: Fail, Timeout: 30 * time.Second}},
		{text: "runner: {lock: 1, mode: wait, on-busy: skip}", err: "on-busy is about mode: try"},
		{text: "runner: {}", err: "lock is missing"},
		{text: "runner: {lock: abc}", err: "lock is the number"},
		{text: "runner: {lock: 1, mode: tries}", err: `unknown mode`},
		{text: "runner: {lock: 1, timeout: 30}", err: "timeout is a time such as 30s"},
		{text: "runner: {lock: 1, busy: skip}", err: "on-busy"},
	}
	for _, test := range tests {
		c, err := Parse(".migvet.yml", []byte(test.text), nil)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: error is %v, want %q", test.text, err, test.err)
			}
			continue
		}
		if err != nil || *c.Runner != test.want {
			t.Errorf("%s: %+v, %v", test.text, c, err)
		}
	}
}
