package rescue_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/rescue"
)

func TestCall(t *testing.T) {
	failed := errors.New("no such file")
	var list []int
	for name, test := range map[string]struct {
		do   func() error
		want string // "" for no error
	}{
		"returns nothing":  {func() error { return nil }, ""},
		"returns an error": {func() error { return failed }, "no such file"},
		"index":            {func() error { list[3] = 1; return nil }, "panicked: index out of range [3] with length 0"},
		"an error":         {func() error { panic(failed) }, "panicked: no such file"},
		"several lines":    {func() error { panic("one\n two") }, "panicked: one two"},
		"nested": {func() error {
			return fmt.Errorf("atlas: %w", rescue.Call(func() error { panic("inner") }))
		}, "atlas: panicked: inner"},
	} {
		t.Run(name, func(t *testing.T) {
			err := rescue.Call(test.do)
			if got := fmt.Sprint(err); err == nil && test.want != "" || err != nil && got != test.want {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestStackIsOfTheFirst(t *testing.T) {
	first := rescue.Do(func() { theCulprit() })
	again := rescue.Do(func() { panic(first) })
	if again != first || !strings.Contains(string(again.Stack), "theCulprit") {
		t.Errorf("stack of %v:\n%s", again, again.Stack)
	}
	if rescue.In(fmt.Errorf("context: %w", first)) != first || rescue.In(errors.New("other")) != nil || rescue.In(nil) != nil {
		t.Error("In finds what an error wraps, and nothing else")
	}
}

func theCulprit() { panic("here") }

func TestValueIsKept(t *testing.T) {
	got, err := rescue.Value(func() (int, error) { return 3, errors.New("half") })
	if got != 3 || err == nil {
		t.Errorf("got %d, %v", got, err)
	}
}
