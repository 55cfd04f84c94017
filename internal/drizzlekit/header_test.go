package drizzlekit

import (
	"slices"
	"strings"
	"testing"
)

func TestReadHeader(t *testing.T) {
	tests := []struct {
		name, text string
		want       Header
		err        string
	}{
		{name: "first", text: `{"id": "a", "prevId": "` + rootID + `", "version": "7", "tables": }`, want: Header{ID: "a", Version: "7"}},
		{name: "0.x", text: `{"id": "b", "prevId": "a", "version": "6"}`, want: Header{ID: "b", Parents: []string{"a"}, Version: "6"}},
		{name: "1.0", text: `{"version": "9", "dialect": "postgres", "id": "c", "prevIds": ["a", "b"]}`, want: Header{ID: "c", Parents: []string{"a", "b"}, Version: "9"}},
		{name: "links behind the tables", text: `{"tables": {"id": "x"}, "version": "7", "id": "b", "prevId": "a"}`, want: Header{ID: "b", Parents: []string{"a"}, Version: "7"}},
		{name: "nothing", err: "no JSON object"},
		{name: "list", text: `[]`, err: "no JSON object"},
		{name: "no links", text: `{"id": "a", "version": "7"}`, err: `no "id"`},
		{name: "wrong type", text: `{"id": 1}`, err: "cannot unmarshal"},
		{name: "conflict", text: "{\n<<<<<<< HEAD\n", err: "invalid character"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadHeader(strings.NewReader(test.text))
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error is %v, want %q", err, test.err)
				}
				return
			}
			if err != nil || got.ID != test.want.ID || got.Version != test.want.Version || !slices.Equal(got.Parents, test.want.Parents) {
				t.Errorf("%+v, %v, want %+v", got, err, test.want)
			}
		})
	}
}
