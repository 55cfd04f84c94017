package sqlvalue

import "testing"

// What PostgreSQL 14, 15 and 18 said of each text.
func TestInputProblem(t *testing.T) {
	tests := []struct {
		typ            string
		taken, refused []string
	}{
		{"json", []string{"{}", " null ", `"\u0000"`}, []string{"", "{a:1}", `{"a":1,}`, "NULL"}},
		{"uuid", []string{"a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11", "{a0eebc999c0b4ef8bb6d6bb9bd380a11}"}, []string{"", " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "uuid_generate_v4()"}},
		{"boolean", []string{"TrUe", " on", "t ", "of", "y", "0"}, []string{"", "o", "2", "maybe", "null"}},
		{"int", []string{" 1 ", "+5", "0x10", "1_000"}, []string{"", "1.6", "1e3", "- 5", "abc", "null"}},
		{"numeric(4,2)", []string{"NaN", "inf", "1e400", ".5", "1_0"}, []string{"", "abc", "1.2.3"}},
		{"double precision", []string{"-Infinity", "1e5"}, []string{"", "1,5"}},
		{"inet", []string{"0.0.0.0", "::1/128", "010.0.0.1"}, []string{"", "10.1", "10.1.0.0/33", " 10.0.0.1", "192.168.1"}},
		{"cidr", []string{"10.1"}, []string{"", "localhost"}},
		{"date", []string{"2024-1-5", "Jan 5 2024", "20240101", "infinity", "31/12/2024", "0001-01-01"}, []string{"", "0000-00-00", "2024-02-30", "2024-13-01", "2024-00-10", "current_date"}},
		{"timestamptz", []string{"2024-01-01T00:00:00Z", "2024-12-31 24:00:00"}, []string{"", "0000-00-00 00:00:00", "2024-04-31 10:00", "2024-12-31 25:00:00", "sysdate", "current_timestamp()", "undefined"}},
		{"time", []string{"24:00", "allballs"}, []string{"", "25:00"}},
		{"interval", []string{"1 day", "00:10", "P1D", "infinity"}, []string{"", "day", "one day"}},
		{"bytea", []string{"", `\x00`, `\x00 ff`}, []string{`\xzz`, `\x0`}},
		{"int[]", []string{"{}", " {1, 2 }", "{null}", "[1:2]={1,2}", "{{1},{2}}"}, []string{"", "[]", "{1,2", "{1,a}"}},
		{"text[]", []string{"{a,b}", `{"a,b"}`}, []string{"", "[]"}},
		{"point", []string{"", "anything"}, nil},
	}
	for _, test := range tests {
		typ := ParseType(test.typ)
		if typ.Name == "" {
			t.Fatalf("%s: not read", test.typ)
		}
		for _, text := range test.taken {
			if problem := typ.InputProblem(text); problem != "" {
				t.Errorf("%s %q %s, but PostgreSQL takes it", test.typ, text, problem)
			}
		}
		for _, text := range test.refused {
			if typ.InputProblem(text) == "" {
				t.Errorf("%s %q is taken, but PostgreSQL refuses it", test.typ, text)
			}
		}
	}
}
