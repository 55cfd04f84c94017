package schema

import "testing"

func TestSamePrinted(t *testing.T) {
	for _, test := range []struct {
		was, now string
		want     bool
	}{
		{"a > 0", "a > 1", false},
		{"(SELECT w.a FROM public.who() w(a, b, c)) > 0", "(SELECT w.a FROM public.who() w(a, c)) > 0", true},
		{"(SELECT w.a FROM public.who() w(a)) > 0", `(SELECT w.a FROM public.who() w(a, "b c")) > 0`, true},
		{"(SELECT w.a FROM public.who() w(a, b)) > 0", "(SELECT w.a FROM public.who() w(b, a)) > 0", false},
		{"(SELECT w.a FROM public.who() w(a, b)) > 0", "(SELECT w.b FROM public.who() w(b)) > 0", false},
		{"(SELECT w.a FROM public.who() w(a, b)) > 0", "(SELECT w.a FROM public.who(1) w(a)) > 0", false},
		{"(SELECT w.a FROM public.who() w(a, b)) > 0", "a > 0", false},
	} {
		if got := samePrinted(test.was, test.now); got != test.want {
			t.Errorf("%s\n%s: %t", test.was, test.now, got)
		}
	}
}
