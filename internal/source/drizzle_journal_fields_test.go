package source

import (
	"encoding/json"
	"strings"
	"testing"
)

// What is read by hand is what encoding/json reads.
func TestPlainFields(t *testing.T) {
	for _, text := range []string{
		`{"idx":0,"version":"7","when":1700000000000,"tag":"0000_init","breakpoints":true}`,
		"{\n  \"idx\" : 12 ,\r\n\t\"when\": -1.5e3,\n  \"tag\": \"a, b } c\"\n}",
		`{}`, `{ }`, `{"tag":""}`, `{"tag":null,"when":false}`, `{"a":1,"a":2}`, `{"":"x"}`, `{"tag":"é: \u0041"}`, `{"a":[1]}`, `{"a":{}}`, `[]`, `"x"`, `1`, `null`, ` {"tag" :"x"} `,
		`{"tag":"[x"}`, `{"Tag":"x","tag":"y"}`,
	} {
		checkPlainFields(t, text)
	}
}

func FuzzPlainFields(f *testing.F) {
	f.Add(`{"idx":0,"version":"7","when":1700000000000,"tag":"0000_init","breakpoints":true}`)
	f.Add(`{"a" : "b, c" , "d":-1e5}`)
	f.Fuzz(func(t *testing.T, text string) {
		if json.Valid([]byte(text)) {
			checkPlainFields(t, text)
		}
	})
}

func checkPlainFields(t *testing.T, text string) {
	t.Helper()
	fields, ok := plainFields(text)
	if !ok {
		return
	}
	var want map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatalf("%s: read as %q, and encoding/json says %v", text, fields, err)
	}
	for name, value := range fields {
		if strings.ToValidUTF8(name, "\ufffd") == name && string(want[name]) != value {
			t.Errorf("%s: %q is %q, want %q", text, name, value, want[name])
		}
	}
	if len(fields) != len(want) {
		t.Errorf("%s: %d fields, want %d", text, len(fields), len(want))
	}
}
