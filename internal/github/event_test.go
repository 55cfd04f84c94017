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
		"comment":    {`{"issue":{}}`, true},
		"own branch": {`{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"a/b"}},"user":{"login":"ann"}}}`, false},
		"fork":       {`{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"x/b"}},"user":{"login":"ann"}}}`, true},
		"fork gone":  {`{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":null},"user":{"login":"ann"}}}`, true},
		"dependabot": {`{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"a/b"}},"user":{"login":"dependabot[bot]"}}}`, true},
		"push":       {`{"repository":{"full_name":"a/b"},"before":"1"}`, false},
	} {
		event := "pull_request"
		if name == "comment" {
			event = "issue_comment"
		}
		e, err := ReadEvent(
			func(name string) string {
				return map[string]string{"GITHUB_EVENT_PATH": "event.json", "GITHUB_EVENT_NAME": event}[name]
			},
			func(string) ([]byte, error) { return []byte(c.event), nil })
		if err != nil || e.Strangers() != c.want {
			t.Errorf("%s: %+v, %v; want %v", name, e, err, c.want)
		}
	}
}

func TestStrangersOutsideOfActions(t *testing.T) {
	e, err := ReadEvent(func(string) string { return "" }, os.ReadFile)
	if err != nil || e.Strangers() || e.Labels() != nil {
		t.Errorf("%v, %v", e, err)
	}
}

func TestStrangersCannotHideInAnUnreadableEvent(t *testing.T) {
	_, err := ReadEvent(
		func(string) string { return "event.json" },
		func(string) ([]byte, error) { return []byte(`{"pull_request":`), nil })
	if err == nil {
		t.Error("no error")
	}
}
