package github

import (
	"os"
	"testing"
)

func TestStrangers(t *testing.T) {
	for name, c := range map[string]struct {
		event string
		want  bool
	}{
		"own branch": {`{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"a/b"}},"user":{"login":"ann"}}}`, false},
		"fork":       {`{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"x/b"}},"user":{"login":"ann"}}}`, true},
		"fork gone":  {`{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":null},"user":{"login":"ann"}}}`, true},
		"dependabot": {`{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"a/b"}},"user":{"login":"dependabot[bot]"}}}`, true},
		"push":       {`{"repository":{"full_name":"a/b"},"before":"1"}`, false},
	} {
		got, err := Strangers(
			func(string) string { return "event.json" },
			func(string) ([]byte, error) { return []byte(c.event), nil })
		if err != nil || got != c.want {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
}

func TestStrangersOutsideOfActions(t *testing.T) {
	got, err := Strangers(func(string) string { return "" }, os.ReadFile)
	if got || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestStrangersCannotHideInAnUnreadableEvent(t *testing.T) {
	_, err := Strangers(
		func(string) string { return "event.json" },
		func(string) ([]byte, error) { return []byte(`{"pull_request":`), nil })
	if err == nil {
		t.Error("no error")
	}
}
